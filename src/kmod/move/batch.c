// SPDX-License-Identifier: GPL-2.0-only
/*
 * batch: carries out a plan in batches, by the kernel's own migrate_pages().
 *
 * It must never lose a page: what can't be moved is put back where it was, and
 * counted with the reason. It must never hold vm->lock or the VMM's memory
 * across a batch boundary, never split a huge page, never wake reclaim.
 */
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include "kvm/kvm.h"
#include "move/batch.h"
#include "symbols.h"

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
	if (!vtmm_has(VTMM_SYM_MIGRATE_PAGES) || !vtmm_has(VTMM_SYM_PUTBACK) ||
	    !vtmm_has(VTMM_SYM_ISOLATE) || !vtmm_has(VTMM_SYM_DRAIN))
		return "this kernel hides a function that moving pages needs";
	return NULL;
}

/**
 * vtmm_batch_find() - which item of a batch a folio is
 * @b: the batch; folios are asked for in about the order of the items
 * @folio: isolated for it
 *
 * Context: the thread that moves the batch; any.
 * Return: the item, or NULL.
 */
struct vtmm_batch_item *vtmm_batch_find(struct vtmm_batch *b, const struct folio *folio)
{
	size_t i, at = b->found;

	for (i = 0; i < b->nr; i++, at++) {
		if (at >= b->nr)
			at = 0;
		if (b->item[at].folio != folio)
			continue;
		b->found = at;
		return &b->item[at];
	}
	return NULL;
}

/**
 * vtmm_target_new() - a folio on the node that a batch moves to
 * @b: the batch; its flag @full is set when there is none
 * @order: of the folio
 *
 * Without reclaim, without falling back to another node, without dipping into
 * reserves.
 *
 * Context: process context.
 * Return: the folio, or NULL.
 */
struct folio *vtmm_target_new(struct vtmm_batch *b, unsigned int order)
{
	gfp_t gfp = (GFP_HIGHUSER_MOVABLE | __GFP_THISNODE | __GFP_NOMEMALLOC |
		     __GFP_NORETRY | __GFP_NOWARN) & ~__GFP_RECLAIM;
	struct folio *dst;

	dst = __folio_alloc(order ? gfp | __GFP_COMP : gfp, order, b->nid, NULL);
	if (!dst)
		b->full = true;
	return dst;
}

static struct folio *vtmm_target_alloc(struct folio *src, unsigned long private)
{
	struct vtmm_batch *b = (struct vtmm_batch *)private;
	struct vtmm_batch_item *item = vtmm_batch_find(b, src);
	struct folio *dst = item ? vtmm_ahead_take(item) : NULL;

	if (!dst)
		dst = vtmm_target_new(b, folio_order(src));
	if (item)
		item->result = dst ? VTMM_MOVE_DONE : VTMM_MOVE_NOMEM;
	return dst;
}

VTMM_COMPAT_DEFINE_TARGET(vtmm_target_get, vtmm_target_alloc)

/* Why this folio is better left where it is, or VTMM_MOVE_DONE when it may go. */
static enum vtmm_move_result vtmm_folio_check(struct folio *folio, bool huge)
{
	if (folio_test_hugetlb(folio) || folio_test_ksm(folio))
		return VTMM_MOVE_UNSUPPORTED;
	/* A 4 KiB mapping of a part: moving it would drag the rest along. */
	if (folio_test_large(folio) && !huge)
		return VTMM_MOVE_UNSUPPORTED;
	if (folio_maybe_dma_pinned(folio))
		return VTMM_MOVE_PINNED;
	if (!folio_test_lru(folio) || folio_test_writeback(folio))
		return VTMM_MOVE_BUSY;
	return VTMM_MOVE_DONE;
}

static bool vtmm_folio_isolate(struct vtmm_batch *b, struct folio *folio)
{
	if (!vtmm_compat_isolated(static_call(vtmm_isolate)(folio)))
		return false;
	list_add_tail(&folio->lru, folio_test_large(folio) ? &b->huge : &b->folios);
	node_stat_mod_folio(folio, NR_ISOLATED_ANON + folio_is_file_lru(folio),
			    folio_nr_pages(folio));
	return true;
}

/* Takes one move into the batch, if its page can be had. */
static void vtmm_batch_add(struct vtmm_batch *b, const struct vtmm_move *move)
{
	struct vtmm_batch_item *item = &b->item[b->nr++];
	struct folio *folio;
	bool huge = false;

	*item = (struct vtmm_batch_item) { .gfn = move->gfn, .pages = 1 };
	folio = vtmm_kvm_get_folio(b->vm->kvm, move->gfn, &huge);
	item->mapped = folio;
	if (!folio)
		folio = vtmm_host_get_folio(b, move->gfn, &huge);
	if (!folio) {
		item->result = VTMM_MOVE_RACED;
		return;
	}
	item->pages = folio_nr_pages(folio);
	item->result = vtmm_folio_check(folio, huge);
	if (item->result == VTMM_MOVE_DONE) {
		if (vtmm_node_tier(folio_nid(folio)) == b->tier)
			item->result = VTMM_MOVE_THERE;
		else if (vtmm_folio_isolate(b, folio))
			item->folio = folio;
		else
			item->result = VTMM_MOVE_BUSY;
	}
	/* Until a page is asked for in its place: it may be freed before. */
	if (item->folio)
		item->result = VTMM_MOVE_RACED;
	folio_put(folio);
}

/* When the target is full, migrate_pages() gives up without trying the others. */
static enum vtmm_move_result vtmm_batch_why(const struct vtmm_batch *b,
					    struct folio *folio)
{
	if (folio_maybe_dma_pinned(folio))
		return VTMM_MOVE_PINNED;
	return b->full ? VTMM_MOVE_NOMEM : VTMM_MOVE_BUSY;
}

/* What migrate_pages() left on the list did not move: back to the LRU with it. */
static void vtmm_batch_putback(struct vtmm_batch *b)
{
	struct vtmm_batch_item *item;
	struct folio *folio;

	list_for_each_entry(folio, &b->folios, lru) {
		item = vtmm_batch_find(b, folio);
		if (item && item->result != VTMM_MOVE_NOMEM)
			item->result = vtmm_batch_why(b, folio);
	}
	if (!list_empty(&b->folios))
		static_call(vtmm_putback)(&b->folios);
}

/*
 * Exactly the pages that are about to move are taken from the guest. A huge page
 * is one entry and one flush anyway; a hot one is left to the notifier, for the
 * guest would come back to it before its turn and trap twice.
 */
static void vtmm_batch_zap(struct vtmm_batch *b)
{
	const struct vtmm_batch_item *item;
	size_t n = 0;

	for (item = b->item; item < b->item + b->nr; item++) {
		if (!item->mapped || !item->folio)
			continue;
		if (item->pages > 1 && b->tier == VTMM_TIER_FAST)
			continue;
		b->zap[n].gfn = ALIGN_DOWN(item->gfn, item->pages);
		b->zap[n++].pages = item->pages;
	}
	vtmm_kvm_zap(b->vm->kvm, b->zap, n);
}

/* Cold pages are not waited for: who touches one has it at once. */
static void vtmm_batch_hold(struct vtmm_batch *b)
{
	const struct vtmm_batch_item *item;
	size_t n = 0;

	for (item = b->item; item < b->item + b->nr; item++) {
		if (!item->folio || b->tier != VTMM_TIER_FAST)
			continue;
		b->way[n].gfn = ALIGN_DOWN(item->gfn, item->pages);
		b->way[n++].pages = item->pages;
	}
	vtmm_hold_begin(&b->hold, b->way, n);
}

static void vtmm_batch_move(struct vtmm_batch *b)
{
	unsigned int moved = 0;

	/*
	 * When there is no page on the target, migrate_pages() gives up. A huge
	 * page that can't be had should not keep small ones from moving.
	 */
	list_splice_tail_init(&b->huge, &b->folios);
	if (list_empty(&b->folios))
		return;
	b->full = false;
	vtmm_batch_zap(b);
	/*
	 * MR_NUMA_MISPLACED: with this reason a huge page for which the target
	 * has no huge page is left alone; with others it would be split.
	 */
	static_call(vtmm_migrate_pages)(&b->folios, vtmm_target_get, NULL,
					(unsigned long)b, MIGRATE_ASYNC,
					MR_NUMA_MISPLACED, &moved);
	vtmm_batch_putback(b);
	vtmm_stat_add(b->vm, VTMM_A_STATS_BATCHES, 1);
}

/*
 * What is promoted is hot: the guest will touch it at once. It is mapped again
 * before the next batch moves. Demoted pages are cold and wait for their touch.
 */
static void vtmm_batch_prefill(struct vtmm_batch *b)
{
	struct vtmm_prefill *pf = &b->prefill;
	const struct vtmm_batch_item *item;
	u64 filled = 0;

	if (b->tier != VTMM_TIER_FAST)
		return;
	pf->nr = 0;
	pf->hold = &b->hold;
	for (item = b->item; item < b->item + b->nr; item++) {
		if (!item->mapped || !item->folio || item->result != VTMM_MOVE_DONE)
			continue;
		pf->page[pf->nr].gfn = item->gfn;
		pf->page[pf->nr++].pages = item->pages;
		if (pf->nr == VTMM_PREFILL_MAX) {
			filled += vtmm_prefill_run(pf, b->vm->kvm);
			pf->nr = 0;
		}
	}
	filled += vtmm_prefill_run(pf, b->vm->kvm);
	vtmm_stat_add(b->vm, VTMM_A_STATS_PAGES_PREFILLED, filled);
}

static void vtmm_count_failure(struct vtmm_vm *vm, enum vtmm_tier tier,
			       enum vtmm_move_result result, u64 pages)
{
	static const int reason[VTMM_MOVE_RESULTS] = {
		[VTMM_MOVE_PINNED] = VTMM_A_STATS_FAILED_PINNED,
		[VTMM_MOVE_BUSY] = VTMM_A_STATS_FAILED_BUSY,
		[VTMM_MOVE_NOMEM] = VTMM_A_STATS_FAILED_NOMEM,
		[VTMM_MOVE_RACED] = VTMM_A_STATS_FAILED_RACED,
		[VTMM_MOVE_UNSUPPORTED] = VTMM_A_STATS_FAILED_UNSUPPORTED,
	};

	vtmm_stat_add(vm, tier == VTMM_TIER_FAST ? VTMM_A_STATS_PROMOTE_FAILED :
						   VTMM_A_STATS_DEMOTE_FAILED, pages);
	vtmm_stat_add(vm, reason[result], pages);
}

static void vtmm_item_moved(struct vtmm_batch *b, const struct vtmm_batch_item *item)
{
	static const int copied[] = {
		[VTMM_COPIED_PLAIN] = VTMM_A_STATS_COPIED_PLAIN,
		[VTMM_COPIED_AHEAD] = VTMM_A_STATS_COPIED_AHEAD,
		[VTMM_COPIED_AGAIN] = VTMM_A_STATS_COPIED_AGAIN,
	};
	u64 copies = item->copied == VTMM_COPIED_AGAIN ? 2 : 1;

	vtmm_stat_add(b->vm, b->tier == VTMM_TIER_FAST ?
		      VTMM_A_STATS_PROMOTED : VTMM_A_STATS_DEMOTED, item->pages);
	vtmm_stat_add(b->vm, copied[item->copied], item->pages);
	vtmm_stat_add(b->vm, VTMM_A_STATS_BYTES_COPIED, copies * item->pages * PAGE_SIZE);
	b->done += item->pages;
}

static void vtmm_item_account(struct vtmm_batch *b, const struct vtmm_batch_item *item)
{
	struct vtmm_vm *vm = b->vm;

	lockdep_assert_held(&vm->lock);
	switch (item->result) {
	case VTMM_MOVE_DONE:
		vtmm_item_moved(b, item);
		fallthrough;
	case VTMM_MOVE_THERE:
		vtmm_heat_moved(&vm->heat, item->gfn, b->tier, vm->round);
		break;
	case VTMM_MOVE_RACED:
		/* No longer the VM's memory: ballooned, swapped out, never there. */
		vtmm_heat_unmap(&vm->heat, item->gfn, 1);
		vtmm_count_failure(vm, b->tier, item->result, item->pages);
		break;
	case VTMM_MOVE_NOMEM:
		vtmm_heat_postponed(&vm->heat, item->gfn, vm->round);
		vtmm_count_failure(vm, b->tier, item->result, item->pages);
		break;
	default:
		vtmm_heat_failed(&vm->heat, item->gfn, vm->round);
		vtmm_count_failure(vm, b->tier, item->result, item->pages);
	}
}

static void vtmm_batch_account(struct vtmm_batch *b)
{
	size_t i;

	mutex_lock(&b->vm->lock);
	for (i = 0; i < b->nr; i++)
		vtmm_item_account(b, &b->item[i]);
	mutex_unlock(&b->vm->lock);
}

static u64 vtmm_moves_pages(const struct vtmm_move *move, size_t n)
{
	u64 pages = 0;
	size_t i;

	for (i = 0; i < n; i++)
		pages += move[i].huge ? VTMM_CHUNK_PAGES : 1;
	return pages;
}

/*
 * One batch. The VMM's memory is held only for its duration: held longer it
 * would keep a killed VMM's memory from being freed.
 */
static bool vtmm_batch_run(struct vtmm_batch *b, const struct vtmm_move *move,
			   size_t n)
{
	size_t i;

	if (!vtmm_vm_alive(b->vm) || READ_ONCE(b->vm->gone))
		return false;
	b->nid = vtmm_tier_target(b->tier);
	if (b->nid == NUMA_NO_NODE || vtmm_tier_room(b->tier) < vtmm_moves_pages(move, n))
		return false;
	if (!vtmm_host_enter(b))
		return false;
	b->nr = 0;
	b->found = 0;
	INIT_LIST_HEAD(&b->folios);
	INIT_LIST_HEAD(&b->huge);
	for (i = 0; i < n; i++)
		vtmm_batch_add(b, &move[i]);
	vtmm_ahead_begin(b);
	vtmm_batch_hold(b);
	vtmm_batch_move(b);
	vtmm_ahead_end(b);
	vtmm_host_leave(b);
	vtmm_batch_prefill(b);
	vtmm_hold_end(&b->hold);
	vtmm_batch_account(b);
	return true;
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
	struct vtmm_move *list = b->vm->pick[tier];
	size_t n = b->vm->nr_pick[tier];
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
	u64 allotment = READ_ONCE(vm->member.allotment), fast;

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
	struct vtmm_pick *p = &vm->picks[tier];
	struct vtmm_move *out = vm->pick[tier];
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
	vm->nr_pick[tier] = n;
}

/* No longer what should be done: its window is over, or the VM is left alone. */
static bool vtmm_migrate_stale(const struct vtmm_vm *vm)
{
	u32 rounds = READ_ONCE(vm->round) - vm->plan_round;
	u32 window = READ_ONCE(vm->heat.params.window);

	return rounds >= (vm->limited ? 2 * window : window) || READ_ONCE(vm->gone) ||
	       READ_ONCE(vm->set.mode) != VTMM_MODE_MANAGE;
}

/*
 * Demotions come first: they make the room that promotions need. A large plan is
 * carried out in pieces, so that memory, and the time for which the VM's lock is
 * held, do not grow with it.
 */
static void vtmm_migrate_plan(struct vtmm_batch *b)
{
	u64 moved[VTMM_NR_TIERS] = {};
	struct vtmm_vm *vm = b->vm;

	do {
		vtmm_migrate_pick(vm, VTMM_TIER_SLOW);
		moved[VTMM_TIER_SLOW] += vtmm_migrate_to(b, VTMM_TIER_SLOW);
		vtmm_migrate_pick(vm, VTMM_TIER_FAST);
		moved[VTMM_TIER_FAST] += vtmm_migrate_to(b, VTMM_TIER_FAST);
	} while ((vm->nr_pick[VTMM_TIER_SLOW] || vm->nr_pick[VTMM_TIER_FAST]) &&
		 !b->stopped && !vtmm_migrate_stale(vm));
	vtmm_event_moves(vm, moved[VTMM_TIER_FAST], moved[VTMM_TIER_SLOW]);
}

/**
 * vtmm_migrate_work() - carry out what vtmm_migrate_start() began
 * @work: migrate_work of the VM
 *
 * Context: vtmm_wq.
 */
void vtmm_migrate_work(struct work_struct *work)
{
	struct vtmm_vm *vm = container_of(work, struct vtmm_vm, migrate_work);
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
	WRITE_ONCE(vm->migrating, false);
	mutex_unlock(&vm->lock);
}

/**
 * vtmm_migrate_start() - begin to carry out a plan
 * @vm: whose; no plan of it is being carried out
 * @plan: the plan
 *
 * From here until the work clears vm->migrating, vm->pick and vm->picks belong to
 * the work.
 *
 * Context: the VM's worker, vm->lock held.
 */
void vtmm_migrate_start(struct vtmm_vm *vm, const struct vtmm_plan *plan)
{
	int tier;

	lockdep_assert_held(&vm->lock);
	if (vm->migrating || vtmm_migrate_missing())
		return;
	for (tier = 0; tier < VTMM_NR_TIERS; tier++)
		vtmm_pick_begin(&vm->set.plan, &vm->heat, plan, tier, U64_MAX,
				&vm->picks[tier]);
	vm->plan_round = plan->round;
	vm->limited = plan->reason == VTMM_PLAN_RATE;
	WRITE_ONCE(vm->migrating, true);
	queue_work(vtmm_wq, &vm->migrate_work);
}

/**
 * vtmm_migrate_init_vm() - what a VM needs to have pages moved
 * @vm: being attached
 *
 * Context: process context, vtmm_vms_lock held; may sleep.
 * Return: 0 or an error.
 */
int vtmm_migrate_init_vm(struct vtmm_vm *vm)
{
	int tier, ret;

	ret = vtmm_hold_get();
	if (ret)
		return ret;
	for (tier = 0; tier < VTMM_NR_TIERS; tier++) {
		vm->pick[tier] = kvmalloc_array(VTMM_PICK_MAX, sizeof(struct vtmm_move),
						GFP_KERNEL | __GFP_NOWARN);
		if (!vm->pick[tier]) {
			vtmm_migrate_exit_vm(vm);
			return -ENOMEM;
		}
	}
	return 0;
}

/**
 * vtmm_migrate_exit_vm() - give back what vtmm_migrate_init_vm() took
 * @vm: whose works have ended
 */
void vtmm_migrate_exit_vm(struct vtmm_vm *vm)
{
	int tier;

	for (tier = 0; tier < VTMM_NR_TIERS; tier++) {
		kvfree(vm->pick[tier]);
		vm->pick[tier] = NULL;
	}
	vtmm_hold_put();
}
