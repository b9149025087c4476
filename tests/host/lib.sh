# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# lib: what a scenario needs, for dash and for busybox. A scenario begins with
#   . /mnt/tests/host/lib.sh
# says what it found with ok and not_ok (or an assert_*), and ends; its exit
# status is 1 if any check failed. What it started is stopped for it.

failed=0
vms=

# ok WHAT: a check that held
ok()
{
	echo "ok $*"
}

# not_ok WHAT WHY: a check that did not hold; the scenario goes on
not_ok()
{
	echo "not ok $1: $2"
	failed=1
}

# fail WHY: the scenario cannot go on
fail()
{
	echo "$*"
	exit 1
}

# assert WHAT COMMAND... : COMMAND succeeds
assert()
{
	what=$1
	shift
	if "$@"; then ok "$what"; else not_ok "$what" "failed: $*"; fi
}

# assert_eq WHAT GOT WANTED
assert_eq()
{
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "got '$2', not '$3'"; fi
}

# assert_fails WHAT PATTERN COMMAND... : COMMAND exits non-zero and says
# something that matches the extended regular expression
assert_fails()
{
	what=$1 pattern=$2
	shift 2
	if out=$("$@" 2>&1); then
		not_ok "$what" "succeeded: $*"
	elif echo "$out" | grep -qE -e "$pattern"; then
		ok "$what"
	else
		not_ok "$what" "said '$out', which does not match '$pattern'"
	fi
}

# wait_for SECONDS COMMAND... : until COMMAND succeeds; SECONDS are those of a
# quick machine and are scaled for slow emulators
wait_for()
{
	deadline=$(($(cut -d. -f1 /proc/uptime) + $1 * ${VTMM_SCALE:-1}))
	shift
	until "$@"; do
		[ "$(cut -d. -f1 /proc/uptime)" -lt "$deadline" ] || return 1
		sleep 0.2
	done
}

# load_module [PARAMETER=VALUE...] and unload_module: vtmm.ko of this kernel
load_module()
{
	insmod "$VTMM_KO" "$@"
}

unload_module()
{
	rmmod vtmm
}

# kernel_log: the kernel's log of this scenario so far
kernel_log()
{
	dmesg
}

# start_vm ARG... : a tiny VMM in the background; its pid is in $vm, its output
# in $vm_out
start_vm()
{
	vm_out=$(mktemp)
	tinyvmm "$@" >"$vm_out" 2>&1 &
	vm=$!
	vms="$vms $vm"
}

# stop_vm PID: end a VM and wait for it
stop_vm()
{
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

at_exit()
{
	status=$?
	for vm in $vms; do
		kill -9 "$vm" 2>/dev/null
	done
	[ "$status" != 0 ] || status=$failed
	exit "$status"
}
trap at_exit EXIT
