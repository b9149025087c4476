#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# young: what the host's reclaim is told of each page, asked as reclaim asks: what
# the guest touched is young though a round has cleared its accessed bit, once and
# not twice, in each slot; who only tests takes nothing away. A page that sleeps
# keeps its bit, so that KVM says it.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

# begin SLOT PAGES: a slot of $vm is asked about
begin()
{
	tell "$vm" slots || fail "$answer"
	start=0x$(echo "$answer" | sed -n "s/^slot=$1 .*hva=\\([0-9a-f]*\\).*/\\1/p")
	insmod "/mnt/build/kmod/$(uname -r)/test/vtmm_young.ko" pid="$vm" start="$start" \
		pages="$2" || fail "the test module does not load"
}

end()
{
	rmmod vtmm_young
}

# is WHAT HOW WANTED: what the host finds young
is()
{
	assert_eq "$1" "$(cat "/sys/module/vtmm_young/parameters/$2")" "$3"
}

# quiet WHAT: all that has been touched so far is told and over
quiet()
{
	cat /sys/module/vtmm_young/parameters/clear >/dev/null
	is "$1: nothing is young" clear ""
}

# told SLOT WHAT SET LIST: after a round, of what the guest reads
told()
{
	begin "$1" 1024
	quiet "$2"
	tell "$vm" "read $3" || fail "the guest cannot read"
	next_round "$vm"
	is "$2: tested" test "$4"
	is "$2: tested again" test "$4"
	is "$2: asked" clear "$4"
	is "$2: asked again" clear ""
	is "$2: and tested" test ""
	tell "$vm" "read $3" || fail "the guest cannot read"
	next_round "$vm"
	next_round "$vm"
	is "$2: after another touch" clear "$4"
	end
}

need_module
boot_vm --slot 4M --slot 4M --node 1 --populate
attach "$vm" --mode observe
tell "$vm" "read all,s1:all" || fail "the guest cannot read its memory"
next_round "$vm"
next_round "$vm"
told 0 "a slot" "10-19,600-899" "10-19,600-899"
told 1 "another slot" "s1:0-0,s1:511-512,s1:1023-1023" "0-0,511-512,1023-1023"

# A page that is touched in each round sleeps after some.
begin 0 1024
vtmmctl set "$vm" --queue on || fail "the queue cannot be switched on"
for _ in $(seq 10); do
	tell "$vm" "read 0-99" || fail "the guest cannot read"
	next_round "$vm"
done
quiet "pages that sleep"
for _ in $(seq 6); do
	tell "$vm" "read 0-99" || fail "the guest cannot read"
	next_round "$vm"
	is "pages that sleep, or do not" clear "0-99"
	is "once" clear ""
done
vtmmctl detach "$vm" >/dev/null || fail "detach failed"
is "detached: nothing is young" clear ""
tell "$vm" "read 5-7" || fail "the guest cannot read"
is "but what KVM says" clear "5-7"
end
