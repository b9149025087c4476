#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# smoke-module: KVM is there, vtmm loads into the stock kernel and unloads.
. /mnt/tests/host/lib.sh

assert "KVM of this vendor is loaded" test -d "/sys/module/kvm_$VTMM_VENDOR"
assert "/dev/kvm is there" test -c /dev/kvm
assert "there is a second NUMA node" test -d /sys/devices/system/node/node1
load_module || fail "the module does not load"
assert "the module is loaded" test -d /sys/module/vtmm
kernel_log | grep 'vtmm'
unload_module || fail "the module does not unload"
assert "the module is gone" test ! -d /sys/module/vtmm
