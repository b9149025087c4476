#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# nested [anon|memfd|thp] [4k|2m]: what a guest of the guest reads and writes is
# seen like what the guest itself does, no page missed, none invented; neither is
# taken for the other's. Its pages move like others, and no byte is lost. vCPU 1
# runs its jobs as a nested guest.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} paging=${2:-4k}
last=$((slot_pages - 1))
# shellcheck disable=SC2034 # of touches
setup="$backing, $paging"
# A 2 MiB leaf is one record: chunks are compared.
# shellcheck disable=SC2034 # of touches
[ "$backing" != thp ] || compare=--chunk

# blind: without the look at KVM's shadow pages all that is missed, and said
blind()
{
	echo N >/sys/module/vtmm/parameters/nested
	tell "$vm" reset "read 1000-1099 vcpu=1" || fail "there is no nested guest"
	since=$round
	next_round "$vm"
	tinyvmm ctl "/tmp/vm.$vm" truth >/tmp/truth
	vtmmctl pages "$vm" --since "$since" >/tmp/pages
	assert_fails "not looked for, its accesses are missing" "missing=100 " \
		truthcmp --within "40000:$slot_pages" /tmp/truth /tmp/pages
	look "$vm"
	assert_eq "that is said" "$(seen tracker_why)" \
		"what guests of its own touch is not seen: the parameter nested is off"
	echo Y >/sys/module/vtmm/parameters/nested
}

# promoted COUNT: so many pages have come into fast memory
promoted()
{
	next_round "$vm"
	look "$vm"
	[ "$(seen promoted)" -ge "$1" ]
}

# move: pages come into fast memory that the nested guest writes and checks all
# the while
move()
{
	tell "$vm" "writer 0-$1 loop vcpu=1" || fail "the nested guest does not run"
	vtmmctl set "$vm" --mode manage || fail "the VM is not managed"
	assert "what the nested guest uses comes into fast memory" \
		wait_for 150 promoted "$(($1 * 9 / 10))"
	assert "it finds each page as it left it" tell "$vm" "stop vcpu=1"
	assert_eq "nothing is mapped ahead for a nested guest" \
		"$(seen pages_prefilled)" 0
}

need_module
boot_vm --slot "$((slot_pages / 256))M" --backing "$backing" \
	--guest-paging "$paging" --vcpus 2 --nested 1 --node 1 --populate
attach "$vm" --mode observe
# Pages that only the nested guest has mapped are in no table of the guest's.
tell "$vm" "read vcpu=1" || fail "there is no nested guest"
next_round "$vm"
touches "nothing" "spin times=1000 vcpu=1"
touches "by the nested guest alone" "read all rand=7% seed=1 vcpu=1" \
	"write all rand=5% seed=2 vcpu=1"
tell "$vm" read || fail "the guest cannot read its memory"
next_round "$vm"
touches "by the guest" "read all rand=7% seed=3" "write all rand=2% seed=4"
touches "by the nested guest" "read 0-$last/3 vcpu=1" "rw 7-$last/64 vcpu=1"
touches "by both" "read all rand=9% seed=5" "write 100-799" \
	"write all rand=9% seed=6 vcpu=1" "read 500-1299 vcpu=1"
touches "a single page" "write $last vcpu=1"
touches "all" "write vcpu=1"
touches "nothing again" "spin times=1000" "spin times=1000 vcpu=1"
look "$vm"
assert "accesses of the nested guest were counted" [ "$(seen nested_seen)" -gt 0 ]
assert "a round takes one flush at most" [ "$(seen tlb_flushes)" -le "$(seen rounds)" ]
# Nothing was touched before two of them.
assert "and one each time that something was touched" \
	[ "$(seen tlb_flushes)" -ge $(($(seen rounds) - 2)) ]
blind
move 511
tell "$vm" "verify by=host" || not_ok "content" "$answer"
echo "compared $compared pages; $(seen nested_seen) accesses of the nested guest"
vtmmctl detach "$vm" >/dev/null || not_ok "detach" "it fails"
