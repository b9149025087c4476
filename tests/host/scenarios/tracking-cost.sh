#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# tracking-cost [MIB]: what a round costs, in entries visited, in flushes, in
# instructions of the worker and in bytes, for parts of a VM that the guest
# touches; beside it a full scan. For hosts on which the time stamp counter counts
# instructions (exit-cost shows it): Bochs, and QEMU with --icount.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

mib=${1:-2048}
pages=$((mib * 256))
line='%-28s %7s %8s %8s %9s %9s %8s %13s %7s\n'
levels=4
! grep -q '^flags.* la57' /proc/cpuinfo || levels=5
khz=$(sed -n 's/^cpu MHz[^:]*: \([0-9]*\)[.]\([0-9]*\)$/\1\2/p' /proc/cpuinfo | head -n 1)

# instructions NS: that the host executes in so many nanoseconds
instructions()
{
	echo $(($1 * khz / 1000000))
}

counters()
{
	look "$vm"
	visited=$(seen sptes_visited) flushes=$(seen tlb_flushes) cpu=$(seen round_us_total)
	records=$(seen pml_records) full=$(seen pml_full_exits) rearmed=$(seen leaves_rearmed)
}

# one_round COMMAND: what it costs when the guest has done that in each of the
# last two rounds; a round that came by itself meanwhile does not count
one_round()
{
	while :; do
		tell "$vm" "$1" || fail "the guest cannot do that"
		next_round "$vm"
		tell "$vm" "$1" || fail "the guest cannot do that"
		counters
		v=$visited f=$flushes c=$cpu r=$(seen round)
		next_round "$vm"
		counters
		[ "$round" != $((r + 1)) ] || break
	done
	visited=$((visited - v)) flushes=$((flushes - f))
	worked=$(instructions $(((cpu - c) * 1000)))
}

# needed_entries: of the tables that map what the guest touched, and of those
# above them. The truth has the data pages; for the guest's own code and page
# tables, below 1 GiB, the last round is believed.
needed_entries()
{
	tell "$vm" truth
	{
		echo "$answer"
		vtmmctl pages "$vm" --since $((round - 1)) | awk 'length($1) < 5 || $1 < "40000"'
	} | awk -v levels="$levels" '
		function hex(s,    i, n) {
			for (i = 1; i <= length(s); i++)
				n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
			return n
		}
		/ (r|w|rw)$/ {
			first = hex($1)
			for (t = int(first / 512); t <= int((first + $2 - 1) / 512); t++)
				for (n = 1; n <= levels; n++)
					table[n, int(t / 512 ^ (n - 1))]
		}
		END { print 512 * length(table) }'
}

# per A B [DIGITS]: A / B
per()
{
	awk -v a="$1" -v b="$2" -v d="${3:-2}" 'BEGIN { if (b) printf "%." d "f\n", a / b; else print "-" }'
}

# cost WHAT COUNT SET: a line of the table
cost()
{
	tell "$vm" reset
	one_round "read $3"
	needed=$(needed_entries)
	# shellcheck disable=SC2059 # all lines share a format
	printf "$line" "$1" "$2" "$visited" "$needed" "$(per "$visited" "$needed" 3)" \
		"$(per $((100 * visited)) "$all")" "$flushes" "$worked" "$(per "$worked" "$2" 0)"
	assert_eq "$1: flushes of a round" "$flushes" 1
	case $1 in
	*contiguous) assert "$1: visited / needed is at most 1.1" [ $((visited * 10)) -le $((needed * 11)) ] ;;
	*chunks*) assert "$1: visited / all is at most 2 %" [ $((visited * 100)) -le $((all * 2)) ] ;;
	esac
}

table()
{
	tell "$vm" reset
	one_round "spin times=1000"
	echo "the guest's own code and page tables: $visited entries visited, $(needed_entries) needed"
	echo 0 >/sys/module/vtmm/parameters/prune
	one_round "spin times=1000"
	all=$visited
	echo 1 >/sys/module/vtmm/parameters/prune
	echo "a full scan (prune=0) visits $all entries and takes $worked instructions," \
		"$(per "$worked" "$all" 0) an entry, when the guest touches no data"
	# shellcheck disable=SC2059 # lines and heads share a format
	{
		printf "$line" touched pages visited needed visited/ 'visited/' flushes instructions 'instr.'
		printf "$line" '' '' '' '' needed 'all, %' '' 'of a round' '/page'
	}
	for permille in 1 10 100; do
		n=$((pages * permille / 1000)) percent=$(per $permille 10 1)
		cost "$percent % contiguous" $n 0-$((n - 1))
		cost "$percent % scattered" $n "0-$((pages - 1))/$((1000 / permille))"
	done
	cost "100 % contiguous" "$pages" 0-$((pages - 1))
	n=$((pages / 51200))
	cost "1 page in 1 % of the chunks" $n "0-$((n * 51200 - 1))/51200"
	cost "1 % of the chunks, whole" $((n * 512)) "0-$((n * 512 - 1))"
	look "$vm"
	heat=$(seen heat_bytes)
	echo "heat_bytes $heat, all pages touched: $(per "$heat" "$pages") bytes a page"
	assert "heat takes at most 8 bytes a touched page" [ "$heat" -le $((pages * 8)) ]
}

# hot_set STATE: rounds over a hot set that is written, with the queue on or off
hot_set()
{
	vtmmctl set "$vm" --queue "$1"
	tell "$vm" "write 0-1023"
	next_round "$vm"
	counters
	v=$visited f=$flushes c=$cpu r=$records x=$full a=$rearmed
	for _ in $(seq "$rounds"); do
		tell "$vm" "write 0-1023" || fail "the guest cannot write"
		next_round "$vm"
	done
	counters
	written=$((rounds * 1024))
	echo "queue $1, $rounds rounds of 1024 pages written: $((rearmed - a)) re-arms," \
		"$((records - r)) PML records, $((full - x)) PML-full exits, $((flushes - f)) flushes," \
		"$(instructions $(((cpu - c) * 1000))) instructions of the worker"
	echo "  for each page written: $(per $((rearmed - a)) $written 3) re-arms," \
		"$(per $((records - r)) $written 3) records, $(per $((full - x)) $written 5) full exits," \
		"$(per "$(instructions $(((cpu - c) * 1000)))" $written 0) instructions"
}

# longest_hold: of KVM's lock. 100 us are taken for 100000 instructions: a host
# of 1 GHz that executes one in each cycle, which is slower than any real one.
# Interrupts are in it, which on Bochs are long against a hold: there it is told
# and not judged.
longest_hold()
{
	look "$vm"
	longest=$(instructions "$(seen hold_ns)")
	echo "longest hold of KVM's lock: $(seen hold_sptes) entries at most, $longest instructions at most"
	assert "a hold of the lock is at most 512 entries and a few" [ "$(seen hold_sptes)" -le 520 ]
	[ "$VTMM_VENDOR" = intel ] ||
		assert "a hold of the lock is at most 100000 instructions" [ "$longest" -le 100000 ]
}

need_module
boot_vm --slot "${mib}M" --populate
attach "$vm" --mode observe --budget none
echo "VM of $mib MiB, tracker $(look "$vm"; seen tracker)"
tell "$vm" read || fail "the guest cannot read its memory"
next_round "$vm"
[ "$mib" -lt 1024 ] || table
longest_hold
rounds=$(((mib < 1024) ? 12 : 70))
hot_set off
off=$((rearmed - a))
hot_set on
assert "the queue saves re-arms" [ $(((rearmed - a) * 2)) -le "$off" ]
longest_hold
