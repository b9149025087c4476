#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# private: a VM with encrypted memory is refused, and nothing is changed. The
# emulated CPU has no SEV, so a test module sets KVM's own "SEV is active".
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

fake=${VTMM_KO%/*}/test/vtmm_fake_private.ko

load_module fast=0 slow=1 || fail "the module does not load"
start_vm --slot 8M --populate --ctl /tmp/vm.sock
wait_for 20 grep -q '^ok' "$vm_out" || fail "the VM does not start"

users=$(cat /sys/module/kvm/refcnt)
insmod "$fake" pid="$vm" || fail "the test module does not load"
assert_fails "an encrypted VM is refused" 'encrypted or private' \
	vtmmctl attach "$vm"
assert_eq "no VM is attached" "$(vtmmctl list | grep -c tinyvmm)" 0
rmmod vtmm_fake_private
assert_eq "no reference is left" "$(cat /sys/module/kvm/refcnt)" "$users"

assert "the same VM is taken when it is not encrypted" vtmmctl attach "$vm"
vtmmctl detach "$vm" || fail "the VM cannot be detached"
unload_module || fail "the module does not unload"
