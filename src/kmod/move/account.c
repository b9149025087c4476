// SPDX-License-Identifier: GPL-2.0-only
/*
 * account: what became of each page of a batch: counted, and told to heat. A
 * page that did not move must be counted with the reason.
 */
#include "move/internal.h"

static void vtmm_count_failure(struct vtmm_vm *vm, enum vtmm_tier tier,
			       enum vtmm_move_result result, u64 pages)
{
	static const int failed[VTMM_NR_TIERS] = {
		[VTMM_TIER_FAST] = VTMM_A_STATS_PROMOTE_FAILED,
		[VTMM_TIER_SLOW] = VTMM_A_STATS_DEMOTE_FAILED,
	};
	static const int reason[VTMM_MOVE_RESULTS] = {
		[VTMM_MOVE_PINNED] = VTMM_A_STATS_FAILED_PINNED,
		[VTMM_MOVE_BUSY] = VTMM_A_STATS_FAILED_BUSY,
		[VTMM_MOVE_NOMEM] = VTMM_A_STATS_FAILED_NOMEM,
		[VTMM_MOVE_RACED] = VTMM_A_STATS_FAILED_RACED,
		[VTMM_MOVE_UNSUPPORTED] = VTMM_A_STATS_FAILED_UNSUPPORTED,
	};

	vtmm_stat_add(vm, failed[tier], pages);
	vtmm_stat_add(vm, reason[result], pages);
}

static void vtmm_item_moved(struct vtmm_batch *b, const struct vtmm_batch_item *item)
{
	static const int moved[VTMM_NR_TIERS] = {
		[VTMM_TIER_FAST] = VTMM_A_STATS_PROMOTED,
		[VTMM_TIER_SLOW] = VTMM_A_STATS_DEMOTED,
	};
	static const int copied[] = {
		[VTMM_COPIED_PLAIN] = VTMM_A_STATS_COPIED_PLAIN,
		[VTMM_COPIED_AHEAD] = VTMM_A_STATS_COPIED_AHEAD,
		[VTMM_COPIED_AGAIN] = VTMM_A_STATS_COPIED_AGAIN,
	};
	u64 copies = item->copied == VTMM_COPIED_AGAIN ? 2 : 1;

	vtmm_stat_add(b->vm, moved[b->tier], item->pages);
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

/**
 * vtmm_batch_account() - a batch has moved
 * @b: the batch
 *
 * Context: process context; takes vm->lock.
 */
void vtmm_batch_account(struct vtmm_batch *b)
{
	size_t i;

	mutex_lock(&b->vm->lock);
	for (i = 0; i < b->nr; i++)
		vtmm_item_account(b, &b->item[i]);
	mutex_unlock(&b->vm->lock);
}

/**
 * vtmm_moves_pages() - how many pages some moves stand for
 * @move: the moves
 * @n: how many
 *
 * Context: any.
 */
u64 vtmm_moves_pages(const struct vtmm_move *move, size_t n)
{
	u64 pages = 0;
	size_t i;

	for (i = 0; i < n; i++)
		pages += move[i].huge ? VTMM_CHUNK_PAGES : 1;
	return pages;
}
