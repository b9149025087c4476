// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan: carries out a plan piece by piece: demotions, then promotions, batch
 * after batch, as the rate and the room allow. It must never hold vm->lock
 * across a batch, nor go on with a plan whose window is over.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include "events.h"
#include "move/internal.h"
#include "compat/symbols.h"
#include "tiers.h"

/*
 * Hot pages are away from the guest for as short as can be; but a batch costs a
 * flush, and a flush should not be dearer than what it saves.
 */
#define VTMM_BATCH_HOT	256

#define VTMM_PUT_OFF	2	/* times that a page is put off in a plan */

/**
 * vtmm_migrate_missing() - why pages can't be moved on this kernel
 *
 * Return: a sentence, or NULL when they can.
 */
const char *vtmm_migrate_missing(void)
{
	return VTMM_HIDDEN(VTMM_SYM_MIGRATE_PAGES, VTMM_SYM_PUTBACK, VTMM_SYM_ISOLATE,
			   VTMM_SYM_DRAIN);
}

/*
 * Of the next @n moves, those that make one batch: by the rate, and by the room
 * that there is, no more pages.
 */
static size_t vtmm_batch_size(const struct vtmm_batch *b,
			      const struct vtmm_move *move, size_t n)
{
	u64 left = min(vtmm_rate_pages(b->vm), vtmm_tier_room(b->tier)), pages;
	size_t i;

	for (i = 0; i < n; i++) {
		pages = vtmm_moves_pages(move + i, 1);
		if (i && pages > left)
			break;
		left -= min(left, pages);
	}
	return i;
}

/* Waits until the next batch may move, and moves it. Returns its size, or 0. */
static size_t vtmm_migrate_next(struct vtmm_batch *b, const struct vtmm_move *move,
				size_t n)
{
	u64 pages, done = b->done;
	bool ran;

	n = vtmm_batch_size(b, move, n);
	pages = vtmm_moves_pages(move, n);
	if (!vtmm_rate_wait(b->vm, pages))
		return 0;
	ran = vtmm_batch_run(b, move, n);
	done = b->done - done;
	vtmm_rate_refund(b->vm, pages - min(pages, done));
	return ran ? n : 0;
}

/* Moves a list, in batches of @max at most. False: no more is to be moved now. */
static bool vtmm_migrate_list(struct vtmm_batch *b, const struct vtmm_move *move,
			      size_t n, size_t max)
{
	size_t i, ran;

	for (i = 0; i < n; i += ran) {
		ran = vtmm_migrate_next(b, move + i, min(max, n - i));
		if (!ran) {
			b->stopped = true;
			return false;
		}
		cond_resched();
	}
	return true;
}

/*
 * Moves those of a list that are at rest. The others are brought to its front, and
 * are to be tried again; their number is returned. What is known of a page grows
 * old while others move, so it is asked for a part of the list at a time.
 */
static size_t vtmm_migrate_pass(struct vtmm_batch *b, struct vtmm_move *list,
				size_t n, size_t max)
{
	size_t i, part, rest, later = 0;

	for (i = 0; i < n; i += part) {
		part = min_t(size_t, n - i, VTMM_REST_MAX);
		rest = vtmm_rest_first(b->vm, list + i, part);
		if (!vtmm_migrate_list(b, list + i, rest, max))
			return 0;
		memmove(list + later, list + i + rest, (part - rest) * sizeof(*list));
		vtmm_stat_add(b->vm, VTMM_A_STATS_POSTPONED,
			      vtmm_moves_pages(list + later, part - rest));
		later += part - rest;
	}
	return later;
}

/*
 * Pages that are being written are put off, VTMM_PUT_OFF times at most: a page that
 * is always written moves last, but it moves. Down it goes only if others have not
 * made as much room: it is not cold, whatever its past, and the next plan will know.
 * For a few pages this is not worth a flush.
 */
static u64 vtmm_migrate_to(struct vtmm_batch *b, enum vtmm_tier tier)
{
	size_t max = tier == VTMM_TIER_FAST ? VTMM_BATCH_HOT : VTMM_BATCH_MAX;
	struct vtmm_move *list = b->vm->mover->pick[tier];
	size_t n = b->vm->mover->nr_pick[tier];
	int i;

	b->tier = tier;
	b->done = 0;
	for (i = 0; i < VTMM_PUT_OFF && vtmm_moves_pages(list, n) >= VTMM_BATCH_HOT; i++)
		n = vtmm_migrate_pass(b, list, n, max);
	if (tier == VTMM_TIER_FAST || b->done < vtmm_moves_pages(list, n))
		vtmm_migrate_list(b, list, n, max);
	return b->done;
}

/*
 * A page that could not be demoted, or was not picked because it had moved just
 * now, has made no room: what the allotment still takes of promotions.
 */
static u64 vtmm_migrate_room(struct vtmm_vm *vm, enum vtmm_tier tier)
{
	u64 allotment = READ_ONCE(vm->allotment), fast;

	lockdep_assert_held(&vm->lock);
	if (tier != VTMM_TIER_FAST)
		return U64_MAX;
	fast = vm->heat.in_tier[VTMM_TIER_FAST];
	return allotment > fast ? allotment - fast : 0;
}

/*
 * The next piece of the plan, best first. The lock is not held for longer than
 * vtmm_pick_next() takes, however large the VM is.
 */
static void vtmm_migrate_pick(struct vtmm_vm *vm, enum vtmm_tier tier)
{
	struct vtmm_pick *p = &vm->mover->picks[tier];
	struct vtmm_move *out = vm->mover->pick[tier];
	size_t n = 0, more;
	u64 room = 0;

	do {
		mutex_lock(&vm->lock);
		if (!n)
			room = vtmm_migrate_room(vm, tier);
		more = vtmm_pick_next(p, &vm->heat, out + n, VTMM_PICK_MAX - n, room);
		room -= vtmm_moves_pages(out + n, more);
		n += more;
		if (p->done || p->full)
			vtmm_pick_sort(&vm->heat, out, n);
		mutex_unlock(&vm->lock);
		cond_resched();
	} while (!p->done && !p->full);
	vm->mover->nr_pick[tier] = n;
}

/* No longer what should be done: its window is over, or the VM is left alone. */
static bool vtmm_migrate_stale(const struct vtmm_vm *vm)
{
	u32 rounds = READ_ONCE(vm->round) - vm->mover->plan_round;
	u32 window = READ_ONCE(vm->heat.params.window);

	return rounds >= (vm->mover->limited ? 2 * window : window) || READ_ONCE(vm->gone) ||
	       !vtmm_vm_managed(vm);
}

/*
 * Demotions come first, from the slowest tier on: they make the room that
 * promotions need. Is there another piece to be moved?
 */
static bool vtmm_migrate_piece(struct vtmm_batch *b, u64 *up, u64 *down)
{
	struct vtmm_vm *vm = b->vm;
	bool more = false;
	int tier;

	for (tier = VTMM_NR_TIERS - 1; tier >= 0; tier--) {
		vtmm_migrate_pick(vm, tier);
		*(tier == VTMM_TIER_FAST ? up : down) += vtmm_migrate_to(b, tier);
		more |= vm->mover->nr_pick[tier];
	}
	return more && !b->stopped && !vtmm_migrate_stale(vm);
}

/*
 * A large plan is carried out in pieces, so that memory, and the time for which
 * the VM's lock is held, do not grow with it.
 */
static void vtmm_migrate_plan(struct vtmm_batch *b)
{
	u64 up = 0, down = 0;

	while (vtmm_migrate_piece(b, &up, &down))
		;
	vtmm_event_moves(b->vm, up, down);
}

static void vtmm_migrate_work(struct work_struct *work)
{
	struct vtmm_mover *m = container_of(work, struct vtmm_mover, work);
	struct vtmm_vm *vm = m->vm;
	ktime_t start = ktime_get();
	struct vtmm_batch *b;

	b = kvzalloc(struct_size(b, item, VTMM_BATCH_MAX), GFP_KERNEL | __GFP_NOWARN);
	if (b) {
		b->vm = vm;
		/* Pages in per-CPU batches can't be isolated. */
		static_call(vtmm_drain)();
		vtmm_hold_open(&b->hold, vm->kvm);
		vtmm_ahead_open(b);
		vtmm_migrate_plan(b);
		vtmm_ahead_close(b);
		vtmm_hold_close(&b->hold);
		kvfree(b);
	} else {
		vtmm_event(vm, VTMM_EVENT_ERROR,
			   "no memory to move pages with: this window's plan is dropped");
	}
	vtmm_stat_add(vm, VTMM_A_STATS_MIGRATE_US_TOTAL,
		      ktime_us_delta(ktime_get(), start));
	mutex_lock(&vm->lock);
	vtmm_host_moving(m, false);
	mutex_unlock(&vm->lock);
}

/**
 * vtmm_migrate_start() - begin to carry out a plan
 * @vm: whose
 * @plan: the plan
 *
 * From here until the work has ended what the mover picks belongs to the work. A
 * plan that comes before the last one is carried out is dropped.
 *
 * Context: the VM's worker, vm->lock held.
 */
void vtmm_migrate_start(struct vtmm_vm *vm, const struct vtmm_plan *plan)
{
	struct vtmm_mover *m = vm->mover;
	int tier;

	lockdep_assert_held(&vm->lock);
	if (m->moving || vtmm_migrate_missing())
		return;
	for (tier = 0; tier < VTMM_NR_TIERS; tier++)
		vtmm_pick_begin(&vm->set.plan, &vm->heat, plan, tier, U64_MAX,
				&m->picks[tier]);
	m->plan_round = plan->round;
	m->limited = plan->reason == VTMM_PLAN_RATE;
	vtmm_host_moving(m, true);
	queue_work(vtmm_wq, &m->work);
}

/**
 * vtmm_migrating() - is a plan being carried out?
 * @vm: whose
 *
 * Context: vm->lock held.
 */
bool vtmm_migrating(const struct vtmm_vm *vm)
{
	lockdep_assert_held(&vm->lock);
	return vm->mover->moving;
}

/**
 * vtmm_mover_bytes() - memory that each VM's mover holds
 *
 * Context: any.
 */
size_t vtmm_mover_bytes(void)
{
	return VTMM_NR_TIERS * VTMM_PICK_MAX * sizeof(struct vtmm_move);
}

/**
 * vtmm_mover_stop() - move no more
 * @vm: marked as gone, so that a plan that is being carried out ends soon
 *
 * Context: process context, vtmm_vms_lock held; sleeps until the work has ended.
 */
void vtmm_mover_stop(struct vtmm_vm *vm)
{
	lockdep_assert_held(&vtmm_vms_lock);
	cancel_work_sync(&vm->mover->work);
	/* It may have been cancelled before it began. */
	mutex_lock(&vm->lock);
	vtmm_host_moving(vm->mover, false);
	mutex_unlock(&vm->lock);
}

static void vtmm_mover_release(struct vtmm_mover *m)
{
	int tier;

	for (tier = 0; tier < VTMM_NR_TIERS; tier++)
		kvfree(m->pick[tier]);
	kfree(m);
}

static struct vtmm_mover *vtmm_mover_alloc(void)
{
	struct vtmm_mover *m = kzalloc(sizeof(*m), GFP_KERNEL);
	int tier;

	for (tier = 0; m && tier < VTMM_NR_TIERS; tier++) {
		m->pick[tier] = kvmalloc_array(VTMM_PICK_MAX, sizeof(struct vtmm_move),
					       GFP_KERNEL | __GFP_NOWARN);
		if (!m->pick[tier]) {
			vtmm_mover_release(m);
			return NULL;
		}
	}
	return m;
}

/**
 * vtmm_mover_new() - what a VM needs to have pages moved
 * @vm: being attached
 *
 * Context: process context, vtmm_vms_lock held; may sleep.
 * Return: 0 or an error.
 */
int vtmm_mover_new(struct vtmm_vm *vm)
{
	struct vtmm_mover *m = vtmm_mover_alloc();
	int ret;

	lockdep_assert_held(&vtmm_vms_lock);
	if (!m)
		return -ENOMEM;
	ret = vtmm_hold_get();
	if (ret) {
		vtmm_mover_release(m);
		return ret;
	}
	m->vm = vm;
	INIT_WORK(&m->work, vtmm_migrate_work);
	vtmm_watch_init(&m->watch);
	vm->mover = m;
	return 0;
}

/**
 * vtmm_mover_free() - give back what vtmm_mover_new() took
 * @vm: whose mover was stopped, or never started; no notifier can run
 *
 * Context: process context, vtmm_vms_lock held; may sleep.
 */
void vtmm_mover_free(struct vtmm_vm *vm)
{
	lockdep_assert_held(&vtmm_vms_lock);
	vtmm_hold_put();
	vtmm_mover_release(vm->mover);
	vm->mover = NULL;
}
