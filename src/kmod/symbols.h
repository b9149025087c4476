/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * symbols: kernel functions and variables that are not exported. Functions
 * are reached through static calls only (a pointer call of a sealed function
 * dies on IBT hardware), and never called unless vtmm_has() says so.
 */
#ifndef _VTMM_SYMBOLS_H
#define _VTMM_SYMBOLS_H

#include <linux/static_call.h>
#include <linux/task_work.h>
#include "vtmm_compat.h"

enum vtmm_symbol {
	VTMM_SYM_MIGRATE_PAGES,
	VTMM_SYM_PUTBACK,
	VTMM_SYM_ISOLATE,
	VTMM_SYM_DRAIN,
	VTMM_SYM_PAGE_READY,
	VTMM_SYM_WORK_CANCEL,
	VTMM_SYM_ZAP_LEAFS,
	VTMM_SYM_PROTECT,
	VTMM_SYM_TLB_GATHER,
	VTMM_SYM_TLB_FINISH,
	VTMM_SYM_ACCESSED_MASK,
	VTMM_SYM_DIRTY_MASK,
	VTMM_SYM_TDP_MMU_ENABLED,
	VTMM_SYM_X86_OPS,
	VTMM_NR_SYMBOLS
};

typedef void vtmm_putback_t(struct list_head *folios);
typedef void vtmm_drain_t(void);
typedef void vtmm_page_ready_t(struct kvm_vcpu *vcpu, struct kvm_async_pf *work);
typedef bool vtmm_work_cancel_t(struct task_struct *task, struct callback_head *cb);
typedef bool vtmm_zap_leafs_t(struct kvm *kvm, gfn_t start, gfn_t end, bool flush);
typedef void vtmm_tlb_gather_t(struct mmu_gather *tlb, struct mm_struct *mm);
typedef void vtmm_tlb_finish_t(struct mmu_gather *tlb);

DECLARE_STATIC_CALL(vtmm_migrate_pages, vtmm_compat_migrate_pages_t);
DECLARE_STATIC_CALL(vtmm_putback, vtmm_putback_t);
DECLARE_STATIC_CALL(vtmm_isolate, vtmm_compat_isolate_t);
DECLARE_STATIC_CALL(vtmm_drain, vtmm_drain_t);
DECLARE_STATIC_CALL(vtmm_page_ready, vtmm_page_ready_t);
DECLARE_STATIC_CALL(vtmm_work_cancel, vtmm_work_cancel_t);
DECLARE_STATIC_CALL(vtmm_zap_leafs, vtmm_zap_leafs_t);
DECLARE_STATIC_CALL(vtmm_tlb_gather, vtmm_tlb_gather_t);
DECLARE_STATIC_CALL(vtmm_tlb_finish, vtmm_tlb_finish_t);

int vtmm_symbols_init(void);
bool vtmm_has(enum vtmm_symbol sym);
const char *vtmm_symbol_name(enum vtmm_symbol sym);
u64 vtmm_accessed_mask(void);
u64 vtmm_dirty_mask(void);
bool vtmm_log_by_dirty(void);
const bool *vtmm_tdp_mmu_flag(void);
unsigned long vtmm_lookup(const char *name);

#endif /* _VTMM_SYMBOLS_H */
