# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# silicon: scripts/silicon, which users run on their own hosts: it refuses what
# it can't do, and where it can its report tells what the kernel says of the
# VM's pages. Emulated time is worth nothing: no latency is judged.
. /mnt/tests/host/lib.sh

export VTMM_KO
cd /tmp || exit
silicon=/mnt/scripts/silicon

assert_fails "one node for both is refused" "same node" $silicon --fast 0 --slow 0
assert_fails "a node that is not there is refused" "no node 7" $silicon --slow 7
assert_fails "a size that is no multiple is refused" "multiple of 8" $silicon --size 7
assert_fails "a VM larger than the node is refused" "smaller --size" $silicon --size 1024 --slow 1
assert "nothing is left loaded" test ! -d /sys/module/vtmm
assert "it runs to its end" $silicon --size 16 --phases 40 -o /tmp/report
assert "the report names kernel and nodes" grep -q "^node 1 " /tmp/report
assert "without vtmm nothing moves" \
	grep -qE '^hot-scattered +none .* 1024$' /tmp/report
# shellcheck disable=SC2016 # those are of awk
assert "vtmm keeps to the limit" \
	awk '$2 == "vtmm" && $5 > 1024 { bad = 1 } END { exit bad }' /tmp/report
assert "vtmm tracked" grep -qE '^rounds +[1-9]' /tmp/report
assert "the module is unloaded again" test ! -d /sys/module/vtmm
