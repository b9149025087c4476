#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# dirty-log bitmap|manual|ring [CASES] [VCPUS] [observe|manage] [SEED]: the VMM
# logs dirty pages as for a live migration, in this mode, while vtmm attaches,
# tracks and detaches at random, and moves pages if it is to manage the VM: KVM's
# log has every page that the guest wrote, and no other but those that moved. In the
# end (with 0 CASES only that) it is compared with what vtmm saw of writes, page by
# page; on Intel that comes in such a slot from vtmm's own log alone.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

mode=$1 cases=${2:-6} vcpus=${3:-1} use=${4:-observe} seed=${5:-$(date +%s)}
pages=2048
checked=0
extra=0
# Pages move after a window; a small max makes them move both ways.
stay=0
[ "$use" = observe ] || stay=1
echo "seed $seed"

# draw N: a number from 0 to N - 1 in $drawn
draw()
{
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	drawn=$((seed / 65536 % $1))
}

# come_and_go: vtmm comes and goes until it is told to stop
come_and_go()
{
	rounds=0 moves=0
	while [ ! -f /tmp/enough ]; do
		vtmmctl attach "$vm" --mode "$use" --period 10ms --max 4M --floor 0 >/dev/null ||
			echo "attach fails" >>/tmp/trouble
		draw 5
		sleep "$stay.$drawn"
		look "$vm" || echo "stats fail" >>/tmp/trouble
		rounds=$((rounds + $(seen rounds)))
		moves=$((moves + $(seen promoted) + $(seen demoted)))
		vtmmctl detach "$vm" >/dev/null ||
			echo "detach fails" >>/tmp/trouble
		echo "$rounds" >/tmp/rounds
		echo "$moves" >/tmp/moves
	done
}

# start_writers: each vCPU writes its own set again and again
start_writers()
{
	for cpu in $(seq 0 "$((vcpus - 1))"); do
		draw 90
		part=$((5 + drawn))
		draw 32767
		tell "$vm" "write all rand=$part% seed=$drawn vcpu=$cpu exit=1100 loop" ||
			fail "the guest cannot write"
	done
}

stop_writers()
{
	for cpu in $(seq 0 "$((vcpus - 1))"); do
		tell "$vm" "stop vcpu=$cpu"
	done
}

# compare WHAT: the log since the last comparison has all that was written; what it
# has besides is in $invented
compare()
{
	tell "$vm" pause || fail "the VM cannot be paused"
	tinyvmm ctl "/tmp/vm.$vm" "truth reset" | awk '$3 ~ /w/ { print $1, $2, "w" }' \
		>/tmp/written
	tinyvmm ctl "/tmp/vm.$vm" "dirty 0" >/tmp/dirty || fail "no dirty log"
	tell "$vm" resume
	differs=$(truthcmp --exact --within "40000:$pages" /tmp/written /tmp/dirty)
	missing=$(echo "$differs" | sed -n 's/.* missing=\([0-9]*\) .*/\1/p')
	invented=$(echo "$differs" | sed -n 's/.* missing=[0-9]* invented=\([0-9]*\) .*/\1/p')
	extra=$((extra + invented))
	n=$(awk '{ n += $2 } END { print n + 0 }' /tmp/written)
	checked=$((checked + n))
	[ "$n" -gt 0 ] || not_ok "$1" "nothing was written"
	assert_eq "$1: of $n written pages KVM's log lacks" "$missing" 0
}

# compare_both WHAT: and nothing was in the log besides
compare_both()
{
	compare "$1"
	assert_eq "$1: pages that nobody wrote in KVM's log" "$invented" 0
}

# compare_nothing WHAT: the log is read, whatever it has
compare_nothing()
{
	tell "$vm" "write 0" || fail "the guest cannot write"
	compare "$1"
	next_round "$vm"
}

# logged_once: the CPU logs a page once until KVM has read its log: its dirty bit
# stays set. Nor is it taken for written when it is only read, or not touched.
logged_once()
{
	touches "nothing, before KVM's log is read, $mode" "spin times=1000"
	records=$(seen pml_records)
	tell "$vm" "write 100-700" || fail "the guest cannot write"
	next_round "$vm"
	[ "$VTMM_VENDOR" = intel ] || return 0
	records=$(($(seen pml_records) - records))
	assert "601 pages that KVM has logged already are not logged again ($records records)" \
		[ "$records" -lt 100 ]
}

# at_random: the guest writes, vtmm comes and goes, KVM's log is read
at_random()
{
	come_and_go &
	comer=$!
	for case in $(seq "$cases"); do
		start_writers
		for part in 1 2; do
			draw 5
			sleep "0.$drawn"
			compare "case $case, part $part, $mode"
		done
		stop_writers
		compare "case $case, the end, $mode"
	done
	touch /tmp/enough
	wait "$comer"
	assert "vtmm came and went" [ ! -s /tmp/trouble ]
	assert "it had rounds meanwhile" [ "$(cat /tmp/rounds)" -gt "$cases" ]
	if [ "$use" = observe ]; then
		assert_eq "pages that nobody wrote in KVM's log" "$extra" 0
		return
	fi
	moves=$(cat /tmp/moves)
	assert "$moves pages moved meanwhile" [ "$moves" -gt 100 ]
	# KVM logs a page that comes back for a read.
	assert "pages that nobody wrote in KVM's log: $extra of those" [ "$extra" -le "$moves" ]
}

need_module
boot_vm --slot "$((pages / 256))M" --node 1 --populate --vcpus "$vcpus" --dirty "$mode"
tell "$vm" read "log 0 on" || fail "KVM logs nothing"
rm -f /tmp/enough /tmp/trouble
echo 0 >/tmp/rounds
echo 0 >/tmp/moves
tell "$vm" "write 0-9" || fail "the guest cannot write"
# A log that is cleared by hand begins full.
compare "at first, $mode"
extra=0
[ "$cases" = 0 ] || at_random
# An entry that vtmm had taken away would be missing here too.
attach "$vm" --mode observe
next_round "$vm"
tell "$vm" "write 0-99" || fail "the guest cannot write"
next_round "$vm"
compare "with vtmm attached, $mode"
slot_pages=$pages
tell "$vm" read || fail "the guest cannot read its memory"
next_round "$vm"
compare_nothing "when all is mapped, $mode"
touches "while it logs, $mode" "read 0-2000/3" "write 100-700"
logged_once
compare_both "what vtmm saw, $mode"
touches "after KVM's log was read" "read 5-2000/9" "write 200-2000/7"
compare_both "what vtmm saw after that, $mode"
tell "$vm" "write 300-900" || fail "the guest cannot write"
next_round "$vm"
next_round "$vm"
next_round "$vm"
tell "$vm" "log 0 off" || fail "the log cannot be switched off"
# Dirty bits may have been KVM's so far: then this round finds them all set.
next_round "$vm"
touches "after the log was switched off" "read 0-2000/3" "write 100-200"
assert "the guest's memory is right" tell "$vm" "verify by=host"
echo "checked $checked pages, $(cat /tmp/rounds) rounds, $(cat /tmp/moves) moves," \
	"$extra pages in KVM's log that nobody wrote"
