#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# reclaim: the host takes memory from a VM while vtmm tracks it. The guest touches
# its hot pages again and again; rounds clear their accessed bits each time, before
# reclaim looks. Hot pages must stay; that they do not when vtmm keeps to itself
# what it saw (tell_reclaim=0) shows that the test can fail. Memory goes to a
# zram disk; reclaim is that of the VMM's cgroup.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh
# shellcheck source=../memory.sh
. /mnt/tests/host/memory.sh

# Scattered, so that it matters little which idle pages reclaim begins with.
hot=0-8191/8
steps=4 step=3M

# hot_lost: hot pages that have no memory now
hot_lost()
{
	tell "$vm" "where $hot" || fail "where: $answer"
	answered absent
}

# swapped_out: pages, since the host was booted
swapped_out()
{
	awk '/^pswpout/ { print $2 }' /proc/vmstat
}

# take SIZE: the guest touches its hot pages twice, each time a round goes by if
# the VM is attached; then the host takes memory
take()
{
	for _ in 1 2; do
		tell "$vm" "read $hot" || fail "the guest cannot read"
		[ "$tracked" = 0 ] || next_round "$vm"
	done
	echo "$1" >$group/memory.reclaim 2>/dev/null
}

# squeeze WHAT: all pages are touched, so that reclaim first finds none that is
# idle and takes what it likes: that does not count. Then the host takes memory
# step by step. How often a hot page was gone after a step is in $lost.
squeeze()
{
	tell "$vm" "write" || fail "the guest cannot do that"
	take 1M
	take 1M
	lost=0 each=
	for _ in $(seq $steps); do
		take $step
		now=$(hot_lost)
		lost=$((lost + now)) each="$each $now"
	done
	echo "$1:$each: $lost of $((steps * 1024)) times a hot page was gone," \
		"$(($(swapped_out) - before)) pages swapped out so far"
}

swap_on
before=$(swapped_out)
need_module
make_group
echo $$ >$group/cgroup.procs
boot_vm --slot 32M --populate
echo $$ >/sys/fs/cgroup/cgroup.procs
tracked=0
squeeze unattached
without=$lost
tracked=1
attach "$vm" --mode observe
squeeze "reclaim is told"
when_told=$lost
echo 0 >/sys/module/vtmm/parameters/tell_reclaim
squeeze "reclaim is not told"
untold=$lost
assert "memory was taken" test $(($(swapped_out) - before)) -gt 2000
assert "hot pages are lost when reclaim is not told" test "$untold" -gt 40
assert "hot pages stay when it is" test "$((when_told * 4))" -lt "$untold"
assert "about as without vtmm" test "$when_told" -le $((without + 40))
assert "nothing that was written is lost" tell "$vm" "verify by=both"
vtmmctl detach "$vm" >/dev/null || not_ok "detach" "it fails"
tell "$vm" quit
swap_off || fail "swap cannot be switched off"
