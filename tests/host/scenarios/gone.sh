#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# gone [anon|thp]: memory that a balloon has given back, and that is read again:
# the host maps its page of zeros there, small or huge, which is nobody's. vtmm
# counts in each tier what the kernel has there, and counts it again when it is
# written, or when the VM is attached anew.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

# agree WHAT
agree()
{
	next_round "$vm"
	next_round "$vm"
	tell "$vm" where || fail "where: $answer"
	assert_eq "$1: data in fast memory, by vtmm and by the kernel" \
		"$(in_tier fast)" "$(answered node0)"
	assert_eq "$1: data in slow memory, by vtmm and by the kernel" \
		"$(in_tier slow)" "$(answered node1)"
}

need_module
boot_vm --slot 8M --backing "${1:-anon}" --node 1 --populate
attach "$vm" --mode observe
tell "$vm" fill || fail "the guest cannot write"
agree "at first"
assert_eq "all of it is there" "$(answered node1)" 2048
vtmmctl detach "$vm" >/dev/null || fail "detach failed"
attach "$vm" --mode observe
agree "attached again"
tell "$vm" "balloon 0-1023" "read 0-1023" || fail "$answer"
agree "given back and read"
assert_eq "half of it is there" "$(answered node1)" 1024
tell "$vm" "fill 0-1023" || fail "the guest cannot write"
agree "written again"
assert_eq "all of it is there again" "$(($(answered node0) + $(answered node1)))" 2048
tell "$vm" "balloon all" "read all" || fail "$answer"
agree "all given back and read"
assert_eq "nothing is there" "$(answered absent)" 2048
