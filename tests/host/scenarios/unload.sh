#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# unload [TIMES]: the module is unloaded while VMs are attached, tracked and
# moved. They go on, nothing in their memory has changed, nothing of KVM is
# still held, and the module can be loaded again.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

times=${1:-3}
kvm=kvm_$VTMM_VENDOR

moving()
{
	look "$1"
	[ "$(seen promoted)" -gt "$2" ]
}

# manage PID: rounds without a pause, so that one is always going on
manage()
{
	vtmmctl attach "$1" --period 10ms --budget none --max 8M >/dev/null || fail "attach failed"
}

need_module
boot_vm --slot 16M --node 1 --populate --vcpus 2
busy=$vm
boot_vm --slot 4M --backing memfd --node 1 --populate
idle=$vm
before=$(users "$kvm")
tell "$busy" "fill" "writer 0-1023 loop exit=16" "writer 3000-3499 loop exit=16 vcpu=1" ||
	fail "the guest does not run"
tell "$idle" "fill" || fail "the guest does not run"
for i in $(seq "$times"); do
	[ -d /sys/module/vtmm ] || need_module
	manage "$busy"
	manage "$idle"
	# The first time pages move, then anything may be going on.
	[ "$i" -gt 1 ] || wait_for 30 moving "$busy" 0 || fail "no page moves"
	sleep "0.$i"
	unload_module || fail "the module cannot be unloaded, time $i"
	[ "$(users "$kvm")" = "$before" ] || not_ok "references to $kvm" \
		"$(users "$kvm"), not $before, time $i"
done
ok "unloaded $times times with two VMs attached"
for vcpu in 0 1; do
	assert "the guest has found nothing wrong, vCPU $vcpu" \
		tell "$busy" "stop vcpu=$vcpu"
done
for pid in $busy $idle; do
	assert "every byte is right" tell "$pid" "verify by=both"
	tell "$pid" quit
	assert "the VM is destroyed" wait_for 10 not alive "$pid"
done
need_module
assert "loaded again, no VM is attached" none_attached
