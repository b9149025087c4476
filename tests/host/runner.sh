#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# runner: runs the job's scenarios one after the other inside an emulated host
# and sends the results over the second serial port, as lines:
#   plan N            so many scenarios follow
#   ok NAME[: what]   not ok NAME[: what]: why
#   # text            what a scenario printed
#   | line            the kernel's log of that scenario
#   moved UP DOWN     pages that vtmm promoted and demoted, and that were verified
#   done N            all were run; without it the host died on the way
# It must run under dash and busybox. Each scenario ends with exactly one line
# `ok NAME` or `not ok NAME: why`, whatever the scenario itself prints.

. /run/job/env
export VTMM_VENDOR="$JOB_VENDOR" VTMM_SERIES="$JOB_SERIES" VTMM_SCALE="$JOB_SCALE"
# debug or kcsan on a kernel with checks, else empty
export VTMM_VARIANT="$JOB_VARIANT"
VTMM_KO=/mnt/build/kmod/$(uname -r)/vtmm.ko
export VTMM_KO
export PATH="/mnt/build/bin:/mnt/build/tests:$PATH:/usr/sbin:/sbin"
cd /tmp || exit 1

stty -F /dev/ttyS1 115200 raw -echo
exec 3>/dev/ttyS1

# clean_log FILE: nothing in the kernel's log that a healthy kernel never says
clean_log()
{
	! grep -E -f /mnt/tests/host/bad-lines.txt "$1" >/run/bad
}

# without_known FILE: the log on stdin without the lines, and the whole reports
# ("cut here" to "end trace"), of which a line matches an expression in FILE
without_known()
{
	[ -s "$1" ] || { cat; return; }
	awk 'NR == FNR { known[$0]; next }
		/\[ cut here \]/ { inside = 1; report = ""; drop = 0 }
		{
			for (k in known)
				if ($0 ~ k)
					drop = 1
			report = report $0 "\n"
		}
		/---\[ end trace/ { inside = 0 }
		!inside {
			if (!drop)
				printf "%s", report
			report = ""
			drop = 0
		}
		END { printf "%s", report }' "$1" -
}

# forward NAME: the lines of a scenario, as results or as text
forward()
{
	while IFS= read -r line; do
		case $line in
		'ok '*) echo "ok $1: ${line#ok }" ;;
		'not ok '*) echo "not ok $1: ${line#not ok }" ;;
		*) echo "# $line" ;;
		esac
	done >&3
}

# programs: the pids of all user programs: not kthreadd (2) or its children.
# Few processes, for each costs a tenth of a second on an emulated host.
programs()
{
	cat /proc/[0-9]*/stat 2>/dev/null | sed -n -E -e '/^2 /d' \
		-e 's/^([0-9]+) \(.*\) [A-Z] ([0-9]+) .*/\1 \2/' -e '/ 2$/d' -e 's/ .*//p'
}

# kill_new FILE: end every program that is not in the list
kill_new()
{
	for pid in $(programs | grep -vxF -f "$1"); do
		kill -9 "$pid" 2>/dev/null
	done
}

# run_scenario NAME LIMIT ARG... : returns its exit status; its own failed
# checks make it fail too (the library sees to that)
run_scenario()
{
	name=$1 limit=$(($2 * JOB_SCALE))
	shift 2
	programs >/run/before
	rm -f /run/pipe
	mkfifo /run/pipe
	forward "$name" </run/pipe &
	reporter=$!
	echo "$reporter" >>/run/before
	setsid timeout -k 5 "$limit" sh "/mnt/tests/host/scenarios/$name.sh" "$@" \
		>/run/pipe 2>&1 3>&- 4<&- </dev/null
	status=$?
	kill_new /run/before
	wait "$reporter"
	return $status
}

# kvm_users: the references to the vendor's module of KVM: its VMs, mostly
kvm_users()
{
	awk -v m="kvm_$JOB_VENDOR" '$1 == m { print $3; n = 1 } END { if (!n) print 0 }' \
		/proc/modules
}

# no_vm_left: the VMs of the scenario are destroyed, so that the next one starts
# from the same state; KVM does it some time after their process has ended
no_vm_left()
{
	for _ in $(seq $((JOB_SCALE * 50))); do
		[ "$(kvm_users)" -gt "$kvm_idle" ] || return 0
		sleep 0.2
	done
	return 1
}

# not_returned: modules of tests, and the host's memory, that the scenario has kept, which is taken back:
# the next one would find another host
not_returned()
{
	for module in vtmm_busy vtmm_target vtmm_delay; do
		[ ! -d "/sys/module/$module" ] || { echo "$module is left"; rmmod "$module"; }
	done
	! grep -q '^/' /proc/swaps || { echo "swap is left on"; swapoff -a; }
	for pool in /sys/devices/system/node/node*/hugepages/*/nr_hugepages; do
		if [ -e "$pool" ] && [ "$(cat "$pool")" != 0 ]; then
			echo "huge pages are left in ${pool%/hugepages/*}"
			echo 0 >"$pool"
		fi
	done
}

# isolated: pages that somebody has taken off the LRU. What each CPU has counted for
# itself is added first; a count below zero is a bad line of the kernel's log.
isolated()
{
	echo 1 >/proc/sys/vm/stat_refresh
	awk '/^nr_isolated/ { n += $2 } END { print n + 0 }' /proc/vmstat
}

# none_isolated: as many as before the scenario, at the latest in some seconds
none_isolated()
{
	for _ in $(seq $((JOB_SCALE * 25))); do
		[ "$(isolated)" != "$isolated_before" ] || return 0
		sleep 0.2
	done
	return 1
}

# verdict NAME STATUS LIMIT: why a scenario failed, or nothing
verdict()
{
	case $2 in
	0) ;;
	124 | 137 | 143) echo "stopped after $3 s" ;;
	*) echo "exit status $2" ;;
	esac
	[ ! -d /sys/module/vtmm ] || rmmod vtmm 2>/dev/null ||
		echo "the module cannot be unloaded"
	not_returned
	no_vm_left || echo "$(kvm_users) references to KVM are left, not $kvm_idle"
	none_isolated || echo "$(isolated) pages are isolated, not $isolated_before"
	dmesg -c >/run/dmesg
	without_known "/mnt/tests/host/known-$VTMM_VENDOR.txt" </run/dmesg >/run/dmesg.known
	clean_log /run/dmesg.known || echo "kernel log: $(head -n 1 /run/bad)"
}

# one NAME [limit=SECONDS] [ARG...]: a line of the list
one()
{
	name=$1 limit=30
	shift
	case ${1-} in
	limit=*)
		limit=${1#limit=}
		shift
		;;
	esac
	[ -f "/mnt/tests/host/scenarios/$name.sh" ] || {
		echo "# $name took 0 s" >&3
		echo "not ok $name: there is no such scenario" >&3
		return
	}
	start=$(cut -d. -f1 /proc/uptime)
	rm -f /run/verified
	isolated_before=$(isolated)
	echo "# $name starts" >&3
	run_scenario "$name" "$limit" "$@"
	why=$(verdict "$name" $? "$((limit * JOB_SCALE))" | tr '\n' ';' | sed 's/;$//')
	if [ -n "$why" ] || [ "$JOB_LOG" = all ]; then
		sed 's/^/| /' /run/dmesg >&3
	fi
	echo "# $name took $(($(cut -d. -f1 /proc/uptime) - start)) s" >&3
	[ ! -f /run/verified ] || cat /run/verified >>/run/moved
	if [ -n "$why" ]; then
		echo "not ok $name: $why" >&3
	else
		echo "ok $name" >&3
	fi
}

# hold_vm: the host's KVM, with one VM that stays
hold_vm()
{
	modprobe "kvm_$JOB_VENDOR" || return 1
	holdvm >/run/held 3>&- &
	until [ -s /run/held ]; do
		[ -d "/proc/$!" ] || return 1
		sleep 0.1
	done
}

echo "plan $(grep -c . /run/job/list)" >&3
echo "# $(uname -r) up after $(cut -d' ' -f1 /proc/uptime) s" >&3
if [ "$JOB_HOLD" = yes ] && ! hold_vm; then
	dmesg | tail -n 20 | sed 's/^/| /' >&3
	echo "not ok kvm: KVM does not work on this host" >&3
fi
kvm_idle=$(kvm_users)
dmesg -c >/run/dmesg
[ "$JOB_LOG" = all ] && sed 's/^/| /' /run/dmesg >&3
without_known /mnt/tests/host/known-lines.txt </run/dmesg >/run/dmesg.boot
clean_log /run/dmesg.boot ||
	echo "not ok boot: kernel log: $(head -n 1 /run/bad)" >&3
count=0
while read -r line <&4; do
	# The words of the line are the arguments.
	# shellcheck disable=SC2086
	one $line
	count=$((count + 1))
done 4</run/job/list
[ ! -f /run/moved ] || awk '{ up += $1; down += $2 }
	END { print "moved " up, down }' /run/moved >&3
echo "done $count" >&3
# The last close of the port waits until all of it is sent.
exec 3>&-
