#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# batch [anon|memfd|thp] [MIB] [WAY...]: what moving pages costs the guest, for
# each way of moving them: "stock" is move_pages(2), "plain" vtmm without
# batch_zap and prefill, "batch" vtmm as it is, "ahead" with copy_ahead, "short" a part of "batch", which
# forgives a few flushes, and prefill that a busy machine was too slow for. Half
# of the memory goes up, is touched again, and goes down; then up again while the
# guest works on the very pages that move: it checks and rewrites whole pages
# (up-writer), then touches each, as fast as it can (up-rw). "still" among the ways
# leaves the latter out: on a host with one CPU guest and mover never meet. A writer checks and
# rewrites patterns all the while, and every byte is verified in the end. Requests for
# remote TLB flushes are KVM's own count, without those that end vtmm's rounds. There
# must be few, and one for each batch at least: without it a CPU would reach pages
# that have gone, which the emulator does not show otherwise.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} mib=${2:-16}
[ $# -le 2 ] || { shift 2; ways=$*; }
ways=${ways:-"stock batch"}
jobs="writer rw"
case " $ways " in *" still "*) jobs= ;; esac
pages=$((mib * 256)) hot=$((mib * 128))
moving=0-$((hot - 1)) busy=$((pages * 3 / 4))-$((pages * 7 / 8 - 1))
# What the writer works on, and what moved_down() lets stay.
low=$((pages / 8 + hot / 4))
# Requests for each 1000 pages of 4 KiB. 6.1 moves one page after the other.
most=5
[ "$VTMM_SERIES" != 6.1 ] || most=30
forgiven=0
[ "$ways" != short ] || forgiven=20

# at_rest: neither a round nor a move has ended since the last call
at_rest()
{
	was=$ended
	look "$vm"
	ended="$(seen tlb_flushes) $(seen batches) $(seen promoted) $(seen demoted)"
	[ "$ended" = "$was" ]
}

# rest: rounds stop, and moves with them
rest()
{
	ended=
	vtmmctl set "$vm" --period 60s
	wait_for 30 at_rest || fail "rounds do not stop"
}

# ask: $asked requests so far, without those of rounds
ask()
{
	if [ "$way" = stock ]; then
		asked=$(flush_requests "$vm")
	else
		rest
		asked=$(($(flush_requests "$vm") - $(seen tlb_flushes)))
	fi
}

# postponed: times that vtmm put a page off, 0 by stock
postponed()
{
	if [ "$way" = stock ]; then echo 0; else seen postponed; fi
}

# batches_so_far: of vtmm
batches_so_far()
{
	if [ "$way" = stock ]; then echo 0; else seen batches; fi
}

# begin WHAT [COUNTER]: what vtmm moves is counted by one of its counters
begin()
{
	row=$1 counter=${2-}
	ask
	before=$asked
	[ -z "$counter" ] || moved=$(seen "$counter")
	put_off=$(postponed)
	batches=$(batches_so_far)
	count_traps
}

# end [PAGES]: one line of the table
end()
{
	trapped=$(traps)
	ask
	flushes=$((asked - before))
	if [ "$counter" ]; then
		moved=$(($(seen "$counter") - moved))
	else
		moved=$1
	fi
	batches=$(($(batches_so_far) - batches))
	echo "row: $backing $way $row pages $moved flushes $flushes traps $trapped" \
		"postponed $(($(postponed) - put_off)) at $(cut -d. -f1 /proc/uptime) s"
}

# moved_down: most have left fast memory
moved_down()
{
	[ "$(in_fast "$moving")" -le $((hot / 4)) ]
}

# more_flushes: ways that are not held to the goal: one a page, one more a batch
more_flushes()
{
	[ "$way" = plain ] || [ "$way" = ahead ]
}

few_flushes()
{
	assert "$way, $row: most pages have moved" test "$moved" -ge $((hot * 2 / 3))
	assert "$way, $row: $flushes requests for $moved pages" \
		test "$flushes" -le $((moved * most / 1000 + forgiven))
	assert "$way, $row: one for each of $batches batches at least" \
		test "$batches" -gt 0 -a "$flushes" -ge "$batches"
}

# few_traps: one for each 1000 pages; half of them if a batch may be given up
few_traps()
{
	case $way in
	plain) return ;;
	short) most_traps=$((moved / 2)) ;;
	*) most_traps=$((moved / 1000)) ;;
	esac
	assert "$way: $trapped traps on $moved pages afterwards" \
		test "$trapped" -le "$most_traps"
}

# near_window: two rounds before the next window ends; they come when asked for
near_window()
{
	rest
	round=$(seen round)
	while [ $((round % 10)) != 8 ]; do
		next_round "$vm"
	done
}

# start: a VM whose memory is slow, but for the pages that its writer works on
start()
{
	boot_vm --slot "${mib}M" --backing "$backing" --node 1 --populate
	tell "$vm" "fill" "move $busy node=0" || fail "the guest cannot fill its memory"
}

by_stock()
{
	start
	tell "$vm" "read" "writer $busy loop exit=16" || fail "the guest does not run"
	begin up
	tell "$vm" "move $moving node=0" || fail "the kernel does not move them"
	end "$(in_fast "$moving")"
	tell "$vm" "stop"
	begin touch
	tell "$vm" "read $moving"
	end "$moved"
	tell "$vm" "writer $busy loop exit=16"
	begin down
	tell "$vm" "move $moving node=1"
	end "$moved"
	for job in $jobs; do
		work_on "$job"
		begin "up-$job"
		tell "$vm" "move $moving node=0"
		end "$(in_fast "$moving")"
		tell "$vm" stop
		tell "$vm" "move $moving node=1"
	done
}

# work_on KIND: the guest works on the pages that are to move, and has them mapped
work_on()
{
	exit=16
	[ "$1" = writer ] || exit=2000
	tell "$vm" stop read "$1 $moving exit=$exit loop" || fail "the guest does not run"
}

# watch MS: how long vtmm watches which pages are being written. An emulated guest
# takes longer than the default to come round a loop over a few megabytes.
watch()
{
	echo "$1" >/sys/module/vtmm/parameters/rest_ms
}

# go_down WHAT: the pages cool down while the guest works on others
go_down()
{
	tell "$vm" stop "writer $busy loop exit=16"
	begin "$1" demoted
	vtmmctl set "$vm" --period "$brisk" --max $((low * 4))k
	assert "$way: cold pages go down" wait_for 60 moved_down
	end
}

# by_vtmm PARAMETER...
by_vtmm()
{
	start
	load_module fast=0 slow=1 "$@" || fail "the module does not load"
	tell "$vm" "rw $moving loop exit=16" || fail "the guest does not run"
	vtmmctl attach "$vm" --mode observe --period "$brisk" --budget none \
		--floor $((hot / 16))k --max $(((hot + low) * 4))k >/dev/null || fail "attach failed"
	wait_for 30 round_after "$vm" 15 || fail "there are no rounds"
	near_window
	tell "$vm" "stop" "writer $busy loop exit=16"
	begin up promoted
	vtmmctl set "$vm" --mode manage
	next_round "$vm"
	next_round "$vm"
	assert "$way: hot pages go up" wait_for 60 has_come "$moving" "$hot"
	end
	more_flushes || few_flushes
	# The last batch has been mapped again when its move is accounted for.
	tell "$vm" "stop"
	begin touch
	tell "$vm" "read $moving"
	end "$(in_fast "$moving")"
	few_traps
	go_down down
	more_flushes || few_flushes
	[ "$way" != short ] || return 0
	for job in $jobs; do
		work_on "$job"
		begin "up-$job" promoted
		vtmmctl set "$vm" --period "$brisk" --max $(((hot + low) * 4))k
		assert "$way: pages go up while the guest works on them" wait_for 120 has_come "$moving" "$hot"
		end
		tell "$vm" stop
		watch 100
		go_down back
		watch 10
	done
}

[ "$ways" != still ] || fail "still leaves something out of a way: name one"
for way in $ways; do
	case $way in
	still) continue ;;
	stock) by_stock ;;
	plain) by_vtmm batch_zap=0 prefill=0 ;;
	batch | short) by_vtmm ;;
	ahead) by_vtmm copy_ahead=1 ;;
	*) fail "there is no way '$way'" ;;
	esac
	assert "$way: the guest finds nothing wrong" tell "$vm" stop
	assert "$way: every byte is right" tell "$vm" "verify by=both"
	assert_eq "$way: pages verified by the host" "$(answered pages)" "$pages"
	tell "$vm" quit
	[ "$way" = stock ] || unload_module || fail "the module cannot be unloaded"
done
