#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# prefill [anon|memfd] [PAGES]: promoted pages are mapped for the guest before it
# traps on them. A guest goes over its hot pages all the while; KVM's own
# tracepoint counts its traps, without prefill and with it.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} hot=${2:-512}
event=/sys/kernel/tracing/events/kvm/kvm_page_fault

# traps: hardware faults on second-level tables since the trigger was set
traps()
{
	sed -n 's/.*hitcount: *\([0-9]*\).*/\1/p' "$event/hist" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

in_fast()
{
	tell "$vm" "where 0-$((hot - 1))" || return
	answered node0
}

moved_in()
{
	[ "$(in_fast)" -ge $((hot * 95 / 100)) ]
}

# promote WHAT: a VM whose hot pages come into fast memory; sets $trapped, $up
# and $filled
promote()
{
	boot_vm --slot $((hot / 64))M --backing "$backing" --node 1 --populate
	tell "$vm" "fill" "writer 0-$((hot - 1)) loop exit=16" || fail "the guest does not run"
	sleep 1
	echo 'hist:keys=vcpu_id' >"$event/trigger"
	vtmmctl attach "$vm" --period 50ms --budget none --max $((hot * 8))k >/dev/null || fail "attach failed"
	assert "$1: the hot pages come into fast memory" wait_for 60 moved_in
	vtmmctl set "$vm" --mode observe
	sleep 1
	trapped=$(traps)
	echo '!hist:keys=vcpu_id' >"$event/trigger"
	look "$vm"
	up=$(seen promoted) filled=$(seen pages_prefilled)
	echo "$1: $trapped traps, $up pages promoted, $filled mapped again"
	assert "$1: the guest finds nothing wrong" tell "$vm" stop "verify by=both"
	tell "$vm" quit
	unload_module || fail "the module cannot be unloaded"
}

[ -d "$event" ] || mount -t tracefs tracefs /sys/kernel/tracing
load_module fast=0 slow=1 prefill=0 || fail "the module does not load"
promote "without prefill"
assert_eq "without prefill nothing is mapped ahead" "$filled" 0
plain=$trapped plain_up=$up
load_module fast=0 slow=1 || fail "the module does not load"
promote "with prefill"
assert "most promoted pages are mapped ahead" test "$filled" -ge $((up / 2))
# Traps for each promoted page: less than half of those without.
assert "less than half of the traps" test $((2 * trapped * plain_up)) -lt $((plain * up))
