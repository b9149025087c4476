#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# stall KIND...: the thread that moves pages comes to a standstill of a second in
# each batch, between the zap and the moves (the module vtmm_delay). A vCPU that
# touches pages on their way up waits for them, but never until the mover comes: a
# hold ends before, so it waits for one after the other (up). One that touches pages
# on their way down does not wait (down), nor does one of another VM that touches
# its own pages of the same numbers (other). "given": it stands still when the pages
# have moved, and they are given back meanwhile: they are not brought in again to be
# mapped. "full": it stands still when a batch has been given up, for the target was
# full: who touches its pages then does not wait any more.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh
# shellcheck source=../moves.sh
. /mnt/tests/host/moves.sh

set=0-511

# alone: the guests have CPU 1 for themselves
alone()
{
	echo 1 >/sys/devices/virtual/workqueue/cpumask
	taskset -p 1 $$ >/dev/null
	vmm_on_cpu1
}

# together: as it was
together()
{
	echo 3 >/sys/devices/virtual/workqueue/cpumask
	taskset -p 3 $$ >/dev/null
}

# standstill [FUNCTION]: in each batch from now on, when it is called
standstill()
{
	insmod "$test_modules/vtmm_delay.ko" us=1000000 all=1 at="${1:-migrate_pages}" ||
		fail "vtmm_delay does not load"
}

# standstill_ends: and there were some
standstill_ends()
{
	stood=$(cut -d, -f1 /sys/module/vtmm_delay/parameters/waits)
	assert "$kind: the mover stood still ($stood times)" test "$stood" -gt 0
	rmmod vtmm_delay || fail "vtmm_delay cannot be unloaded"
}

# thread PID: of the vCPU of a VM
thread()
{
	tell "$1" info || fail "$answer"
	echo "$answer" | sed -n 's/.*vcpu=0.*tid=\([0-9]*\).*/\1/p' | head -n 1
}

# sleeps PID: how often it has gone to sleep of its own accord
sleeps()
{
	awk '/^voluntary/ { print $2 }' "/proc/$1/task/$(thread "$1")/status"
}

# finish
finish()
{
	tell "$vm" stop
	all_right "$kind: every byte is right"
	tell "$vm" quit
	wait_for 20 none_attached || not_ok "$kind" "the VM is still attached"
}

run_up()
{
	start $set --slot 4M
	tell "$vm" "rw $set loop exit=0" || fail "the guest does not run"
	before=$(sleeps "$vm")
	standstill
	one_plan 512
	standstill_ends
	waited=$(($(sleeps "$vm") - before))
	assert "$kind: the guest waits for pages on their way, but not for the mover: again and again ($waited times)" \
		test "$waited" -ge $((3 * stood))
	finish
}

run_down()
{
	start $set --slot 4M
	tell "$vm" "rw $set loop exit=2000" || fail "the guest does not run"
	one_plan 512
	tell "$vm" stop "read $set loop exit=0" || fail "the guest does not run"
	vtmmctl set "$vm" --mode manage --max 0 --cooldown 0
	before=$(sleeps "$vm")
	count_traps
	standstill
	for _ in $(seq 40); do
		next_round "$vm"
		! gone_down || break
	done
	wait_for 30 gone_down || not_ok "$kind" "pages do not go down"
	standstill_ends
	waited=$(($(sleeps "$vm") - before)) trapped=$(traps)
	assert "$kind: the guest traps on pages on their way ($trapped times)" \
		test "$trapped" -ge 64
	assert "$kind: and does not wait for them ($waited times)" \
		test $((waited * 8)) -le "$trapped"
	finish
}

gone_down()
{
	[ "$(in_fast $set)" -le 64 ]
}

# new_standstill: one has begun since the last call
new_standstill()
{
	was=$stood
	stood=$(cut -d, -f1 /sys/module/vtmm_delay/parameters/waits)
	[ "$stood" -gt "$was" ]
}

run_other()
{
	taskset -p 2 $$ >/dev/null
	boot_vm --slot 4M --node 1 --populate
	other=$vm
	vtmmctl attach "$other" --mode observe --period 60s >/dev/null || fail "attach failed"
	start $set --slot 4M
	tell "$other" "read $set loop exit=0" || fail "the other guest does not run"
	before=$(sleeps "$other") stood=0
	standstill
	count_traps
	one_plan 512 &
	plan=$!
	# It loses its pages, and traps on each, once in each standstill.
	while [ -d "/proc/$plan" ]; do
		! new_standstill || tell "$other" "balloon $set" || fail "$answer"
	done
	wait "$plan" || not_ok "$kind" "there is no plan"
	waited=$(($(sleeps "$other") - before)) trapped=$(traps)
	standstill_ends
	assert "$kind: the other guest traps ($trapped times)" \
		test "$trapped" -ge $((256 * stood))
	assert "$kind: and does not wait ($waited times)" test "$waited" -le $((4 * stood))
	tell "$other" quit
	finish
}

run_given()
{
	taskset -p 2 $$ >/dev/null
	start $set --slot 4M
	tell "$vm" "spin loop exit=0" || fail "the guest does not run"
	stood=0
	standstill kthread_unuse_mm
	one_plan 512 &
	plan=$!
	# They are given back once, when some have moved and are not mapped again yet; what
	# has not moved by then does not move any more.
	moved=0
	while [ -d "/proc/$plan" ]; do
		if [ "$moved" != 0 ] || ! new_standstill; then
			continue
		fi
		moved=$(in_fast $set)
		[ "$moved" = 0 ] || tell "$vm" "balloon $set" || fail "$answer"
	done
	wait "$plan" || not_ok "$kind" "there is no plan"
	standstill_ends
	tell "$vm" "where $set" || fail "$answer"
	assert_eq "$kind: what was given back is not brought in" "$(answered absent)" 512
	assert "$kind: some of it had moved ($moved pages)" test "$moved" -ge 64
	finish
}

# It stands still when a batch that found no target has been given up.
run_full()
{
	start $set --slot 4M
	tell "$vm" "rw $set loop exit=0" || fail "the guest does not run"
	no_target one_in=1
	before=$(sleeps "$vm")
	standstill vtmm:vtmm_rate_refund
	one_plan 512
	standstill_ends
	waited=$(($(sleeps "$vm") - before))
	assert_eq "$kind: nothing has moved" "$(seen promoted)" 0
	assert "$kind: the guest waits no more ($waited times)" test "$waited" -le $((4 * stood))
	targets_again
	finish
}

[ $# -gt 0 ] || set -- up down other given full
need_module
alone
for kind in "$@"; do
	echo "$(cut -d' ' -f1 /proc/uptime): $kind"
	"run_$kind"
done
together
unload_module || fail "the module cannot be unloaded"
