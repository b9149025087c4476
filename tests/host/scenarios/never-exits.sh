#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# never-exits: a guest that does not leave for the host by itself is seen in each
# round, what it reads and what it writes. On a CPU of its own, on which the kernel
# stops its tick (boot tickless), a vCPU keeps its translations from one round to
# the next, and marks no entry anew, unless the round has them flushed.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

# exits: of the VM, by KVM
exits()
{
	cat /sys/kernel/debug/kvm/"$vm"-*/exits
}

# seen_again WHAT SET COMMAND: round by round
seen_again()
{
	tell "$vm" "$3 $2 loop exit=0" || fail "the guest does not run"
	next_round "$vm"
	each=
	for i in $rounds; do
		before=$(exits) since=$round
		sleep 0.5
		each="$each $(($(exits) - before))"
		next_round "$vm"
		vtmmctl pages "$vm" --since "$since" >"/tmp/pages.$i" || fail "no answer"
	done
	# The kernel has work there at times, of which it is said when.
	least=$(echo "$each" | tr ' ' '\n' | grep . | sort -n | head -n 1)
	echo "$1: exits between two rounds:$each"
	assert "$1: it was left alone between two rounds" test "$least" -le 2
	tell "$vm" stop truth || fail "the guest does not stop"
	echo "$answer" | sed '/^ok/d' >/tmp/truth
	for i in $rounds; do
		if differs=$(truthcmp --within "40000:$slot_pages" /tmp/truth "/tmp/pages.$i"); then
			ok "$1, round $i (${differs%% *})"
		else
			not_ok "$1, round $i" "$(echo "$differs" | tr '\n' ';')"
		fi
	done
	tell "$vm" reset
}

rounds="1 2 3"
slot_pages=1024
[ "$(cat /sys/devices/system/cpu/nohz_full)" = 1 ] || fail "CPU 1 is not tickless"
need_module
boot_vm --slot 4M --node 1 --populate
tell "$vm" info
thread=$(answer_of tid)
taskset -cp 1 "$thread" >/dev/null || fail "the vCPU has no CPU of its own"
attach "$vm" --mode observe
tell "$vm" read reset || fail "the guest cannot read its memory"
next_round "$vm"
seen_again "a guest that reads" "0-499" read
seen_again "a guest that writes" "100-699/2" write
assert "the guest's memory is right" tell "$vm" "verify by=both"
