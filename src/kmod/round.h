/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * round: a VM's worker.
 */
#ifndef _VTMM_ROUND_H
#define _VTMM_ROUND_H

#include <vtmm/plan.h>
#include "vtmm.h"

/**
 * struct vtmm_snapshot - what readers are shown without waiting for the worker
 * @hist: histogram of the last window
 * @plan: plan of the last window
 * @hist_round: round that both are of; 0: there was none
 * @hist_ktime: when
 */
struct vtmm_snapshot {
	struct vtmm_hist hist;
	struct vtmm_plan plan;
	u32 hist_round;
	ktime_t hist_ktime;
};

int vtmm_worker_new(struct vtmm_vm *vm, void (*gone)(struct vtmm_vm *vm));
void vtmm_worker_free(struct vtmm_vm *vm);
void vtmm_worker_start(struct vtmm_vm *vm);
void vtmm_worker_stop(struct vtmm_vm *vm);
void vtmm_round_kick(struct vtmm_vm *vm, bool force);
void vtmm_snapshot_get(struct vtmm_vm *vm, struct vtmm_snapshot *snap);
enum vtmm_plan_reason vtmm_snapshot_reason(struct vtmm_vm *vm);

#endif /* _VTMM_ROUND_H */
