#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# move-cost [anon|memfd|thp] [MIB]: instructions of the host for each page that
# moves up, by stock move_pages(2) and by vtmm, and those that the guest's thread
# needs to read the pages afterwards, once with traps if there are any, and once
# more without. For hosts on which the time stamp counter counts instructions
# (exit-cost shows it): Bochs, and QEMU with --icount. Of stock the calling
# thread's are counted, of vtmm the worker's, without those of its rounds; what maps
# pages ahead runs in the guest's thread, is not in them, and has a row of its
# own: the longest time for which it kept a vCPU.
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

by_stock()
{
	start
	tell "$vm" "move $moving node=0"
	moved=$(answered there)
	assert_eq "stock: pages that have moved" "$(in_fast "$moving")" "$moved"
	cost up "$moved" $(($(answered ns) * khz / 1000000))
	touch_twice
}

# watch_prefill: when does a vCPU's thread begin to map pages ahead, and end?
watch_prefill()
{
	need_tracing
	echo x86-tsc >$trace/trace_clock
	echo "p:vtmm_in vtmm:vtmm_prefill_work
r:vtmm_out vtmm:vtmm_prefill_work" >$trace/kprobe_events
	echo 1 >$trace/events/kprobes/enable
}

# longest_prefill: in $longest, in instructions; in $times, how often there was any
longest_prefill()
{
	echo 0 >$trace/events/kprobes/enable
	awk '{ t = $4 + 0 }
		$5 ~ /^vtmm_in/ { from = t }
		$5 ~ /^vtmm_out/ && from { n++; if (t - from > max) max = t - from; from = 0 }
		END { print n + 0, max + 0 }' $trace/trace >/tmp/prefill
	read -r times longest </tmp/prefill
	echo >$trace/kprobe_events
	echo local >$trace/trace_clock
}

by_vtmm()
{
	start
	need_module
	attach_hot "$hot"
	make_hot "$moving"
	tell "$vm" "spin loop exit=16"
	look "$vm"
	watch_prefill
	rounds=$(seen round_us_total)
	before=$(of_workers)
	first_moves "$moving"
	assert "vtmm: the pages move" wait_for 60 has_come "$moving" "$hot"
	ended=
	wait_for 30 at_rest || fail "the moves do not end"
	moved=$(seen promoted)
	cost up "$moved" $(($(of_workers) - before - ($(seen round_us_total) - rounds) * khz / 1000))
	tell "$vm" stop
	longest_prefill
	echo "cost: $backing $way prefill pages $((moved / (times + !times))) instructions $longest each $longest"
	assert "vtmm: pages are mapped ahead" test "$times" -gt 0
	# Half a millisecond, at an instruction a nanosecond.
	assert "vtmm: a vCPU is kept for $longest instructions at most" test "$longest" -le 500000
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
