# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # vm, answer, round and failed are of lib.sh
#
# moves: one plan at a time, and what has become of its pages, by vtmm and by the
# kernel; pages that cannot be moved and targets that cannot be had, for sure.
# Sourced after lib.sh.

test_modules=${VTMM_KO%/*}/test
target=/sys/module/vtmm_target/parameters

# start HOT [OPTION...]: a VM whose data is all in slow memory; the pages HOT have
# been hot for most of a window, and rounds come when asked for
start()
{
	hot_set=$1
	shift
	boot_vm --node 1 --populate "$@"
	tell "$vm" fill || fail "the guest cannot fill its memory"
	attach "$vm" --mode observe --budget none --floor 0 --hot 100%
	make_hot "$hot_set"
}

# tried COUNT: so many moves up have been tried
tried()
{
	look "$vm"
	[ $(($(seen promoted) + $(seen promote_failed))) -ge "$1" ]
}

# one_plan COUNT: the next plan is carried out; it is of so many pages at least. No
# round comes after it, so vtmm knows what it was told by its own moves.
one_plan()
{
	look "$vm"
	already=$(($(seen promoted) + $(seen promote_failed))) windows=$(seen windows)
	vtmmctl set "$vm" --mode manage
	for _ in $(seq 40); do
		next_round "$vm"
		[ "$(seen windows)" != "$windows" ] || continue
		windows=$(seen windows)
		wait_for 2 tried $((already + 1)) && break
	done
	wait_for 60 tried $((already + $1)) ||
		fail "$(seen promoted) and $(seen promote_failed) of $1 moves were tried"
	# The hold of the last batch has ended, and what it left is put back.
	vtmmctl set "$vm" --mode observe
	sleep 0.3
	look "$vm"
}

# isolated: pages that are off the LRU now, by the kernel
isolated()
{
	echo 1 >/proc/sys/vm/stat_refresh
	awk '/^nr_isolated/ { n += $2 } END { print n }' /proc/vmstat
}

# agree WHAT: vtmm and the kernel have the same pages of $vm on each node, and no
# page is on its way
agree()
{
	tell "$vm" where || fail "$answer"
	assert_eq "$1: data in fast memory, by vtmm and by the kernel" \
		"$(in_tier fast)" "$(answered node0)"
	assert_eq "$1: data in slow memory, by vtmm and by the kernel" \
		"$(in_tier slow)" "$(answered node1)"
	assert_eq "$1: no page is isolated" "$(isolated)" 0
	assert "$1: nothing is mapped ahead that did not move" \
		test "$(seen pages_prefilled)" -le "$(seen promoted)"
}

# roam: plans are made all the time from now on
roam()
{
	vtmmctl set "$vm" --mode manage --period 50ms
}

# make_busy HOW FIRST COUNT: these pages of data slot 0 cannot be moved
make_busy()
{
	tell "$vm" slots || fail "$answer"
	at=$(echo "$answer" | sed -n 's/.*hva=\([0-9a-f]*\).*/\1/p' | head -n 1)
	# Pages on their way to the LRU cannot be isolated: this moves none, and waits for
	# them.
	tell "$vm" "move $2 node=1" || fail "$answer"
	insmod "$test_modules/vtmm_busy.ko" pid="$vm" hva=$((0x$at + $2 * 4096)) \
		pages="$3" how="$1" || fail "no page can be made busy"
	assert_eq "$1: pages that are busy" \
		"$(cat /sys/module/vtmm_busy/parameters/held)" "$3"
}

# make_idle: they can
make_idle()
{
	rmmod vtmm_busy || fail "vtmm_busy cannot be unloaded"
}

# no_target [PARAMETER=VALUE...]: vtmm finds no page on the target, see vtmm_target
no_target()
{
	case $VTMM_SERIES in
	6.1) function=__folio_alloc ;;
	*) function=__folio_alloc_noprof ;;
	esac
	insmod "$test_modules/vtmm_target.ko" at=$function "$@" || fail "no target can be refused"
}

# targets_again: it does, and asked as it should
targets_again()
{
	asked=$(cat $target/asked)
	assert "$kind: vtmm asked for $asked targets, $(cat $target/failed) in vain" \
		test "$(cat $target/failed)" -gt 0
	assert_eq "$kind: asked so that memory is reclaimed" "$(cat $target/reclaiming)" 0
	assert_eq "$kind: asked so that any node does" "$(cat $target/astray)" 0
	rmmod vtmm_target || fail "vtmm_target cannot be unloaded"
}

# all_come SET COUNT: every page of it is in fast memory
all_come()
{
	[ "$(in_fast "$1")" = "$2" ]
}

# vmm_on_cpu1: VMs that are booted from now on run there
vmm_on_cpu1()
{
	vmm=/tmp/vmm-on-cpu1
	printf '#!/bin/sh\nexec taskset 2 tinyvmm "$@"\n' >$vmm
	chmod +x $vmm
}
