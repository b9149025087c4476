#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kvm-selftest observe|manage|without PROGRAM [ARGUMENT...]: a selftest of KVM's
# own passes while each VM that it creates is attached to vtmm from its first
# moment on, which tracks it (and moves its pages), and is detached and attached
# again at random; or, for comparison, without vtmm. If it fails with vtmm, it is
# run once more without, to tell whose fault it is; it counts as failed all the
# same.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

mode=$1 program=/mnt/build/kvm-tests/$VTMM_SERIES/$2
shift 2
test="${program##*/}${*:+ $*}"
seed=$(date +%s)
log=/tmp/hook
hook=/mnt/build/tests/kvm-hook.so
# The guest of this test spins without an exit, its interrupts disabled, which Bochs
# lets it do for ever.
case $VTMM_VENDOR,${program##*/} in
intel,set_memory_region_test) export KVM_HOOK_IF=1 ;;
esac

# draw N: a number from 0 to N - 1 in $drawn
draw()
{
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	drawn=$((seed / 65536 % $1))
}

gone()
{
	[ ! -d "/sys/kernel/debug/kvm/$1" ]
}

# real FILE: complaints of vtmmctl but one: a process may make another VM with the
# descriptor of one that has ended, and both the hook and come_and_go attach it
real()
{
	grep '^vtmmctl: ' "$1" | grep -v 'attached already'
}

# again PID FD: detach it for a while. It may have ended already, and another VM
# of the process may have come; but what was detached can be attached again,
# unless it ends.
again()
{
	vtmmctl detach "pid:$1" >/dev/null 2>&1 || return
	draw 4
	sleep "0.$drawn"
	vtmmctl attach "$1" --fd "$2" --mode "$mode" --period 10ms \
		--budget none >/dev/null 2>/tmp/why ||
		grep -q 'no KVM VM' /tmp/why || wait_for 5 gone "$1-$2" ||
		cat /tmp/why >>/tmp/trouble
}

# come_and_go: with each VM that the test has now, until it has ended. By its
# process: with several VMs in one they stay attached.
come_and_go()
{
	while [ ! -f /tmp/enough ]; do
		draw 6
		sleep "0.$drawn"
		for vm_dir in /sys/kernel/debug/kvm/*-*; do
			id=${vm_dir##*/}
			grep -q "^attached ${id%-*} ${id#*-}\$" $log || continue
			set -- "/sys/kernel/debug/kvm/${id%-*}"-*
			[ $# -gt 1 ] || again "${id%-*}" "${id#*-}"
		done
	done
}

# with_vtmm PROGRAM ARGUMENT... : its output in /tmp/output
with_vtmm()
{
	rm -f /tmp/enough
	: >$log
	: >/tmp/trouble
	vtmmctl -j monitor >/tmp/events &
	vms="$vms $!"
	wait_for 20 polls "$!" || fail "vtmmctl monitor does not wait for events"
	come_and_go &
	comer=$!
	KVM_HOOK_MODE=$mode KVM_HOOK_LOG=$log \
		LD_PRELOAD=$hook "$@" >/tmp/output 2>&1
	status=$?
	touch /tmp/enough
	wait "$comer"
	wait_for 30 none_attached || not_ok "$test" "$(attached) VMs stay attached"
}

# nested: in some round vtmm saw accesses of nested guests
nested()
{
	grep -q '"nested_seen": [1-9]' "$log"
}

# count WORD: how often the hook said so
count()
{
	grep -c "^$1 " $log
}

# rounds: of all VMs, as the events of their end told
rounds()
{
	grep -E '"kind": *"(detach|exit)"' /tmp/events |
		sed 's/.*"round": *\([0-9]*\).*/\1/' | awk '{ n += $1 } END { print n + 0 }'
}

# judge STATUS WHY: a skipped test has not passed
judge()
{
	skipped=$(grep -m1 ', skipping test' /tmp/output)
	if [ "$1" != 0 ]; then
		not_ok "$test" "status $1$2"
	elif [ -n "$skipped" ]; then
		not_ok "$test" "it was skipped: $skipped"
	else
		ok "$test"
	fi
	tail -n 25 /tmp/output | sed 's/^/| /'
}

# blame STATUS PROGRAM ARGUMENT... : how a test that failed ends without vtmm
blame()
{
	[ "$1" != 0 ] || return
	shift
	if unload_module && LD_PRELOAD=$hook "$@" >/dev/null 2>&1; then
		echo "; it passes without vtmm"
	else
		echo "; without vtmm it ends with status $? too"
	fi
}

[ -x "$program" ] || fail "$program has not been built: scripts/fetch-kvm-tests"
# A host whose KVM no VM holds has not loaded it yet.
[ -c /dev/kvm ] || modprobe "kvm_$VTMM_VENDOR" || fail "KVM cannot be loaded"
if [ "$mode" = without ]; then
	LD_PRELOAD=$hook "$program" "$@" >/tmp/output 2>&1
	judge $? ""
	exit
fi
need_module
with_vtmm "$program" "$@"
judge "$status" "$(blame "$status" "$program" "$@")"
assert_eq "$test: each VM was attached" "$(real $log)" ""
assert_eq "$test: vtmm came and went" "$(real /tmp/trouble)" ""
case ${program##*/} in
vmx_dirty_log_test)
	# The newer one has two VMs and keeps the first, of which the log then tells.
	if grep -q 'Nested EPT: disabled' /tmp/output; then
		assert "$test: that nested guests have no accessed bits is said" \
			grep -q 'run without accessed bits' "$log"
	else
		assert "$test: nested guests are seen" nested
	fi
	;;
dirty_log_test) assert "$test: there is no nested guest" not nested ;;
esac
assert "$test: VMs were attached" [ "$(count attached)" -gt 0 ]
assert "$test: vtmm had rounds" [ "$(rounds)" -gt 0 ]
echo "$test: $(count attached) VMs, $(grep -c '"kind": *"attach"' /tmp/events) attaches, $(rounds) rounds, $(count round) asked for"
