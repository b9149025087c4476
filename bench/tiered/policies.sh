# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash disable=SC2154
#
# policies: how each policy is switched on in the modelled host. Sourced by
# inside, with POLICY and the rest of the job. What a policy gets here is what
# its users would set, no more.

balancing=/sys/kernel/debug/sched/numa_balancing
demotion=/sys/kernel/mm/numa/demotion_enabled

# Before the VM starts.
policy_before()
{
	echo 0 >/proc/sys/kernel/numa_balancing
	[ "$BACKING" = thp ] || echo never >/sys/kernel/mm/transparent_hugepage/enabled
	case $POLICY in
	nb | nb-quick)
		echo 1 >$demotion
		echo 2 >/proc/sys/kernel/numa_balancing
		;;
	esac
	[ "$POLICY" != nb-quick ] || {
		echo 100 >$balancing/scan_period_min_ms
		echo 100 >$balancing/scan_delay_ms
		echo 100 >$balancing/hot_threshold_ms
	}
}

# damon N NODE ACTION MIN MAX: a kdamond that acts on one node's pages
damon()
{
	local k=/sys/kernel/mm/damon/admin/kdamonds/$1 c s start end

	echo 1 >"$k"/contexts/nr_contexts
	c=$k/contexts/0
	echo paddr >"$c"/operations
	echo 1 >"$c"/targets/nr_targets
	echo 1 >"$c"/targets/0/regions/nr_regions
	# shellcheck disable=SC2046 # two numbers
	set -- "$@" $(node_range "$2")
	start=$6 end=$7
	echo "$start" >"$c"/targets/0/regions/0/start
	echo "$end" >"$c"/targets/0/regions/0/end
	[ "$POLICY" != damon-quick ] || {
		echo 1000 >"$c"/monitoring_attrs/intervals/sample_us
		echo 20000 >"$c"/monitoring_attrs/intervals/aggr_us
		echo 200000 >"$c"/monitoring_attrs/intervals/update_us
	}
	echo 1 >"$c"/schemes/nr_schemes
	s=$c/schemes/0
	echo "$3" >"$s"/action
	echo $((1 - $2)) >"$s"/target_nid
	echo "$4" >"$s"/access_pattern/nr_accesses/min
	echo "$5" >"$s"/access_pattern/nr_accesses/max
	echo 4096 >"$s"/access_pattern/sz/min
	echo 18446744073709551615 >"$s"/access_pattern/sz/max
	echo 0 >"$s"/access_pattern/age/min
	echo 4294967295 >"$s"/access_pattern/age/max
	echo on >"$k"/state
}

# node_range N: physical addresses of a node, first and last + 1
node_range()
{
	awk -v node="$1" '$1 == "Node" { on = $2 == node "," }
		on && $1 == "start_pfn:" { if (!first || $2 < first) first = $2 }
		on && $1 == "spanned" { spanned = $2 }
		on && $1 == "start_pfn:" { if ($2 + spanned > last) last = $2 + spanned }
		END { printf "%d %d\n", first * 4096, last * 4096 }' /proc/zoneinfo
}

# vtmm PID [PARAMETER...]: the module with these, and the VM attached by the defaults
vtmm()
{
	local pid=$1

	shift
	insmod /vtmm.ko "$@"
	vtmmctl attach "$pid"
}

# Once the VM is there, before its first phase.
policy_start()
{
	case $POLICY in
	allfast | allslow | first-touch | nb | nb-quick) ;;
	damon | damon-quick)
		echo 2 >/sys/kernel/mm/damon/admin/kdamonds/nr_kdamonds
		damon 0 1 migrate_hot 1 4294967295
		damon 1 0 migrate_cold 0 0
		;;
	vtmm) vtmm "$1" ;;
	vtmm-no-queue) vtmm "$1" queue=0 ;;
	vtmm-no-prefill) vtmm "$1" prefill=0 ;;
	vtmm-no-batch) vtmm "$1" batch_zap=0 ;;
	*) echo "error: no policy $POLICY" ;;
	esac
}

# After the last phase.
policy_end()
{
	local p

	case $POLICY in
	vtmm*)
		vtmmctl stats -j | tr -d ' \n' | sed 's/^/stats /'
		echo
		vtmmctl
		;;
	damon*)
		for p in $(pgrep kdamond); do
			echo "kdamond_ns $(cut -d' ' -f1 /proc/"$p"/schedstat)"
		done
		;;
	esac
}
