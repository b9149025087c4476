#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# leaks begin|end: for debug kernels, the first and the last of a boot. What is
# leaked between the two makes the last one fail, and so does a checker that has
# turned itself off on the way, for then the others saw nothing.
. /mnt/tests/host/lib.sh

leaks=/sys/kernel/debug/kmemleak

# scan: kmemleak is sure of an object only if it saw it twice, five seconds old
scan()
{
	sleep 6
	echo scan >$leaks || fail "kmemleak has turned itself off"
	echo scan >$leaks
}

# locks_checked: lockdep turns itself off after its first report
locks_checked()
{
	[ "$(awk '/debug_locks:/ { print $2 }' /proc/lockdep_stats)" = 1 ]
}

[ -e $leaks ] || fail "this kernel has no kmemleak: it is not a debug kernel"
scan
assert "lockdep is at work" locks_checked
case $1 in
begin)
	cat $leaks
	echo clear >$leaks
	;;
end)
	found=$(grep -c '^unreferenced object' $leaks)
	head -n 200 $leaks
	assert_eq "nothing has been leaked" "$found" 0
	;;
esac
