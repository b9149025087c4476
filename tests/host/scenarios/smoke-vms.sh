#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# smoke-vms: VMs are made, run and taken away, one after the other and several
# at once, without vtmm and with it loaded. KVM lives on the host.
. /mnt/tests/host/lib.sh

# several COUNT: so many programs at once, each with VMs of its own
several()
{
	pids=
	for i in $(seq "$1"); do
		vmcycle 2 >"/tmp/vmcycle.$i" 2>&1 &
		pids="$pids $!"
	done
	for pid in $pids; do
		wait "$pid" || return 1
	done
}

assert "VMs come and go without vtmm" vmcycle 3
load_module || fail "the module does not load"
assert "VMs come and go with vtmm loaded" vmcycle 3
assert "several VMs at once" several 3
unload_module || fail "the module does not unload"
assert "VMs come and go after vtmm" vmcycle 3
