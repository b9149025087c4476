#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# lifecycle [COUNT] [WAY...]: VMs and vtmm come and go COUNT times and more in
# each way that tests/host/life/lifecycle.c has: attached and detached, killed
# while tracked and while their pages move, their descriptor with somebody else,
# their last reference with vtmm, attached by several at once; the module loaded
# and unloaded, empty, while it tracks and while it moves. No reference to KVM or
# to the module is left, and nothing leaks.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

count=${1:-20}
[ $# = 0 ] || shift
ways=${*:-attach killed killed-moving passed last threads load unload unload-moving}
kvm=kvm_$VTMM_VENDOR
idle=$(users "$kvm")

for way in $ways; do
	case $way in
	load | unload | unload-moving) [ ! -d /sys/module/vtmm ] || unload_module ;;
	*) [ -d /sys/module/vtmm ] || need_module ;;
	esac
	no_leak "$way, $count times and again" "$count" lifecycle "$way" "$count" "$VTMM_KO"
	[ ! -d /sys/module/vtmm ] || assert "$way: none is attached" none_attached
	assert "$way: references to $kvm as before" wait_for 20 users_are "$kvm" "$idle"
	echo "$way: until $(cut -d' ' -f1 /proc/uptime)"
done
[ ! -d /sys/module/vtmm ] || assert "unload" unload_module
