# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# lib: what a scenario needs, for dash and for busybox. A scenario begins with
#   . /mnt/tests/host/lib.sh
# says what it found with ok and not_ok (or an assert_*), and ends; its exit
# status is 1 if any check failed. What it started is stopped for it.

failed=0
vms=
compared=0
slot_pages=4096
# Of rounds, for who has to wait for windows beside a guest that never rests: Bochs
# takes minutes for a second.
# shellcheck disable=SC2034 # for those who source this
case $VTMM_VENDOR in
intel) brisk=20ms ;;
*) brisk=100ms ;;
esac

# ok WHAT: a check that held
ok()
{
	echo "ok $*"
}

# not_ok WHAT WHY: a check that did not hold; the scenario goes on
not_ok()
{
	echo "not ok $1: $2"
	failed=1
}

# fail WHY: the scenario cannot go on
fail()
{
	echo "$*"
	exit 1
}

# assert WHAT COMMAND... : COMMAND succeeds
assert()
{
	what=$1
	shift
	if "$@"; then ok "$what"; else not_ok "$what" "failed: $*"; fi
}

# assert_eq WHAT GOT WANTED
assert_eq()
{
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "got '$2', not '$3'"; fi
}

# assert_fails WHAT PATTERN COMMAND... : COMMAND exits non-zero and says
# something that matches the extended regular expression
assert_fails()
{
	what=$1 pattern=$2
	shift 2
	if out=$("$@" 2>&1); then
		not_ok "$what" "succeeded: $*"
	elif echo "$out" | grep -qE -e "$pattern"; then
		ok "$what"
	else
		not_ok "$what" "said '$out', which does not match '$pattern'"
	fi
}

# wait_for SECONDS COMMAND... : until COMMAND succeeds; SECONDS are those of a
# quick machine and are scaled for slow emulators
wait_for()
{
	deadline=$(($(cut -d. -f1 /proc/uptime) + $1 * ${VTMM_SCALE:-1}))
	shift
	until "$@"; do
		[ "$(cut -d. -f1 /proc/uptime)" -lt "$deadline" ] || return 1
		sleep 0.2
	done
}

# polls PID: it waits for something, by poll()
polls()
{
	read -r call _ <"/proc/$1/syscall" && [ "$call" = 7 ]
}

# load_module [PARAMETER=VALUE...] and unload_module: vtmm.ko of this kernel
load_module()
{
	insmod "$VTMM_KO" "$@"
}

unload_module()
{
	rmmod vtmm
}

# need_module: load it, or the scenario cannot go on. The tiers are named, for
# both nodes of an intel host have CPUs.
need_module()
{
	insmod "$VTMM_KO" fast=0 slow=1 || fail "the module does not load"
}

# kernel_log: the kernel's log of this scenario so far
kernel_log()
{
	dmesg
}

# start_vm ARG... : a tiny VMM in the background; its pid is in $vm, its output
# in $vm_out
start_vm()
{
	vm_out=$(mktemp)
	tinyvmm "$@" >"$vm_out" 2>&1 &
	vm=$!
	vms="$vms $vm"
}

# stop_vm PID: end a VM and wait for it
stop_vm()
{
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

# boot_vm ARG... : a tiny VM that takes commands; its pid is in $vm. $vmm is its
# program, if it is set.
boot_vm()
{
	vm_out=$(mktemp)
	# shellcheck disable=SC2016 # of the shell inside, which becomes the VMM
	sh -c 'exec "$0" --ctl "/tmp/vm.$$" "$@"' "${vmm:-tinyvmm}" "$@" >"$vm_out" 2>&1 &
	vm=$!
	vms="$vms $vm"
	wait_for 60 test -s "$vm_out" || fail "the VM does not start"
	grep -q '^ok ' "$vm_out" || fail "$(cat "$vm_out")"
}

# tell PID COMMAND... : commands to a tiny VM; what it answers is in $answer
tell()
{
	told=$1
	shift
	answer=$(tinyvmm ctl "/tmp/vm.$told" "$@" 2>&1) && return
	echo "VM $told: $answer"
	return 1
}

# answered KEY: the number after KEY= in the last line that has one
answered()
{
	echo "$answer" | sed -n "s/.*\\b$1=\\([0-9]*\\).*/\\1/p" | tail -n 1
}

# answer_of KEY: the number after KEY= in the first line that has one
answer_of()
{
	echo "$answer" | sed -n "s/.*\\b$1=\\([0-9]*\\).*/\\1/p" | head -n 1
}

# all_right WHAT: the guest of $vm and its VMM verify every byte; what vtmm has
# moved of it is counted for the runner
all_right()
{
	if tell "$vm" "verify by=both"; then
		ok "$1"
		look "$vm" && echo "$(seen promoted) $(seen demoted)" >>/run/verified
	else
		not_ok "$1" "$answer"
	fi
}

# look PID: the state of an attached VM, for seen
look()
{
	state=$(vtmmctl -j stats "$1")
}

# seen KEY: a number or a text from it
seen()
{
	echo "$state" | sed -n "s/^ *\"$1\": \"\\{0,1\\}\\([^\",]*\\).*/\\1/p"
}

# attached: how many VMs are
attached()
{
	vtmmctl -j list | grep -c '"pid":'
}

none_attached()
{
	[ "$(attached)" = 0 ]
}

# users MODULE: the references to a kernel module
users()
{
	awk -v m="$1" '$1 == m { print $3 }' /proc/modules
}

# users_are MODULE COUNT: to be waited for, for KVM lets go of its module last,
# long after the VM is no longer to be seen
users_are()
{
	[ "$(users "$1")" = "$2" ]
}

# alive PID: KVM still has a VM of this process
alive()
{
	for dir in /sys/kernel/debug/kvm/"$1"-*; do
		[ ! -d "$dir" ] || return 0
	done
	return 1
}

not()
{
	! "$@"
}

round_after()
{
	look "$1" || return
	round=$(seen round)
	[ "$round" -gt "$2" ]
}

# attach PID [OPTION...]: with rounds that come when asked for; its first round
# is over, the number of the last one is in $round. Without the queue: a page
# that it lets sleep counts as accessed, and who calls this compares rounds.
attach()
{
	vtmmctl attach "$@" --queue off --period 60s >/tmp/attach.out 2>&1 ||
		fail "attach: $(cat /tmp/attach.out)"
	wait_for 10 round_after "$1" 0 || fail "there is no first round"
}

# attach_hot COUNT: attaches $vm, observed, with room for twice so many hot pages, and
# with a floor that has_come can do with
attach_hot()
{
	attach "$vm" --mode observe --budget none --floor $(($1 / 16))k --max $(($1 * 8))k
}

# next_round PID: one round now; its number is in $round
next_round()
{
	vtmmctl set "$1" --round-now || fail "no round can be asked for"
	wait_for 20 round_after "$1" "$round" || fail "no round after $round"
}

# rounds_since ROUNDS COUNT: $vm has had so many more
rounds_since()
{
	look "$vm"
	[ "$(($(seen rounds) - $1))" -ge "$2" ]
}

# spent ROUNDS: so many rounds of $vm go by; the CPU time that they take, in 1/1000
# of the time that goes by, is in $permille
spent()
{
	look "$vm"
	rounds=$(seen rounds) cpu=$(seen round_us_total) wall=$(seen attached_us)
	wait_for 60 rounds_since "$rounds" "$1" || fail "there are no rounds"
	# shellcheck disable=SC2034 # of who asked
	permille=$((1000 * ($(seen round_us_total) - cpu) / ($(seen attached_us) - wall)))
}

# make_hot SET: these pages of $vm are hot for most of a window
make_hot()
{
	for _ in $(seq 7); do
		tell "$vm" "rw $1" || fail "the guest cannot do that"
		next_round "$vm"
	done
}

# first_moves SET: $vm is managed, and asked for rounds until some page has come
first_moves()
{
	vtmmctl set "$vm" --mode manage
	until [ "$(in_fast "$1")" -gt 0 ] || [ "$round" -gt 20 ]; do
		next_round "$vm"
	done
}

# in_fast SET: how many of these pages of $vm are in node 0, by the kernel
in_fast()
{
	tell "$vm" "where $1" || return
	answered node0
}

# has_come SET COUNT: nearly all of it is in fast memory. A plan below its floor, by
# default 1 % of the VM, is not carried out: who waits for this attaches with a floor
# of less than a twentieth of the set.
has_come()
{
	[ "$(in_fast "$1")" -ge $(($2 * 95 / 100)) ]
}

# same_pages WHAT PID SINCE OPTION... : the pages of slot 0 that the guest
# touched since its truth was reset are those of the rounds after SINCE; the
# options are truthcmp's. Adds to $compared.
same_pages()
{
	what=$1
	# Two that say nothing would agree.
	tinyvmm ctl "/tmp/vm.$2" truth >/tmp/truth || fail "$what: there is no truth"
	vtmmctl pages "$2" --since "$3" >/tmp/pages || fail "$what: vtmm does not answer"
	shift 3
	if differs=$(truthcmp --within "40000:$slot_pages" "$@" /tmp/truth /tmp/pages); then
		n=$(echo "$differs" | sed -n 's/^pages=\([0-9]*\) .*/\1/p')
		compared=$((compared + n))
		ok "$what ($n pages)"
	else
		not_ok "$what" "$(echo "$differs" | tr '\n' ';')"
	fi
}

# touches WHAT COMMAND... : after these accesses of $vm, and one round, both agree;
# $setup stands behind WHAT if it is set, $compare are options of truthcmp
touches()
{
	check=$1 since=$round
	shift
	tell "$vm" reset "$@" || fail "the guest cannot do that"
	next_round "$vm"
	# The options are words.
	# shellcheck disable=SC2086
	same_pages "$check${setup:+ ($setup)}" "$vm" "$since" ${compare-}
}

trace=/sys/kernel/tracing
trap_event=$trace/events/kvm/kvm_page_fault

# need_tracing: without the names of tasks, for which each event that is switched on or
# off would have the kernel patch its scheduler too, under CPUs that run it
need_tracing()
{
	[ -d $trace/events ] || mount -t tracefs tracefs $trace || return
	echo 0 >$trace/options/record-cmd
}

# count_traps: begin to count hardware faults on second-level tables, of all VMs
count_traps()
{
	need_tracing
	echo 'hist:keys=vcpu_id' >"$trap_event/trigger"
}

# traps: so many since count_traps; ends the count
traps()
{
	sed -n 's/.*hitcount: *\([0-9]*\).*/\1/p' "$trap_event/hist" |
		awk '{ sum += $1 } END { print sum + 0 }'
	echo '!hist:keys=vcpu_id' >"$trap_event/trigger"
}

# flush_requests PID: remote TLB flushes that KVM was asked for, for this VM
flush_requests()
{
	cat /sys/kernel/debug/kvm/"$1"-*/remote_tlb_flush_requests
}

# ledger WHAT POOL: allotments and the free rest make up the pool, now
ledger()
{
	sum=$(vtmmctl -j pool | awk -F '[:,]' '
		/"allotment"/ || /"free"/ { sum += $2 } END { print sum }')
	assert_eq "$1: the ledger adds up" "$sum" "$2"
}

# in_tier TIER: data pages of $vm that vtmm believes there; chunks below the first
# gfn of slot 0 are the tiny VM's own
in_tier()
{
	vtmmctl -j heat "$vm" --map | awk -F '[:,]' -v tier="\"$1\"" '
		/"gfn"/ { data = $2 >= 262144 }
		index($1, tier) && data { sum += $2 }
		END { print sum + 0 }'
}

# settle: no page of $vm moves, and a round has seen where all of them are
settle()
{
	vtmmctl set "$vm" --mode observe
	tell "$vm" "read" || fail "the guest cannot read its memory"
	look "$vm"
	round=$(seen round) settled=
	until [ "$settled" = "$(seen batches)" ]; do
		settled=$(seen batches)
		next_round "$vm"
		next_round "$vm"
	done
}

# slabs: the objects of each slab cache, what can be given back given back, and
# pages that no account of the kernel names, in the same form. Areas of vmalloc()
# are counted without those that are free already: the kernel keeps thousands of
# them, for stacks of threads that have ended too, until it clears them all at once.
slabs()
{
	echo 3 >/proc/sys/vm/drop_caches
	for cache in /sys/kernel/slab/kmalloc*/shrink; do
		echo 1 >"$cache"
	done
	awk 'NR > 2 && $1 != "vmap_area" { print $1, $2 }' /proc/slabinfo
	echo vmalloc-areas "$(grep -vc unpurged /proc/vmallocinfo)"
	awk '/^(MemFree|Buffers|Cached|AnonPages|Slab|KernelStack|PageTables|SecPageTables|Percpu):/ { known += $2 }
		/^MemTotal:/ { total = $2 }
		END { print "pages-of-nobody", int((total - known) / 4) }' /proc/meminfo
	awk '/^(VmallocUsed|Percpu):/ { print "meminfo-" $1, int($2 / 4) }' /proc/meminfo
}

# grown BEFORE AFTER LIMIT: the caches of which AFTER has more than LIMIT objects
# more than BEFORE
grown()
{
	awk -v limit="$3" 'NR == FNR { was[$1] = $2; next }
		$2 - was[$1] > limit { print $1 }' "$1" "$2"
}

# no_leak WHAT COUNT COMMAND... : COMMAND does something COUNT times. What leaks
# leaks each time: a cache that grows by COUNT / 2 objects must do so three times
# in a row, which caches that just fill up do not. KASAN keeps what was freed, so a
# debug kernel is not asked: there the scenario leaks, at the end, asks kmemleak.
no_leak()
{
	leak_what=$1 leak_count=$2
	shift 2
	[ -z "$VTMM_VARIANT" ] || { assert "$leak_what" "$@"; return; }
	"$@" || { not_ok "$leak_what" "failed: $*"; return; }
	slabs >/tmp/slabs.was
	leaks=first
	for _ in 1 2 3; do
		"$@" || { not_ok "$leak_what" "failed: $*"; return; }
		slabs >/tmp/slabs.is
		grown /tmp/slabs.was /tmp/slabs.is $((leak_count / 2)) >/tmp/grown
		[ "$leaks" = first ] || grep -xF "$leaks" /tmp/grown >/tmp/grown.still
		[ "$leaks" = first ] || mv /tmp/grown.still /tmp/grown
		leaks=$(cat /tmp/grown)
		[ "$leaks" ] || break
		mv /tmp/slabs.is /tmp/slabs.was
	done
	if [ "$leaks" ]; then
		not_ok "$leak_what" "leaks: $leaks"
	else
		ok "$leak_what: nothing leaks"
	fi
}

at_exit()
{
	status=$?
	for vm in $vms; do
		kill -9 "$vm" 2>/dev/null
	done
	[ "$status" != 0 ] || status=$failed
	exit "$status"
}
trap at_exit EXIT
