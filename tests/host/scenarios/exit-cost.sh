#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# exit-cost [HOOK]: instructions of a guest's exit, of which it must not pay for
# what it does not use: without vtmm, with vtmm loaded, while another VM is
# attached, attached itself. For hosts on which the time stamp counter counts
# instructions: Bochs, and QEMU with --icount.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

hook=${1:-auto}

# ask COMMAND: a number from exitcost
ask()
{
	lines=$(wc -l <"$out")
	echo "$1" >&5
	wait_for 60 more_lines "$lines" || fail "exitcost does not answer"
	got=$(tail -n 1 "$out")
}

more_lines()
{
	[ "$(wc -l <"$out")" -gt "$1" ]
}

# exit_cost WHAT: of the VM under test, in $least; its difference to $plain. The
# least of five: a tick of the host's timer makes a dozen an exit.
exit_cost()
{
	least=
	for _ in 1 2 3 4 5; do
		ask exits
		[ "${least:-$got}" -lt "$got" ] || least=$got
	done
	more=$((least - ${plain:-$least}))
	echo "$1: $least instructions an exit (+$more)"
}

# writes N: instructions of a run that writes so many pages, armed just before;
# the least of three
writes()
{
	least=
	for _ in 1 2 3; do
		next_round "$mine"
		ask "writes $1"
		[ "${least:-$got}" -lt "$got" ] || least=$got
	done
}

rm -f /tmp/exitcost.in
mkfifo /tmp/exitcost.in
out=$(mktemp)
exitcost </tmp/exitcost.in >"$out" 2>&1 &
mine=$!
vms="$vms $mine"
exec 5>/tmp/exitcost.in
wait_for 30 grep -q ok "$out" || fail "exitcost: $(cat "$out")"

ask clock
echo "1000 instructions are $got ticks"
assert "a tick is an instruction" [ $((got / 20)) -ge 49 -a $((got / 20)) -le 51 ]
exit_cost "module not loaded"
plain=$least
insmod "$VTMM_KO" fast=0 slow=1 "pml_hook=$hook" || fail "the module does not load"
exit_cost "module loaded, no VM attached"
assert "vtmm loaded costs an exit nothing" [ "$more" -le 5 -a "$more" -ge -5 ]
boot_vm --slot 4M
attach "$vm" --mode observe
look "$vm"
tracker=$(seen tracker) hook=$(seen pml_hook)
echo "tracker $tracker, log read by: $hook"
exit_cost "another VM is attached"
other=$more
attach "$mine" --mode observe
exit_cost "attached itself, nothing logged"
self=$more
for n in 1 101 501; do
	writes "$n"
	eval "w$n=$least"
done
# shellcheck disable=SC2154 # set by the loop
echo "attached itself, a run that writes 1, 101, 501 pages: $w1, $w101, $w501 instructions;" \
	"a page more: $(((w101 - w1) / 100)), $(((w501 - w101) / 400))"
# A kprobe is a dear way to be called.
if [ "$hook" != kprobe ]; then
	assert "a VM that is not attached pays at most 50 instructions" [ "$other" -le 50 ]
	assert "one that is, at most 100" [ "$self" -le 100 ]
	assert "and 100 for each page that it writes first" [ $(((w501 - w101) / 400)) -le 100 ]
fi
vtmmctl detach "$mine"
exit_cost "detached"
assert "detached, the VM pays as before" [ "$more" -le $((other + 5)) ]
vtmmctl detach "$vm"
exit_cost "no VM is attached any more"
assert "and nothing when nobody is attached" [ "$more" -le 5 ]
