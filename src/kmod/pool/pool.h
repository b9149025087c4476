/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pool: the ledger of fast memory. What it gives a VM stands in vm->allotment,
 * what the VM would use in vm->demand.
 */
#ifndef _VTMM_POOL_POOL_H
#define _VTMM_POOL_POOL_H

#include <vtmm/pool.h>
#include "vtmm.h"

struct netlink_ext_ack;

/**
 * struct vtmm_pool_info - the pool as readers are shown it
 * @size: pages
 * @free: allotted to nobody
 * @automatic: the size follows the fast tier
 */
struct vtmm_pool_info {
	u64 size;
	u64 free;
	bool automatic;
};

int vtmm_claim_new(struct vtmm_vm *vm);
void vtmm_claim_free(struct vtmm_vm *vm);
int vtmm_pool_join(struct vtmm_vm *vm, const struct vtmm_terms *terms,
		   struct netlink_ext_ack *extack);
void vtmm_pool_leave(struct vtmm_vm *vm);
int vtmm_pool_change(struct vtmm_vm *vm, u32 mode, const struct vtmm_terms *terms,
		     struct netlink_ext_ack *extack);
u64 vtmm_pool_rebalance(struct vtmm_vm *vm, u64 demand, u64 hot);
u64 vtmm_pool_would(struct vtmm_vm *vm);
bool vtmm_pool_is_short(void);

void vtmm_pool_begin(struct vtmm_pool_info *info);
void vtmm_pool_end(void);
const struct vtmm_pool_member *vtmm_pool_member(const struct vtmm_vm *vm);
void vtmm_pool_get_member(struct vtmm_vm *vm, struct vtmm_pool_member *m);
void vtmm_pool_get_terms(struct vtmm_vm *vm, struct vtmm_terms *terms);
int vtmm_pool_set_size(u64 size, struct netlink_ext_ack *extack);

#endif /* _VTMM_POOL_POOL_H */
