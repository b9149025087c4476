// SPDX-License-Identifier: GPL-2.0-only
/*
 * round: a VM's worker. Each round harvests what the guest touched; each
 * window ends with a histogram, a claim on the pool and a plan. It must never
 * move a page itself: move/ does, so that a round never waits for a copy.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include "vtmm.h"

/* What the pool is told comes from a dry run with the old allotment. */
static void vtmm_window_plan(struct vtmm_vm *vm, struct vtmm_plan_input *in,
			     struct vtmm_plan *plan)
{
	struct vtmm_plan_state *st = &vm->plan_state;
	u64 before = READ_ONCE(vm->member.allotment);
	bool manage = vm->set.mode == VTMM_MODE_MANAGE;

	in->allotment = before;
	vtmm_plan_make(&vm->set.plan, NULL, in, plan);
	in->allotment = vtmm_pool_rebalance(vm, plan->demand, plan->hot);
	in->contended = vtmm_pool_is_short();
	if (in->allotment != before)
		vtmm_event_allotment(vm, in->allotment);
	if (!manage)	/* it shows what would move */
		in->allotment = vtmm_pool_would(vm);

	in->budget = vtmm_rate_budget(vm);
	vtmm_plan_make(&vm->set.plan, manage && !vm->migrating ? st : NULL,
		       in, plan);
	if (plan->wake)
		vtmm_heat_wake(&vm->heat, in->round);
	if (!manage)
		plan->reason = VTMM_PLAN_OBSERVE;
}

static void vtmm_window_show(struct vtmm_vm *vm, const struct vtmm_hist *hist,
			     const struct vtmm_plan *plan)
{
	spin_lock(&vm->snap_lock);
	vm->snap.hist = *hist;
	vm->snap.plan = *plan;
	vm->snap.hist_round = vm->round;
	vm->snap.hist_ktime = ktime_get();
	spin_unlock(&vm->snap_lock);
}

static void vtmm_window(struct vtmm_vm *vm)
{
	struct vtmm_plan_input in = {
		.room = vtmm_tier_room(VTMM_TIER_FAST),
		.round = vm->round,
		.budget = U64_MAX,
	};
	struct vtmm_plan plan = {};
	struct vtmm_hist *hist;

	lockdep_assert_held(&vm->lock);
	vm->window_round = vm->round;
	vtmm_stat_add(vm, VTMM_A_STATS_WINDOWS, 1);
	hist = kzalloc(sizeof(*hist), GFP_KERNEL);
	if (!hist)
		return;
	vtmm_heat_histogram(&vm->heat, vm->round, hist);
	in.hist = hist;
	vtmm_window_plan(vm, &in, &plan);
	vtmm_window_show(vm, hist, &plan);
	if (vm->set.mode == VTMM_MODE_MANAGE && (plan.promote || plan.demote))
		vtmm_migrate_start(vm, &plan);
	kfree(hist);
}

/*
 * A window ends when its rounds are over. A large plan may take as long, and one
 * that a rate limit has cut takes about as long: if it takes a little longer, the
 * end waits for it, else the next plan could only be begun a window later.
 */
static bool vtmm_window_over(const struct vtmm_vm *vm)
{
	u32 rounds = vm->round - vm->window_round, window = vm->heat.params.window;

	return rounds >= (vm->migrating ? 2 * window : window);
}

static void vtmm_round(struct vtmm_vm *vm)
{
	u64 start = vtmm_pace_cpu_ns();
	u32 round = vm->round + 1;

	lockdep_assert_held(&vm->lock);
	if (vm->tracker->harvest(vm, round) && vtmm_vm_alive(vm)) {
		pr_warn_ratelimited("VM %u: a round was not complete\n", vm->id);
		vtmm_event(vm, VTMM_EVENT_ERROR, "no memory: a round was not complete");
	}
	WRITE_ONCE(vm->round, round);
	WRITE_ONCE(vm->round_end, ktime_get());
	vtmm_stat_add(vm, VTMM_A_STATS_ROUNDS, 1);
	vtmm_stat_set(vm, VTMM_A_STATS_CHUNKS_SPLIT, vm->heat.splits);
	vtmm_stat_set(vm, VTMM_A_STATS_CHUNKS_MERGED, vm->heat.merges);
	if (vtmm_window_over(vm))
		vtmm_window(vm);
	vtmm_pace_spent(vm, vtmm_pace_cpu_ns() - start);
}

static bool vtmm_round_gone(struct vtmm_vm *vm)
{
	/* Only we hold the VM: its VMM has closed it. */
	return !vtmm_vm_alive(vm) || refcount_read(&vm->kvm->users_count) == 1;
}

/**
 * vtmm_round_work() - one round
 * @work: round_work of the VM
 *
 * Context: vtmm_wq.
 */
void vtmm_round_work(struct work_struct *work)
{
	struct vtmm_vm *vm = container_of(to_delayed_work(work), struct vtmm_vm,
					  round_work);
	ktime_t start = ktime_get();
	u64 period_us;
	s64 left;

	if (vtmm_round_gone(vm)) {
		vtmm_vm_check_exit(vm);
		return;
	}
	mutex_lock(&vm->lock);
	if (vtmm_pace_due(vm))
		vtmm_round(vm);
	period_us = vtmm_pace_period_us(vm);
	mutex_unlock(&vm->lock);

	vtmm_stat_set(vm, VTMM_A_STATS_PERIOD_US, period_us);
	left = period_us - ktime_us_delta(ktime_get(), start);
	queue_delayed_work(vtmm_wq, &vm->round_work,
			   nsecs_to_jiffies(max_t(s64, left, 1000) * NSEC_PER_USEC));
}

/**
 * vtmm_round_kick() - look now whether a round is due
 * @vm: attached
 *
 * Context: vtmm_vms_lock held, so that the VM is not being detached.
 */
void vtmm_round_kick(struct vtmm_vm *vm)
{
	lockdep_assert_held(&vtmm_vms_lock);
	mod_delayed_work(vtmm_wq, &vm->round_work, 0);
}
