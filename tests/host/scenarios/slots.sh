#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# slots: memory slots that come, move and go while the VM is tracked, and a
# vCPU that comes: all that is touched is seen where it is, what has gone is
# forgotten.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

# map ITEM: a page that KVM has just mapped says that it was written
map()
{
	tell "$vm" "read $1" || fail "the guest cannot read $1"
	next_round "$vm"
}

# known FROM TO: pages that vtmm knows from gfn FROM up to TO, five digits each
known()
{
	vtmmctl pages "$vm" --rounds 10 | awk -v from="$1" -v to="$2" \
		'length($1) == 5 && $1 >= from "" && $1 < to "" { n += $2 } END { print n + 0 }'
}

need_module
# The slots at 1 to 4 GiB are compared.
slot_pages=$((3 << 18))
boot_vm --slot 8M --node 1 --populate
attach "$vm" --mode observe
map all
touches "one slot" "read all rand=300 seed=1" "write all rand=200 seed=2"

tell "$vm" "slot-add 1 size=4M gpa=0x80000000 node=1 populate" || fail "no slot"
map all
map s1:all
assert_eq "pages that are known of the new slot" "$(known 80000 80400)" 1024
touches "a slot that came" "write s1:all rand=100 seed=3" "read s1:3-900/7" \
	"write 7-1900/3"

tell "$vm" "slot-move 1 gpa=0xa0000000" || fail "the slot does not move"
map all
map s1:all
assert_eq "pages that are known where it is" "$(known a0000 a0400)" 1024
assert_eq "pages that are known where it was" "$(known 80000 80400)" 0
touches "a slot that moved" "write s1:all rand=90 seed=4" "read s1:5-900/9" \
	"read 8-1900/5"

tell "$vm" vcpu-add || fail "no vCPU can be added"
touches "a vCPU that came, in the round in which it came" \
	"write s1:100-700 vcpu=1" "read 0-99 vcpu=0"
touches "a vCPU that came, a round later" \
	"write s1:0-1000/3 vcpu=1" "write 5-1000/5 vcpu=0"

tell "$vm" "slot-del 1" || fail "the slot cannot be deleted"
next_round "$vm"
assert "pages that are known of the slot that stayed are not forgotten" \
	[ "$(known 40000 40800)" -gt 1000 ]
map all
assert_eq "pages that are known of a slot that has gone" "$(known 80000 b0000)" 0
assert_eq "pages that are known of the slot that stayed" \
	"$(known 40000 40800)" 2048
touches "the slot that stayed" "write all rand=150 seed=5" "read 1-2000/11"
assert "the guest's memory is right" tell "$vm" "verify by=both"
echo "compared $compared pages"
