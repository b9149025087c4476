# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # vm and answer are of lib.sh
#
# memory: what scenarios do to the memory of the host. Sourced after lib.sh.
# What it takes is given back by the same scenario.

# Of the VMM, by its limits.
# shellcheck disable=SC2034 # for those who source this
group=/sys/fs/cgroup/vm

# swap_on: a compressed disk in memory
swap_on()
{
	modprobe zram num_devices=1 || fail "no zram"
	[ "$(cat /sys/block/zram0/disksize)" != 0 ] || {
		echo 256M >/sys/block/zram0/disksize || fail "no size for zram"
	}
	mkswap /dev/zram0 >/dev/null || fail "no swap space"
	swapon /dev/zram0 || fail "no swap"
	# A page that comes back brings no neighbours.
	echo 0 >/proc/sys/vm/page-cluster
}

# swap_off: what is in swap comes back first
swap_off()
{
	swapoff /dev/zram0
}

# late_swap_on: a disk that is written later: what comes back stays in it too, as
# long as nobody writes it, which a compressed disk does not do
late_swap_on()
{
	modprobe loop || fail "there is no loop device"
	dd if=/dev/zero of=/tmp/swap.disk bs=1M count=32 2>/dev/null
	loop=$(losetup -f)
	losetup "$loop" /tmp/swap.disk || fail "no loop device is free"
	mkswap "$loop" >/dev/null || fail "no swap space"
	swapon "$loop" || fail "no swap"
	echo 0 >/proc/sys/vm/page-cluster
}

late_swap_off()
{
	swapoff "$loop" && losetup -d "$loop" && rm /tmp/swap.disk
}

# make_group: a cgroup whose memory can be taken
make_group()
{
	[ -e /sys/fs/cgroup/cgroup.controllers ] ||
		mount -t cgroup2 none /sys/fs/cgroup || fail "no cgroups"
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control || fail "no memory controller"
	mkdir -p $group
}

# huge_pool NODE COUNT: the pool of huge pages there has so many
huge_pool()
{
	pool=/sys/devices/system/node/node$1/hugepages/hugepages-2048kB/nr_hugepages
	echo "$2" >"$pool"
	[ "$(cat "$pool")" = "$2" ]
}

# huge_blocks NODE: free huge pages, but those that are kept for old devices
huge_blocks()
{
	awk -v node="$1," '$2 == node && $4 != "DMA" { n += $(NF - 1) + 2 * $NF } END { print n + 0 }' \
		/proc/buddyinfo
}

# no_huge_pages NODE: there is free memory, but hardly a huge page of it: every
# second page of a part is taken and locked, so that the kernel does not put the
# free ones together, and then all huge pages. Never more than there are, or it
# would begin to. Nor may it do so of its own accord, of what else is movable: it
# has made room for sixteen.
no_huge_pages()
{
	echo 0 >/proc/sys/vm/compact_unevictable_allowed
	proactiveness=$(cat /proc/sys/vm/compaction_proactiveness)
	echo 0 >/proc/sys/vm/compaction_proactiveness
	boot_vm --slot 160M --backing memfd --node "$1" --populate
	fillers=$vm
	tell "$vm" "mlock all" "balloon 0-40959/2" || fail "$answer"
	left=$(huge_blocks "$1")
	for _ in 1 2 3; do
		taken=$(cat "/sys/devices/system/node/node$1/hugepages/hugepages-2048kB/nr_hugepages")
		huge_pool "$1" $((taken + left))
		left=$(huge_blocks "$1")
		[ "$left" -gt 0 ] || break
	done
	[ "$left" -le 3 ]
}

# huge_pages_back NODE: after no_huge_pages or fill_node
huge_pages_back()
{
	echo 1 >/proc/sys/vm/compact_unevictable_allowed
	[ -z "${proactiveness-}" ] || echo "$proactiveness" >/proc/sys/vm/compaction_proactiveness
	huge_pool "$1" 0
	for filler in $fillers; do
		stop_vm "$filler"
	done
	fillers=
}

# room NODE: pages there that movable memory can have without waking reclaim
room()
{
	awk -v node="$1," '
		$1 == "Node" { here = $2 == node }
		here && $1 == "pages" && $2 == "free" { free = $3 }
		here && $1 == "high" { high = $2 }
		here && $1 == "protection:" {
			gsub(/[(),]/, "")
			keep = high + $5
			if (free > keep)
				sum += free - keep
		}
		END { print sum + 0 }' /proc/zoneinfo
}

# fill_node NODE LEFT: take its memory but for about so many pages: huge pages
# first, for they cost no time, then those of other VMs; the kernel gives up
# some that it can do without meanwhile
fill_node()
{
	fillers=
	blocks=$(($(huge_blocks "$1") - 16))
	[ "$blocks" -le 0 ] || huge_pool "$1" "$blocks"
	for _ in 1 2 3 4; do
		size=$((($(room "$1") - $2) / 256))
		[ "$size" -gt 0 ] || break
		boot_vm --slot "${size}M" --node "$1" --populate
		fillers="$fillers $vm"
	done
	[ "$(room "$1")" -le $(($2 + 256)) ]
}

# memory_blocks NODE STATE: try to bring its blocks there; prints how many came
memory_blocks()
{
	count=0
	for block in "/sys/devices/system/node/node$1"/memory[0-9]*; do
		echo "$2" >"$block/state" 2>/dev/null && count=$((count + 1))
	done
	echo "$count"
}

# nobody: for each node the pages that no account of the kernel names: what it takes
# itself, and what has been lost. What CPUs keep free for themselves is not told as free.
nobody()
{
	cat /sys/devices/system/node/node*/meminfo /proc/zoneinfo | awk '
		$1 == "Node" && $3 == "zone" { sub(",", "", $2); node = $2; next }
		$1 == "count:" { n[node] -= 4 * $2; next }
		$1 != "Node" { next }
		$3 == "MemTotal:" { n[$2] += $4 }
		$3 ~ /^(MemFree|FilePages|AnonPages|Slab|KernelStack|PageTables|SecPageTables):$/ { n[$2] -= $4 }
		END { for (node in n) print node, int(n[node] / 4) }' | sort
}

# remember_nobody: for nothing_lost
remember_nobody()
{
	nobody >/tmp/nobody.was
}

# nothing_lost PAGES: since remember_nobody no node has lost so many pages; what each
# has is in $lost
nothing_lost()
{
	lost=$(nobody | awk -v limit="$1" 'NR == FNR { was[$1] = $2; next }
		{ printf " node %s %d;", $1, $2 - was[$1] }
		$2 - was[$1] >= limit { bad = 1 }
		END { exit bad }' /tmp/nobody.was -)
}

# no_memory_lost WHAT PAGES: soon, for memory of a process goes some time after it
no_memory_lost()
{
	assert "$1: no memory is lost" wait_for 10 nothing_lost "$2"
	echo "$1: pages of nobody since:$lost"
}
