#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# dirtiness [nested]: memory that the host would drop, for it takes it for clean,
# unless it is told that the guest has written it. Rounds clear the dirty bits that
# say so. Two kinds: memory that the VMM has given to MADV_FREE, which is dropped as
# it is; and memory that has come back from swap and is still there too, which need
# not be written again. The guest reads it, so that it is mapped, and writes it; a
# round goes by; the host takes it, and every byte is verified. That freed memory
# which nobody wrote is dropped, and that swap still has the other, shows that the
# test can fail. nested: by a guest of the guest.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh
# shellcheck source=../memory.sh
. /mnt/tests/host/memory.sh

set=0-1023 count=1024 untouched=1024-1535
by='' nested=''
[ "${1-}" != nested ] || by="vcpu=1" nested="--vcpus 2 --nested 1"

# absent SET: pages that are not in memory
absent()
{
	tell "$vm" "where $1" || fail "where: $answer"
	answered absent
}

# take SET: the host takes what it can of it; some at the second time only
take()
{
	for _ in 1 2 3; do
		tell "$vm" "advise $1 pageout" || fail "$answer"
	done
}

# rewritten VERSION: the guest reads the set, then writes it, and rounds go by
rewritten()
{
	tell "$vm" "read $set $by" || fail "the guest cannot read"
	next_round "$vm"
	tell "$vm" "fill $set version=$1 $by" || fail "the guest cannot write"
	next_round "$vm"
	next_round "$vm"
}

# swap_cached: pages that are in memory and in swap
swap_cached()
{
	awk '/^SwapCached:/ { print $2 / 4 }' /proc/meminfo
}

freed()
{
	tell "$vm" "fill $by" "advise $set free" "advise $untouched free" ||
		fail "$answer"
	rewritten 2
	take "$untouched"
	assert "freed: what nobody wrote since is dropped" \
		test "$(absent "$untouched")" -gt 400
	take "$set"
	assert "freed: what the guest wrote since is right" \
		tell "$vm" "verify $set by=both"
	tell "$vm" "fill $untouched" || fail "$answer"
}

swapped()
{
	take "$set"
	assert "swapped: it is in swap" test "$(absent "$set")" -gt $((count / 2))
	tell "$vm" "read $set $by" || fail "the guest cannot read"
	assert "swapped: it comes back, and is in swap still" \
		test "$(swap_cached)" -gt $((count / 2))
	rewritten "$1"
	take "$set"
	assert "swapped: what the guest wrote since is right" \
		tell "$vm" "verify $set by=both"
}

late_swap_on
need_module
# The options are words.
# shellcheck disable=SC2086
boot_vm --slot 8M --populate $nested
attach "$vm" --mode observe
freed
swapped 3
swapped 4
swapped 5
assert "nothing else is lost" tell "$vm" "verify by=both"
tell "$vm" quit
late_swap_off || not_ok "swap" "it cannot be switched off"
