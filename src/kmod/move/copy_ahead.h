/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * copy_ahead: copies of pages that are made while the guest still runs.
 */
#ifndef _VTMM_COPY_AHEAD_H
#define _VTMM_COPY_AHEAD_H

#include <linux/list.h>
#include <linux/mmu_notifier.h>
#include <linux/spinlock.h>

struct folio;
struct task_struct;
struct vtmm_batch;
struct vtmm_batch_item;
struct vtmm_vm;

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
	spinlock_t lock; /* see "Locks" in vtmm.h */
	unsigned int running;
	struct task_struct *task;
	struct vtmm_batch *batch;
};

bool vtmm_ahead_wanted(void);
const char *vtmm_ahead_missing(void);
int vtmm_ahead_init(void);
void vtmm_ahead_exit(void);
void vtmm_watch_init(struct vtmm_watch *w);
int vtmm_watch_start(struct mmu_notifier *mn, const struct mmu_notifier_range *range);
void vtmm_watch_end(struct mmu_notifier *mn, const struct mmu_notifier_range *range);
void vtmm_ahead_open(struct vtmm_batch *b);
void vtmm_ahead_close(struct vtmm_batch *b);
void vtmm_ahead_begin(struct vtmm_batch *b);
struct folio *vtmm_ahead_take(struct vtmm_batch_item *item);
void vtmm_ahead_end(struct vtmm_batch *b);

#endif /* _VTMM_COPY_AHEAD_H */
