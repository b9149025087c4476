#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# no-target KIND...: vtmm finds no page on the target, for sure, as on a node whose
# free memory is in pieces (the module vtmm_target lets its requests fail): never
# (none), one time in four (some), for huge pages only (thp), one time in four while
# pages are copied ahead (ahead). What does not move is counted with its reason, and
# does not back off for it; vtmm and the kernel have the same pages on each node
# right after the plan; nothing of a node's memory is lost. All move when there are targets again. vtmm must have asked
# without reclaim, and for that node only.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh
# shellcheck source=../memory.sh
. /mnt/tests/host/memory.sh
# shellcheck source=../moves.sh
. /mnt/tests/host/moves.sh

set=0-1023

# finish: all move, and nothing is lost
finish()
{
	roam
	assert "$kind: all come when there are targets" wait_for 60 all_come "$set" 1024
	vtmmctl set "$vm" --mode observe
	tell "$vm" stop || not_ok "$kind" "the guest finds something wrong: $answer"
	all_right "$kind: every byte is right"
	tell "$vm" quit
	wait_for 20 none_attached || not_ok "$kind" "the VM is still attached"
}

# failed_for_that: and for no other reason
failed_for_that()
{
	assert "$kind: pages found no target" test "$(seen failed_nomem)" -gt 0
	assert_eq "$kind: and failed for no other reason" \
		"$(seen failed_nomem)" "$(seen promote_failed)"
}

run_none()
{
	start $set --slot 8M
	tell "$vm" "rw $set loop exit=2000" || fail "the guest does not run"
	no_target one_in=1
	one_plan 1024
	failed_for_that
	assert_eq "$kind: none has moved" "$(in_fast $set)" 0
	assert_eq "$kind: none counts as moved" "$(seen promoted)" 0
	agree "$kind"
	targets_again
	finish
}

run_some()
{
	start $set --slot 8M
	tell "$vm" "rw $set loop exit=2000" || fail "the guest does not run"
	no_target one_in=4
	one_plan 1024
	failed_for_that
	assert "$kind: some have moved" test "$(in_fast $set)" -gt 0
	agree "$kind"
	targets_again
	finish
}

huge_pages()
{
	tell "$vm" slots
	answer_of huge_pages
}

# pool_adds_up: one that follows the tier is what VMs have of it, and what is free
pool_adds_up()
{
	least=$(room 0)
	size=$(vtmmctl -j pool | sed -n 's/^ *"size": \([0-9]*\).*/\1/p')
	look "$vm"
	rest=$((size - $(seen pages_fast))) most=$(room 0)
	[ "$most" -ge "$least" ] || { least=$most most=$(room 0); }
	assert "$kind: the pool is what the VM has, and what is free ($rest, $least to $most pages)" \
		test "$rest" -ge $((least - 512)) -a "$rest" -le $((most + 512))
}

gone_down()
{
	[ "$(in_fast all)" = 0 ]
}

run_thp()
{
	set=0-4095,s1:all
	start $set --slot 16M,backing=thp --slot 2M
	whole=$(huge_pages)
	tell "$vm" "rw $set loop exit=2000" || fail "the guest does not run"
	no_target order=9
	one_plan $((4096 + 512))
	failed_for_that
	assert_eq "$kind: no small page was kept from moving" "$(in_fast s1:all)" 512
	assert_eq "$kind: the huge ones stay" "$(in_fast 0-4095)" 0
	assert_eq "$kind: and are counted by their size" "$(seen failed_nomem)" 4096
	agree "$kind"
	assert_eq "$kind: none was split" "$(huge_pages)" "$whole"
	targets_again
	roam
	assert "$kind: all come when there are targets" wait_for 60 all_come $set 4608
	assert_eq "$kind: in one piece each" "$(huge_pages)" "$whole"
	look "$vm"
	assert "$kind: each page of them counts" test "$(seen promoted)" -ge 4608
	pool_adds_up
	vtmmctl set "$vm" --rate 16M --max 0
	assert "$kind: a limit that is less than a huge page at a time lets them through" \
		wait_for 60 gone_down
	vtmmctl set "$vm" --mode observe
	assert_eq "$kind: no page is isolated" "$(isolated)" 0
	tell "$vm" stop
	all_right "$kind: every byte is right"
	tell "$vm" quit
	set=0-1023
}

# Copies that are made and not taken are freed: three times a quarter of the VM would
# be missing.
run_ahead()
{
	unload_module
	remember_nobody
	load_module fast=0 slow=1 copy_ahead=1 || fail "the module does not load"
	for _ in 1 2 3; do
		start $set --slot 8M
		tell "$vm" "read $set loop exit=2000" || fail "the guest does not run"
		no_target one_in=4
		one_plan 1024
		failed_for_that
		agree "$kind"
		targets_again
		finish
	done
	unload_module
	no_memory_lost "$kind" 256
	need_module
}

[ $# -gt 0 ] || set -- none some thp ahead
need_module
for kind in "$@"; do
	echo "$(cut -d' ' -f1 /proc/uptime): $kind"
	"run_$kind"
done
unload_module || fail "the module cannot be unloaded"
