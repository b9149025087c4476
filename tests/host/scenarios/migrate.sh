#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# migrate [anon|memfd|thp] [MIB] [PERIOD]: a VM's hot pages come into fast
# memory within its --max, and leave it when others are hotter. The guest checks
# and rewrites the whole of each hot page all the while; in the end every byte
# is verified from both sides. Where the pages are is asked from the kernel, not
# from vtmm. With a long period the hot set changes while all that has moved
# still cools down: then nothing may come in, for nothing can leave.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} mib=${2:-32} period=${3:-100ms}
pages=$((mib * 256)) max=$((mib * 256 / 4)) hot=$((mib * 256 / 8))
most=0

# within_max: remembers the most of all data pages
within_max()
{
	now=$(in_fast all)
	[ "$now" -le "$most" ] || most=$now
	[ "$now" -le "$max" ]
}

# moved_in SET COUNT: so many pages of it are in fast memory; never too many
moved_in()
{
	within_max || fail "$now pages in fast memory, more than $max;" \
		"$(vtmmctl stats "$vm" | grep -E 'allot|fast|moted')"
	[ "$(in_fast "$1")" -ge "$2" ]
}

# heat_up WHAT SET: the guest writes to these pages until they are in fast memory
heat_up()
{
	tell "$vm" "writer $2 loop exit=16"
	assert "$1: it comes into fast memory" \
		wait_for 60 moved_in "$2" $((hot * 95 / 100))
	assert "$1: the guest finds nothing wrong meanwhile" tell "$vm" stop
	echo "$1: $(in_fast "$2") of $hot hot pages in fast memory"
}

need_module
boot_vm --slot "${mib}M" --backing "$backing" --node 1 --populate
tell "$vm" "fill" "verify by=host" || fail "the guest cannot fill its memory"
huge=$(tell "$vm" slots; answered huge_pages)
assert_eq "all data is in slow memory" "$(in_fast all)" 0
# By default a tenth of what is accessed need not come in. On a slow host rounds see
# some pages less often than others, and those would be the tenth. What the floor
# leaves behind, 1 % of the VM, is more than may lack of the hot pages.
vtmmctl attach "$vm" --period "$period" --budget none --floor 0 --hot 100% \
	--max $((max * 4))k || fail "attach failed"

heat_up "hot set" 0-$((hot - 1))
heat_up "another hot set" $((pages - hot))-$((pages - 1))
settle
look "$vm"
up=$(seen promoted) down=$(seen demoted)
echo "promoted $up, demoted $down, failed $(seen promote_failed) and" \
	"$(seen demote_failed) pages; at most $most of $max in fast memory"
assert "pages were promoted" test "$up" -ge $((hot * 19 / 10))
assert "pages were demoted" test "$down" -gt 0
assert_eq "data in fast memory, by vtmm and by the kernel" \
	"$(in_tier fast)" "$(in_fast all)"
tell "$vm" where
assert_eq "data in slow memory, by vtmm and by the kernel" \
	"$(in_tier slow)" "$(answered node1)"
tell "$vm" slots
assert_eq "huge pages are whole" "$(answered huge_pages)" "$huge"
all_right "every byte is right, by the guest and by the host"
assert_eq "pages verified by the host" "$(answered pages)" "$pages"
