#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# cli: vtmmctl against the real module: what must be refused is refused with a
# sentence and a non-zero exit status and changes nothing; what is asked for is
# done and shown. KVM lives on the host; the VMs are tiny.
# shellcheck source=../lib.sh disable=SC2119
. /mnt/tests/host/lib.sh

# refused WHAT STATUS PATTERN COMMAND... : COMMAND ends with STATUS, says one
# sentence on stderr that matches PATTERN and nothing on stdout, and leaves the
# VMs and the pool as they were
refused()
{
	what=$1 wanted=$2 pattern=$3
	shift 3
	state >/tmp/before
	"$@" >/tmp/out 2>/tmp/err
	got=$?
	state >/tmp/after
	if [ "$got" != "$wanted" ]; then
		not_ok "$what" "exit status $got, not $wanted: $(cat /tmp/err)"
	elif ! grep -qE -e "$pattern" /tmp/err; then
		not_ok "$what" "said '$(cat /tmp/err)'"
	elif [ -s /tmp/out ] || [ "$(wc -l </tmp/err)" != 1 ]; then
		not_ok "$what" "not one sentence on stderr alone"
	elif ! cmp -s /tmp/before /tmp/after; then
		not_ok "$what" "it changed something"
		diff /tmp/before /tmp/after
	else
		ok "$what: $(cat /tmp/err)"
	fi
}

# state: who is attached, and with what claim on the pool; no counters
state()
{
	[ -d /sys/module/vtmm ] || return 0
	vtmmctl pool | awk 'NR == 1 { print $6 } NR > 1 { print $1, $2, $3, $4, $5 }'
	cat /sys/module/vtmm/refcnt
}

# field NAME: the first value of that key in the JSON on stdin
field()
{
	sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" |
		head -n 1
}

# shows WHAT PATTERN COMMAND... : it succeeds and prints something like PATTERN
shows()
{
	what=$1 pattern=$2
	shift 2
	if "$@" >/tmp/out 2>&1 && grep -qE -e "$pattern" /tmp/out; then
		ok "$what"
	else
		not_ok "$what" "it failed, or printed nothing like $pattern"
		sed 's/^/  /' /tmp/out
	fi
}

# vm_fd PID: a descriptor of a VM in that process
vm_fd()
{
	for fd in /proc/"$1"/fd/*; do
		if [ "$(readlink "$fd")" = anon_inode:kvm-vm ]; then
			echo "${fd##*/}"
			return
		fi
	done
}

sleep 1000 &
no_vmm=$!
start_vm --slot 16M --ctl /tmp/one
one=$vm
start_vm --slot 16M --vms 2 --ctl /tmp/two
two=$vm
wait_for 20 test -S /tmp/one || fail "the tiny VMM does not start: $(cat "$vm_out")"
wait_for 20 test -S /tmp/two || fail "the tiny VMM does not start: $(cat "$vm_out")"

refused "module not loaded" 3 "not loaded: run: modprobe vtmm" vtmmctl attach "$one"
shows "--version without the module" "^tool +[0-9]" vtmmctl --version
load_module fast=0 slow=1 || fail "the module does not load"
shows "a size for the pool" "64.0M, rate" vtmmctl pool --size 64M

refused "another ABI" 1 "speaks ABI 1 and this tool speaks ABI 2" vtmmctl-abi2 attach "$one"
refused "no CAP_NET_ADMIN" 1 "run as root or with CAP_NET_ADMIN" \
	unprivileged vtmmctl attach "$one"
refused "no such pid" 1 "no process has this pid" vtmmctl attach 4194300
refused "no VMM" 1 "KVM VM" vtmmctl attach "$no_vmm"
# Only kernels with guest_memfd have such VMs: 6.12, if its KVM was built for it.
tinyvmm private >/tmp/private 2>&1 &
private=$!
vms="$vms $private"
wait_for 5 test -s /tmp/private
if grep -q '^ok' /tmp/private; then
	refused "private memory" 1 "private|encrypted" vtmmctl attach "$private"
else
	echo "no VM with private memory here: $(cat /tmp/private)"
fi
refused "several VMs in the process" 1 "several" vtmmctl attach "$two"
refused "a descriptor that is no VM" 1 "descriptor" vtmmctl attach "$two" --fd 0
refused "more guaranteed than there is" 1 "[a-z]" vtmmctl attach "$one" --min 100G
refused "no VM to show" 1 "no VM is attached" vtmmctl stats

shows "attach" "^attached VM 1 " vtmmctl attach "$one" --period 50ms --budget none --max 8M --shares 7
refused "attached already" 1 "already" vtmmctl attach "$one"
refused "tiers while VMs are attached" 1 "attached" vtmmctl tier fast=1 slow=0
refused "a pool larger than the fast tier" 1 "larger" vtmmctl pool --size 1000G
refused "wrong usage" 2 "no option" vtmmctl list --nonsense
fd=$(vtmmctl list -j | field fd)
assert_eq "the VM's descriptor is shown" "$(readlink "/proc/$one/fd/$fd")" "anon_inode:kvm-vm"
assert_eq "the limit is taken" "$(vtmmctl list -j | field fast_max)" 2048
assert_eq "the shares are taken" "$(vtmmctl list -j | field shares)" 7
assert "set" vtmmctl set "$one" --max none --shares 9 --name "me  too"
assert_eq "the limit is lifted" "$(vtmmctl list -j | field fast_max)" null
assert_eq "the shares are changed" "$(vtmmctl list -j | field shares)" 9
shows "a VM by its name" "^VM 1 " vtmmctl stats "me  too"

shows "the guest writes" "^ok" tinyvmm ctl /tmp/one "write loop bg"
enough_rounds()
{
	[ "$(vtmmctl stats -j | field windows)" -ge 2 ]
}
assert "windows pass" wait_for 30 enough_rounds
shows "the histogram has pages" '^\* hot: [1-9]' vtmmctl heat
shows "the heat map has letters" '^ .*0x?[0-9a-f]*  .*[A-Ja-j]' vtmmctl heat --map
shows "pages" '^[0-9a-f]+ [0-9]+ r?w' vtmmctl pages -r 10
shows "plan" "^why " vtmmctl plan
shows "status" "^ *1 +$one +me  too" vtmmctl
shows "pool" "^ 1 " vtmmctl pool
shows "doctor" "^ok +module: version" vtmmctl doctor
tracker=ad-bits
[ "$VTMM_VENDOR" = amd ] || tracker=pml
shows "doctor: the tracker of a VM" "VM 1 has tracker $tracker" vtmmctl doctor

# On a host of one CPU the guest would keep it busy.
shows "the guest stops" "^ok" tinyvmm ctl /tmp/one stop

vtmmctl monitor -j --count 2 --timeout 60s >/tmp/events &
monitor=$!
sleep 1
shows "attach one of two" "^attached VM 2 " \
	vtmmctl attach "$two" --fd "$(vm_fd "$two")" --mode observe
shows "detach by id" "^detached VM 2" vtmmctl detach id:2
wait_for 10 sh -c "! kill -0 $monitor 2>/dev/null" || kill "$monitor"
grep -v '"kind":"\(plan-done\|rebalance\)"' /tmp/events >/tmp/seen
assert "events came" test -s /tmp/events
shows "events are JSON lines" '^\{"kind":"' cat /tmp/events

stop_vm "$one"
gone()
{
	[ "$(vtmmctl list | wc -l)" = 1 ]
}
assert "a VM that ends is detached" wait_for 10 gone
shows "attach before unload" "^attached VM 3 " \
	vtmmctl attach "$two" --fd "$(vm_fd "$two")"
assert "unload while attached" unload_module
assert "the VM lives on" kill -0 "$two"
kill "$no_vmm"
