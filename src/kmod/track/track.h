/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * track: learning what a guest touches, when to look, and what the host's reclaim
 * is owed for it.
 */
#ifndef _VTMM_TRACK_TRACK_H
#define _VTMM_TRACK_TRACK_H

#include "vtmm.h"

/**
 * struct vtmm_tracker_ops - one way of learning what a guest touches
 * @name: as people see it: "ad-bits", "pml"
 * @missing: NULL when this host can run it, else a sentence that says why not
 * @hook: what it hooks the guest's exits with, or NULL when it hooks none
 * @start: begins to track @vm. Called once, under vtmm_vms_lock; may sleep
 * @harvest: one round: hands every leaf that it saw to vtmm_heat_record().
 *	Called by the VM's worker under vm->lock; may sleep
 * @stop: ends tracking and gives back all that @start took. No harvest runs
 */
struct vtmm_tracker_ops {
	const char *name;
	const char *(*missing)(void);
	const char *(*hook)(void);
	int (*start)(struct vtmm_vm *vm);
	int (*harvest)(struct vtmm_vm *vm, u32 round);
	void (*stop)(struct vtmm_vm *vm);
};

/**
 * struct vtmm_track_info - how a VM is tracked, for readers
 * @name: of the tracker
 * @hook: what it hooks exits with, or NULL
 * @why: what is not seen, or why no better tracker is used, or NULL
 * @bytes: memory that tracking holds, heat left out
 * @idle: the last round was skipped: the VM does not run
 */
struct vtmm_track_info {
	const char *name;
	const char *hook;
	const char *why;
	u64 bytes;
	bool idle;
};

/* trackers.c */
const struct vtmm_tracker_ops *vtmm_tracker_at(int i);
const struct vtmm_tracker_ops *vtmm_tracker_best(const char **why_not_better);

/* track.c */
int vtmm_track_new(struct vtmm_vm *vm);
void vtmm_track_free(struct vtmm_vm *vm);
const char *vtmm_track_choose(struct vtmm_vm *vm);
int vtmm_track_start(struct vtmm_vm *vm);
void vtmm_track_stop(struct vtmm_vm *vm);
int vtmm_track_harvest(struct vtmm_vm *vm, u32 round);
void vtmm_track_info(const struct vtmm_vm *vm, struct vtmm_track_info *info);

/* pace.c */
u64 vtmm_pace_cpu_ns(void);
void vtmm_pace_spent(struct vtmm_vm *vm, u64 ns);
void vtmm_pace_force(struct vtmm_vm *vm);
bool vtmm_pace_due(struct vtmm_vm *vm);
u64 vtmm_pace_period_us(const struct vtmm_vm *vm);

/* young.c */
bool vtmm_young_ask(struct vtmm_vm *vm, unsigned long start, unsigned long end,
		    bool clear);

#endif /* _VTMM_TRACK_TRACK_H */
