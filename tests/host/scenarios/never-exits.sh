#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# never-exits: a guest that does not leave for the host by itself is seen in each
# round. On a CPU of its own, on which the kernel stops its tick (boot tickless), a
# vCPU keeps its translations from one round to the next, and marks no entry anew,
# unless the round has them flushed.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

set=0-499 count=500

# exits: of the VM, by KVM
exits()
{
	cat /sys/kernel/debug/kvm/"$vm"-*/exits
}

# seen_rounds KEY: in how many of seven rounds the pages were seen, in hundredths;
# not in the last three, in which the CPU that asks was busy
seen_rounds()
{
	vtmmctl -j pages "$vm" | awk -F '[:,]' -v key="\"$1\"" '
		/"gfn"/ { gfn = $2 + 0 }
		/"count"/ { n = $2 + 0 }
		index($1, key) && gfn >= 262144 && gfn < 262144 + 500 {
			for (bit = 8; bit <= 512; bit *= 2)
				if (int($2 / bit) % 2)
					sum += n
		}
		END { print int(sum * 100 / 500) }'
}

# seen_all WHAT COMMAND KEY
seen_all()
{
	tell "$vm" "$2 $set loop exit=0" || fail "the guest does not run"
	sum=0 each=
	for _ in 1 2 3 4; do
		before=$(exits)
		sleep 0.8
		left=$(($(exits) - before))
		now=$(seen_rounds "$3")
		sum=$((sum + now)) each="$each $now($left)"
	done
	echo "$1: seen in so many hundredths of seven rounds (exits in 0.8 s):$each"
	assert "$1: its pages are seen in nearly all rounds" test $sum -ge $((4 * 700 * 8 / 10))
	tell "$vm" stop || fail "the guest does not stop"
}

[ "$(cat /sys/devices/system/cpu/nohz_full)" = 1 ] || fail "CPU 1 is not tickless"
need_module
boot_vm --slot 4M --node 1 --populate
tell "$vm" info
taskset -cp 1 "$(answer_of tid)" >/dev/null || fail "the vCPU has no CPU of its own"
tell "$vm" read || fail "the guest cannot read its memory"
vtmmctl attach "$vm" --mode observe --queue off --budget none --period 50ms >/dev/null ||
	fail "attach failed"
seen_all "a guest that reads" read read
seen_all "a guest that writes" write written
assert "the guest's memory is right" tell "$vm" "verify by=both"
