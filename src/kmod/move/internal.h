/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * internal: what the files of this folder share: a batch of pages on their way
 * to another tier, with all that is done for it, and what they keep for a VM.
 */
#ifndef _VTMM_MOVE_INTERNAL_H
#define _VTMM_MOVE_INTERNAL_H

#include <linux/ktime.h>
#include <linux/mmu_notifier.h>
#include <linux/spinlock.h>
#include <linux/tracepoint.h>
#include <linux/wait.h>
#include "compat/mm.h"
#include "kvm/kvm.h"
#include "move/move.h"

#define VTMM_HOLD_MAX	16	/* vCPUs that wait for one batch; others trap on */

/**
 * struct vtmm_held - a vCPU that waits, or is about to
 * @work: for its thread
 * @hold: for which pages
 * @vcpu: the vCPU; its VM is held by who began
 * @task: its thread, with a reference
 * @go: it need not wait any more
 */
struct vtmm_held {
	struct vtmm_vcpu_work work;
	struct vtmm_hold *hold;
	struct kvm_vcpu *vcpu;
	struct task_struct *task;
	bool go;
};

/**
 * struct vtmm_hold - pages on their way, and who waits for them
 * @node: in the list of those that are open; RCU
 * @kvm: whose pages
 * @lock: guards what follows, but for @wait; taken in the probe
 * @leaf: the pages
 * @nr: how many
 * @wait: where they wait
 * @used: entries of @held in use
 * @held: the vCPUs
 */
struct vtmm_hold {
	struct list_head node;
	struct kvm *kvm;
	raw_spinlock_t lock; /* see locks.h */
	const struct vtmm_leaf *leaf;
	size_t nr;
	wait_queue_head_t wait;
	unsigned int used;
	struct vtmm_held held[VTMM_HOLD_MAX];
};

/* Pages mapped in one interruption of a vCPU: some 3500 instructions each. */
#define VTMM_PREFILL_MAX	96

/**
 * struct vtmm_prefill - one interruption of a vCPU
 * @work: for the vCPU's thread
 * @hold: vCPUs that wait for the pages
 * @vcpu: that runs it; its VM is held by who asked
 * @filled: pages that it mapped, a huge page counts as all of its pages
 * @nr: pages in use
 * @page: what moved: the gfn and how many pages follow it
 */
struct vtmm_prefill {
	struct vtmm_vcpu_work work;
	struct vtmm_hold *hold;
	struct kvm_vcpu *vcpu;
	u32 filled;
	u32 nr;
	struct vtmm_leaf page[VTMM_PREFILL_MAX];
};

/**
 * enum vtmm_copied - how a page was copied
 * @VTMM_COPIED_PLAIN: once, unmapped
 * @VTMM_COPIED_AHEAD: once, while the guest ran, and not written since
 * @VTMM_COPIED_AGAIN: while the guest ran, and again, unmapped
 */
enum vtmm_copied {
	VTMM_COPIED_PLAIN,
	VTMM_COPIED_AHEAD,
	VTMM_COPIED_AGAIN,
	VTMM_NR_COPIED
};

/**
 * struct vtmm_ahead - what a thread copies ahead
 * @node: in the list of all
 * @task: the thread
 * @locked: it holds the VMM's mmap_lock for reading
 */
struct vtmm_ahead {
	struct list_head node;
	struct task_struct *task;
	bool locked;
};

/**
 * struct vtmm_watch - changes of the VMM's page tables, of which all notifiers are told
 * @lock: guards the others
 * @running: changes by other threads that have begun and not ended
 * @task: the thread whose own changes do not count
 * @batch: whose copies are void where others change an entry, or NULL
 */
struct vtmm_watch {
	spinlock_t lock; /* see locks.h */
	unsigned int running;
	struct task_struct *task;
	struct vtmm_batch *batch;
};

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
 * @disturbed: others changed the VMM's entry: the copy is void (watch.lock)
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

/**
 * struct vtmm_limit - a limit on bytes/s, as a queue
 * @asked: bytes that were asked for so far, less those that did not move
 * @let: bytes that it has let through
 * @at: when @let was last brought up to date
 */
struct vtmm_limit {
	u64 asked;
	u64 let;
	ktime_t at;
};

/**
 * struct vtmm_mover - what this folder keeps for a VM
 * @vm: whose
 * @work: carries out the plan
 * @moving: a plan is being carried out (vm->lock; changed by vtmm_host_moving())
 * @limited: the last plan that was begun was cut by a limit (vm->lock)
 * @limit: on what moves; the work's
 * @plan_round: round that the plan was made in; as @picks
 * @picks: what is left of the plan, to each tier; the work's while @moving, else
 *	the worker's
 * @pick: a piece of it: moves; the work's
 * @nr_pick: how many
 * @watch: tells when copies made ahead are void
 */
struct vtmm_mover {
	struct vtmm_vm *vm;
	struct work_struct work;
	bool moving;
	bool limited;
	struct vtmm_limit limit;
	u32 plan_round;
	struct vtmm_pick picks[VTMM_NR_TIERS];
	struct vtmm_move *pick[VTMM_NR_TIERS];
	size_t nr_pick[VTMM_NR_TIERS];
	struct vtmm_watch watch;
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

/* copy_ahead.c */
void vtmm_watch_init(struct vtmm_watch *w);
void vtmm_ahead_open(struct vtmm_batch *b);
void vtmm_ahead_close(struct vtmm_batch *b);
void vtmm_ahead_begin(struct vtmm_batch *b);
struct folio *vtmm_ahead_take(struct vtmm_batch_item *item);
void vtmm_ahead_end(struct vtmm_batch *b);

/* hold.c */
int vtmm_hold_get(void);
void vtmm_hold_put(void);
void vtmm_hold_open(struct vtmm_hold *h, struct kvm *kvm);
void vtmm_hold_close(struct vtmm_hold *h);
void vtmm_hold_begin(struct vtmm_hold *h, const struct vtmm_leaf *leaf, size_t n);
void vtmm_hold_end(struct vtmm_hold *h);
struct task_struct *vtmm_hold_any(struct vtmm_hold *h, struct kvm_vcpu **vcpu);
void vtmm_hold_let(struct vtmm_hold *h, const struct task_struct *task);

/* prefill.c */
u32 vtmm_prefill_run(struct vtmm_prefill *pf, struct kvm *kvm);

/* limit.c */
u64 vtmm_rate_bytes(u64 rate, u64 us);
u64 vtmm_limit_fill(struct vtmm_limit *l, u64 rate, u64 slack_us);
u64 vtmm_limit_ask(struct vtmm_limit *l, u64 bytes);
bool vtmm_limit_reached(struct vtmm_limit *l, u64 rate, u64 slack_us, u64 ticket);
u64 vtmm_host_rate_part(struct vtmm_mover *m, u64 slack_us, u64 *spare);
u64 vtmm_host_rate_ask(u64 bytes);
bool vtmm_host_rate_reached(u64 ticket, u64 slack_us);
void vtmm_host_rate_refund(u64 bytes);
void vtmm_host_moving(struct vtmm_mover *m, bool moving);

/* rate.c */
u64 vtmm_rate_pages(struct vtmm_vm *vm);
bool vtmm_rate_wait(struct vtmm_vm *vm, u64 pages);
void vtmm_rate_refund(struct vtmm_vm *vm, u64 pages);

#endif /* _VTMM_MOVE_INTERNAL_H */
