#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# tinyvmm-self: the tiny VMM tells the truth. Whatever can be known otherwise
# is compared: KVM's own dirty log, sets that are easy to count, damaged pages.
# It must never load vtmm.
. /mnt/tests/host/lib.sh

sock=/tmp/self.sock
vm()
{
	tinyvmm ctl "$sock" "$@"
}

# the same without its answer
vmq()
{
	tinyvmm ctl -q "$sock" "$@"
}

# begin ARG...: a VM that listens
begin()
{
	start_vm "$@" --ctl "$sock"
	# shellcheck disable=SC2154
	wait_for 20 grep -q '^ok' "$vm_out" || fail "no VM: $(cat "$vm_out")"
}

end()
{
	vmq quit
	# shellcheck disable=SC2154
	wait "$vm"
	assert_eq "the VMM ends with status 0" "$?" 0
}

# truth_is WHAT RANGES: RANGES is what the truth must be, then it begins anew
truth_is()
{
	printf '%b' "$2" >/tmp/wanted
	vm 'truth reset' | grep -v '^ok' >/tmp/truth
	assert "$1" truthcmp --exact /tmp/wanted /tmp/truth
}

begin --slot 8M --node 1
assert_eq "pages are on the node that was asked for" "$(vm where)" \
	"ok absent=0 other=0 node0=0 node1=2048"

vmq 'read 0-9/3'
truth_is "a strided read" '40000 1 r\n40003 1 r\n40006 1 r\n40009 1 r\n'
vmq 'write 100-199' 'rw 300-309' 'read 150-159'
truth_is "reads and writes are told apart" \
	'40064 50 w\n40096 10 rw\n400a0 40 w\n4012c 10 rw\n'
vmq 'read b16:f05,g40100-40101,7'
truth_is "bitmaps and frame numbers" \
	'40007 1 r\n40010 4 r\n40018 1 r\n4001a 1 r\n40100 2 r\n'
vmq 'write rand=10% seed=3'
assert_eq "a random tenth" "$(vm 'truth count reset')" "ok pages=205"
vmq 'hot 0-999 size=100 step=50 every=3 moves=2 mode=rw'
truth_is "a hot set that moves" '40000 200 rw\n'
vmq 'zipf 0-999 n=5000 s=1.2 write=50'
assert "Zipf stays in its set" test "$(vm truth |
	awk '{ n += $2 } END { print n }')" -le 1000
vmq reset

vmq 'fill all version=5'
assert "filled pages verify" vmq 'verify by=both'
truth_is "filled by the guest, verified by it" '40000 2048 rw\n'
vmq 'fill 0-99 version=6 by=host'
truth_is "what the host does is no access of the guest" ''
assert "pages filled by the host verify in the guest" vmq 'verify by=guest'
vmq 'poke 1000'
assert_fails "a damaged page is found by the host" "1 wrong.*403e8" vm verify
assert_fails "and by the guest" "1 wrong.*403e8" vm 'verify by=guest'
vmq 'poke 1000'

vmq 'writer 0-1023 loop'
wait_for 10 sh -c "tinyvmm ctl $sock truth | grep -q ." ||
	not_ok "the writer runs" "no page was touched"
vmq 'move all node=0'
assert "what move says is what where says" test "$(vm where)" = \
	"ok absent=0 other=0 node0=2048 node1=0"
vmq 'move all node=1' 'pause' 'resume'
assert "no write is lost while pages move" vmq stop
assert "and every byte is right" vmq 'verify by=both'

vmq 'balloon 10-19' reset
assert_eq "a balloon frees pages" "$(vm where)" \
	"ok absent=10 other=0 node0=0 node1=2038"
assert "ballooned pages read as zeros" vmq 'verify by=both'

vmq 'log 0 on' 'write rand=200 seed=9' 'reset' 'dirty 0'
vmq 'write rand=300 seed=11'
vm truth >/tmp/truth
vm 'dirty 0' >/tmp/dirty
assert "KVM's dirty log agrees about writes" \
	truthcmp --exact /tmp/truth /tmp/dirty
vmq 'log 0 off' reset

assert "a slot is added" \
	vmq 'slot-add 1 size=2M gpa=0x100000000 backing=memfd node=0'
vmq 'write s1:all'
truth_is "and used" '100000 512 w\n'
assert "and deleted" vmq 'slot-del 1'
assert "a vCPU is added" vmq vcpu-add
vmq 'read 0-99 loop' 'write 200-299 loop vcpu=1'
wait_for 10 sh -c "[ \"\$(tinyvmm ctl $sock 'truth count')\" = 'ok pages=200' ]"
assert_fails "pages of another vCPU's job are refused" "vCPU 1 works on" \
	vm 'stop' 'fill 250'
vmq 'read 0-99 loop'
truth_is "two vCPUs at once" '40000 100 r\n400c8 100 w\n'
vmq stop 'stop vcpu=1'
assert_fails "a page outside is refused" "not in the slot" vm 'read 99999'
assert_fails "an unknown option is refused" "has no option" vm 'read 1 foo=2'
end

begin --slot 8M,backing=thp,populate --guest-paging 2m --vms 2
assert "THP memory is huge" sh -c "tinyvmm ctl $sock slots |
	grep -q 'backing=thp huge_pages=4 '"
assert "2 MiB guest paging, the second VM" vmq 'writer vm=1 times=2' 'verify vm=1'
end

assert "VMs come and go" sh -c "tinyvmm churn 3 >/dev/null"
assert "also killed" sh -c "tinyvmm churn 3 kill >/dev/null"

begin --slot 8M,populate --slot 4M,backing=memfd,populate --irqchip
assert "pages are pinned" vmq 'pin 0-99'
assert_eq "pinned pages do not move" "$(vm 'move 0-199 node=1' | sed 's/ ns=.*//')" \
	"ok there=100 failed=100 absent=0"
vmq unpin
assert_eq "without the pin they do" "$(vm 'move 0-199 node=1' | sed 's/ ns=.*//')" \
	"ok there=200 failed=0 absent=0"
assert "locked pages" vmq 'mlock 0-9' 'munlock 0-9'
assert "memory shared with another process" vmq 'share s1:all' 'fill s1:all' \
	'move s1:all node=1' verify unshare 'verify by=guest'
assert "private memory shared with a child" vmq 'share 0-99' \
	'fill 0-99 version=3' unshare 'verify by=both'
assert "advice" vmq 'advise 0-99 cold' 'advise all mergeable' \
	'advise all unmergeable' verify
assert_fails "no such advice" "use cold" vm 'advise 0 dontneed'
assert "a vCPU sleeps inside KVM" vmq halt
assert "pauses" vmq pause resume
assert "and is woken" vmq stop 'read 0-9'
assert_fails "an exception of the guest is told" \
	"exception 14 .*CR2 0x7ffffffff000; its code and tables are right" vm crash
assert_fails "its vCPU is dead then" "vCPU 0 is dead" vm 'read 0-9'
end
