#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# hotplug PART...: the host changes while a VM is tracked and moved:
#   cpu=TIMES      a CPU leaves and comes back
#   memory=TIMES   all blocks of slow memory that can go offline do so and come
#                  back, then one after the other, so often
#   suspend=LEVEL  the host suspends and resumes, as deep as LEVEL of the kernel's
#                  own test mode (pm_test), for no device is there to wake it:
#                  freezer, devices, platform, processors or core
# Rounds go on, pages move, and every byte of the guest is right. An amd host has
# its programs on 9p, and the driver of that (9pnet_virtio) does not come back
# from a suspend of devices, with vtmm or without: nothing deeper than freezer
# can be tried there.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

cpu=/sys/devices/system/cpu/cpu1/online
memory=/sys/devices/system/memory
pages=2048

rounds_go_on()
{
	look "$vm"
	wait_for 60 rounds_since "$(seen rounds)" 3
}

moved()
{
	look "$vm"
	[ "$(seen promoted)" -gt "$before" ]
}

# moves_on WHAT: pages still move
moves_on()
{
	look "$vm"
	before=$(seen promoted)
	tell "$vm" stop "move all node=1" "writer 0-1023 loop exit=16" ||
		not_ok "$1" "the guest finds something wrong: $answer"
	assert "$1: pages move" wait_for 60 moved
}

# often COUNT COMMAND
often()
{
	for _ in $(seq "$1"); do
		"$2" || return 1
	done
}

cpu_cycle()
{
	echo 0 >$cpu && rounds_go_on && echo 1 >$cpu && rounds_go_on
}

cpu()
{
	assert "a CPU left and came back $1 times" often "$1" cpu_cycle
	moves_on "after the CPU came back"
}

# slow_total: MiB of slow memory, by the kernel
slow_total()
{
	awk '/MemTotal/ { print int($4 / 1024) }' /sys/devices/system/node/node1/meminfo
}

# state BLOCK STATE
state()
{
	echo "$2" >"$memory/$1/state" 2>/dev/null
}

# offline: what blocks of node 1 can go; they are in $gone. One that holds a page
# which is just being moved cannot, for a moment.
offline()
{
	gone=
	for block in /sys/devices/system/node/node1/memory[0-9]*; do
		block=${block##*/}
		if state "$block" offline || state "$block" offline || state "$block" offline; then
			gone="$gone $block"
		fi
	done
	[ "$gone" ]
}

online()
{
	for block in $gone; do
		state "$block" online || return 1
	done
}

# block_cycle: the next of $gone
block_cycle()
{
	block=${gone%% *}
	gone="${gone#* } $block"
	all=$(slow_total)
	wait_for 20 state "$block" offline && [ "$(slow_total)" -lt "$all" ] &&
		rounds_go_on && state "$block" online && [ "$(slow_total)" = "$all" ]
}

memory()
{
	echo "slow memory: $(slow_total) MiB"
	assert "slow memory goes offline" offline
	echo "offline:$gone; $(slow_total) MiB are left; by vtmm: $(vtmmctl | grep -w slow)"
	assert "the VM's rounds go on" rounds_go_on
	moves_on "with less slow memory"
	assert "it comes back" online
	moves_on "after it came back"
	gone=${gone# }
	assert "a block of it left and came back $1 times" often "$1" block_cycle
	moves_on "after that"
}

# suspend LEVEL: processors and core are not part of a suspend to idle
suspend()
{
	case $1 in
	processors | core) state=mem ;;
	*) state=freeze ;;
	esac
	echo 1 >/sys/module/suspend/parameters/pm_test_delay
	assert "the host suspends ($state, $1) and resumes" sh -c \
		"echo $1 >/sys/power/pm_test && echo $state >/sys/power/state"
	assert "rounds go on" rounds_go_on
	moves_on "after a suspend"
}

need_module
boot_vm --slot 8M --node 1 --populate --vcpus 2
tell "$vm" fill "writer 0-1023 loop exit=16" || fail "the guest does not run"
vtmmctl attach "$vm" --period 10ms --budget none --max 4M >/dev/null || fail "attach failed"
for part in "$@"; do
	"${part%=*}" "${part#*=}"
done
tell "$vm" stop || not_ok "the guest" "$answer"
assert "every byte is right" tell "$vm" "verify by=both"
assert_eq "pages verified by the host" "$(answered pages)" $pages
assert "detach" vtmmctl detach "$vm"
