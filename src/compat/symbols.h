/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * symbols: kernel functions and variables that are not exported. Functions
 * are reached through static calls only (a pointer call of a sealed function
 * dies on IBT hardware), and never called unless vtmm_has() says so.
 *
 * What a kernel header declares has the header's own type: if its prototype
 * changes, vtmm no longer compiles. What no header declares has its prototype here,
 * which is compared with the kernel's type information (facts.c).
 */
#ifndef _VTMM_COMPAT_SYMBOLS_H
#define _VTMM_COMPAT_SYMBOLS_H

#include <linux/kallsyms.h>
#include <linux/kvm_host.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/static_call.h>
#include <linux/swap.h>
#include <linux/task_work.h>
#include "kvm.h"
#include "mm.h"

/* F(id, static call, module or "vmlinux", function): declared by a header. */
#define VTMM_DECLARED_FUNCTIONS(F)						\
	F(MIGRATE_PAGES, vtmm_migrate_pages, "vmlinux", migrate_pages)		\
	F(PUTBACK, vtmm_putback, "vmlinux", putback_movable_pages)		\
	F(DRAIN, vtmm_drain, "vmlinux", lru_add_drain_all)			\
	F(PAGE_READY, vtmm_page_ready, "kvm", kvm_arch_async_page_ready)	\
	F(WORK_CANCEL, vtmm_work_cancel, "vmlinux", task_work_cancel)		\
	F(PROTECT, vtmm_protect, "vmlinux", change_protection)			\
	F(TLB_GATHER, vtmm_tlb_gather, "vmlinux", tlb_gather_mmu)		\
	F(TLB_FINISH, vtmm_tlb_finish, "vmlinux", tlb_finish_mmu)

/* F(id, static call, module or "vmlinux", function, what it returns, arguments). */
#define VTMM_PRIVATE_FUNCTIONS(F)						\
	F(ISOLATE, vtmm_isolate, "vmlinux", folio_isolate_lru,			\
	  VTMM_COMPAT_ISOLATE_RET, struct folio *)				\
	F(ZAP_LEAFS, vtmm_zap_leafs, "kvm", kvm_tdp_mmu_zap_leafs,		\
	  bool, struct kvm *, gfn_t, gfn_t, bool)

/* F(id, module, variable). */
#define VTMM_VARIABLES(F)							\
	F(ACCESSED_MASK, "kvm", shadow_accessed_mask)				\
	F(DIRTY_MASK, "kvm", shadow_dirty_mask)					\
	F(TDP_MMU_ENABLED, "kvm", tdp_mmu_enabled)				\
	F(X86_OPS, "kvm", kvm_x86_ops)

#define VTMM_SYM_ID(id, ...)	VTMM_SYM_##id,
enum vtmm_symbol {
	VTMM_DECLARED_FUNCTIONS(VTMM_SYM_ID)
	VTMM_PRIVATE_FUNCTIONS(VTMM_SYM_ID)
	VTMM_VARIABLES(VTMM_SYM_ID)
	VTMM_NR_SYMBOLS
};

#define VTMM_DECLARE_CALL(id, call, module, function, ...)			\
	DECLARE_STATIC_CALL(call, function);
#define VTMM_DECLARE_PRIVATE(id, call, module, function, ret, ...)		\
	typedef ret call##_t(__VA_ARGS__);					\
	DECLARE_STATIC_CALL(call, call##_t);
VTMM_DECLARED_FUNCTIONS(VTMM_DECLARE_CALL)
VTMM_PRIVATE_FUNCTIONS(VTMM_DECLARE_PRIVATE)

int vtmm_symbols_init(void);
bool vtmm_has(enum vtmm_symbol sym);
const char *vtmm_hidden(const enum vtmm_symbol *sym, int n);
u64 vtmm_accessed_mask(void);
u64 vtmm_dirty_mask(void);
bool vtmm_log_by_dirty(void);
const bool *vtmm_tdp_mmu_flag(void);
unsigned long vtmm_lookup(const char *name);

/* Why nothing can be done that needs these symbols: a sentence, or NULL if it can. */
#define VTMM_HIDDEN(...) vtmm_hidden((const enum vtmm_symbol[]){__VA_ARGS__},	\
		sizeof((enum vtmm_symbol[]){__VA_ARGS__}) / sizeof(enum vtmm_symbol))

#endif /* _VTMM_COMPAT_SYMBOLS_H */
