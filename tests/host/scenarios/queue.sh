#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# queue [ROUNDS]: pages through the levels of the multi-level queue. A page that
# is touched in every round must be at the level that the rules give it in each
# (docs/policy.md), and is re-armed as seldom; one that is touched no longer must
# fade; without the queue every touched page is re-armed every round.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

rounds=${1:-12}
# The hot pages; of the first one of each kind the levels are followed.
hot=0-255 written=256-511 once=600

# one_round: one round, soon; the guest touches the hot pages before it
one_round()
{
	tell "$vm" "read $hot" "write $written" || fail "the guest cannot do that"
	vtmmctl set "$vm" --round-now || fail "no round can be asked for"
	deadline=$(($(cut -d. -f1 /proc/uptime) + 20 * ${VTMM_SCALE:-1}))
	until round_after "$vm" "$round"; do
		[ "$(cut -d. -f1 /proc/uptime)" -lt "$deadline" ] || fail "no round"
	done
}

# value KEY PAGE: what /tmp/pages says of a page: level, read, written
value()
{
	awk -F '[:,]' -v key="\"$1\"" -v want=$((0x40000 + $2)) '
		/"gfn"/ { gfn = $2 + 0 }
		/"count"/ { n = $2 + 0 }
		index($1, key) { if (want >= gfn && want < gfn + n) print $2 + 0 }' /tmp/pages
}

# by_rule ROUND: the level of a page that was touched first ROUND rounds ago and
# in each since, and how often its bits were cleared since: "LEVEL CLEARED"
by_rule()
{
	awk -v now="$1" 'BEGIN {
		changed = 0
		for (r = 1; r <= now; r++) {
			delay = level ? 2 ^ (level - 1) : 0
			if (r == changed + delay) cleared++
			if (r == changed + delay + 1) {
				if (level < 7) level++
				changed = r
			}
		}
		print level + 0, cleared + 0 }'
}

need_module
boot_vm --slot 4M --node 1 --populate
vtmmctl attach "$vm" --mode observe --period 60s >/dev/null || fail "attach failed"
wait_for 10 round_after "$vm" 0 || fail "there is no first round"
look "$vm"
assert_eq "the queue is on unless it is turned off" "$(seen queue)" true
one_round
look "$vm"
start=$(seen leaves_rearmed) wrong=0 followed=
tell "$vm" "write $once"
for i in $(seq "$rounds"); do
	one_round
	wanted=$(by_rule "$i")
	vtmmctl -j pages "$vm" >/tmp/pages
	for page in ${hot%-*} ${written%-*}; do
		got=$(value level "$page")
		[ "$got" = "${wanted% *}" ] && continue
		echo "page $page, round $i: level $got, by the rules ${wanted% *}"
		wrong=$((wrong + 1))
	done
	case $followed in *"$got"*) ;; *) followed="$followed $got" ;; esac
done
assert_eq "levels of a page that is read and one that is written" "$wrong" 0
echo "levels seen:$followed"
look "$vm"
queued=$(($(seen leaves_rearmed) - start))
most=$((${wanted#* } * 512))
echo "$rounds rounds, 512 hot pages: $queued re-arms, by the rules $most"
assert "hot pages were re-armed by the rules" test "$queued" -ge "$most"
# The guest's own pages (code, page tables) come on top.
assert "and no more" test "$queued" -le $((most + most / 4 + 64))
assert_eq "hot pages count as accessed while they sleep" "$(value read 0)" 1023
assert_eq "and as written, if they were" "$(value written 256)" 1023
assert_eq "a page that was touched once has faded" "$(value read $once)" 0

# In a table that nobody went through since, only what is due is armed: that asks
# for a flush as well.
look "$vm"
start=$(seen leaves_rearmed) flushed=$(seen tlb_flushes) kvms=$(flush_requests "$vm")
armed=$start arming=0 last=$((round + 70))
until [ $((armed - start)) -ge 512 ] || [ "$round" -gt "$last" ]; do
	next_round "$vm"
	[ "$(seen leaves_rearmed)" = "$armed" ] || arming=$((arming + 1))
	armed=$(seen leaves_rearmed)
done
assert "pages that sleep are armed when they are due" test $((armed - start)) -ge 512
assert_eq "each round that arms flushes" "$(($(seen tlb_flushes) - flushed))" "$arming"
assert_eq "by KVM's count too" "$(($(flush_requests "$vm") - kvms))" "$arming"

vtmmctl set "$vm" --queue off
look "$vm"
start=$(seen leaves_rearmed)
for _ in $(seq 3); do
	one_round
done
look "$vm"
plain=$(($(seen leaves_rearmed) - start))
echo "3 rounds without the queue: $plain re-arms"
assert "without the queue every page is re-armed every round" test "$plain" -ge $((2 * 512))
