#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# rate [up] [down] [host]: what moves keeps to a limit in bytes/s within 5 %: of
# one VM, up and down; of the host, which two VMs that move at the same time
# share equally, each with its rounds. Bytes and time are those of vtmm: how fast
# this machine is makes no difference, as long as it is faster than the limit. Where
# the pages are is asked from the kernel.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

rate=2097152
slot=$((40 * rate))	# bytes: more than can move while it is measured
seconds=12		# many rounds: between two plans none moves for about one
period=200		# ms

# arrive: a VM with all its data in slow memory, and all of it hot
arrive()
{
	boot_vm --slot $((slot / 1024))K --node 1 --populate
	tell "$vm" "read" || fail "the VM cannot read its memory"
	vtmmctl attach "$vm" --period ${period}ms --budget none --floor 0 \
		--mode observe >/dev/null || fail "the VM cannot be attached"
	tell "$vm" "read all loop exit=400" || fail "the VM cannot work"
}

# sample PID: $bytes that moved, and $at, when, in us
sample()
{
	look "$1"
	bytes=$(seen bytes_copied) at=$(seen attached_us)
	echo "VM $(seen id): $bytes bytes at $((at / 1000)) ms"
}

# moved PID BYTES: it has moved more than that
moved()
{
	sample "$1"
	[ "$bytes" -gt "$2" ]
}

# later PID US
later()
{
	sample "$1"
	[ "$at" -ge "$2" ]
}

# measure PID: moves begin, and go on for some seconds: $got bytes/s
measure()
{
	sample "$1"
	wait_for 30 moved "$1" $((bytes + rate * 2)) ||
		fail "nothing moves: $(vtmmctl plan "$1")"
	from=$bytes since=$at
	wait_for $((seconds * 3)) later "$1" $((since + seconds * 1000000)) ||
		fail "time stands still"
	got=$(((bytes - from) * 1000 / ((at - since) / 1000)))
}

# holds WHAT BYTES_PER_SECOND LIMIT: within 5 %
holds()
{
	assert "$1 ($2 of $3 bytes/s)" \
		test $(($2 * 100)) -ge $(($3 * 95)) -a $(($2 * 100)) -le $(($3 * 105))
}

# has_rounds PID ROUNDS US: since it had that many, at that time, no less than
# half of those that its period asks for
has_rounds()
{
	look "$1"
	now=$(($(seen rounds) - $2)) wanted=$((($(seen attached_us) - $3) / period / 2000))
	assert "its rounds go on while both move ($now)" test "$now" -ge "$wanted"
}

# really: the kernel has as many data pages in fast memory as vtmm says it has moved
# there, but for a few that the VM has besides, and a batch that is being counted
really()
{
	look "$vm"
	least=$(($(seen promoted) - 64))
	now=$(in_fast all)
	look "$vm"
	assert "so many pages are in fast memory ($now)" \
		test "$now" -ge "$least" -a "$now" -le $(($(seen promoted) + 256))
}

up()
{
	vtmmctl set "$vm" --mode manage --rate 2M || fail "no rate can be set"
	measure "$vm"
	holds "promotions keep to the rate of the VM" "$got" "$rate"
	really
	look "$vm"
	assert "there was more to do" test "$(seen pages_slow)" -gt 0
	assert "and plan says what it waits for" \
		sh -c "vtmmctl plan $vm | grep -q 'rate limit is used up'"
	vtmmctl set "$vm" --rate none || fail "the rate cannot be lifted"
	wait_for 30 all_fast || not_ok "without a limit the rest comes" "it does not"
}

all_fast()
{
	look "$vm"
	[ "$(seen pages_slow)" -le $((slot / 4096 / 50)) ]
}

down()
{
	vtmmctl set "$vm" --mode manage --rate none || fail "the rate cannot be lifted"
	wait_for 60 all_fast || fail "its pages do not come into fast memory"
	vtmmctl set "$vm" --rate 2M --max 0 || fail "max and rate cannot be set"
	measure "$vm"
	holds "demotions keep to the rate of the VM" "$got" "$rate"
	look "$vm"
	assert "there was more to do" test "$(seen pages_fast)" -gt 0
	vtmmctl detach "$vm" >/dev/null
	stop_vm "$vm"
}

host()
{
	arrive
	first=$vm
	arrive
	vtmmctl pool --rate 3M || fail "the host's rate cannot be set"
	vtmmctl set "$first" --mode manage
	vtmmctl set "$vm" --mode manage
	wait_for 30 moved "$vm" 0 || fail "nothing moves: $(vtmmctl plan "$vm")"
	sample "$first"
	rounds=$(seen rounds) begin=$bytes at_first=$at
	measure "$vm"
	second=$got
	sample "$first"
	got=$(((bytes - begin) * 1000 / ((at - at_first) / 1000)))
	holds "two VMs keep to the rate of the host" $((got + second)) $((rate * 3 / 2))
	assert "and share it: $got and $second bytes/s" \
		test "$got" -ge $((rate * 6 / 10)) -a "$second" -ge $((rate * 6 / 10))
	has_rounds "$first" "$rounds" "$at_first"
}

need_module
[ "$*" = host ] || arrive
[ $# != 0 ] || set -- up down host
for part in "$@"; do
	"$part"
done
