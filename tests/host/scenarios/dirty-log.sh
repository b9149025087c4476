#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# dirty-log bitmap|manual|ring [CASES] [VCPUS] [observe|manage] [SEED]: the VMM
# logs dirty pages as for a live migration, in this mode, while vtmm attaches,
# tracks and detaches at random, and moves pages if it is to manage the VM: KVM's
# log has every page that the guest wrote.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

mode=$1 cases=${2:-6} vcpus=${3:-1} use=${4:-observe} seed=${5:-$(date +%s)}
pages=2048
checked=0
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

# compare WHAT: the log since the last comparison has all that was written
compare()
{
	tell "$vm" pause || fail "the VM cannot be paused"
	tinyvmm ctl "/tmp/vm.$vm" "truth reset" | awk '$3 ~ /w/ { print $1, $2, "w" }' \
		>/tmp/written
	tinyvmm ctl "/tmp/vm.$vm" "dirty 0" >/tmp/dirty || fail "no dirty log"
	tell "$vm" resume
	differs=$(truthcmp --exact --within "40000:$pages" /tmp/written /tmp/dirty)
	missing=$(echo "$differs" | sed -n 's/.* missing=\([0-9]*\) .*/\1/p')
	n=$(awk '{ n += $2 } END { print n + 0 }' /tmp/written)
	checked=$((checked + n))
	[ "$n" -gt 0 ] || not_ok "$1" "nothing was written"
	assert_eq "$1: of $n written pages KVM's log lacks" "$missing" 0
}

need_module
boot_vm --slot "$((pages / 256))M" --node 1 --populate --vcpus "$vcpus" --dirty "$mode"
tell "$vm" read "log 0 on" || fail "KVM logs nothing"
rm -f /tmp/enough /tmp/trouble
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
[ "$use" = observe ] || assert "$(cat /tmp/moves) pages moved meanwhile" \
	[ "$(cat /tmp/moves)" -gt 100 ]
# An entry that vtmm had taken away would be missing here too.
attach "$vm" --mode observe
next_round "$vm"
tell "$vm" "write 0-99" || fail "the guest cannot write"
next_round "$vm"
compare "with vtmm attached, $mode"
slot_pages=$pages
if [ "$VTMM_VENDOR" = amd ]; then
	# KVM asks write protection, and leaves the dirty bits to vtmm.
	tell "$vm" read || fail "the guest cannot read its memory"
	next_round "$vm"
	touches "while it logs, $mode" "read 0-2000/3" "write 100-700"
	compare "what vtmm saw, $mode"
	touches "after KVM's log was read" "read 5-2000/9" "write 200-2000/7"
fi
tell "$vm" "log 0 off" || fail "the log cannot be switched off"
# Dirty bits may have been KVM's so far: then this round finds them all set.
next_round "$vm"
compare=--any
touches "after the log was switched off" "read 0-2000/3" "write 100-700"
assert "the guest's memory is right" tell "$vm" "verify by=host"
echo "checked $checked pages, $(cat /tmp/rounds) rounds, $(cat /tmp/moves) moves"
