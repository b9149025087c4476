#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# load: what the module says when it loads: one line with its version, trackers
# and tiers. Parameters that make no sense are refused with a sentence, and so is a
# KVM that is not as the module believes.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

# said: what the module has said since the last call
said()
{
	dmesg | sed -n 's/^\[[^]]*\] //p' | grep '^vtmm: ' | tail -n "+$((heard + 1))"
}

hear()
{
	heard=$(dmesg | grep -c '\] vtmm: ')
}

# refused WHAT PATTERN PARAMETER... : not loaded, and the log says why
refused()
{
	what=$1 pattern=$2
	shift 2
	hear
	if insmod "$VTMM_KO" "$@" 2>/dev/null; then
		not_ok "$what" "it loads"
		unload_module
	elif said | grep -qE "$pattern"; then
		ok "$what"
	else
		not_ok "$what" "said '$(said)'"
	fi
}

matches()
{
	echo "$1" | grep -qE "$2"
}

# banner WHAT PATTERN PARAMETER... : loaded, with one line
banner()
{
	what=$1 pattern=$2
	shift 2
	hear
	insmod "$VTMM_KO" "$@" || fail "the module does not load"
	# The kernel's own lines about foreign modules have the name in front too.
	lines=$(said | grep -v -e taint -e 'verification failed')
	assert_eq "$what: lines in the log" "$(echo "$lines" | wc -l)" 1
	echo "$lines"
	assert "$what" matches "$lines" "$pattern"
	unload_module
}

heard=0 stock=$VTMM_KO
trackers=ad-bits tiers="fast=0 slow=1"
# Both nodes of an intel host have CPUs: nothing looks slow there.
[ "$VTMM_VENDOR" = amd ] || trackers=pml,ad-bits tiers="fast=0-1 slow=none"
version=$(vtmmctl --version 2>/dev/null | sed -n 's/^tool *\([0-9.]*\),.*/\1/p')
banner "version, trackers and tiers" \
	"^vtmm: version $version, trackers $trackers, tiers $tiers \(guessed\)$"
banner "tiers that were named" "tiers fast=0 slow=1$" fast=0 slow=1
banner "one tier that was named" "tiers fast=1 slow=0$" fast=1

# Of another kernel, as far as the module can tell.
VTMM_KO=/tmp/vtmm.ko
/mnt/tests/layout/believe "$stock" $VTMM_KO 'bool (struct kvm *, gfn_t, gfn_t, bool)' \
	'bool (struct kvm *, int, gfn_t, bool)' || fail "there is no such module"
refused "another KVM than the module knows" \
	'not loaded: .*kvm_tdp_mmu_zap_leafs of kvm is bool .*, vtmm knows it as bool'
VTMM_KO=$stock

refused "words for nodes" "fast and slow take lists of nodes" fast=dram
refused "a node that is in both tiers" "can't be in both tiers" fast=0 slow=0-1
refused "a node that does not exist" "does not exist or has no memory" slow=7
refused "no fast tier" "the fast tier has no node" slow=0-1
