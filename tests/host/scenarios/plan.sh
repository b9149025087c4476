#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# plan: what vtmmctl plan says, and that it is so. Of a VM that is only observed
# it says how many pages would move, from where to where, from which temperature
# on, and no page moves; it claims what it has, and guarantees leave it that.
# Below the floor, 1 % of the VM or 100 MB by default,
# nothing moves either, windows are skipped, and it says so. A VM that is left
# alone (off) claims what it has, and what it lends is given to others. A plan
# of many pages is carried out within one window.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

hot=1024	# pages, of four times as many
few=20		# pages below the floor of such a VM
pool=2048	# pages

# arrive [OPTION...]: a VM with all its data in slow memory
arrive()
{
	boot_vm --slot 16M --node 1 --populate
	tell "$vm" "read" || fail "the VM cannot read its memory"
	vtmmctl attach "$vm" --period 100ms --budget none "$@" >/dev/null ||
		fail "the VM cannot be attached"
}

# in_fast PID: its data pages there, by the kernel
in_fast()
{
	tell "$1" "where all" || return
	answered node0
}

# windows_after PID COUNT
windows_after()
{
	look "$1"
	[ "$(seen windows)" -ge "$2" ]
}

# more_windows PID COUNT: so many go by
more_windows()
{
	look "$1"
	wait_for $(($2 * 4)) windows_after "$1" $(($(seen windows) + $2)) ||
		fail "there are no windows"
}

# planned PID: its plan, for seen
planned()
{
	state=$(vtmmctl -j plan "$1")
}

# would PROMOTE REASON: the plan of the observed VM is to promote about that
would()
{
	planned "$vm"
	[ "$(seen promote)" -ge "$1" ] && [ "$(seen promote)" -le $(($1 + 200)) ] &&
		seen reason | grep -q "$2"
}

reason_is()
{
	planned "$1"
	seen reason | grep -qE "$2"
}

has()
{
	now=$(in_fast "$1")
	[ "$now" -ge "$2" ] && [ "$now" -le "$3" ]
}

# fast_of PID: its pages there, by vtmm
fast_of()
{
	vtmmctl -j stats "$1" | sed -n 's/^ *"pages_fast": \([0-9]*\).*/\1/p'
}

# moved_some PID
moved_some()
{
	look "$1"
	[ "$(seen promoted)" -gt 0 ]
}

allotted()
{
	vtmmctl -j pool | tr -d ' ,"' | awk -F: -v name="$1" '
		$1 == "name" { it = $2 == name }
		it && $1 == "allotment" { print $2 }'
}

allotted_is()
{
	got=$(allotted "$1")
	[ "$got" -ge "$2" ] && [ "$got" -le "$3" ]
}

need_module
vtmmctl pool --size $((pool * 4))k || fail "the pool's size cannot be set"

# An observed VM
arrive --mode observe --name seen --floor 0
tell "$vm" "write 0-$((hot - 1)) loop exit=400"
assert "plan of an observed VM: its hot pages would be promoted, and why not" \
	wait_for 30 would "$hot" "only observed"
vtmmctl plan "$vm" | tee /tmp/plan
assert "in words, with how many and the temperature" \
	grep -qE '^promote  4(\.[0-9])?M of temperature [1-9][0-9]* and above' /tmp/plan
assert "and that nothing would be demoted" grep -q '^demote   nothing' /tmp/plan
more_windows "$vm" 3
assert_eq "no page of it has moved, by the kernel" "$(in_fast "$vm")" 0
look "$vm"
assert_eq "nor by vtmm" "$(seen promoted) $(seen demoted)" "0 0"
vtmmctl set "$vm" --mode manage
assert "managed, the same pages move" wait_for 30 has "$vm" $((hot * 95 / 100)) $pool
assert "then they are where they belong" wait_for 30 reason_is "$vm" "where they belong"
busy=$vm

# Left alone
assert "it may have what is in the pool" wait_for 30 allotted_is seen $pool $pool
arrive --name next
next=$vm
tell "$vm" "write all loop exit=400"
vtmmctl set "$busy" --mode observe
assert "two VMs share" wait_for 30 allotted_is next 1 $((pool - hot / 2))
held=$(fast_of "$busy")
vtmmctl set "$busy" --mode off --min 6M
assert_eq "off: it claims what it has" "$(allotted seen)" "$held"
assert_eq "and the other has all else, at once" "$(allotted next)" $((pool - held))
look "$busy"
rounds=$(seen rounds)
more_windows "$next" 2
look "$busy"
assert_eq "off: it has no rounds" "$(seen rounds)" "$rounds"
assert "and keeps its pages" has "$busy" $((hot * 95 / 100)) $pool
assert_fails "a guarantee beyond both guarantees is refused" "exceed the pool" \
	vtmmctl set "$next" --min 4M
vtmmctl set "$busy" --min 0
assert_fails "so is one of what the other has and keeps" "not managed hold" \
	vtmmctl set "$next" --min 6M
assert "one of the rest is not" vtmmctl set "$next" --min 2M
vtmmctl set "$next" --min 0
vtmmctl set "$busy" --mode observe
more_windows "$busy" 1
assert_eq "observed: it claims what it has" "$(allotted seen)" "$(fast_of "$busy")"
vtmmctl set "$busy" --mode manage
assert "managed again, it has rounds" wait_for 20 windows_after "$busy" \
	$(($(vtmmctl -j stats "$busy" | sed -n 's/^ *"windows": \([0-9]*\).*/\1/p') + 1))
stop_vm "$busy"
stop_vm "$next"

# The floor
arrive --mode observe
look "$vm"
assert_eq "the default floor is 1 % of a small VM" "$(seen floor)" $(($(seen mem) / 100))
tell "$vm" "write 0-$((few - 1)) loop exit=400"
# until what it touched before it was attached is forgotten
more_windows "$vm" 3
vtmmctl set "$vm" --mode manage
assert "below it nothing moves, and plan says so" wait_for 40 reason_is "$vm" "below the floor"
assert "and windows are skipped" wait_for 40 reason_is "$vm" "Windows are skipped"
more_windows "$vm" 5
assert_eq "no page has moved, by the kernel" "$(in_fast "$vm")" 0
vtmmctl set "$vm" --floor 0
assert "without a floor they move" wait_for 30 has "$vm" $few $pool
stop_vm "$vm"
boot_vm --slot 11G
vtmmctl attach "$vm" >/dev/null || fail "a large VM cannot be attached"
look "$vm"
assert_eq "the default floor is 100 MB of a large VM" "$(seen floor)" $((100000000 / 4096))
stop_vm "$vm"

# A plan of more pages than are picked at once: the window takes them all
vtmmctl pool --size 96M || fail "the pool's size cannot be set"
large=20480	# pages
boot_vm --slot $((large * 4))K --node 1 --populate
tell "$vm" "read" || fail "the VM cannot read its memory"
vtmmctl attach "$vm" --period 500ms --budget none --mode observe >/dev/null ||
	fail "the VM cannot be attached"
tell "$vm" "write all loop exit=400"
wait_for 60 windows_after "$vm" 3 || fail "there are no windows"
vtmmctl set "$vm" --mode manage
wait_for 60 moved_some "$vm" || fail "nothing moves: $(vtmmctl plan "$vm")"
look "$vm"
first=$(seen windows)
wait_for 60 has "$vm" $((large * 95 / 100)) $large || not_ok "a large plan" "only $now pages came"
look "$vm"
assert "a plan of $large pages takes one window ($(($(seen windows) - first)) more began)" \
	test $(($(seen windows) - first)) -le 1
