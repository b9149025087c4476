#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# adversary [GIB]: guests that do their worst, one after the other: one writes all
# its memory as fast as it can; one touches a page in each chunk of GIB, so that it
# has thousands of page tables; one never leaves a guest of its own; two, with small
# pages and with huge ones, free pages as a balloon does and fault them in at once;
# one process has many VMs. Meanwhile a modest VM's rounds go on, work in one hold
# of KVM's lock stays bounded, all rounds keep to their budget, and the ledger adds
# up. Afterwards vtmm counts in each tier what the kernel has there, every byte is
# right, and the log is quiet.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

gib=${1:-4}
pool=4096
budget=20	# percent; at a period of 20 ms these guests' rounds would need more

# new OPTION... : a VM, attached with a short period
new()
{
	boot_vm "$@"
	vtmmctl attach "$vm" --period 20ms --budget $budget% >/dev/null || fail "attach failed"
}

modest_goes_on()
{
	look "$modest"
	wait_for 60 round_after "$modest" $(($(seen round) + 5))
}

only_modest_attached()
{
	[ "$(attached)" = 1 ]
}

# leave: it ends, and is detached
leave()
{
	stop_vm "$vm"
	wait_for 20 only_modest_attached || fail "a VM that has ended is still attached"
}

# withstand WHAT: $vm does its worst
withstand()
{
	assert "$1: another VM's rounds go on" modest_goes_on
	# The first rounds are dear; they are paid for by then.
	spent 5
	spent 10
	held=$(seen hold_sptes)
	echo "$1: $(seen rounds) rounds, $permille/1000 of a CPU, period $(seen period_us) us," \
		"$(seen sptes_visited) entries visited, $(seen pages_fast) and" \
		"$(seen pages_slow) pages, promoted $(seen promoted), demoted $(seen demoted)"
	assert "$1: $held entries in the longest hold of the lock are at most 520" \
		test "$held" -le 520
	assert "$1: rounds keep to the budget ($permille/1000 of a CPU)" \
		test "$permille" -le $((budget * 15))
	ledger "$1" $pool
}

# agree WHAT: data pages of $vm in each tier, by vtmm and by the kernel
agree()
{
	settle
	tell "$vm" where
	assert_eq "$1: data in fast memory, by vtmm and by the kernel" \
		"$(in_tier fast)" "$(answered node0)"
	assert_eq "$1: data in slow memory, by vtmm and by the kernel" \
		"$(in_tier slow)" "$(answered node1)"
	assert "$1: every byte is right" tell "$vm" "verify by=both"
}

writes()
{
	new --slot 16M --node 1 --populate --vcpus 2
	tell "$vm" "write 0-2047 loop" "write 2048-4095 loop vcpu=1"
	withstand "a guest that writes all it has"
	tell "$vm" stop "stop vcpu=1"
	agree "a guest that writes all it has"
	leave
}

# Its memory is not compared: there is more of it than the host has.
sparse()
{
	new --slot "${gib}G"
	tell "$vm" "write 0-$((gib * 262144 - 1))/512 loop"
	withstand "a guest with $((gib * 512)) page tables"
	leave
}

nested()
{
	new --slot 4M --node 1 --populate --vcpus 2 --nested 1
	tell "$vm" "rw loop vcpu=1" || fail "there is no nested guest"
	withstand "a guest that never leaves a guest of its own"
	assert "its accesses are seen" test "$(seen nested_seen)" -gt 0
	tell "$vm" "stop vcpu=1"
	agree "a guest that never leaves a guest of its own"
	leave
}

# storm: frees and faults, until it is told to stop
storm()
{
	until [ -e /tmp/enough ]; do
		tell "$1" "balloon 0-2047" "write 0-1023 bg" "rw 1024-2047 vcpu=1" \
			wait "balloon 512-1535" || return 1
	done
}

# balloon BACKING
balloon()
{
	name="a guest that balloons ($1)"
	rm -f /tmp/enough
	new --slot 8M --vcpus 2 --backing "$1"
	storm "$vm" &
	stormed=$!
	withstand "$name"
	touch /tmp/enough
	assert "$name: it does so till the end" wait "$stormed"
	agree "$name"
	tell "$vm" "balloon all"
	agree "$name: nothing is left"
	leave
}

# fds: the descriptors of the VMs in the process $vm
fds()
{
	tell "$vm" vms
	echo "$answer" | sed -n 's/^vm=[0-9]* fd=\([0-9]*\) .*/\1/p'
}

many()
{
	boot_vm --slot 2M --vms 16
	assert_fails "a process with 16 VMs is asked which" "several VMs" vtmmctl attach "$vm"
	for fd in $(fds); do
		vtmmctl attach "$vm" --fd "$fd" >/dev/null || not_ok "attach" "descriptor $fd"
	done
	assert_eq "all are attached" "$(attached)" 17
	assert "beside 16 VMs of one process: another VM's rounds go on" modest_goes_on
	ledger "beside 16 VMs of one process" $pool
	leave
}

need_module
# An emulated host is slow: by the clock a hold would end long before that.
echo 1000000 >/sys/module/vtmm/parameters/hold_us
vtmmctl pool --size $((pool * 4))k >/dev/null || fail "the pool's size cannot be set"
new --slot 4M --node 1 --populate
modest=$vm
tell "$vm" fill "writer 0-255 loop exit=200" || fail "the guest does not run"
writes
sparse
nested
balloon anon
balloon thp
many
ledger "afterwards" $pool
vm=$modest
assert "the modest guest finds nothing wrong" tell "$vm" stop
agree "the modest VM"
lines=$(kernel_log | grep -c 'vtmm: ')
assert "the kernel's log is not filled: $lines lines" test "$lines" -le 20
