#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# exact-running [ROUNDS]: rounds go on while a guest runs: each sees all that
# the guest goes over in its loop and nothing else. When the loop has ended the
# pages fade: no access is invented afterwards.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

rounds=${1:-2}

# The loop is left at every 1100th access: it has gone over its set between two
exits()
{
	tell "$vm" info
	answered exits
}

ran_on()
{
	[ "$(exits)" -gt "$(($1 + 1))" ]
}

# loop_rounds WHAT COMMAND: the set of a loop, round by round
loop_rounds()
{
	tell "$vm" reset "$2 loop exit=1100" || fail "the guest cannot do that"
	wait_for 20 ran_on "$(exits)" || fail "the guest does not run"
	next_round "$vm"
	for i in $(seq "$rounds"); do
		since=$round
		wait_for 20 ran_on "$(exits)" || fail "the guest does not run"
		next_round "$vm"
		same_pages "$1, round $i" "$vm" "$since"
	done
	tell "$vm" stop
	next_round "$vm"
	since=$round
	tell "$vm" reset
	next_round "$vm"
	next_round "$vm"
	same_pages "$1 is over" "$vm" "$since"
}

need_module
boot_vm --slot 16M --node 1 --populate
attach "$vm" --mode observe
tell "$vm" read || fail "the guest cannot read its memory"
next_round "$vm"
loop_rounds "a loop that reads" "read all rand=1000 seed=5"
loop_rounds "a loop that writes" "write all rand=700 seed=6"
echo "compared $compared pages"
