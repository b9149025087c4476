#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# balancing: the kernel's own NUMA balancing is on, scans ten times as often as it
# would by itself, and brings what the guest touches to the node of the CPUs, which
# is fast memory. The guest works on a hot set and reads all else now and then. It
# is said that the two fight; the hot set comes into fast memory all the same, and
# the VM keeps to its --max. Memory with a policy of its own is left to vtmm alone.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

knobs=/sys/kernel/debug/sched/numa_balancing
pages=4096 max=1536
# For the tiny VM's own pages, and what came since the last window.
slack=256

# settled SET COUNT: it is in fast memory, and not much else
settled()
{
	[ "$(in_fast "$1")" -ge $(($2 * 9 / 10)) ] &&
		[ "$(in_fast all)" -le $((max + slack)) ]
}

# faults: those of the kernel's balancing in 40 rounds
faults()
{
	before=$(event numa_hint_faults)
	look "$vm"
	wait_for 60 round_after "$vm" $(($(seen round) + 40)) || fail "there are no rounds"
	echo $(($(event numa_hint_faults) - before))
}

event()
{
	awk -v name="$1" '$1 == name { print $2 }' /proc/vmstat
}

# run SET: the guest writes it all the time, another vCPU reads all else
run()
{
	tell "$vm" "rw $1 loop exit=16" "read all loop exit=1 vcpu=1" ||
		fail "the guest does not run"
}

stop()
{
	tell "$vm" stop "stop vcpu=1"
}

# start [COMMAND]: a VM with all its data in slow memory
start()
{
	boot_vm --slot 16M --node 1 --populate --vcpus 2
	tell "$vm" fill "$@" || fail "the guest cannot fill its memory"
	vtmmctl attach "$vm" --period 50ms --budget none --floor 0 \
		--max $((max * 4))k >/dev/null || fail "attach failed"
}

need_module
assert "nothing is said while it is off" not sh -c "vtmmctl | grep -q 'works against'"
echo 1 >/proc/sys/kernel/numa_balancing || fail "no NUMA balancing"
[ -d $knobs ] || fail "no $knobs"
echo 10 >$knobs/scan_delay_ms
echo 100 >$knobs/scan_period_min_ms
echo 100 >$knobs/scan_period_max_ms
assert "status says that it works against vtmm" sh -c \
	"vtmmctl | grep -q '^note: numa-balancing is on and works against'"
assert "and doctor, with the remedy" sh -c \
	"vtmmctl doctor | grep -q '^warn  numa-balancing: .*sysctl kernel.numa_balancing=0'"
echo true >/sys/kernel/mm/numa/demotion_enabled
assert "demotion by the kernel is told too" sh -c \
	"vtmmctl | grep -q '^note: demotion is on and works against'"
echo false >/sys/kernel/mm/numa/demotion_enabled

start
run 0-1023
assert "the hot set comes into fast memory, within the max" wait_for 60 settled 0-1023 1024
assert "another hot set" stop
run 3072-4095
assert "takes its place" wait_for 60 settled 3072-4095 1024
unbound=$(faults)
look "$vm"
echo "promoted $(seen promoted), demoted $(seen demoted);" \
	"by the kernel: $(event numa_pages_migrated) pages moved"
assert "the kernel is at it: $unbound faults in 40 rounds" test "$unbound" -gt 200
assert "the guest finds nothing wrong" stop
all_right "every byte is right"
assert_eq "all of it is there" "$(answered pages)" $pages
tell "$vm" quit

start "bind all mask=3"
run 0-1023
assert "with a policy: the hot set comes into fast memory" wait_for 60 settled 0-1023 1024
bound=$(faults)
# Those of other programs are among them.
assert "with a policy: $bound faults in 40 rounds" test "$bound" -lt $((unbound / 4))
assert "with a policy: the guest finds nothing wrong" stop
all_right "with a policy: every byte is right"
tell "$vm" quit
echo 0 >/proc/sys/kernel/numa_balancing
