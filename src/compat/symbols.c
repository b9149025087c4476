// SPDX-License-Identifier: GPL-2.0-only
/*
 * symbols: resolves what is not exported by name, once, at load. A name that
 * is missing disables the feature that needs it; it must never be guessed.
 * Nothing of kvm_intel or kvm_amd is kept here: those modules may be unloaded
 * while vtmm is loaded; kvm.ko may not, vtmm depends on it.
 */
#include <linux/kprobes.h>
#include "symbols.h"

DEFINE_STATIC_CALL_NULL(vtmm_kallsyms, kallsyms_lookup_name);

#define VTMM_DEFINE_CALL(id, call, module, function, ...)			\
	DEFINE_STATIC_CALL_NULL(call, function);
#define VTMM_DEFINE_PRIVATE(id, call, ...)					\
	DEFINE_STATIC_CALL_NULL(call, call##_t);
VTMM_DECLARED_FUNCTIONS(VTMM_DEFINE_CALL)
VTMM_PRIVATE_FUNCTIONS(VTMM_DEFINE_PRIVATE)

/**
 * struct vtmm_symbol_name - a symbol as the kernel knows it
 * @module: of which module, or "vmlinux"
 * @name: its name
 * @hidden: the sentence when it can't be found
 */
struct vtmm_symbol_name {
	const char *module;
	const char *name;
	const char *hidden;
};

#define VTMM_NAME(id, where, symbol)						\
	[VTMM_SYM_##id] = {							\
		.module = where,						\
		.name = #symbol,						\
		.hidden = "this kernel hides a symbol that it needs: " #symbol,	\
	},
#define VTMM_NAME_CALL(id, call, where, function, ...)	VTMM_NAME(id, where, function)

static const struct vtmm_symbol_name vtmm_symbol_names[VTMM_NR_SYMBOLS] = {
	VTMM_DECLARED_FUNCTIONS(VTMM_NAME_CALL)
	VTMM_PRIVATE_FUNCTIONS(VTMM_NAME_CALL)
	VTMM_VARIABLES(VTMM_NAME)
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
 * vtmm_hidden() - which of these symbols is missing
 * @sym: the symbols that a feature needs
 * @n: how many
 *
 * Context: any.
 * Return: a sentence that names the first one missing, or NULL when all are there.
 */
const char *vtmm_hidden(const enum vtmm_symbol *sym, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (!vtmm_has(sym[i]))
			return vtmm_symbol_names[sym[i]].hidden;
	return NULL;
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
	static_call_update(vtmm_kallsyms, (typeof(kallsyms_lookup_name) *)kp.addr);
	unregister_kprobe(&kp);

	entry = vtmm_lookup("kallsyms_lookup_name");
	if (!entry)
		return -ENOENT;
	static_call_update(vtmm_kallsyms, (typeof(kallsyms_lookup_name) *)entry);
	return 0;
}

static unsigned long __init vtmm_resolve(const struct vtmm_symbol_name *sym)
{
	char name[64];

	if (!strcmp(sym->module, "vmlinux"))
		return vtmm_lookup(sym->name);
	if (snprintf(name, sizeof(name), "%s:%s", sym->module, sym->name) >= sizeof(name))
		return 0;
	return vtmm_lookup(name);
}

/* Binds a static call that has a symbol; without it, it stays unbound. */
#define VTMM_BIND_CALL(id, call, module, function, ...) do {			\
	unsigned long addr = vtmm_symbol_addr[VTMM_SYM_##id];			\
										\
	if (addr)								\
		static_call_update(call, (typeof(function) *)addr);		\
} while (0);
#define VTMM_BIND_PRIVATE(id, call, module, ...)				\
	VTMM_BIND_CALL(id, call, module, *(call##_t *)NULL)

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
		vtmm_symbol_addr[i] = vtmm_resolve(&vtmm_symbol_names[i]);
	VTMM_DECLARED_FUNCTIONS(VTMM_BIND_CALL)
	VTMM_PRIVATE_FUNCTIONS(VTMM_BIND_PRIVATE)
	return 0;
}
