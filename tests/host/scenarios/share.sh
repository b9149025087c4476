#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# share [VMS]: two to four VMs with different loads share a small pool: by
# shares, by shares and guarantees that change while they run, with one that
# idles and lends and gets its own back, one that arrives when all is taken, and
# one that is killed. How much fast memory each really has is asked from the
# kernel. Each change must have taken effect within a number of windows, as vtmm
# counts them, however long they take.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

count=${1:-2}
hot=2048		# pages that each VM works on, of twice as many
pool=2048
bound=30		# windows; it took 15 at most, on a busy machine

# The loads, of $hot pages each: dense and written, every second page and read,
# scattered and both, a dense end and read
load_of()
{
	case $1 in
	1) echo "write 0-$((hot - 1))" ;;
	2) echo "read 0-$((2 * hot - 1))/2" ;;
	3) echo "rw all rand=$hot seed=3" ;;
	4) echo "read $hot-$((2 * hot - 1))" ;;
	esac
}

# nth N: the pid of the Nth VM
nth()
{
	eval "echo \$vm$1"
}

# work N: its load begins
work()
{
	tell "$(nth "$1")" "$(load_of "$1") loop exit=400" || fail "VM $1 cannot work"
}

# arrive N [OPTION...]: a VM with all its data in slow memory
arrive()
{
	n=$1
	shift
	boot_vm --slot 16M --node 1 --populate
	eval "vm$n=$vm"
	tell "$vm" read || fail "VM $n cannot read its memory"
	vtmmctl attach "$vm" --name "vm$n" --period 100ms --budget none "$@" >/dev/null ||
		fail "VM $n cannot be attached"
	work "$n"
}

# has PID: its pages in fast memory, by the kernel
has()
{
	tell "$1" "where all" || return
	answered node0
}

windows()
{
	look "$1"
	seen windows
}

# near GOT WANTED: within 6 % of the pool; a VM has some pages beyond its data
near()
{
	[ "$1" -ge $(($2 - pool * 6 / 100)) ] && [ "$1" -le $(($2 + pool * 6 / 100)) ]
}

# lent PAGES: so much is lent and borrowed, by the ledger
lent()
{
	[ "$(vtmmctl -j pool | tr -d ' ,' | awk -F: '
		/"lends"/ { lends += $2 } /"borrows"/ { borrows += $2 }
		END { print lends, borrows }')" = "$1 $1" ]
}

# settled N WANTED... : Nth VM and how many pages it should have, by pairs
settled()
{
	state_of=
	bad=0
	while [ $# -ge 2 ]; do
		now=$(has "$(nth "$1")")
		state_of="$state_of vm$1 $now of $2;"
		near "$now" "$2" || bad=1
		shift 2
	done
	return "$bad"
}

# diagnose: what vtmm and the kernel say of each VM
diagnose()
{
	vtmmctl pool
	for pid in $vms; do
		[ -d "/proc/$pid" ] || continue
		look "$pid"
		tell "$pid" where
		echo "$(seen name): $(seen windows) windows, promoted $(seen promoted)," \
			"demoted $(seen demoted), failed $(seen promote_failed) and" \
			"$(seen demote_failed); ${answer}"
		tell "$pid" slots
		echo "$answer"
		vtmmctl plan "$pid"
	done
}

# within WHAT CLOCK N WANTED... : settled before VM number CLOCK, one that works,
# has had so many windows
within()
{
	what=$1 clock=$(nth "$2")
	shift 2
	begin=$(windows "$clock")
	until settled "$@"; do
		if [ "$(($(windows "$clock") - begin))" -gt "$bound" ]; then
			not_ok "$what" "not within $bound windows:$state_of"
			diagnose
			return
		fi
		sleep 0.2
	done
	ok "$what ($(($(windows "$clock") - begin)) windows;$state_of)"
	ledger "$what" $pool
}

# change N OPTION... : a setting of the Nth VM
change()
{
	n=$1
	shift
	vtmmctl set "$(nth "$n")" "$@" >/dev/null || fail "vtmmctl set $*"
}

# Two VMs that each could use the whole pool
need_module
vtmmctl pool --size $((pool * 4))k || fail "the pool's size cannot be set"
arrive 1
within "one VM has all that it wants" 1 1 $pool
arrive 2
within "two VMs have half each" 1 1 $((pool / 2)) 2 $((pool / 2))
change 1 --shares 300
within "shares of 3 to 1" 1 1 $((pool * 3 / 4)) 2 $((pool / 4))
change 2 --min 4M
within "a guarantee, and shares of the rest" 1 1 $((pool * 3 / 8)) 2 $((pool * 5 / 8))
assert_fails "guarantees beyond the pool are refused" "exceed the pool" \
	vtmmctl set "$(nth 1)" --min 6M
assert_fails "a pool that is less than what was guaranteed is refused" "exceed the pool" \
	vtmmctl pool --size 2M
tell "$(nth 1)" stop
within "a VM that idles lends" 2 2 $pool
assert "the ledger says who lends and who borrows" wait_for 20 lent $((pool * 3 / 8))
work 1
within "and gets back what is its due" 1 1 $((pool * 3 / 8)) 2 $((pool * 5 / 8))
change 1 --max 2M
within "no more than its max" 2 1 512 2 $((pool - 512))
change 1 --max none --shares 100
change 2 --min 0

if [ "$count" -ge 3 ]; then
	within "half each again" 1 1 $((pool / 2)) 2 $((pool / 2))
	arrive 3 --min 4M
	within "one that arrives when all is taken gets its guarantee" 1 \
		1 $((pool / 6)) 2 $((pool / 6)) 3 $((pool * 4 / 6))
	change 3 --min 0
	within "three VMs have a third each" 1 \
		1 $((pool / 3)) 2 $((pool / 3)) 3 $((pool / 3))
fi
if [ "$count" -ge 4 ]; then
	arrive 4
	within "four VMs have a quarter each" 1 1 $((pool / 4)) 2 $((pool / 4)) \
		3 $((pool / 4)) 4 $((pool / 4))
	change 4 --shares 10000
	change 4 --max 2M
	change 3 --min 2M
	within "one with a hundred times the shares leaves others their min" 1 \
		1 $((pool / 6)) 2 $((pool / 6)) 3 $((pool / 4 + pool / 6)) 4 $((pool / 4))
	change 3 --min 0
	tell "$(nth 4)" stop
	within "one of four idles" 1 1 $((pool / 3)) 2 $((pool / 3)) 3 $((pool / 3))
	kill -9 "$(nth 4)"
fi
if [ "$count" -ge 3 ]; then
	kill -9 "$(nth 3)"
	within "the pages of one that is killed return" 1 1 $((pool / 2)) 2 $((pool / 2))
fi
kill -9 "$(nth 2)"
within "the last has all again" 1 1 $pool
assert_eq "no other VM is attached" "$(attached)" 1
