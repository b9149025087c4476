#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# exact-random [anon|memfd|thp] [4k|2m] [VCPUS] [CASES] [SEED]: what vtmm says
# was read and written is what the guest read and wrote, for random sets:
# sparse, dense, strided and whole, read, written or both. The seed is printed;
# given again, it makes the same sets.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} paging=${2:-4k} vcpus=${3:-1} cases=${4:-8}
seed=${5:-$(date +%s)}
slot_pages=4096
compare=
# A 2 MiB leaf is one record: chunks are compared.
[ "$backing" != thp ] || compare=--chunk
echo "seed $seed"

# draw N: a number from 0 to N - 1 in $drawn
draw()
{
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	drawn=$((seed / 65536 % $1))
}

# draw_range: some pages in $first and $last
draw_range()
{
	draw "$slot_pages"
	first=$drawn
	draw "$((slot_pages - first))"
	last=$((first + drawn))
}

# draw_set SHAPE: a set of pages with its options in $set
draw_set()
{
	draw 32767
	pick="seed=$drawn"
	case $1 in
	sparse)
		draw 40
		set="all rand=$((1 + drawn)) $pick"
		;;
	dense)
		draw_range
		set="$first-$last"
		;;
	part)
		draw 90
		set="all rand=$((5 + drawn))% $pick"
		;;
	strided)
		draw_range
		draw 600
		set="$first-$last/$((2 + drawn))"
		;;
	whole) set="all" ;;
	esac
}

draw_mode()
{
	draw 3
	case $drawn in
	0) mode='read' ;;
	1) mode='write' ;;
	2) mode='rw' ;;
	esac
}

# draw_access SHAPE VCPU: a command in $access
draw_access()
{
	draw_set "$1"
	draw_mode
	access="$mode $set vcpu=$2"
}

# one_case SHAPE: each vCPU touches such a set, all at the same time
one_case()
{
	since=$round
	tell "$vm" reset || fail "there is no truth"
	did=
	for cpu in $(seq 0 "$((vcpus - 1))"); do
		draw_access "$1" "$cpu"
		did="$did $access;"
		tell "$vm" "$access bg" || fail "the guest cannot do that"
	done
	for cpu in $(seq 0 "$((vcpus - 1))"); do
		tell "$vm" "wait vcpu=$cpu" || fail "the guest failed"
	done
	next_round "$vm"
	# shellcheck disable=SC2086 # no option, or one
	same_pages "$1 ($backing $paging):$did" "$vm" "$since" $compare
}

need_module
boot_vm --slot "$((slot_pages / 256))M" --backing "$backing" \
	--guest-paging "$paging" --vcpus "$vcpus" --node 1 --populate
attach "$vm" --mode observe
# A page that KVM has just mapped says that it was written: map all first.
tell "$vm" read || fail "the guest cannot read its memory"
next_round "$vm"
for case in $(seq "$cases"); do
	case $((case % 5)) in
	1) one_case sparse ;;
	2) one_case strided ;;
	3) one_case part ;;
	4) one_case dense ;;
	0) one_case whole ;;
	esac
done
look "$vm"
echo "compared $compared pages"
