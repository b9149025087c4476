#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# vendor-unload [COUNT]: kvm_amd is unloaded as soon as a VM that vtmm held last
# has been let go of, again and again. It must run where no VM is held open.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

count=${1:-20}

modprobe kvm_amd || fail "KVM does not load"
need_module
no_leak "the vendor's module unloaded after a detach, $count times and again" \
	"$count" lifecycle vendor "$count" "$VTMM_KO"
assert "kvm_amd is gone" test ! -d /sys/module/kvm_amd
assert "unload" unload_module
