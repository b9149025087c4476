#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# churn BACKING MIB MOVES: pages of a VM go up and down between fast and slow
# memory, as its --max is lowered and raised, until so many have moved. One vCPU
# checks and rewrites whole pages of the one half all the while, others read and
# write words of the rest; in the end both sides verify every byte.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} mib=${2:-64} moves=${3:-100000}
pages=$((mib * 256))
# An eighth of its pages, all of them and more.
low=$((pages / 2))k high=$((pages * 2 * 4))k

# turned TEST PAGES: by vtmm, that is where the VM's memory is
turned()
{
	look "$vm"
	test "$(seen pages_fast)" "$1" "$2"
}

# turn MAX TEST PAGES: as MAX lets it, though not down to the last page, for which
# it might be that a plan is just being carried out, or cut
turn()
{
	vtmmctl set "$vm" --max "$1" || fail "the max cannot be set"
	wait_for 60 turned "$2" "$3" || fail "$(seen pages_fast) pages are in fast memory, not $2 $3;" \
		"failed: $(vtmmctl stats "$vm" | grep -i fail | tr '\n' ';')"
}

need_module
boot_vm --slot "${mib}M" --backing "$backing" --node 1 --populate --vcpus 3
tell "$vm" fill || fail "the guest cannot fill its memory"
vtmmctl attach "$vm" --period 10ms --budget none --floor 0 --cooldown 0 \
	--queue off --max "$low" >/dev/null || fail "attach failed"
tell "$vm" "writer 0-$((pages / 2 - 1)) loop exit=16" \
	"rw $((pages / 2))-$((pages * 3 / 4 - 1)) loop exit=64 vcpu=1" \
	"read $((pages * 3 / 4))-$((pages - 1)) loop exit=64 vcpu=2" ||
	fail "the guest does not run"
moved=0
while [ "$moved" -lt "$moves" ]; do
	turn "$high" -ge $((pages * 5 / 8))
	turn "$low" -le $((pages * 3 / 16))
	moved=$(($(seen promoted) + $(seen demoted)))
done
echo "$backing: promoted $(seen promoted), demoted $(seen demoted) pages of 4 KiB," \
	"failed $(seen promote_failed) and $(seen demote_failed)," \
	"in $(seen migrate_us_total) us of moving"
assert "the guest finds nothing wrong in $moved moves" tell "$vm" stop "stop vcpu=1" "stop vcpu=2"
all_right "every byte is right"
assert_eq "pages verified by the host" "$(answered pages)" $pages
