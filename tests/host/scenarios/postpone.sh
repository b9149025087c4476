#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# postpone [anon|memfd|thp] [PAGES]: pages that the guest is writing are put off
# when they are to move, and those at rest go first; but all move in the end, also
# a page that is always written. One vCPU reads all of them over and over, another
# writes a part: none, 10 % and 50 %. Every byte is verified in the end.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} hot=${2:-1024}

in_fast()
{
	tell "$vm" "where 0-$((hot - 1))" || return
	answered node0
}

moved_in()
{
	[ "$(in_fast)" -ge $((hot * 95 / 100)) ]
}

# promote PERCENT: of the pages are written while all move; sets $late and $up
promote()
{
	boot_vm --slot $((hot / 128))M --backing "$backing" --node 1 --populate --vcpus 2
	tell "$vm" fill "read 0-$((hot - 1)) loop" || fail "the guest does not run"
	[ "$1" = 0 ] || tell "$vm" "write 0-$((hot * $1 / 100 - 1)) loop vcpu=1" ||
		fail "the second vCPU does not run"
	attach "$vm" --mode observe --budget none --max $((hot * 8))k
	for _ in $(seq 8); do
		next_round "$vm"
	done
	vtmmctl set "$vm" --mode manage
	until [ "$(in_fast)" -gt 0 ] || [ "$round" -gt 20 ]; do
		next_round "$vm"
	done
	assert "$1 % written: all pages move" wait_for 60 moved_in
	vtmmctl set "$vm" --mode observe
	tell "$vm" stop "stop vcpu=1" || fail "the guest does not stop"
	look "$vm"
	late=$(seen postponed) up=$(seen promoted)
	echo "writers: $backing $1 % pages $up postponed $late"
	assert "$1 % written: every byte is right" tell "$vm" "verify by=both"
	tell "$vm" quit
}

need_module
promote 0
assert "pages that are only read are not put off" [ "$late" -le $((up / 100)) ]
promote 10
# Each at most twice, and a few that the tiny VM writes itself.
assert "at most those that are written are put off" [ "$late" -le $((up * 3 / 10)) ]
promote 50
assert "pages that are written are put off" [ "$late" -gt 0 ]
unload_module || fail "the module cannot be unloaded"
