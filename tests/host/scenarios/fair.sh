#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# fair [SECONDS]: pages of one VM that move do not hold up the rounds of another. Both
# guests run all the while. First nothing moves, then the pages of one go up and
# down without a pause; the other must have about as many rounds in a second
# as before. Every byte of both is verified in the end.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

seconds=${1:-6}
pages=4096

# now: hundredths of a second
now()
{
	cut -d' ' -f1 /proc/uptime | tr -d .
}

# watch COMMAND: rounds of the quiet VM in a hundred seconds, in $rate, while COMMAND
# runs again and again
watch()
{
	look "$quiet"
	from=$(now) before=$(seen rounds)
	until [ $(($(now) - from)) -ge $((seconds * 100)) ]; do
		"$@"
	done
	look "$quiet"
	rate=$((($(seen rounds) - before) * 10000 / ($(now) - from)))
}

up_and_down()
{
	vtmmctl set "$busy" --max 2M
	sleep 1
	vtmmctl set "$busy" --max 32M
	sleep 1
}

need_module
boot_vm --slot 4M --populate
quiet=$vm
tell "$quiet" fill "rw 0-99 loop exit=16" || fail "the guest does not run"
boot_vm --slot $((pages / 256))M --node 1 --populate
busy=$vm
tell "$busy" fill "rw all loop exit=16" || fail "the guest does not run"
for vm in $quiet $busy; do
	vtmmctl attach "$vm" --mode observe --period 50ms --budget none --max 32M \
		>/dev/null || fail "attach failed"
done
wait_for 30 round_after "$busy" 15 || fail "there are no rounds"
watch sleep 1
alone=$rate
vtmmctl set "$busy" --mode manage
watch up_and_down
look "$busy"
moved=$(($(seen promoted) + $(seen demoted)))
echo "rounds in 100 s: $alone, and $rate while $moved pages of another VM move"
assert "pages move meanwhile" [ "$moved" -ge "$pages" ]
assert "the other VM has its rounds" [ $((rate * 2)) -ge "$alone" ]
for vm in $quiet $busy; do
	tell "$vm" stop || fail "a guest does not stop"
	assert "every byte is right" tell "$vm" "verify by=both"
	tell "$vm" quit
done
unload_module || fail "the module cannot be unloaded"
