/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * internal: what the files of this folder share: KVM's second-level entries, the
 * pages that hold them, the roots, and looking at a leaf. Nobody else includes
 * it.
 */
#ifndef _VTMM_KVM_INTERNAL_H
#define _VTMM_KVM_INTERNAL_H

#include <linux/mm.h>
#include "compat/kvm.h"
#include "compat/spte.h"
#include "kvm/kvm.h"

#define VTMM_LEVEL_BITS		9
#define VTMM_NR_SPTES		512

/**
 * struct vtmm_walk - where a pass has got to
 * @pass: what is wanted
 * @seen: what it has cost
 * @nr: leaves in the buffer, seen since the lock was taken
 * @slots: of the address space that is being walked
 * @slot: that was used last, see vtmm_walk_slot()
 * @acc: the accessed bit
 * @dirty: the dirty bit
 * @log_by_dirty: see vtmm_log_by_dirty()
 * @blind: the root's entries are not marked by the CPU
 * @shadow: shadow pages are being walked
 * @cursor: TDP: the gfn to go on from
 * @nth: the root, or the page in the bucket, that is being walked
 * @bucket: shadow: of KVM's hash
 * @entry: shadow: of the page
 * @sub: shadow: of the table below @entry
 * @noted: shadow: the table that was noted last
 * @begun: entries looked at before this hold
 * @until: when it ends, by local_clock()
 */
struct vtmm_walk {
	const struct vtmm_pass *pass;
	struct vtmm_seen seen;
	size_t nr;
	struct kvm_memslots *slots;
	const struct kvm_memory_slot *slot;
	u64 acc;
	u64 dirty;
	bool log_by_dirty;
	bool blind;
	bool shadow;
	u64 cursor;
	int nth;
	u32 bucket;
	u32 entry;
	u32 sub;
	const u64 *noted;
	u64 begun;
	u64 until;
};

static inline bool vtmm_spte_present(u64 spte)
{
	return spte & VTMM_SPTE_PRESENT;
}

static inline bool vtmm_spte_leaf(u64 spte, int level)
{
	return level == PG_LEVEL_4K || (spte & VTMM_SPTE_LARGE);
}

/* The CPU sets no accessed and dirty bits in it. */
static inline bool vtmm_spte_unmarked(u64 spte)
{
	return (spte & VTMM_SPTE_AD_MODE) == VTMM_SPTE_AD_DISABLED;
}

static inline u64 vtmm_spte_pfn(u64 spte)
{
	return (spte & __PHYSICAL_MASK & PAGE_MASK) >> PAGE_SHIFT;
}

static inline u64 *vtmm_spte_table(u64 spte)
{
	return __va(spte & __PHYSICAL_MASK & PAGE_MASK);
}

/* Pages that an entry of this level maps. */
static inline u64 vtmm_level_pages(int level)
{
	return 1ULL << ((level - 1) * VTMM_LEVEL_BITS);
}

static inline bool vtmm_table_valid(const u64 *table)
{
	return PAGE_ALIGNED(table) && virt_addr_valid(table);
}

static inline bool vtmm_mmu_page_sane(const struct vtmm_mmu_page *sp)
{
	u64 *spt = READ_ONCE(sp->spt);

	return vtmm_table_valid(spt) &&
	       page_private(virt_to_page(spt)) == (unsigned long)sp;
}

/* The slots of the address space that a page of tables maps. */
static inline struct kvm_memslots *vtmm_table_slots(struct kvm *kvm,
						    const struct vtmm_mmu_page *sp)
{
	return __kvm_memslots(kvm, sp->role.smm ? 1 : 0);
}

/* check.c */
bool vtmm_kvm_nested(struct kvm *kvm);

/* roots.c */
bool vtmm_has_roots(struct kvm *kvm);
int vtmm_tables_lock(struct kvm *kvm)
	__acquires(&kvm->srcu) __acquires(&kvm->mmu_lock) __acquires(RCU);
void vtmm_tables_unlock(struct kvm *kvm, int idx)
	__releases(RCU) __releases(&kvm->mmu_lock) __releases(&kvm->srcu);
bool vtmm_roots_sane(struct kvm *kvm);
struct vtmm_mmu_page *vtmm_next_root(struct kvm *kvm, struct vtmm_mmu_page *root);

/* leaf.c */
const struct kvm_memory_slot *vtmm_walk_slot(struct vtmm_walk *w, u64 gfn);
bool vtmm_slot_usable(const struct kvm_memory_slot *slot);
struct page *vtmm_leaf_page(u64 spte);
bool vtmm_leaf_rearm(struct vtmm_walk *w, u64 *sptep, u64 old, u64 bits);
bool vtmm_leaf_look(struct vtmm_walk *w, u64 *sptep, u64 spte, u64 gfn,
		    struct vtmm_access *a);
void vtmm_leaf_emit(struct vtmm_walk *w, const struct vtmm_access *a, int level);

/* lookup.c */
u64 *vtmm_find_sptep(const struct vtmm_mmu_page *root, u64 gfn, int *level, u64 *spte);

/* walk.c */
bool vtmm_walk_pause(struct vtmm_walk *w);
int vtmm_walk_holds(struct vtmm_walk *w, bool (*look)(struct vtmm_walk *w));

/* shadow.c */
int vtmm_walk_shadow(struct vtmm_walk *w);

/* pml.c */
void vtmm_pml_see(struct kvm_vcpu *vcpu);

/* pml_hook.c */
const char *vtmm_pml_hook_missing(void);
u64 vtmm_pml_hook_missed(void);
int vtmm_pml_hook_get(void);
void vtmm_pml_hook_put(void);

#endif /* _VTMM_KVM_INTERNAL_H */
