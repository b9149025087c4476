#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# exact [anon|memfd] [4k|2m] [VCPUS] [MIB]: what vtmm says was read and
# written is what the guest read and wrote: no page missed, none invented.
# The guest stands still while a round goes on: see also exact-running.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

backing=${1:-anon} paging=${2:-4k} vcpus=${3:-1} mib=${4:-16}
last=$((mib * 256 - 1))
slot_pages=$((mib * 256))
# shellcheck disable=SC2034 # of touches
setup="$backing, $paging, $vcpus vCPU"

need_module
boot_vm --slot "${mib}M" --backing "$backing" --guest-paging "$paging" \
	--vcpus "$vcpus" --node 1 --populate
attach "$vm" --mode observe
# A page that KVM has just mapped says that it was written: map all first.
tell "$vm" read || fail "the guest cannot read its memory"
next_round "$vm"
touches "nothing" "spin times=1000"
touches "scattered reads and writes" "read all rand=7% seed=$mib" \
	"write all rand=5% seed=1$mib"
touches "the same pages, a part of them written" "read all rand=7% seed=$mib" \
	"write all rand=2% seed=2$mib"
touches "dense" "write 100-799" "read 500-1299"
touches "strides" "read 0-$last/3" "rw 0-$last/64" "write 5-$last/129"
if [ "$vcpus" = 2 ]; then
	touches "two vCPUs at once" "read all rand=20% seed=3 bg" \
		"write all rand=20% seed=4 bg vcpu=1" "wait" "wait vcpu=1"
fi
touches "all" "write"
touches "a single page" "read $last"
tell "$vm" "read 77"
tinyvmm ctl "/tmp/vm.$vm" truth >/tmp/truth
assert_fails "an access after the round counts as missing" "missing=1 " \
	truthcmp --within "40000:$slot_pages" /tmp/truth /tmp/pages
next_round "$vm"
touches "nothing again" "spin times=1000"
echo "compared $compared pages"
vtmmctl detach "$vm" >/dev/null || not_ok "detach" "it fails"
