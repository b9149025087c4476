/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * move: carrying out plans.
 */
#ifndef _VTMM_MOVE_MOVE_H
#define _VTMM_MOVE_MOVE_H

#include <vtmm/plan.h>
#include "vtmm.h"

struct mmu_notifier_range;

/* plan.c */
const char *vtmm_migrate_missing(void);
int vtmm_mover_new(struct vtmm_vm *vm);
void vtmm_mover_free(struct vtmm_vm *vm);
void vtmm_mover_stop(struct vtmm_vm *vm);
void vtmm_migrate_start(struct vtmm_vm *vm, const struct vtmm_plan *plan);
bool vtmm_migrating(const struct vtmm_vm *vm);
size_t vtmm_mover_bytes(void);

/* rate.c, limit.c */
u64 vtmm_rate_budget(struct vtmm_vm *vm);
void vtmm_host_rate_set(u64 rate_bytes);
u64 vtmm_host_rate_get(void);

/* copy_ahead.c */
bool vtmm_ahead_wanted(void);
const char *vtmm_ahead_missing(void);
int vtmm_ahead_init(void);
void vtmm_ahead_exit(void);
void vtmm_watch_start(struct vtmm_vm *vm, const struct mmu_notifier_range *range);
void vtmm_watch_end(struct vtmm_vm *vm, const struct mmu_notifier_range *range);

/* prefill.c */
const char *vtmm_prefill_missing(void);

#endif /* _VTMM_MOVE_MOVE_H */
