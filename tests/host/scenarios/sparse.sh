#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# sparse [SIZE [MIB]]: a VM that is huge and of which MIB are touched: heat and
# the tables that a round visits must follow what is touched, not the size.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

size=${1:-1023G}
slot=$((${size%G} * 262144))
# The beginning, and 64 pages spread over all of it
dense=$((${2:-64} * 256)) spread=64

need_module
boot_vm --slot "$size" --guest-paging 2m
attach "$vm" --mode observe
look "$vm"
assert "vtmm knows how large the VM is" test "$(seen mem)" -ge "$slot"
before=$(seen heat_bytes)
tell "$vm" "write 0-$((dense - 1))" "write 0-$((slot - 1))/$((slot / spread))" ||
	fail "the guest cannot write"
next_round "$vm"
look "$vm"
heat=$(seen heat_bytes)
echo "$size: heat_bytes $before before, $heat with $((dense + spread)) pages touched"
assert "all that was touched is known" \
	test $(($(seen pages_fast) + $(seen pages_slow))) -ge $((dense + spread - 1))
# 8 bytes a page for what is dense; a table and its way there for each far page
assert "heat follows what is touched" test "$heat" -le $((dense * 8 + spread * 8192 + before + 65536))
tell "$vm" "write 0-$((slot - 1))/$((slot / spread))" || fail "the guest cannot write"
next_round "$vm"
look "$vm"
visited=$(seen sptes_visited)
tell "$vm" "write 0-$((slot - 1))/$((slot / spread))" || fail "the guest cannot write"
next_round "$vm"
look "$vm"
visited=$(($(seen sptes_visited) - visited))
echo "$visited entries visited for $spread pages far apart"
# For each: the lowest table, the one above it; for all: a few, and the guest's own
assert "a round visits what leads to touched pages" test "$visited" -le $((spread * 1024 + 20 * 512))
assert "detach" vtmmctl detach "$vm"
