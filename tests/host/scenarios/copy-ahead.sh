#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# copy-ahead [anon|memfd|thp] [PAGES] [late]: with copy_ahead=1 pages of private
# anonymous memory are copied while the guest runs, and again if it wrote them
# since. All have been hot; while they move the guest reads all of them, or writes a
# part, 10 % and 50 %, over and over, and checks what it reads. Then all go back. A
# page that was moved can be written without a trap. "late": something between copy
# and move takes long and the CPUs truly race, so some of the pages that are written
# must be found out. Every byte is verified, from both sides, and vtmm's counts must
# add up.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} hot=${2:-1024} late=${3-} found=0 set=0-$((${2:-1024} - 1))

# copies WHAT: sets $plain, $ahead and $again, $moved is their sum
copies()
{
	look "$vm"
	plain=$(seen copied_plain) ahead=$(seen copied_ahead) again=$(seen copied_again)
	moved=$((plain + ahead + again))
	echo "copies: $backing $1 pages $moved plain $plain ahead $ahead again $again"
	assert_eq "$1: each page that moved was copied in one of these ways" \
		"$moved" $(($(seen promoted) + $(seen demoted)))
	assert_eq "$1: bytes copied" "$(seen bytes_copied)" $(((moved + again) * 4096))
}

has_gone()
{
	[ "$(in_fast "$set")" -le $((hot / 8)) ]
}

# writable: what was mapped ahead takes a write at once
writable()
{
	vtmmctl set "$vm" --mode observe
	sleep 1
	tell "$vm" stop || fail "the guest does not stop"
	count_traps
	tell "$vm" "write $set" || fail "the guest cannot write"
	trapped=$(traps)
	assert "a write to what has moved does not trap: $trapped of $hot" \
		test $((10 * trapped)) -le "$hot"
	vtmmctl set "$vm" --mode manage
}

# go_back WHAT: the guest is busy; they cool down while the guest works on others
go_back()
{
	tell "$vm" stop "writer $((hot * 2 - 64))-$((hot * 2 - 1)) loop exit=16" ||
		fail "the guest does not run"
	vtmmctl set "$vm" --period "$brisk" --max $((hot / 2))k
	assert "$1: all go back" wait_for 60 has_gone
}

# both_ways WHAT JOB: all pages come, and go, while the guest works
both_ways()
{
	boot_vm --slot $((hot / 128))M --backing "$backing" --node 1 --populate
	tell "$vm" fill || fail "the guest does not run"
	attach_hot "$hot"
	make_hot "$set"
	tell "$vm" "$2 loop exit=2000" || fail "the guest does not run"
	first_moves "$set"
	assert "$1: all pages come" wait_for 60 has_come "$set" "$hot"
	copies "$1-up"
	[ "$1" != read ] || writable
	go_back "$1"
	tell "$vm" stop || fail "the guest does not stop"
	settle
	copies "$1-both"
	found=$((found + again))
	all_right "$1: every byte is right"
	tell "$vm" quit
	wait_for 20 none_attached || not_ok "$1" "the VM is still attached"
}

load_module fast=0 slow=1 copy_ahead=1 || fail "the module does not load"
both_ways read "read $set"
case $backing in
# The tiny VM's own few pages are private.
memfd) assert "shared memory is not copied ahead" test $((ahead + again)) -le 32 ;;
# At most two of a batch.
thp) assert "huge pages that are only read are copied once, ahead" test "$ahead" -ge 1024 ;;
*) assert "most pages that are only read are copied once, ahead" \
	test $((ahead * 10)) -ge $((moved * 8)) ;;
esac
found=0
both_ways written-10% "write 0-$((hot / 10))"
both_ways written-50% "write 0-$((hot / 2 - 1))"
both_ways rewritten "writer $set"
if [ "$late" ]; then
	assert "pages written after they were copied are copied again" test "$found" -gt 0
fi
unload_module || fail "the module cannot be unloaded"
