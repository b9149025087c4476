/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * batch: a batch of pages on their way to another tier.
 */
#ifndef _VTMM_MIGRATE_H
#define _VTMM_MIGRATE_H

#include "move/copy_ahead.h"
#include "move/hold.h"
#include "move/prefill.h"
#include "vtmm.h"

#define VTMM_BATCH_MAX	VTMM_ZAP_MAX	/* folios handed to migrate_pages() at once */

#define VTMM_REST_MAX	2048	/* moves looked at for pages that are being written */

/**
 * enum vtmm_move_result - what became of a page
 * @VTMM_MOVE_DONE: it moved (before the move: it may)
 * @VTMM_MOVE_THERE: it was there already
 * @VTMM_MOVE_PINNED: pinned for DMA
 * @VTMM_MOVE_BUSY: locked, under writeback, off the LRU, or held by others
 * @VTMM_MOVE_NOMEM: no memory on the target: no fault of the page's
 * @VTMM_MOVE_RACED: no longer mapped, or freed on the way
 * @VTMM_MOVE_UNSUPPORTED: hugetlb, KSM, a part of a large folio
 */
enum vtmm_move_result {
	VTMM_MOVE_DONE,
	VTMM_MOVE_THERE,
	VTMM_MOVE_PINNED,
	VTMM_MOVE_BUSY,
	VTMM_MOVE_NOMEM,
	VTMM_MOVE_RACED,
	VTMM_MOVE_UNSUPPORTED,
	VTMM_MOVE_RESULTS
};

/**
 * struct vtmm_batch_item - one move
 * @gfn: what should move
 * @folio: isolated, or NULL; only compared once the batch has moved
 * @pages: its size
 * @mapped: the guest had it mapped before the move
 * @result: what became of it
 * @hva: its address in the VMM if it is to be copied ahead, else 0
 * @copy: what it was copied to ahead, or NULL
 * @taken: the same, once migrate_pages() has it
 * @disturbed: others changed the VMM's entry: the copy is void (vm->watch.lock)
 * @copied: how it was copied
 */
struct vtmm_batch_item {
	u64 gfn;
	struct folio *folio;
	u64 pages;
	bool mapped;
	enum vtmm_move_result result;
	unsigned long hva;
	struct folio *copy;
	struct folio *taken;
	bool disturbed;
	enum vtmm_copied copied;
};

/**
 * struct vtmm_batch - moves that are made together
 * @vm: whose pages
 * @tier: where to
 * @nid: the node chosen in it
 * @folios: isolated, for migrate_pages(): small ones
 * @huge: isolated, those of 2 MiB: behind the small ones
 * @mm: the VMM's memory, held and in use by this thread during the batch
 * @full: the target had no room for one of them
 * @stopped: moves were given up: no room, or nothing may move any more
 * @done: pages that moved, over all batches of a piece and direction
 * @zap: what is taken from the guest before the move
 * @way: hot pages that are on their way
 * @hold: vCPUs that wait for these
 * @ahead: copies made while the guest runs
 * @prefill: maps promoted pages again
 * @nr: items in use
 * @found: the item that was looked for last
 * @item: the moves
 */
struct vtmm_batch {
	struct vtmm_vm *vm;
	enum vtmm_tier tier;
	int nid;
	struct list_head folios;
	struct list_head huge;
	struct mm_struct *mm;
	bool full;
	bool stopped;
	u64 done;
	struct vtmm_leaf zap[VTMM_BATCH_MAX];
	struct vtmm_leaf way[VTMM_BATCH_MAX];
	struct vtmm_hold hold;
	struct vtmm_ahead ahead;
	struct vtmm_prefill prefill;
	size_t nr;
	size_t found;
	struct vtmm_batch_item item[];
};

/* batch.c */
struct vtmm_batch_item *vtmm_batch_find(struct vtmm_batch *b, const struct folio *folio);
struct folio *vtmm_target_new(struct vtmm_batch *b, unsigned int order);
bool vtmm_batch_run(struct vtmm_batch *b, const struct vtmm_move *move, size_t n);

/* account.c */
u64 vtmm_moves_pages(const struct vtmm_move *move, size_t n);
void vtmm_batch_account(struct vtmm_batch *b);

/* rest.c */
size_t vtmm_rest_first(struct vtmm_vm *vm, struct vtmm_move *move, size_t n);

/* host.c */
bool vtmm_host_enter(struct vtmm_batch *b);
void vtmm_host_leave(struct vtmm_batch *b);
struct folio *vtmm_host_get_folio(struct vtmm_batch *b, u64 gfn, bool *huge);

#endif /* _VTMM_MIGRATE_H */
