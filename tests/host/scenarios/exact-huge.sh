#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# exact-huge [4k|2m]: memory of transparent huge pages, mapped to the guest by
# 2 MiB leaves: one record for a chunk, touched when any page of it was. On Intel
# the log adds which page was written.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

# A leaf cannot tell which of its pages was touched, or whether the page that
# was read is the one that was written: chunks are compared.
# shellcheck disable=SC2034 # of touches
compare=--chunk slot_pages=8192

# sampled: the first gfn of each run that the log named, hexadecimal
sampled()
{
	vtmmctl -j pages "$vm" | awk -F'[:,]' '
		/"gfn"/ { gfn = $2 }
		/"sampled": true/ { printf "%s%x", sep, gfn; sep = " " }'
}

need_module
boot_vm --slot 32M --backing thp --guest-paging "${1:-4k}" --node 1 --populate
tell "$vm" slots && assert_eq "huge pages of the VMM" "$(answered huge_pages)" 16
attach "$vm" --mode observe
tell "$vm" read || fail "the guest cannot read its memory"
next_round "$vm"
huge=$(vtmmctl -j pages "$vm" | grep -c '"huge": true')
assert_eq "chunks that vtmm knows to be huge" "$huge" 16
touches "nothing" "spin times=1000"
touches "one page of some chunks" "read 5" "write 3000" "read 7777"
touches "many pages of a chunk, one written" "read 512-1000" "write 600"
[ "$VTMM_VENDOR" = intel ] && named="40258 40bb8" || named=
assert_eq "pages of leaves that the log named as written" "$(sampled)" "$named"
touches "all chunks" "write 0-8191/511"
touches "nothing again" "spin times=1000"
echo "compared $compared pages"
