#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# attach: VMs are attached by the pid of their VMM, several at once; a process
# with several VMs needs --fd; detaching gives back what attaching took.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

kvm=kvm_$VTMM_VENDOR

# listed PID: in the list, with the tracker that is in use
listed()
{
	vtmmctl list | grep -qE "^ *[0-9]+ +$1 .* (ad-bits|pml) "
}

# fd_of NUMBER: the descriptor of one of the VMs of a process, from $answer
fd_of()
{
	echo "$answer" | sed -n "s/^vm=$1 fd=\([0-9]*\) .*/\1/p"
}

idle=$(users "$kvm")
need_module
boot_vm --slot 8M
one=$vm
boot_vm --slot 4M --backing memfd --slot 2M
two=$vm
assert_eq "no VM is attached after loading" "$(attached)" 0

assert "attach the VM of a process" vtmmctl attach "$one" --name first
assert "attach another one" vtmmctl attach "$two"
assert_eq "VMs attached" "$(attached)" 2
assert_fails "not twice" "attached already" vtmmctl attach "$one"
assert "the first is listed" listed "$one"
assert "the second is listed" listed "$two"
assert "status names it" sh -c 'vtmmctl status | grep -q " first "'
# 2048 pages of data; the tiny VM's own area comes on top.
look "$one"
assert "its memory is known" test "$(seen mem)" -gt 2048

boot_vm --slot 4M --vms 2
many=$vm
tell "$many" vms
fd=$(fd_of 1)
other=$(fd_of 0)
assert_fails "a process with two VMs needs --fd" "several VMs" vtmmctl attach "$many"
assert_fails "a descriptor that is no VM" "no KVM VM" vtmmctl attach "$many" --fd 0
assert_eq "nothing was attached by that" "$(attached)" 2
assert "attach one of its VMs by --fd" vtmmctl attach "$many" --fd "$fd" --name by-fd
look by-fd
assert_eq "its descriptor" "$(seen fd)" "$fd"
assert "attach the other" vtmmctl attach "$many" --fd "$other"
assert_eq "VMs attached" "$(attached)" 4

assert "detach by name" vtmmctl detach first
assert "detach by pid" vtmmctl detach "$two"
assert "detach by name, of two in a process" vtmmctl detach by-fd
assert_eq "VMs left" "$(attached)" 1
assert "the other VM of the process is left" listed "$many"
assert "detach the last" vtmmctl detach "$many"
assert_eq "VMs left" "$(attached)" 0
for pid in $one $two $many; do
	assert "the VM goes on" tell "$pid" "write times=3"
done
assert "attach again" vtmmctl attach "$one"
assert "unload with a VM attached" unload_module
assert "the VM goes on without vtmm" tell "$one" "rw times=3"

for pid in $one $two $many; do
	tell "$pid" quit
	assert "the VM is destroyed" wait_for 10 not alive "$pid"
done
assert "references to $kvm, $idle as before" wait_for 10 users_are "$kvm" "$idle"
