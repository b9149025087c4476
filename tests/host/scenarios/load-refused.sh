#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# load-refused: without KVM's TDP MMU nothing is managed, and a sentence says
# so; and KVM's vendor module can be unloaded when vtmm has used it and is gone.
# Needs a boot on which no VM is held open: it reloads KVM.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

vendor=kvm_$VTMM_VENDOR

# with_kvm PARAMETER... : KVM with other parameters; kvm's as kvm.NAME=VALUE
with_kvm()
{
	modprobe -r "$vendor" kvm 2>/dev/null
	for word in "$@"; do
		case $word in
		kvm.*) modprobe kvm "${word#kvm.}" || fail "kvm does not load" ;;
		esac
	done
	case $1 in
	kvm.*) modprobe "$vendor" ;;
	*) modprobe "$vendor" "$@" ;;
	esac || fail "$vendor does not load"
}

# refused WHAT: neither loads nor attaches, and says that the TDP MMU is missing
refused()
{
	dmesg | grep -c . >/tmp/lines
	if insmod "$VTMM_KO" 2>/dev/null; then
		# On 6.1 it is known of a VM only.
		boot_vm --slot 2M
		assert_fails "$1: a VM is refused" "TDP MMU|nested paging" vtmmctl attach "$vm"
		assert "$1: no VM is attached" none_attached
		stop_vm "$vm"
		unload_module
	else
		dmesg | tail -n "+$(($(cat /tmp/lines) + 1))" | grep vtmm: >/tmp/said
		assert "$1: not loaded, for want of the TDP MMU" \
			grep -qE "not loaded: .*(TDP MMU|nested paging)" /tmp/said
	fi
}

parameter=npt
[ "$VTMM_VENDOR" = amd ] || parameter=ept
with_kvm "$parameter=0"
refused "$parameter=0"
with_kvm kvm.tdp_mmu=0
refused "tdp_mmu=0"
with_kvm
need_module
boot_vm --slot 4M
assert "with the TDP MMU a VM is attached" vtmmctl attach "$vm"
tell "$vm" "write times=3"
stop_vm "$vm"
assert "the VM is destroyed" wait_for 10 not alive "$vm"
assert "its death detaches it" wait_for 10 none_attached
assert "unload vtmm" unload_module
assert "unload $vendor" modprobe -r "$vendor"
assert "it is gone" test ! -d "/sys/module/$vendor"
