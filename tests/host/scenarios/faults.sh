#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# faults: for debug kernels: allocations fail. First that of each request in
# turn: the request is refused and nothing is left of it, or it does what it
# should. Then one in five of those that vtmm's workers make, of memory and of
# target pages, while pages move up and down: what does not move is counted,
# nothing is lost, and when nothing fails any more all comes right.
# shellcheck source=../lib.sh
. /mnt/tests/host/lib.sh

debug=/sys/kernel/debug
pages=2048 hot=512 set=0-511
kvm=kvm_$VTMM_VENDOR

# fault FILE VALUE: of both kinds of allocations that can fail, if they have it
fault()
{
	for kind in failslab fail_page_alloc; do
		[ ! -e $debug/$kind/"$1" ] || echo "$2" >$debug/$kind/"$1"
	done
}

# code: where vtmm's first and last functions begin
code()
{
	awk '$4 == "[vtmm]" && tolower($2) == "t" { print $1 }' /proc/kallsyms |
		sort | sed -n '1p; $p' | tr '\n' ' '
}

# prepare: which allocations may fail: of all sizes, those that may sleep too, if
# code of vtmm's is among the callers
prepare()
{
	[ -e $debug/failslab/require-start ] || fail "this kernel cannot make vtmm's allocations fail"
	# shellcheck disable=SC2046 # two words
	set -- $(code)
	[ $# = 2 ] || fail "it cannot be told where vtmm's code is"
	fault require-start "0x$1"
	# A shell's numbers are signed: the upper half of the address stays as it is.
	fault require-end "0xffffffff$(printf '%x' $((0x${2#ffffffff} + 4096)))"
	fault probability 0
	fault times -1
	fault verbose 0
	fault min-order 0
	fault ignore-gfp-wait N
	fault ignore-gfp-highmem N
}

# with_fault N COMMAND... : COMMAND, of which the Nth allocation by vtmm fails; a
# program's own count ends when it forks, so it becomes the command
with_fault()
{
	# shellcheck disable=SC2016 # of the shell inside
	sh -c 'echo "$1" >/proc/self/fail-nth && shift && exec "$@"' \
		sh "$@" >/tmp/said 2>&1
}

# refused_well STATUS STILL: with a sentence, and nothing has changed
refused_well()
{
	[ "$1" = 1 ] && [ "$(wc -l </tmp/said)" = 1 ] && "$2" && return
	head -n 5 /tmp/said
	return 1
}

# each_fails WHAT UNDO STILL COMMAND... : with the first, second, ... allocation
# failing, until it was refused no more six times in a row (a checker's own may
# fail without harm, and some have a second way); UNDO after a success; after a
# refusal STILL must be true. How often it was refused is in $refused.
each_fails()
{
	each=$1 undo=$2 still=$3 n=0 good=0 refused=0 bad=0 last=
	shift 3
	while [ $good -lt 6 ] && [ $n -lt 100 ]; do
		n=$((n + 1))
		with_fault "$n" "$@"
		status=$?
		if [ "$status" = 0 ]; then
			good=$((good + 1))
			$undo
		else
			good=0 refused=$((refused + 1)) last=$(head -n 1 /tmp/said)
			refused_well "$status" "$still" || bad=$((bad + 1))
		fi
	done
	faults=$((faults + n - good))
	echo "$each: $refused of $n times refused; the last: $last"
	assert_eq "$each: refusals without a sentence, or that left something" "$bad" 0
	assert "$each: it is done when nothing fails" test $good = 6
}

# as_before: nothing is attached and no reference is held
as_before()
{
	none_attached && wait_for 10 users_are "$kvm" "$idle"
}

detach()
{
	vtmmctl detach "$vm" >/dev/null || not_ok "detach" "it fails"
}

answers()
{
	vtmmctl stats "$vm" >/dev/null
}

# refuses: in all of it something was refused
refuses()
{
	assert "$each: allocations of it have failed" test "$refused" -ge "$1"
}

# requests: each of their allocations fails
requests()
{
	faults=0
	idle=$(users "$kvm")
	each_fails "attach" detach as_before vtmmctl attach "$vm" --period 60s
	refuses 4
	attach "$vm"
	each_fails "set" true answers vtmmctl set "$vm" --max 3M --shares 200
	refuses 1
	for request in stats heat plan pool status; do
		# Those of a VM name it; the words are the arguments.
		case $request in
		pool | status) set -- "$request" ;;
		*) set -- "$request" "$vm" ;;
		esac
		each_fails "$request" true answers vtmmctl "$@"
		refuses 1
	done
	detach
	echo "requests with an allocation that failed: $faults"
}

# nomem_since COUNT: so many pages more could not move for want of memory; an answer
# may want memory too
nomem_since()
{
	look "$vm" || return 1
	[ "$(seen failed_nomem)" -ge $(($1 + 50)) ]
}

# moved_since COUNTER COUNT: pages move that way all the same
moved_since()
{
	look "$vm" || return 1
	[ "$(seen "$1")" -gt "$2" ]
}

has_gone()
{
	[ "$(in_fast "$set")" -le $((hot / 8)) ]
}

# failing WHAT MAX COUNTER: pages move that way, and some do not
failing()
{
	look "$vm"
	nomem=$(seen failed_nomem) before=$(seen "$3")
	fault probability 20
	# This may be refused too.
	wait_for 20 vtmmctl set "$vm" --max "$2" || not_ok "$1" "the max cannot be set"
	assert "$1: pages without memory are counted" wait_for 60 nomem_since "$nomem"
	assert "$1: pages move all the same" wait_for 60 moved_since "$3" "$before"
	fault probability 0
	look "$vm"
	echo "$1: promoted $(seen promoted), demoted $(seen demoted)," \
		"for want of memory not moved $(seen failed_nomem)"
}

# moves: pages move while allocations fail
moves()
{
	vtmmctl attach "$vm" --period 50ms --budget none --floor 0 --cooldown 0 \
		--queue off --max 256k >/dev/null || fail "attach failed"
	tell "$vm" "writer $set loop exit=16" || fail "the guest does not run"
	failing "up" 4M promoted
	assert "up: all comes when nothing fails" wait_for 60 has_come "$set" "$hot"
	failing "down" 256k demoted
	assert "down: all goes when nothing fails" wait_for 60 has_gone
	assert "the guest finds nothing wrong" tell "$vm" stop
	all_right "every byte is right"
	assert_eq "pages verified by the host" "$(answered pages)" "$pages"
	detach
}

need_module
prepare
boot_vm --slot 8M --node 1 --populate
tell "$vm" fill || fail "the guest cannot fill its memory"
requests
moves
stop_vm "$vm"
wait_for 20 none_attached || not_ok "the end" "the VM is still attached"
assert "unload" unload_module
