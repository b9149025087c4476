#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# dirty-log-extra: pages move in a slot whose dirty pages the VMM logs, and the guest
# leaves them alone: none is mapped ahead there, and KVM's log has none of them.
# Else each of them would be sent again by a live migration.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

hot=512 set=0-511

need_module
boot_vm --slot 8M --node 1 --populate --dirty bitmap
tell "$vm" fill || fail "the guest does not run"
attach_hot "$hot"
make_hot "$set"
tell "$vm" "log 0 on" "dirty 0" || fail "KVM logs nothing"
tell "$vm" "write 1000-1009" "spin loop exit=16" || fail "the guest does not run"
first_moves "$set"
assert "the hot pages come into fast memory" wait_for 60 has_come "$set" "$hot"
vtmmctl set "$vm" --mode observe
# What would still be mapped is mapped within a quarter of a second.
sleep 1
tell "$vm" stop "dirty 0" || fail "the guest does not stop"
assert_eq "KVM's log has what the guest wrote, and nothing else" \
	"$(echo "$answer" | sed '/^ok/d')" "403e8 10 w"
look "$vm"
assert_eq "no page was mapped ahead" "$(seen pages_prefilled)" 0
all_right "every byte is right"
