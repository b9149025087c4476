#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# postpone [anon|memfd|thp] [PAGES]: pages that the guest is writing are put off
# when they are to move, and those at rest go first; but all move in the end, also
# a page that is always written. All have been hot; while they move the guest reads
# all of them, or writes a part, 10 % and 50 %, over and over. Every byte is
# verified in the end. One vCPU only: hosts that run one CPU at a time would not
# let a second one in within the few milliseconds that are looked at.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} hot=${2:-1024} set=0-$((${2:-1024} - 1))

# promote PERCENT: of the pages are written while all move; sets $late and $up
promote()
{
	boot_vm --slot $((hot / 128))M --backing "$backing" --node 1 --populate
	tell "$vm" fill || fail "the guest does not run"
	attach_hot "$hot"
	make_hot "$set"
	job="read $set"
	[ "$1" = 0 ] || job="write 0-$((hot * $1 / 100 - 1))"
	tell "$vm" "$job loop exit=2000" || fail "the guest does not run"
	first_moves "$set"
	assert "$1 % written: all pages move" wait_for 60 has_come "$set" "$hot"
	vtmmctl set "$vm" --mode observe
	tell "$vm" stop || fail "the guest does not stop"
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
