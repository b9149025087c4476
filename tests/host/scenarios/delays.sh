#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# delays US SCENARIO [ARG...]: another scenario, while who comes to a dangerous point
# waits there for up to US microseconds, the first ones all, then one in eight:
# between the harvest of a round and its flush, between the zap of a batch and
# its moves, between unmap and copy and mapping again of each page (rmap_walk()
# does both), between the end of a VM's tracking and its release. The scenario
# must hold as without.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

us=$1 scenario=$2
shift 2
waits=/sys/module/vtmm_delay/parameters/waits

# copying: the function that is entered when a page is copied
copying()
{
	case $VTMM_SERIES in
	6.1) echo folio_copy ;;
	*) echo folio_mc_copy ;;
	esac
}

# waited N: somebody has waited at the Nth point; a VM may end after the scenario
waited()
{
	[ "$(cut -d, -f"$1" $waits)" -gt 0 ]
}

points="kvm:kvm_flush_remote_tlbs migrate_pages rmap_walk $(copying)"
points="$points mmu_notifier_unregister kvm:kvm_put_kvm"
insmod "${VTMM_KO%/*}/test/vtmm_delay.ko" us="$us" \
	at="$(echo "$points" | tr ' ' ,)" || fail "the module does not load"
sh "/mnt/tests/host/scenarios/$scenario.sh" "$@"
assert_eq "$scenario holds" "$?" 0
count=1
for point in $points; do
	assert "there were waits at $point" wait_for 20 waited $count
	count=$((count + 1))
done
echo "waits at $points: $(cut -d, -f1-$((count - 1)) $waits)"
rmmod vtmm_delay
