#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# pml tracepoint|kprobe: page-modification logging by this hook (Intel): exact,
# also when the ring overflows, when vCPUs come later, when another VM is detached
# and when pages were born dirty; no entry is lost that KVM itself takes out of the
# log; off again after the detach.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

# shellcheck disable=SC2034 # of touches
hook=$1 setup=$1

# counted KEY: a counter of the VM
counted()
{
	look "$vm"
	seen "$1"
}

# trace_full: count exits because a log is full, from now on
trace_full()
{
	echo >$trace/trace
}

# count_kvms, kvms: entries that KVM has taken out of the VM's logs since
count_kvms()
{
	echo 1 >$trace/events/kprobes/entry/enable
	echo >$trace/trace
}

kvms()
{
	grep -c ' entry: ' $trace/trace
	echo 0 >$trace/events/kprobes/entry/enable
}

visited()
{
	look "$vm"
	seen sptes_visited
}

traced()
{
	grep -c 'kvm_pml_full:' $trace/trace
}

# told_once: that records were lost
told_once()
{
	[ "$(grep -c '"degraded"' /tmp/events)" = 1 ]
}

assert_fails "a hook that there is not" "." insmod "$VTMM_KO" pml_hook=both
assert "the kernel's log says why" eval \
	"kernel_log | grep -q 'pml_hook is none of auto, tracepoint and kprobe'"
insmod "$VTMM_KO" fast=0 slow=1 pml_hook="$hook" pml_ring=600 ||
	fail "the module does not load"
assert "doctor tells the hook" eval "vtmmctl doctor | grep -q '$hook: PML hook is available'"
need_tracing || fail "no tracefs"
echo 'p:entry kvm:kvm_vcpu_mark_page_dirty gfn=%si' >$trace/kprobe_events ||
	fail "KVM's entries cannot be counted"
boot_vm --slot 16M --node 1 --populate
attach "$vm" --mode observe
look "$vm"
assert_eq "the tracker" "$(seen tracker)" pml
assert_eq "the hook in use" "$(seen pml_hook)" "$hook"
tell "$vm" read || fail "the guest cannot read its memory"
next_round "$vm"

lost=$(counted pml_lost)
records=$(counted pml_records)
count_kvms
touches "a few pages" "write all rand=400 seed=7" "read all rand=300 seed=8"
assert "the log had them" [ "$(counted pml_records)" -ge $((records + 400)) ]
assert_eq "entries that vtmm saw, and KVM" $(($(counted pml_records) - records)) "$(kvms)"
assert_eq "records lost so far" "$(counted pml_lost)" "$lost"

vtmmctl -j monitor >/tmp/events &
monitor=$!
wait_for 20 polls $monitor || fail "vtmmctl monitor does not wait for events"
echo 1 >$trace/events/kvm/kvm_pml_full/enable
full=$(counted pml_full_exits)
next_round "$vm"
next_round "$vm"
trace_full
touches "more pages than the ring has places for" "write 0-2047"
assert "the log was full again and again" [ "$(traced)" -ge 3 ]
assert_eq "as often as KVM says" $(($(counted pml_full_exits) - full)) "$(traced)"
assert "lost records are counted" [ "$(counted pml_lost)" -ge $((lost + 1000)) ]
assert "who listens is told once" wait_for 10 told_once
kill $monitor
entries=$(visited)
touches "the round after a loss" "write 7-1000/13" "read 100-300"
entries=$(($(visited) - entries))
assert "it looks everywhere: at $entries entries" [ "$entries" -ge 6144 ]
next_round "$vm"
next_round "$vm"
entries=$(visited)
next_round "$vm"
entries=$(($(visited) - entries))
assert "a later one does not: $entries entries" [ "$entries" -lt 3000 ]
lost=$(counted pml_lost)
touches "few pages again" "write all rand=77 seed=9"
assert_eq "nothing more is lost" "$(counted pml_lost)" "$lost"

tell "$vm" vcpu-add || fail "no vCPU can be added"
touches "a vCPU that came later" "write 300-999/3 vcpu=1"
lost=$(counted pml_lost)
touches "two vCPUs" "write 0-99 vcpu=1" "write 50-400/7 vcpu=0"
assert_eq "of what the new vCPU logs nothing is lost" "$(counted pml_lost)" "$lost"

# Pages that have just been mapped are born dirty: the first round says so, and
# re-arms them for the log.
tell "$vm" "move 0-499 node=0" "balloon 1000-1299" ||
	fail "the pages cannot be moved"
touches "pages that were moved or dropped" "write 0-499" "write 1000-1299"
records=$(counted pml_records)
touches "the same pages a round later" "write 0-499/2" "write 1000-1299"
assert "the log had those" [ "$(counted pml_records)" -ge $((records + 550)) ]

# Another one comes and goes.
first=$vm
boot_vm --slot 2M
attach "$vm" --mode observe
vtmmctl detach "$vm" >/dev/null || fail "the other VM cannot be detached"
stop_vm "$vm"
vm=$first
look "$vm"
round=$(seen round) records=$(seen pml_records)
touches "after another VM was detached" "write 0-99"
assert "the log had those" [ "$(counted pml_records)" -ge $((records + 100)) ]

next_round "$vm"
vtmmctl detach "$vm" >/dev/null || fail "the VM cannot be detached"
trace_full
tell "$vm" "write" "write all vcpu=1" || fail "the guest cannot do that"
assert_eq "exits because of a full log, after the detach" "$(traced)" 0
echo 0 >$trace/events/kvm/kvm_pml_full/enable
attach "$vm" --mode observe
next_round "$vm"
touches "after another attach" "write all rand=200 seed=10"
echo >$trace/kprobe_events
assert "the guest's memory is right" tell "$vm" "verify by=host"
echo "compared $compared pages"
