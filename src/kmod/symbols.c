// SPDX-License-Identifier: GPL-2.0-only
/*
 * symbols: resolves what is not exported by name, once, at load. A name that
 * is missing disables the feature that needs it; it must never be guessed.
 * Nothing of kvm_intel or kvm_amd is kept here: those modules may be unloaded
 * while vtmm is loaded; kvm.ko may not, vtmm depends on it.
 */
#include <linux/kprobes.h>
#include "symbols.h"

typedef unsigned long vtmm_kallsyms_t(const char *name);

DEFINE_STATIC_CALL_NULL(vtmm_kallsyms, vtmm_kallsyms_t);
DEFINE_STATIC_CALL_NULL(vtmm_migrate_pages, vtmm_compat_migrate_pages_t);
DEFINE_STATIC_CALL_NULL(vtmm_putback, vtmm_putback_t);
DEFINE_STATIC_CALL_NULL(vtmm_isolate, vtmm_compat_isolate_t);
DEFINE_STATIC_CALL_NULL(vtmm_drain, vtmm_drain_t);
DEFINE_STATIC_CALL_NULL(vtmm_page_ready, vtmm_page_ready_t);
DEFINE_STATIC_CALL_NULL(vtmm_work_cancel, vtmm_work_cancel_t);
DEFINE_STATIC_CALL_NULL(vtmm_zap_leafs, vtmm_zap_leafs_t);
DEFINE_STATIC_CALL_NULL(vtmm_protect, vtmm_compat_protect_t);
DEFINE_STATIC_CALL_NULL(vtmm_tlb_gather, vtmm_tlb_gather_t);
DEFINE_STATIC_CALL_NULL(vtmm_tlb_finish, vtmm_tlb_finish_t);

static const char * const vtmm_symbol_names[VTMM_NR_SYMBOLS] = {
	[VTMM_SYM_MIGRATE_PAGES]	= "migrate_pages",
	[VTMM_SYM_PUTBACK]		= "putback_movable_pages",
	[VTMM_SYM_ISOLATE]		= "folio_isolate_lru",
	[VTMM_SYM_DRAIN]		= "lru_add_drain_all",
	[VTMM_SYM_PAGE_READY]		= "kvm:kvm_arch_async_page_ready",
	[VTMM_SYM_WORK_CANCEL]		= "task_work_cancel",
	[VTMM_SYM_ZAP_LEAFS]		= "kvm:kvm_tdp_mmu_zap_leafs",
	[VTMM_SYM_PROTECT]		= "change_protection",
	[VTMM_SYM_TLB_GATHER]		= "tlb_gather_mmu",
	[VTMM_SYM_TLB_FINISH]		= "tlb_finish_mmu",
	[VTMM_SYM_ACCESSED_MASK]	= "kvm:shadow_accessed_mask",
	[VTMM_SYM_DIRTY_MASK]		= "kvm:shadow_dirty_mask",
	[VTMM_SYM_TDP_MMU_ENABLED]	= "kvm:tdp_mmu_enabled",
	[VTMM_SYM_X86_OPS]		= "kvm:kvm_x86_ops",
};

static unsigned long vtmm_symbol_addr[VTMM_NR_SYMBOLS] __ro_after_init;

/**
 * vtmm_has() - was the symbol found?
 * @sym: which
 *
 * Context: any.
 */
bool vtmm_has(enum vtmm_symbol sym)
{
	return vtmm_symbol_addr[sym];
}

/**
 * vtmm_symbol_name() - the kernel's name for the symbol, for messages
 * @sym: which
 */
const char *vtmm_symbol_name(enum vtmm_symbol sym)
{
	return vtmm_symbol_names[sym];
}

/**
 * vtmm_accessed_mask() - the accessed bit of second-level entries
 *
 * KVM sets it when its vendor module loads, so it is read each time.
 *
 * Return: the mask, or 0 when the hardware keeps no accessed bits.
 */
u64 vtmm_accessed_mask(void)
{
	if (!vtmm_has(VTMM_SYM_ACCESSED_MASK))
		return 0;
	return READ_ONCE(*(u64 *)vtmm_symbol_addr[VTMM_SYM_ACCESSED_MASK]);
}

/**
 * vtmm_dirty_mask() - the dirty bit of second-level entries
 *
 * Return: the mask, or 0 when the hardware keeps no dirty bits.
 */
u64 vtmm_dirty_mask(void)
{
	if (!vtmm_has(VTMM_SYM_DIRTY_MASK))
		return 0;
	return READ_ONCE(*(u64 *)vtmm_symbol_addr[VTMM_SYM_DIRTY_MASK]);
}

/**
 * vtmm_log_by_dirty() - does KVM learn from dirty bits what goes into its log?
 *
 * With PML it does, in slots whose dirty pages the VMM logs: nobody else may
 * clear those bits. Without PML KVM write-protects pages for its log, and their
 * dirty bits mean nothing to it.
 *
 * Return: false only when it is known for sure that it does not.
 */
bool vtmm_log_by_dirty(void)
{
	const struct kvm_x86_ops *ops;

	ops = (const struct kvm_x86_ops *)vtmm_symbol_addr[VTMM_SYM_X86_OPS];
	return !ops || READ_ONCE(ops->cpu_dirty_log_size);
}

/**
 * vtmm_tdp_mmu_flag() - where KVM keeps its global TDP MMU flag
 *
 * Return: its address, or NULL when this kernel has none.
 */
const bool *vtmm_tdp_mmu_flag(void)
{
	return (const bool *)vtmm_symbol_addr[VTMM_SYM_TDP_MMU_ENABLED];
}

/**
 * vtmm_lookup() - the address of a kernel symbol
 * @name: "symbol" or "module:symbol"
 *
 * Context: process context, after vtmm_symbols_init().
 * Return: the address, or 0.
 */
unsigned long vtmm_lookup(const char *name)
{
	return static_call(vtmm_kallsyms)(name);
}

/*
 * kallsyms_lookup_name() is found by a kprobe that is registered but never
 * armed, so no text is modified. With IBT the kprobe's address lies behind the
 * ENDBR: the function then names its own entry.
 */
static int __init vtmm_resolve_kallsyms(void)
{
	struct kprobe kp = {
		.symbol_name = "kallsyms_lookup_name",
		.flags = KPROBE_FLAG_DISABLED,
	};
	unsigned long entry;
	int ret;

	ret = register_kprobe(&kp);
	if (ret)
		return ret;
	static_call_update(vtmm_kallsyms, (vtmm_kallsyms_t *)kp.addr);
	unregister_kprobe(&kp);

	entry = vtmm_lookup("kallsyms_lookup_name");
	if (!entry)
		return -ENOENT;
	static_call_update(vtmm_kallsyms, (vtmm_kallsyms_t *)entry);
	return 0;
}

/* Binds a static call that has a symbol; without it, it stays unbound. */
#define vtmm_bind(name, type, sym) do {					\
	unsigned long addr = vtmm_symbol_addr[sym];			\
									\
	if (addr)							\
		static_call_update(name, (type *)addr);			\
} while (0)

/**
 * vtmm_symbols_init() - find every symbol and bind the static calls
 *
 * Context: module init; may sleep.
 * Return: 0 even when some are missing (ask vtmm_has()), or why none can be
 * looked up.
 */
int __init vtmm_symbols_init(void)
{
	int i, ret;

	ret = vtmm_resolve_kallsyms();
	if (ret)
		return ret;
	for (i = 0; i < VTMM_NR_SYMBOLS; i++)
		vtmm_symbol_addr[i] = vtmm_lookup(vtmm_symbol_names[i]);

	vtmm_bind(vtmm_migrate_pages, vtmm_compat_migrate_pages_t,
		  VTMM_SYM_MIGRATE_PAGES);
	vtmm_bind(vtmm_putback, vtmm_putback_t, VTMM_SYM_PUTBACK);
	vtmm_bind(vtmm_isolate, vtmm_compat_isolate_t, VTMM_SYM_ISOLATE);
	vtmm_bind(vtmm_drain, vtmm_drain_t, VTMM_SYM_DRAIN);
	vtmm_bind(vtmm_page_ready, vtmm_page_ready_t, VTMM_SYM_PAGE_READY);
	vtmm_bind(vtmm_work_cancel, vtmm_work_cancel_t, VTMM_SYM_WORK_CANCEL);
	vtmm_bind(vtmm_zap_leafs, vtmm_zap_leafs_t, VTMM_SYM_ZAP_LEAFS);
	vtmm_bind(vtmm_protect, vtmm_compat_protect_t, VTMM_SYM_PROTECT);
	vtmm_bind(vtmm_tlb_gather, vtmm_tlb_gather_t, VTMM_SYM_TLB_GATHER);
	vtmm_bind(vtmm_tlb_finish, vtmm_tlb_finish_t, VTMM_SYM_TLB_FINISH);
	return 0;
}
