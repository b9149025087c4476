// SPDX-License-Identifier: GPL-2.0-only
/*
 * batch: moves some pages, by the kernel's own migrate_pages().
 *
 * It must never lose a page: what can't be moved is put back where it was, and
 * counted with the reason. It must never hold the VMM's memory beyond the
 * batch, never split a huge page, never wake reclaim.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/sched/mm.h>
#include "move/internal.h"
#include "compat/symbols.h"
#include "tiers.h"

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

/**
 * vtmm_batch_run() - move one batch
 * @b: open: its VM, tier, hold and copies are set
 * @move: the moves
 * @n: how many, VTMM_BATCH_MAX at most
 *
 * The VMM's memory is held only meanwhile: held longer it would keep a killed
 * VMM's memory from being freed.
 *
 * Context: the VM's migrate work, no lock held; takes vm->lock.
 * Return: false when nothing was tried: no room, or the VM is gone.
 */
bool vtmm_batch_run(struct vtmm_batch *b, const struct vtmm_move *move, size_t n)
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
