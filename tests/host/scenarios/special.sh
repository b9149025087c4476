#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# special KIND...: memory that others hold on to, share, take or watch, while
# vtmm moves a VM's hot pages. What can move comes into fast memory, what cannot
# stays where it is, is counted by its reason, and is not tried in each window.
# In the end every byte is verified, and what was special about it still holds.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh
# shellcheck source=../memory.sh
. /mnt/tests/host/memory.sh

# Pages of data slot 0: special ones, ordinary ones, and idle ones.
special=0-511 nr_special=512
plain=512-1023 nr_plain=512
period=50ms

# start [OPTION...]: a VM with all its data in slow memory
start()
{
	boot_vm --node 1 --populate "$@"
	tell "$vm" fill || fail "the guest cannot fill its memory"
}

# manage [OPTION...]: vtmm moves its hot pages from now on
manage()
{
	vtmmctl attach "$vm" --period "$period" --budget none --floor 0 "$@" >/dev/null ||
		fail "attach failed"
}

# heat [SET]: the guest reads these pages again and again
heat()
{
	tell "$vm" "read ${1:-0-1023} loop exit=16" || fail "the guest does not run"
}

# has_gone SET COUNT: hardly any of it is in fast memory
has_gone()
{
	[ "$(in_fast "$1")" -le $(($2 * 10 / 100)) ]
}

# comes WHAT SET COUNT
comes()
{
	assert "$kind: $1: it comes into fast memory" wait_for 60 has_come "$2" "$3"
}

counted()
{
	look "$vm"
	[ "$(seen "$1")" -gt "${2:-0}" ]
}

# reason COUNTER: it counts
reason()
{
	assert "$kind: $1 says so" wait_for 20 counted "$1"
}

# finish: nothing that the guest or the VMM wrote is lost
finish()
{
	tell "$vm" stop || not_ok "$kind" "the guest finds something wrong"
	all_right "$kind: every byte is right"
	look "$vm"
	echo "$kind: promoted $(seen promoted), demoted $(seen demoted), failed:" \
		"pinned $(seen failed_pinned), busy $(seen failed_busy)," \
		"nomem $(seen failed_nomem), raced $(seen failed_raced)," \
		"unsupported $(seen failed_unsupported)"
	tell "$vm" quit
}

# From the pool of huge pages: they stay.
run_hugetlb()
{
	huge_pool 1 4 || fail "no huge pages to be had"
	start --slot 8M,backing=hugetlb --slot 2M
	heat "0-511,s1:all"
	manage
	comes "the other slot" s1:all 512
	reason failed_unsupported
	assert_eq "$kind: none of it has moved" "$(in_fast all)" 0
	finish
	huge_pool 1 0
}

# A second process checks and rewrites shared memory while it moves up and down.
run_shared()
{
	start --slot 8M --backing memfd
	tell "$vm" "work $special" || fail "$answer"
	heat
	manage
	comes "memory of two processes" "$special" $nr_special
	comes "the rest" "$plain" $nr_plain
	vtmmctl set "$vm" --max 256k
	assert "$kind: and it goes back" wait_for 60 has_gone 0-1023 1024
	tell "$vm" stop
	assert "$kind: the other process finds every word" tell "$vm" work-end
	assert "$kind: it was at work ($(answered passes) times)" test "$(answered passes)" -gt 1
	finish
}

merged()
{
	[ "$(cat /sys/kernel/mm/ksm/pages_sharing)" -ge $((nr_special * 9 / 10)) ]
}

# Merged by KSM: they stay, and stay merged.
run_ksm()
{
	start --slot 8M
	tell "$vm" "fill $special version=0" "advise $special mergeable" || fail "$answer"
	echo 5000 >/sys/kernel/mm/ksm/pages_to_scan
	echo 1 >/sys/kernel/mm/ksm/run
	wait_for 30 merged || fail "KSM merges nothing"
	echo 0 >/sys/kernel/mm/ksm/run
	before=$(cat /sys/kernel/mm/ksm/pages_sharing)
	heat
	manage
	comes "what is not merged" "$plain" $nr_plain
	reason failed_unsupported
	assert_eq "$kind: they are merged still" \
		"$(cat /sys/kernel/mm/ksm/pages_sharing)" "$before"
	assert_eq "$kind: and where they were" "$(in_fast "$special")" 0
	tell "$vm" stop "write 0-99" || fail "the guest cannot write"
	finish
}

# paged_out: what was just accessed goes at the second time
paged_out()
{
	tell "$vm" "advise $special pageout" "where $special" || fail "$answer"
	[ "$(answered absent)" -gt $((nr_special / 2)) ]
}

# In swap when they should move; then in and out of it while others move.
run_swap()
{
	swap_on
	start --slot 8M
	heat
	manage --mode observe
	wait_for 20 round_after "$vm" 12
	tell "$vm" stop
	assert "$kind: it goes to swap" wait_for 20 paged_out
	vtmmctl set "$vm" --mode manage
	heat "$plain"
	comes "what is in memory" "$plain" $nr_plain
	tell "$vm" stop "where $special"
	assert "$kind: what is in swap stays there" \
		test "$(answered absent)" -gt $((nr_special / 2))
	heat
	for _ in $(seq 10); do
		tell "$vm" "advise 0-1023 pageout"
		sleep 0.2
	done
	finish
	swap_off || not_ok "$kind" "swap cannot be switched off"
}

# Taken by a balloon, and touched again, while they move.
run_balloon()
{
	start --slot 8M
	tell "$vm" "rw 0-1023 loop exit=16"
	manage
	for i in $(seq 20); do
		tell "$vm" "balloon $((i * 13))-$((i * 13 + 255))" || fail "$answer"
		sleep 0.1
	done
	comes "what is left alone" 600-1023 424
	finish
}

faults()
{
	tell "$vm" faults
	answered "$1"
}

# User space handles the faults of the one half, and writes to the other too.
run_uffd()
{
	start --slot 8M
	tell "$vm" "balloon $special" "bind all mask=2" "uffd $special" "fill $special" ||
		fail "$answer"
	assert_eq "$kind: missing pages were handled" "$(faults missing)" $nr_special
	tell "$vm" "uffd $plain wp" || fail "$answer"
	heat
	manage
	comes "handled for missing pages" "$special" $nr_special
	comes "protected from writes" "$plain" $nr_plain
	assert_eq "$kind: no fault is of vtmm's making" \
		"$(faults missing) $(faults wp)" "$nr_special 0"
	tell "$vm" stop "write $plain" "balloon 0-99" "read 0-99" || fail "$answer"
	assert_eq "$kind: each write is handled" "$(faults wp)" $nr_plain
	assert_eq "$kind: each page that was taken too" "$(faults missing)" $((nr_special + 100))
	finish
}

locked_on()
{
	awk '/Mlocked/ { print $4 / 4 }' "/sys/devices/system/node/node$1/meminfo"
}

locked_are()
{
	[ "$(locked_on 0)" = "$1" ]
}

# Locked into memory: they move and are locked still.
run_mlock()
{
	start --slot 8M
	before=$(locked_on 0)
	tell "$vm" "mlock $special" || fail "$answer"
	heat
	manage
	comes "locked memory" "$special" $nr_special
	assert "$kind: locked in fast memory" test \
		$(($(locked_on 0) - before)) -ge $((nr_special * 95 / 100))
	assert_eq "$kind: all of it is locked" \
		"$(awk '/VmLck/ { print $2 / 4 }' "/proc/$vm/status")" $nr_special
	tell "$vm" stop "munlock $special" || fail "$answer"
	# Each CPU keeps some back; this takes them all.
	echo 1 >/proc/sys/vm/compact_memory
	assert "$kind: unlocked again" wait_for 10 locked_are "$before"
	finish
}

# Pinned for long: they stay, are tried ever less often, and move when let go.
run_pinned()
{
	start --slot 8M
	tell "$vm" "pin $special" || fail "$answer"
	heat
	manage --period 20ms
	comes "what is not pinned" "$plain" $nr_plain
	reason failed_pinned
	wait_for 60 round_after "$vm" 300 || fail "there are no rounds"
	tries=$(($(seen failed_pinned) / nr_special))
	assert "$kind: tried $tries times in $(seen windows) windows" \
		test "$tries" -ge 2 -a "$tries" -le 7
	assert_eq "$kind: none of it has moved" "$(in_fast "$special")" 0
	tell "$vm" unpin
	comes "when let go" "$special" $nr_special
	finish
}

# Huge pages for which there is no huge page: they wait, in one piece.
run_thp()
{
	start --slot 32M,backing=thp --slot 2M
	tell "$vm" slots
	before=$(answer_of huge_pages)
	managed=$vm
	no_huge_pages 0 || fail "$left huge pages are left"
	vm=$managed
	heat "all,s1:all"
	manage
	comes "the other slot" s1:all 512
	reason failed_nomem
	assert_eq "$kind: no small page was kept from moving" $(($(seen failed_nomem) % 512)) 0
	# A few are kept from others for old devices.
	assert "$kind: most huge pages wait" test "$(in_fast all)" -le 4096
	tell "$vm" slots
	assert_eq "$kind: none was split" "$(answer_of huge_pages)" "$before"
	huge_pages_back 0
	comes "when there are huge pages" all 8192
	tell "$vm" slots
	assert_eq "$kind: in one piece each" "$(answer_of huge_pages)" "$before"
	finish
}

# Slots come and go, and a vCPU comes, while pages move.
run_slots()
{
	start --slot 8M
	tell "$vm" "rw 0-1023 loop exit=16"
	manage --max 2M
	for i in $(seq 10); do
		tell "$vm" "slot-add 1 size=2M gpa=0x100000000 node=1" "verify s1:all" ||
			fail "$answer"
		sleep 0.1
		tell "$vm" "slot-del 1" || fail "$answer"
		[ "$i" != 5 ] || tell "$vm" vcpu-add "writer 1024-1279 loop exit=16 vcpu=1" ||
			fail "$answer"
	done
	assert "$kind: pages move meanwhile" wait_for 30 counted promoted
	assert "$kind: the new vCPU finds nothing wrong" tell "$vm" "stop vcpu=1"
	finish
}

# charged NODE: pages of anonymous memory that the cgroup has there
charged()
{
	awk -v n="N$1=" '$1 == "anon" {
		for (i = 2; i <= NF; i++)
			if (index($i, n) == 1)
				print substr($i, 4) / 4096
	}' "$group/memory.numa_stat"
}

# Bound to the slow node and limited by a cgroup: it moves, the charge moves along.
run_bound()
{
	make_group
	echo $$ >"$group/cgroup.procs"
	start --slot 8M
	echo $$ >/sys/fs/cgroup/cgroup.procs
	tell "$vm" "bind all mask=2" || fail "$answer"
	used=$(cat "$group/memory.current")
	echo $((used + 2097152)) >"$group/memory.max"
	before=$(charged 0)
	heat
	manage
	comes "bound memory" 0-1023 1024
	assert "$kind: the charge is on the fast node" \
		test $(($(charged 0) - before)) -ge 900
	assert "$kind: the cgroup has as much as before" \
		test "$(cat "$group/memory.current")" -le $((used + 1048576))
	assert_eq "$kind: it has never hit its limit" \
		"$(awk '$1 == "max" { print $2 }' "$group/memory.events")" 0
	assert "$kind: the policy is what it was" grep -q " bind:1 " "/proc/$vm/numa_maps"
	finish
	echo max >"$group/memory.max"
}

# The fast node is full: what does not fit waits, and comes when there is room.
run_full()
{
	start --slot 8M
	managed=$vm
	fill_node 0 1024 || fail "there is no memory to fill"
	vm=$managed
	heat 0-2047
	manage
	wait_for 60 round_after "$vm" 60 || fail "there are no rounds"
	now=$(in_fast all)
	assert "$kind: $now pages find room, not all" test "$now" -gt 0 -a "$now" -le 1600
	vtmmctl plan "$vm"
	huge_pages_back 0
	comes "when there is room" all 2048
	finish
}

# There are free huge pages, but less room than one: none moves.
run_tight()
{
	start --slot 8M --backing thp
	managed=$vm
	fill_node 0 200 || fail "there is no memory to fill"
	vm=$managed
	heat all
	manage
	wait_for 60 round_after "$vm" 40 || fail "there are no rounds"
	assert "$kind: less room than a huge page ($(room 0) of 512)" test "$(room 0)" -lt 512
	assert "$kind: though there are some" test "$(huge_blocks 0)" -gt 0
	assert_eq "$kind: none has moved" "$(in_fast all)" 0
	huge_pages_back 0
	comes "when there is room" all 2048
	finish
}

# Others isolate and move the very pages meanwhile: compaction, move_pages(2).
run_isolated()
{
	start --slot 8M
	tell "$vm" "rw 0-1023 loop exit=16"
	manage --period 20ms
	for _ in $(seq 5); do
		echo 1 >/proc/sys/vm/compact_memory
		tell "$vm" "move 0-1023 node=1" "move 512-1535 node=0" || fail "$answer"
		sleep 0.3
	done
	comes "in the end" 0-1023 1024
	finish
}

# The slow node loses memory, and gets it back, while pages move there and away.
run_offline()
{
	start --slot 16M
	tell "$vm" "rw 0-1023 loop exit=16"
	manage --max 5M
	comes "at first" 0-1023 1024
	gone=$(memory_blocks 1 offline)
	assert "$kind: memory of the slow node goes ($gone blocks)" test "$gone" -gt 0
	tell "$vm" stop "rw 2048-3071 loop exit=16"
	comes "another hot set" 2048-3071 1024
	memory_blocks 1 online_movable >/dev/null
	tell "$vm" stop "rw 0-1023 loop exit=16"
	comes "when the memory is back" 0-1023 1024
	finish
}

kinds=$*
need_module
for kind in $kinds; do
	echo "$(cut -d' ' -f1 /proc/uptime): $kind"
	"run_$kind"
done
