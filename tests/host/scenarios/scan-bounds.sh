#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# scan-bounds: what a round may cost: one TLB flush, asked of KVM itself; no
# more than 512 entries, and a few above them, in one hold of KVM's lock; and only
# the tables that the guest went through.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

# flushes: remote TLB flushes that KVM was asked for, for this VM
flushes()
{
	cat /sys/kernel/debug/kvm/"$vm"-*/remote_tlb_flush_requests
}

# costs WHAT FLUSHES MOST COMMAND... : after these accesses a round takes so
# many flushes, by vtmm's count and by KVM's, and looks at so many entries at
# most
costs()
{
	what=$1 wanted=$2 most=$3
	shift 3
	tell "$vm" reset "$@" || fail "the guest cannot do that"
	look "$vm"
	ours=$(seen tlb_flushes) entries=$(seen sptes_visited) kvms=$(flushes)
	next_round "$vm"
	assert_eq "$what: flushes that vtmm counts" \
		"$(($(seen tlb_flushes) - ours))" "$wanted"
	assert_eq "$what: flushes that KVM was asked for" \
		"$(($(flushes) - kvms))" "$wanted"
	entries=$(($(seen sptes_visited) - entries))
	assert "$what: $entries entries are at most $most" [ "$entries" -le "$most" ]
}

need_module
# An emulated host is slow: by the clock a hold would end long before that.
echo 1000000 >/sys/module/vtmm/parameters/hold_us
# 64 MiB are 16384 leaves in 32 tables; the upper levels have three tables.
boot_vm --slot 64M --populate
attach "$vm" --mode observe
tell "$vm" read || fail "the guest cannot read its memory"
next_round "$vm"
next_round "$vm"
costs "all pages" 1 24000 write
next_round "$vm"
next_round "$vm"
# The control area, the slot's two tables, and those above.
costs "pages of two chunks" 1 6000 "read 5-300/7" "write 9000"
next_round "$vm"
next_round "$vm"
costs "nothing" 0 3000
look "$vm"
held=$(seen hold_sptes)
assert "$held entries in the longest hold of the lock are at most 520" \
	[ "$held" -le 520 ]
assert "and it was not trivial" [ "$held" -ge 512 ]
