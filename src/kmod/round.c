// SPDX-License-Identifier: GPL-2.0-only
/*
 * round: a VM's worker. Each round harvests what the guest touched; each
 * window ends with a histogram, a claim on the pool and a plan. It must never
 * move a page itself: move/ does, so that a round never waits for a copy.
 */
#include <linux/kvm_host.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include "events.h"
#include "move/move.h"
#include "pool/pool.h"
#include "round.h"
#include "tiers.h"
#include "track/track.h"

/**
 * struct vtmm_worker - what the worker keeps for a VM
 * @vm: whose
 * @work: a turn of it: harvest, window, plan
 * @gone: called, once or more often, when the VM has gone away
 * @window_round: round at which the last window ended (vm->lock)
 * @plan_state: see there (vm->lock)
 * @snap_lock: guards @snap
 * @snap: for readers
 */
struct vtmm_worker {
	struct vtmm_vm *vm;
	struct delayed_work work;
	void (*gone)(struct vtmm_vm *vm);
	u32 window_round;
	struct vtmm_plan_state plan_state;
	spinlock_t snap_lock; /* see locks.h */
	struct vtmm_snapshot snap;
};

/* What the pool is told comes from a dry run with the old allotment. */
static void vtmm_window_plan(struct vtmm_vm *vm, struct vtmm_plan_input *in,
			     struct vtmm_plan *plan)
{
	struct vtmm_plan_state *st = &vm->worker->plan_state;
	u64 before = READ_ONCE(vm->allotment);
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
	vtmm_plan_make(&vm->set.plan, manage && !vtmm_migrating(vm) ? st : NULL,
		       in, plan);
	if (plan->wake)
		vtmm_heat_wake(&vm->heat, in->round);
	if (!manage)
		plan->reason = VTMM_PLAN_OBSERVE;
}

static void vtmm_window_show(struct vtmm_vm *vm, const struct vtmm_hist *hist,
			     const struct vtmm_plan *plan)
{
	struct vtmm_worker *w = vm->worker;

	spin_lock(&w->snap_lock);
	w->snap.hist = *hist;
	w->snap.plan = *plan;
	w->snap.hist_round = vm->round;
	w->snap.hist_ktime = ktime_get();
	spin_unlock(&w->snap_lock);
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
	vm->worker->window_round = vm->round;
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
	u32 rounds = vm->round - vm->worker->window_round;
	u32 window = vm->heat.params.window;

	return rounds >= (vtmm_migrating(vm) ? 2 * window : window);
}

static void vtmm_round(struct vtmm_vm *vm)
{
	u64 start = vtmm_pace_cpu_ns();
	u32 round = vm->round + 1;

	lockdep_assert_held(&vm->lock);
	if (vtmm_track_harvest(vm, round) && vtmm_vm_alive(vm)) {
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

/* What others reckon with. */
static u64 vtmm_round_period(struct vtmm_vm *vm)
{
	u64 period_us = vtmm_pace_period_us(vm);

	lockdep_assert_held(&vm->lock);
	WRITE_ONCE(vm->period_us, period_us);
	return period_us;
}

static void vtmm_round_work(struct work_struct *work)
{
	struct vtmm_worker *w = container_of(to_delayed_work(work), struct vtmm_worker,
					     work);
	struct vtmm_vm *vm = w->vm;
	ktime_t start = ktime_get();
	u64 period_us;
	s64 left;

	if (vtmm_round_gone(vm)) {
		w->gone(vm);
		return;
	}
	mutex_lock(&vm->lock);
	vtmm_round_period(vm);
	if (vtmm_pace_due(vm))
		vtmm_round(vm);
	period_us = vtmm_round_period(vm);
	mutex_unlock(&vm->lock);

	vtmm_stat_set(vm, VTMM_A_STATS_PERIOD_US, period_us);
	left = period_us - ktime_us_delta(ktime_get(), start);
	queue_delayed_work(vtmm_wq, &w->work,
			   nsecs_to_jiffies(max_t(s64, left, 1000) * NSEC_PER_USEC));
}

/**
 * vtmm_round_kick() - look now whether a round is due
 * @vm: attached
 * @force: it is
 *
 * Context: vtmm_vms_lock held, so that the VM is not being detached.
 */
void vtmm_round_kick(struct vtmm_vm *vm, bool force)
{
	lockdep_assert_held(&vtmm_vms_lock);
	if (force)
		vtmm_pace_force(vm);
	mod_delayed_work(vtmm_wq, &vm->worker->work, 0);
}

/**
 * vtmm_snapshot_get() - the last window
 * @vm: attached
 * @snap: out
 *
 * Context: any that keeps the VM from being detached; does not wait for the worker.
 */
void vtmm_snapshot_get(struct vtmm_vm *vm, struct vtmm_snapshot *snap)
{
	struct vtmm_worker *w = vm->worker;

	spin_lock(&w->snap_lock);
	*snap = w->snap;
	spin_unlock(&w->snap_lock);
}

/**
 * vtmm_snapshot_reason() - why not more has moved in the last window
 * @vm: attached
 *
 * Context: as vtmm_snapshot_get().
 */
enum vtmm_plan_reason vtmm_snapshot_reason(struct vtmm_vm *vm)
{
	struct vtmm_worker *w = vm->worker;
	enum vtmm_plan_reason reason = VTMM_PLAN_WARMUP;

	spin_lock(&w->snap_lock);
	if (w->snap.hist_round)
		reason = w->snap.plan.reason;
	spin_unlock(&w->snap_lock);
	return reason;
}

/**
 * vtmm_worker_new() - memory for a VM's worker; it does nothing yet
 * @vm: being attached
 * @gone: called by the worker, once or more often, when the VM has gone away;
 *	must not sleep
 *
 * Context: process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int vtmm_worker_new(struct vtmm_vm *vm, void (*gone)(struct vtmm_vm *vm))
{
	struct vtmm_worker *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return -ENOMEM;
	w->vm = vm;
	w->gone = gone;
	spin_lock_init(&w->snap_lock);
	INIT_DELAYED_WORK(&w->work, vtmm_round_work);
	vm->worker = w;
	return 0;
}

/**
 * vtmm_worker_free() - give it back
 * @vm: whose worker was stopped, or never started
 *
 * Context: any.
 */
void vtmm_worker_free(struct vtmm_vm *vm)
{
	kfree(vm->worker);
	vm->worker = NULL;
}

/**
 * vtmm_worker_start() - the first turn comes at once
 * @vm: attached
 *
 * Context: any.
 */
void vtmm_worker_start(struct vtmm_vm *vm)
{
	queue_delayed_work(vtmm_wq, &vm->worker->work, 0);
}

/**
 * vtmm_worker_stop() - no turn comes any more
 * @vm: started
 *
 * Context: process context, vtmm_vms_lock held; sleeps until the last has ended.
 */
void vtmm_worker_stop(struct vtmm_vm *vm)
{
	lockdep_assert_held(&vtmm_vms_lock);
	cancel_delayed_work_sync(&vm->worker->work);
}
