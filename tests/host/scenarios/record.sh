#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# record: vtmmctl writes down what the rounds of a VM see, and the simulator
# reads from the file, round by round, the pages that the guest touched: none
# lacks, none is invented, no round is missed. It replays them under two
# settings, and where the whole hot set fits nothing needs to move twice.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

slot_pages=2048
rounds=24

# accesses I: what the guest does in the Ith round
accesses()
{
	case $(($1 % 4)) in
	0) tell "$vm" "write 0-199" "read 1000-1099/2" ;;
	1) tell "$vm" "write 0-199" "read all rand=50 seed=$1" ;;
	2) tell "$vm" "read 0-199" ;;
	3) tell "$vm" "spin times=1000" ;;
	esac
}

# same_round I: the Ith round of the trace has what the guest touched then
same_round()
{
	awk -v want="$1" '/^#/ { n++; next } n == want' /tmp/list >/tmp/round
	truthcmp --within "40000:$slot_pages" "/tmp/truth.$1" /tmp/round >/tmp/differs
}

# moves FAST: share of pages that the replay moves per window with so much
replayed()
{
	vtmm-sim --replay /tmp/trace "$@" | awk '$2 == "vtmm" { print $3; exit }'
}

need_module
boot_vm --slot 8M --node 1 --populate
attach "$vm" --mode observe
# A page that KVM has just mapped says that it was written: map all first.
tell "$vm" read || fail "the guest cannot read its memory"
next_round "$vm"
tell "$vm" "spin times=1000"
next_round "$vm"
vtmmctl record "$vm" --output /tmp/trace --rounds "$rounds" >/tmp/recorded 2>&1 &
recorder=$!
wait_for 10 test -s /tmp/trace || fail "nothing is recorded: $(cat /tmp/recorded)"
assert_fails "an unfinished trace is refused" "cut off" \
	vtmm-sim --replay /tmp/trace --list
for i in $(seq "$rounds"); do
	tell "$vm" reset || fail "the guest cannot do that"
	accesses "$i" || fail "the guest cannot do that"
	next_round "$vm"
	tinyvmm ctl "/tmp/vm.$vm" truth >"/tmp/truth.$i"
done
wait "$recorder"
assert_eq "all rounds are recorded" "$(cat /tmp/recorded)" \
	"$rounds rounds recorded, 0 missed"
vtmm-sim --replay /tmp/trace --list >/tmp/list || fail "the trace cannot be read"
bad=0
for i in $(seq "$rounds"); do
	same_round "$i" || {
		echo "round $i: $(tr '\n' ';' </tmp/differs)"
		bad=$((bad + 1))
	}
done
assert_eq "the trace has what the guest touched, round by round" "$bad" 0
echo "$(wc -c </tmp/trace) bytes for $(awk '/^#/ { next } { n += $2 } END { print n }' \
	/tmp/list) pages accessed in $rounds rounds"
assert "it can be replayed" vtmm-sim --replay /tmp/trace --fast 300
one=$(replayed --fast 300 --floor 10) two=$(replayed --fast 300 --floor 100000)
echo "of the oracle's hits: $one with a floor of 10 pages, $two with one that stops all"
assert "settings make a difference" test "$one" != "$two"
