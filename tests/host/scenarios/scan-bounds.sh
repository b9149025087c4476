#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# scan-bounds: what a round may cost: one TLB flush, asked of KVM itself; no
# more than 512 entries, and a few above them, in one hold of KVM's lock, and far
# fewer when time is short; and only the tables that the guest went through, once
# more in the next round.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

# flushes: remote TLB flushes that KVM was asked for, for this VM
flushes()
{
	cat /sys/kernel/debug/kvm/"$vm"-*/remote_tlb_flush_requests
}

# costs WHAT FLUSHES LEAST MOST COMMAND... : after these accesses a round takes
# so many flushes, by vtmm's count and by KVM's, and looks at so many entries
costs()
{
	what=$1 wanted=$2 least=$3 most=$4
	shift 4
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
	assert "$what: $entries entries are at least $least" [ "$entries" -ge "$least" ]
}

need_module
# 64 MiB are 16384 leaves in 32 tables; the upper levels have three tables.
boot_vm --slot 64M --populate
tell "$vm" read || fail "the guest cannot read its memory"
# No hold has time for more than its first step.
echo 0 >/sys/module/vtmm/parameters/hold_us
attach "$vm" --mode observe
look "$vm"
assert "without time $(seen hold_sptes) entries in the longest hold are at most 80" \
	[ "$(seen hold_sptes)" -le 80 ]
assert "and some" [ "$(seen hold_sptes)" -ge 64 ]
# An emulated host is slow: by the clock a hold would end long before that.
echo 1000000 >/sys/module/vtmm/parameters/hold_us
next_round "$vm"
next_round "$vm"
costs "all pages" 1 16384 24000 write
# A CPU may have known the tables before their bits were cleared.
costs "the round after" 0 16384 24000
costs "nothing" 0 1 3000
# The control area, the slot's two tables, and those above.
costs "pages of two chunks" 1 1024 6000 "read 5-300/7" "write 9000"
costs "the round after that" 0 1024 6000
costs "nothing again" 0 1 3000
look "$vm"
held=$(seen hold_sptes)
assert "$held entries in the longest hold of the lock are at most 520" \
	[ "$held" -le 520 ]
assert "and it was not trivial" [ "$held" -ge 512 ]
