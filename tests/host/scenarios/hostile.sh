#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# hostile [COUNT] [SEED] [calm|idle]: COUNT hostile netlink messages, in two processes
# at once, while VMs run that are attached, detached and changed by those very
# messages; calm: VMs of the lowest priority, which leave the CPUs to messages; idle:
# so, and their guests do nothing meanwhile.
# Who may not is refused every command. What a VMM calls itself steers neither
# terminal nor format nor JSON. Afterwards vtmm attaches, tracks and moves as
# ever, every byte of the guests' memory is right, and nothing has leaked.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

count=${1:-10000} seed=${2:-1} calm=${3-}
pages=1024

# nasty: a VM's name as an attacker would have it
nasty()
{
	printf '\033[2J%%s%%n"\\\n\302\233'
}

# fuzz COUNT SEED: in the first two processes are VMs
fuzz()
{
	nlfuzz "$2" "$1" 2 "$vm_a" "$vm_b" 1 2 $$ "$idle" 4194303 >"/tmp/fuzz.$2" 2>&1
}

# fuzz_twice COUNT SEED: two at once; what both say is told
fuzz_twice()
{
	fuzz $(($1 / 2)) "$2" &
	other=$!
	fuzz $(($1 / 2)) "$(($2 + 1))"
	bad=$?
	wait $other || bad=1
	for log in "/tmp/fuzz.$2" "/tmp/fuzz.$(($2 + 1))"; do
		grep -v '^messages=' "$log"
		sed -n 's/^messages=/seed '"${log##*.}"': messages=/p' "$log"
	done
	return $bad
}

# quiet FILE: nothing but text and line ends
quiet()
{
	test -s "$1" && ! tr -d '\n' <"$1" | LC_ALL=C grep -q '[[:cntrl:]]'
}

# names: the VM's name, wherever it is shown
names()
{
	vtmmctl attach "$vm_a" --mode observe >/tmp/out 2>&1
	assert "attach shows the name and nothing else" quiet /tmp/out
	for command in status list pool "stats $vm_a" "-j list" "-j pool" "-j stats $vm_a"; do
		# The words are the arguments.
		# shellcheck disable=SC2086
		vtmmctl $command >/tmp/out 2>&1
		assert "$command: the name steers no terminal" quiet /tmp/out
	done
	assert_eq "who reads the JSON gets the very name" \
		"$(vtmmctl -j list | jq -j '.vms[0].name')" "$(nasty)"
	vtmmctl detach "$vm_a" >/dev/null
}

moved()
{
	look "$1"
	[ "$(seen promoted)" -gt 0 ]
}

# works PID: attached as if nothing had been, it is tracked and moved
works()
{
	vtmmctl pool --size auto --rate none >/dev/null || not_ok "the pool" "it can't be set"
	vtmmctl tier fast=0 slow=1 >/dev/null || not_ok "the tiers" "they can't be set"
	tell "$1" "move all node=1" "writer 0-$((pages / 4 - 1)) loop exit=16"
	vtmmctl attach "$1" --period 20ms --budget none --max 2M >/dev/null ||
		not_ok "attach" "it fails"
	assert "the VM is tracked and moved" wait_for 60 moved "$1"
	assert "the guest has found nothing wrong" tell "$1" stop
	vtmmctl detach "$1" >/dev/null
}

detach_all()
{
	for id in $(vtmmctl -j list | sed -n 's/^ *"id": \([0-9]*\).*/\1/p'); do
		vtmmctl detach "id:$id" >/dev/null || return 1
	done
	none_attached
}

# a_round: for no_leak; as many messages as it takes to attach some times
a_round()
{
	seed=$((seed + 2))
	fuzz_twice "$count" "$seed" >/tmp/rounds 2>&1
	bad=$?
	grep 'messages=' /tmp/rounds
	[ "$bad" = 0 ] || cat /tmp/rounds
	detach_all && return "$bad"
}

sleep 1000 &
idle=$!
need_module
vmm=/tmp/$(nasty)
cp /mnt/build/tests/tinyvmm "$vmm"
[ -z "$calm" ] || renice -n 19 -p $$ >/dev/null
boot_vm --slot 4M --node 1 --populate
vm_a=$vm vmm=
boot_vm --slot 4M --backing memfd --node 1 --populate --vcpus 2
vm_b=$vm
[ -z "$calm" ] || renice -n 0 -p $$ >/dev/null
tell "$vm_a" fill || fail "the guest cannot fill its memory"
tell "$vm_b" fill || fail "the guest cannot fill its memory"
nlfuzz refused "$vm_a" >/tmp/refused 2>&1
cat /tmp/refused
assert_eq "callers that were refused" "$(grep -c '^ok refused' /tmp/refused)" 7
names

if [ "$calm" != idle ]; then
	tell "$vm_a" "writer all loop exit=16"
	tell "$vm_b" "writer 0-511 loop exit=16" "rw 512-1023 loop exit=200 vcpu=1"
fi
echo "$(cut -d' ' -f1 /proc/uptime): messages begin"
no_leak "$count hostile messages" $((count / 8)) a_round
echo "$(cut -d' ' -f1 /proc/uptime): messages end"
for pid in $vm_a $vm_b; do
	assert "the guest has found nothing wrong" tell "$pid" stop
	tell "$pid" "stop vcpu=1" >/dev/null 2>&1
	works "$pid"
	assert "every byte is right" tell "$pid" "verify by=both"
done
assert "none is attached" none_attached
assert_eq "references to the module" "$(cat /sys/module/vtmm/refcnt)" 0
for _ in $(seq 30); do
	vtmmctl attach 4194303 >/dev/null 2>&1
	vtmmctl detach id:4194303 >/dev/null 2>&1
done
lines=$(kernel_log | grep -c 'vtmm: ')
assert "the kernel's log is not filled: $lines lines" test "$lines" -le 20
