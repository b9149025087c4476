#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# idle: a VM that has stopped claims its fast memory for a while and then no more;
# then it has no rounds. When it may have less than it has, rounds begin again
# without it, until it has given that back; then they end again.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

hot=1024

# claim: what it asks of the pool
claim()
{
	vtmmctl -j pool | sed -n 's/^ *"demand": \([0-9]*\).*/\1/p'
}

claims_nothing()
{
	[ "$(claim)" = 0 ]
}

skipped_since()
{
	look "$vm"
	[ "$(($(seen rounds_skipped) - $1))" -ge "$2" ]
}

# at_rest WHAT: turns go by without a round
at_rest()
{
	look "$vm"
	assert "$1: rounds are skipped" wait_for 30 skipped_since "$(seen rounds_skipped)" 5
	rounds=$(seen rounds)
	assert "$1: some more turns" wait_for 30 skipped_since "$(seen rounds_skipped)" 5
	assert_eq "$1: and no round" "$(seen rounds)" "$rounds"
}

gave_back()
{
	[ "$(in_fast all)" -le "$1" ]
}

need_module
boot_vm --slot 8M --node 1 --populate
tell "$vm" fill "rw 0-$((hot - 1)) loop exit=64" || fail "the guest does not run"
vtmmctl attach "$vm" --period 20ms --budget none --floor 0 --max 8M >/dev/null ||
	fail "attach failed"
assert "its hot pages come" wait_for 60 has_come "0-$((hot - 1))" $hot
assert "it claims fast memory" test "$(claim)" -ge $((hot / 2))
tell "$vm" stop || fail "the guest does not stop"
assert "a VM that has stopped claims nothing after a while" wait_for 30 claims_nothing
at_rest "a VM that claims nothing"
assert "its pages are still there" has_come "0-$((hot - 1))" $hot
vtmmctl set "$vm" --max 1M || fail "its max cannot be set"
assert "a VM that has stopped gives back what it may not have" wait_for 60 gave_back 256
at_rest "a VM that owes nothing"
all_right "every byte is right"
