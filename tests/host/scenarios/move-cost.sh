#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# move-cost [anon|memfd|thp] [MIB]: instructions of the host for each page that
# vtmm moves up, and those that the guest's thread needs to read the pages
# afterwards, moved by stock move_pages(2) and by vtmm, once with traps if there
# are any, and once more without. For hosts on which the time stamp counter
# counts instructions (exit-cost shows it): Bochs, and QEMU with --icount. Of
# vtmm the worker's are counted, without those of its rounds; what maps pages
# ahead runs in the guest's thread and is not in them.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} mib=${2:-8}
pages=$((mib * 256)) hot=$((mib * 128))
moving=0-$((hot - 1))
khz=$(sed -n 's/^cpu MHz[^:]*: \([0-9]*\)[.]\([0-9]*\)$/\1\2/p' /proc/cpuinfo | head -n 1)

# ran FILE... : instructions that threads have run, by their schedstat
ran()
{
	cat "$@" 2>/dev/null | awk -v khz="$khz" '{ ns += $1 } END { printf "%.0f\n", ns * khz / 1000000 }'
}

of_workers()
{
	# shellcheck disable=SC2046 # a word for each worker
	ran $(grep -l '^kworker' /proc/[0-9]*/comm 2>/dev/null | sed 's/comm$/schedstat/')
}

of_vm()
{
	ran /proc/"$vm"/task/*/schedstat
}

# at_rest: neither a round nor a move has ended since the last call
at_rest()
{
	was=$ended
	look "$vm"
	ended="$(seen rounds) $(seen batches) $(seen promoted) $(seen migrate_us_total)"
	[ "$ended" = "$was" ]
}

# cost WHAT PAGES INSTRUCTIONS
cost()
{
	assert "$way $1: there are pages and instructions" test "$2" -gt 0 -a "$3" -gt 0
	echo "cost: $backing $way $1 pages $2 instructions $3 each $(($3 / ($2 + !$2)))"
}

# touch_twice: the guest reads the pages that have moved
touch_twice()
{
	for what in touch again; do
		before=$(of_vm)
		tell "$vm" "read $moving"
		cost $what "$moved" $(($(of_vm) - before))
	done
}

start()
{
	boot_vm --slot "${mib}M" --backing "$backing" --node 1 --populate
	tell "$vm" fill || fail "the guest does not run"
}

# by_stock: what the move itself takes is not known, its thread is gone then
by_stock()
{
	start
	tell "$vm" "move $moving node=0"
	moved=$(in_fast "$moving")
	touch_twice
}

by_vtmm()
{
	start
	need_module
	attach "$vm" --mode observe --budget none --max $((hot * 8))k
	make_hot "$moving"
	tell "$vm" "spin loop exit=16"
	look "$vm"
	rounds=$(seen round_us_total)
	before=$(of_workers)
	first_moves "$moving"
	assert "vtmm: the pages move" wait_for 60 has_come "$moving" "$hot"
	ended=
	wait_for 30 at_rest || fail "the moves do not end"
	moved=$(seen promoted)
	cost up "$moved" $(($(of_workers) - before - ($(seen round_us_total) - rounds) * khz / 1000))
	tell "$vm" stop
	touch_twice
}

for way in stock batch; do
	case $way in
	stock) by_stock ;;
	batch) by_vtmm ;;
	esac
	assert "$way: every byte is right" tell "$vm" "verify by=both"
	assert_eq "$way: pages verified by the host" "$(answered pages)" "$pages"
	tell "$vm" quit
done
unload_module || fail "the module cannot be unloaded"
