#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# nested-unmarked: on Intel a guest may run a guest of its own without accessed
# bits. What that has mapped then counts as read in each round, whether it was or
# not, and vtmm says so; what it has not mapped does not.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

need_module
boot_vm --vcpus 2 --nested 1 --no-nested-ad --node 1 --populate
attach "$vm" --mode observe
tell "$vm" read reset "read 0-99 vcpu=1" || fail "there is no nested guest"
next_round "$vm"
since=$round
tell "$vm" "spin times=1000 vcpu=1" || fail "the nested guest does not run"
next_round "$vm"
same_pages "pages that it has mapped count as read, those alone" "$vm" "$since"
look "$vm"
assert_eq "that is said" "$(seen tracker_why)" \
	"guests of its own run without accessed bits: all their pages count as read"
tell "$vm" "verify by=host" || not_ok "content" "$answer"
vtmmctl detach "$vm" >/dev/null || not_ok "detach" "it fails"
