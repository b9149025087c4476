#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# ynl: the generic client of the kernel tree (tools/net/ynl/cli.py) drives the
# module by docs/netlink/vtmm.yaml alone. It needs Python, so it runs on hosts
# that share this machine's root; scripts/fetch-ynl must have run before. Python
# is slow there: without the argument "all" only the main commands are tried.
# shellcheck source=../lib.sh disable=SC2119
. /mnt/tests/host/lib.sh

ynl=/mnt/build/cache/ynl

# client ARG... : cli.py with our spec. That the spec is valid is for spec-test
# to say: to check it each time takes an emulated host long.
client()
{
	/usr/bin/python3 $ynl/tools/net/ynl/cli.py --no-schema \
		--spec /mnt/docs/netlink/vtmm.yaml --output-json "$@"
}

# value FILTER: of the JSON on stdin
value()
{
	jq -r "$1"
}

two_windows()
{
	[ "$(vtmmctl stats -j | value .vm.stats.windows)" -ge 2 ]
}

# listening: somebody has joined a group of generic netlink
listening()
{
	awk '$2 == 16 && $4 != "00000000" { found = 1 } END { exit !found }' \
		/proc/net/netlink
}

# try_the_rest: maps, the host, events; $id is attached and gets detached
try_the_rest()
{
	client --dump heatmap-get --json "{\"vm-id\": $id}" >/tmp/map || fail "heatmap-get failed: $(cat /tmp/map)"
	assert "the heat map has chunks" test "$(value '[.[].chunk | length] | add' </tmp/map)" -ge 1
	client --dump pages-get --json "{\"vm-id\": $id}" >/tmp/pages || fail "pages-get failed: $(cat /tmp/pages)"
	assert "pages are listed" test "$(value '[.[].run[].count] | add' </tmp/pages)" -ge 256
	client --do info-get >/tmp/info || fail "info-get failed: $(cat /tmp/info)"
	assert_eq "info-get tells the ABI" "$(value .abi </tmp/info)" 1
	assert_eq "and the tiers by name" "$(value '.tier[0].id' </tmp/info)" fast

	client --subscribe events --sleep 10 >/tmp/events &
	listener=$!
	assert "the client listens" wait_for 60 listening
	assert "detach" vtmmctl detach "id:$id"
	wait $listener
	assert_eq "the event was heard" "$(value '[.[] | select(.msg.kind == "detach")] | length' </tmp/events)" 1
}

test -f $ynl/tools/net/ynl/cli.py || fail "no client: run scripts/fetch-ynl"
load_module fast=0 slow=1 || fail "the module does not load"
boot_vm --slot 16M
assert "the guest writes" tell "$vm" "write loop bg"

client --do vm-attach --json "{\"pid\": $vm, \"period-ms\": 50, \"budget-permille\": 0, \"mode\": \"observe\", \"name\": \"by-ynl\"}" >/tmp/attach ||
	fail "vm-attach failed: $(cat /tmp/attach)"
assert_eq "vm-attach answers with the VM" "$(value .name </tmp/attach)" by-ynl
assert_eq "the mode comes back by name" "$(value .mode </tmp/attach)" observe
id=$(value .id </tmp/attach)
assert_fails "a value out of range is refused" "shares" \
	client --do vm-set --json "{\"id\": $id, \"shares\": 0}"
assert "windows pass" wait_for 40 two_windows

client --dump vm-get >/tmp/vms || fail "vm-get failed: $(cat /tmp/vms)"
assert_eq "a dump has the VM" "$(value '.[0].pid' </tmp/vms)" "$vm"
client --do heat-get --json "{\"vm-id\": $id}" >/tmp/heat || fail "heat-get failed: $(cat /tmp/heat)"
assert_eq "the histogram has 31 buckets" "$(value '.bucket | length' </tmp/heat)" 31
assert "and warm pages" test "$(value '[.bucket[1:][] | .fast + .slow] | add' </tmp/heat)" -ge 256
[ "${1-}" = all ] && try_the_rest
unload_module fast=0 slow=1 || fail "the module does not unload"
