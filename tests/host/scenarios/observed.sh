#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# observed: of a VM that is only observed no page moves, though it has pages in fast
# memory that it does not use, and hot ones in slow memory to exchange them for.
# Managed, they are exchanged, which shows that the test can fail.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

cold=0-511 hot=1024-1535

# would_move: its plan has promotions
would_move()
{
	[ "$(vtmmctl -j plan "$vm" | sed -n 's/^ *"promote": \([0-9]*\).*/\1/p')" -gt 0 ]
}

windows_since()
{
	look "$vm"
	[ $(($(seen windows) - $1)) -ge "$2" ]
}

need_module
boot_vm --slot 8M --node 1 --populate
tell "$vm" fill "move $cold node=0" "rw $hot loop exit=64" || fail "the guest does not run"
vtmmctl attach "$vm" --mode observe --period 20ms --budget none --floor 0 --cooldown 0 \
	>/dev/null || fail "attach failed"
assert "it is said what would move" wait_for 60 would_move
look "$vm"
assert "some windows go by" wait_for 60 windows_since "$(seen windows)" 4
assert "it would move still" would_move
look "$vm"
assert_eq "nothing has moved, by vtmm" "$(seen promoted) $(seen demoted)" "0 0"
assert_eq "nor by the kernel: the hot pages" "$(in_fast "$hot")" 0
assert_eq "nor the idle ones" "$(in_fast "$cold")" 512
vtmmctl set "$vm" --mode manage
assert "managed, the hot pages come" wait_for 60 has_come "$hot" 512
tell "$vm" stop || fail "the guest does not stop"
all_right "every byte is right"
