#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# prefill [anon|memfd] [PAGES]: promoted pages are mapped for the guest before it
# touches them. They move while it touches others; then it goes over them once,
# and KVM's own tracepoint counts its traps: one a page without prefill, nearly
# none with it, if the machine is not so busy that a batch is given up.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} hot=${2:-512} set=0-$((${2:-512} - 1))

# move_in WHAT: they move while the guest runs, and leaves them alone
move_in()
{
	tell "$vm" "spin loop exit=16" || fail "the guest does not run"
	first_moves "$set"
	assert "$1: the hot pages come into fast memory" wait_for 60 has_come "$set" "$hot"
	vtmmctl set "$vm" --mode observe
	# What is still to be mapped is mapped or withdrawn within a quarter of a second.
	sleep 1
	tell "$vm" stop || fail "the guest does not stop"
}

# promote WHAT: a VM whose hot pages come into fast memory, and are then written;
# sets $trapped, $up and $filled
promote()
{
	boot_vm --slot $((hot / 64))M --backing "$backing" --node 1 --populate
	tell "$vm" fill || fail "the guest does not run"
	attach_hot "$hot"
	make_hot "$set"
	move_in "$1"
	count_traps
	tell "$vm" "writer $set" || fail "the guest finds a page wrong"
	trapped=$(traps)
	look "$vm"
	up=$(seen promoted) filled=$(seen pages_prefilled)
	echo "$1: $trapped traps on $hot pages; $up pages promoted, $filled mapped again"
	all_right "$1: the guest finds nothing wrong"
	tell "$vm" quit
	unload_module || fail "the module cannot be unloaded"
}

load_module fast=0 slow=1 prefill=0 || fail "the module does not load"
promote "without prefill"
assert_eq "without prefill nothing is mapped ahead" "$filled" 0
assert "and the guest traps on each page" test $((20 * trapped)) -ge $((19 * hot))
load_module fast=0 slow=1 || fail "the module does not load"
promote "with prefill"
assert "with prefill most promoted pages are mapped ahead" test $((2 * filled)) -ge "$up"
assert "and the guest traps on few" test $((2 * trapped)) -le "$hot"
