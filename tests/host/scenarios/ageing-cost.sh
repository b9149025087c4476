#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# ageing-cost [MIB]: what the kernel's own ways to learn which pages a guest uses
# cost on the VM of tracking-cost: MGLRU's ageing and DAMON. Both ask KVM by
# mmu notifiers, a page a call. Calls are counted by KVM's tracepoints, and
# instructions in another pass without them. Needs Linux 6.12: Debian's 6.1 has no
# DAMON, and neither kernel has idle page tracking.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

mib=${1:-2048}
pages=$((mib * 256))
khz=$(sed -n 's/^cpu MHz[^:]*: \([0-9]*\)[.]\([0-9]*\)$/\1\2/p' /proc/cpuinfo | head -n 1)
levels=4
! grep -q '^flags.* la57' /proc/cpuinfo || levels=5
events=/sys/kernel/tracing/events/kvm
damon=/sys/kernel/mm/damon/admin/kdamonds

# spent PID: instructions that a thread has taken; it must have slept since
spent()
{
	read -r ns _ <"/proc/$1/schedstat"
	echo $((ns * khz / 1000000))
}

# count [!]: begin to count KVM's notifier calls, or end that
count()
{
	for event in kvm_age_hva kvm_test_age_hva; do
		echo "${1-}hist:keys=common_pid" >"$events/$event/trigger"
	done
}

# calls: counted so far
calls()
{
	cat $events/kvm_age_hva/hist $events/kvm_test_age_hva/hist |
		awk '/^ *Hits:/ { n += $2 } END { print n + 0 }'
}

# age: let MGLRU age all memory of node 0 once
age()
{
	# The id of the control group and its newest generation are two words.
	# shellcheck disable=SC2046
	set -- $(awk '$1 == "memcg" { m = $2 } $1 == "node" { n = $2; next }
		m && n == 0 && NF >= 4 { id = m; seq = $1 } END { print id, seq }' \
		/sys/kernel/debug/lru_gen)
	echo "+ $1 0 $2 200 1" >/sys/kernel/debug/lru_gen || fail "MGLRU does not age"
	sleep 0.1
}

mglru()
{
	age
	tell "$vm" "read 0-$((pages / 100 - 1))"
	before=$(spent $$)
	age
	after=$(spent $$)
	count
	tell "$vm" "read 0-$((pages / 100 - 1))"
	age
	n=$(calls)
	count '!'
	report "MGLRU, one ageing" "$n" $((after - before))
}

# report WHAT CALLS INSTRUCTIONS: each call walks from the root to the leaf
report()
{
	echo "$1: $2 notifier calls, $(($2 * levels)) second-level entries, $3 instructions," \
		"$(($3 / $2)) a call, $(($3 / pages)) a page"
	assert "$1 asks for each page" [ "$2" -ge $((pages * 9 / 10)) ]
}

# watch: DAMON with a region for each page, and a sample every 8 s
watch()
{
	echo 1 >$damon/nr_kdamonds
	echo 1 >$damon/0/contexts/nr_contexts
	echo vaddr >$damon/0/contexts/0/operations
	attrs=$damon/0/contexts/0/monitoring_attrs
	echo 8000000 >$attrs/intervals/sample_us
	echo 80000000 >$attrs/intervals/aggr_us
	echo 800000000 >$attrs/intervals/update_us
	echo $((pages * 2)) >$attrs/nr_regions/max
	echo "$pages" >$attrs/nr_regions/min
	echo 1 >$damon/0/contexts/0/targets/nr_targets
	echo "$vm" >$damon/0/contexts/0/targets/0/pid_target
	echo on >$damon/0/state || fail "DAMON does not start"
	kdamond=$(cat $damon/0/pid)
}

# sampled: the thread has worked and sleeps again
sampled()
{
	sleep 1
	now=$(spent "$kdamond")
	[ "$now" -gt "$last" ] && [ "$now" = "$(sleep 1; spent "$kdamond")" ]
}

next_sample()
{
	last=$(spent "$kdamond")
	wait_for 60 sampled || fail "DAMON takes no sample"
	took=$((now - last))
}

# A sample reads a page of each region, and chooses the next page of each.
damon_sample()
{
	watch
	next_sample
	next_sample
	took_plain=$took
	count
	next_sample
	n=$(calls)
	count '!'
	echo off >$damon/0/state
	report "DAMON with a region a page, one sample" "$n" "$took_plain"
}

boot_vm --slot "${mib}M" --populate
tell "$vm" read || fail "the guest cannot read its memory"
mglru
damon_sample
