#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# busy KIND...: half of a plan's pages cannot be moved, for sure: somebody has a
# reference to each, its lock, or has taken it off the LRU (reference, locked,
# isolated: by the module vtmm_busy), or pinned it (pinned). The others move. Each
# page that failed is counted once a plan, with its reason; vtmm and the kernel have
# the same pages on each node right after it, without a round to look again; none is
# left isolated. They move when they are let go. "down": what cannot go down makes
# no room. "gone": half of them has been given back; "lazy": it may be. "ahead": locked, with copies made
# ahead. "fresh": pages that are on their way to the LRU move at once. "rate":
# failed moves cost nothing of a limit, and no limit keeps a VM from being detached.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh
# shellcheck source=../memory.sh
. /mnt/tests/host/memory.sh
# shellcheck source=../moves.sh
. /mnt/tests/host/moves.sh

busy=0-511 others=512-1023

# others_move REASON: a plan for all; the busy ones fail for this reason, the others come
others_move()
{
	one_plan 1024
	assert_eq "$kind: each busy page failed once" "$(seen "$1")" 512
	assert_eq "$kind: and for no other reason" "$(seen promote_failed)" 512
	assert_eq "$kind: none of them has moved" "$(in_fast $busy)" 0
	assert_eq "$kind: all others have" "$(in_fast $others)" 512
	agree "$kind"
}

# back_again: what was busy moves now
back_again()
{
	roam
	assert "$kind: it moves when it is let go" wait_for 60 all_come $busy 512
	vtmmctl set "$vm" --mode observe
	tell "$vm" stop || not_ok "$kind" "the guest finds something wrong: $answer"
	all_right "$kind: every byte is right"
	tell "$vm" quit
	wait_for 20 none_attached || not_ok "$kind" "the VM is still attached"
}

run_reference()
{
	start 0-1023 --slot 8M
	tell "$vm" "rw 0-1023 loop exit=2000" || fail "the guest does not run"
	make_busy "$kind" 0 512
	others_move failed_busy
	make_idle
	back_again
}

run_locked()
{
	run_reference
}

run_isolated()
{
	run_reference
}

# What is pinned is not taken from the guest either: it does not trap.
run_pinned()
{
	start 0-1023 --slot 8M
	tell "$vm" "pin $busy" "read $busy loop exit=2000" || fail "$answer"
	count_traps
	others_move failed_pinned
	trapped=$(traps)
	assert "$kind: the guest does not trap on pinned pages ($trapped times)" \
		test "$trapped" -le 8
	tell "$vm" unpin
	back_again
}

# more_failed COUNT: of moves down
more_failed()
{
	look "$vm"
	[ "$(seen demote_failed)" -ge "$1" ]
}

# within MAX: of all pages of the VM that are in fast memory
within()
{
	now=$(in_fast all)
	[ "$now" -le "$1" ] || echo "$now pages in fast memory"
	[ "$now" -le "$1" ]
}

run_down()
{
	start $busy --slot 8M
	tell "$vm" "rw $busy loop exit=2000" || fail "the guest does not run"
	vtmmctl set "$vm" --max 2560k
	roam
	assert "$kind: the first hot set comes" wait_for 60 has_come $busy 512
	make_busy reference 0 512
	before=$(in_fast $busy)
	tell "$vm" stop "rw 1024-1535 loop exit=2000" || fail "the guest does not run"
	assert "$kind: it cannot go down" wait_for 120 more_failed 256
	wait_for 60 round_after "$vm" $(($(seen round) + 30)) || fail "there are no rounds"
	assert "$kind: no more comes than its max" within 640
	assert_eq "$kind: none of it has gone" "$(in_fast $busy)" "$before"
	make_idle
	assert "$kind: another hot set comes when it can" wait_for 120 has_come 1024-1535 512
	tell "$vm" stop
	all_right "$kind: every byte is right"
	tell "$vm" quit
}

# absent SET: pages of it that the kernel has nowhere
absent()
{
	tell "$vm" "where $1" || return
	answered absent
}

# Given back after they were hot: they are not brought in to be moved.
run_gone()
{
	start 0-1023 --slot 8M
	tell "$vm" "balloon $busy" "read $others loop exit=2000" || fail "$answer"
	one_plan 1024
	assert_eq "$kind: each page that is gone was missed once" "$(seen failed_raced)" 512
	assert_eq "$kind: none was brought in" "$(absent $busy)" 512
	assert_eq "$kind: all others have come" "$(in_fast $others)" 512
	agree "$kind"
	tell "$vm" stop "read $busy"
	all_right "$kind: every byte is right"
	tell "$vm" quit
}

# Memory that the VMM does not need any more moves as other memory does, but the kernel
# has it on other lists.
run_lazy()
{
	start 0-1023 --slot 8M
	tell "$vm" "advise $busy free" "read $others loop exit=2000" || fail "$answer"
	one_plan 1024
	assert_eq "$kind: all have come" "$(in_fast 0-1023)" 1024
	agree "$kind"
	tell "$vm" stop "fill $busy" || fail "$answer"
	all_right "$kind: every byte is right"
	tell "$vm" quit
}

# A page of which a copy was made ahead, and that cannot be moved then, is asked for
# again: by then its copy has been freed.
run_ahead()
{
	unload_module
	load_module fast=0 slow=1 copy_ahead=1 || fail "the module does not load"
	start 0-1023 --slot 8M
	tell "$vm" "read 0-1023 loop exit=2000" || fail "the guest does not run"
	make_busy locked 0 512
	others_move failed_busy
	make_idle
	back_again
	unload_module
	need_module
}

# A few pages that wait on a CPU for their way to the LRU: nobody else works there.
run_fresh()
{
	taskset -p 1 $$ >/dev/null
	vmm_on_cpu1
	start 0-1023 --slot 8M
	unset vmm
	tell "$vm" "bind 0-7 mask=2" "balloon 0-7" "fill 0-7" "rw 0-1023 loop exit=2000" ||
		fail "$answer"
	make_hot_again
	one_plan 1024
	assert_eq "$kind: no page was busy" "$(seen failed_busy)" 0
	assert_eq "$kind: all have come" "$(in_fast 0-1023)" 1024
	taskset -p 3 $$ >/dev/null
	tell "$vm" stop
	all_right "$kind: every byte is right"
	tell "$vm" quit
}

# Rounds see the new pages too, and nothing else happens on that CPU.
make_hot_again()
{
	for _ in $(seq 7); do
		next_round "$vm"
	done
}

# What fails costs nothing: far more is tried than the limit lets through.
run_rate()
{
	busy=0-1535 others=1536-1791
	start 0-1791 --slot 8M
	tell "$vm" "rw 0-1791 loop exit=2000" || fail "the guest does not run"
	make_busy reference 0 1536
	vtmmctl set "$vm" --rate 256k
	since=$(seen attached_us)
	roam
	assert "$kind: what is not busy comes" wait_for 120 all_come $others 256
	look "$vm"
	us=$(($(seen attached_us) - since))
	tries=$(($(seen promoted) + $(seen promote_failed)))
	lets=$((64 + us * 64 / 1000000))
	assert "$kind: $tries moves were tried, the limit lets $lets through" \
		test "$tries" -gt $((lets * 3 / 2))
	make_idle
	vtmmctl set "$vm" --rate 4k
	sleep 2
	assert "$kind: it is detached at once" timeout 20 vtmmctl detach "$vm"
	tell "$vm" stop "verify by=both" || not_ok "$kind" "$answer"
	tell "$vm" quit
}

[ $# -gt 0 ] || set -- reference locked isolated pinned gone lazy ahead down fresh rate
need_module
for kind in "$@"; do
	echo "$(cut -d' ' -f1 /proc/uptime): $kind"
	"run_$kind"
done
unload_module || fail "the module cannot be unloaded"
