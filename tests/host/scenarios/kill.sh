#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kill [TIMES]: VMs die while they are attached: killed when idle, under load,
# while their pages move; or their VMM closes them. Each time vtmm lets go by
# itself, KVM destroys the VM, and no reference to the vendor's module is left, nor
# a page of the VMM's memory: each had 2048 of data.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh
# shellcheck source=../memory.sh
. /mnt/tests/host/memory.sh

times=${1:-3}
kvm=kvm_$VTMM_VENDOR
bad=0

# new_vm: with all its data in slow memory, and room in fast memory for half
new_vm()
{
	boot_vm --slot 8M --backing "$1" --node 1 --populate
	vtmmctl attach "$vm" --period 10ms --budget none --max 4M >/dev/null || fail "attach failed"
}

# gone PID: vtmm has let go of it and KVM has destroyed it
gone()
{
	none_attached && ! alive "$1"
}

# check_gone WHAT: nothing is left of the VM that has died
check_gone()
{
	wait_for 20 gone "$vm" || {
		echo "$1: $(attached) VMs attached"
		bad=$((bad + 1))
	}
	kill -9 "$vm" 2>/dev/null
	wait "$vm" 2>/dev/null
	wait_for 10 users_are "$kvm" "$idle" || {
		echo "$1: $(users "$kvm") references to $kvm, not $idle"
		bad=$((bad + 1))
	}
}

moving()
{
	look "$vm"
	[ "$(seen promoted)" -gt 0 ]
}

idle_vm()
{
	new_vm anon
	kill -9 "$vm"
}

busy_vm()
{
	new_vm memfd
	tell "$vm" "write loop exit=200"
	# At another moment each time.
	sleep "0.$1"
	kill -9 "$vm"
}

moving_vm()
{
	new_vm anon
	tell "$vm" "rw 0-699 loop exit=200"
	wait_for 20 moving || fail "no page of the VM moves"
	moved=$((moved + 1))
	kill -9 "$vm"
}

closed_vm()
{
	new_vm anon
	tell "$vm" "write loop exit=200" "vm-del 0" || fail "the VM cannot be closed"
}

# often WHAT KIND: VMs of a kind die
often()
{
	bad=0
	echo "$(cut -d' ' -f1 /proc/uptime): $1"
	for i in $(seq "$times"); do
		"$2" "$i"
		check_gone "$1, time $i"
	done
	assert "$1 ($times times)" test "$bad" = 0
	no_memory_lost "$1" 256
}

moved=0
idle=$(users "$kvm")
need_module
remember_nobody
often "killed when idle" idle_vm
often "killed under load" busy_vm
often "killed while its pages move" moving_vm
often "closed by its VMM" closed_vm
assert_eq "VMs whose pages moved when they were killed" "$moved" "$times"
assert "unload" unload_module
