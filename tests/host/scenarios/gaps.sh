#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# gaps [anon|memfd|thp] [MIB] [WAY...]: for how long a guest that works on half of
# its memory without a pause is kept from it, at the most, and at the 99th
# percentile: while nothing moves (still), and while these very pages move up (up);
# by move_pages(2) (stock), by vtmm (batch), by vtmm with copy_ahead (ahead). In
# ticks of the time stamp counter, which count instructions on hosts with --icount;
# such a host should have two CPUs, one for the guest. Every byte is verified in
# the end.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} mib=${2:-4}
[ $# -le 2 ] || { shift 2; ways=$*; }
ways=${ways:-"stock batch ahead"}
pages=$((mib * 256)) hot=$((mib * 128))
moving=0-$((hot - 1))

# work: on pages that are mapped; the gaps since are noted
work()
{
	tell "$vm" stop read "rw $moving loop exit=2000 gaps" || fail "the guest does not run"
}

# gaps WHAT: since work; the 99th percentile is the bucket's upper end
gaps()
{
	tell "$vm" gaps
	echo "gaps: $backing $way $1 $(echo "$answer" | awk '
		$1 == "max" { max = $2; next }
		$1 != "ok" { from[n++] = $1; count[n - 1] = $2; all += $2 }
		END {
			for (i = 0; i < n && seen < all * 99 / 100; i++)
				seen += count[i]
			print "max", max, "p99", 2 * from[i - 1]
		}')"
	assert "$way, $1: gaps were seen" [ "$(echo "$answer" | head -n 1)" != "max 0" ]
}

by_stock()
{
	work
	sleep 0.1
	tell "$vm" stop
	gaps still
	work
	tell "$vm" "move $moving node=0" stop
	gaps up
}

by_vtmm()
{
	load_module fast=0 slow=1 "$@" || fail "the module does not load"
	attach_hot "$hot"
	make_hot "$moving"
	work
	first_moves "$moving"
	assert "$way: the pages move" wait_for 60 has_come "$moving" "$hot"
	tell "$vm" stop
	gaps up
}

for way in $ways; do
	boot_vm --slot "${mib}M" --backing "$backing" --node 1 --populate
	tell "$vm" fill || fail "the guest does not run"
	case $way in
	stock) by_stock ;;
	batch) by_vtmm ;;
	ahead) by_vtmm copy_ahead=1 ;;
	*) fail "there is no way '$way'" ;;
	esac
	assert "$way: most pages have moved" has_come "$moving" "$hot"
	assert "$way: every byte is right" tell "$vm" "verify by=both"
	assert_eq "$way: pages verified by the host" "$(answered pages)" "$pages"
	tell "$vm" quit
	[ "$way" = stock ] || unload_module || fail "the module cannot be unloaded"
done
