/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk: what walk.c and shadow.c share: KVM's second-level entries,
 * the pages that hold them, and looking at a leaf. Nobody else includes it.
 */
#ifndef _VTMM_KVM_WALK_H
#define _VTMM_KVM_WALK_H

#include <linux/mm.h>
#include "kvm/kvm.h"

#define VTMM_SPTE_PRESENT	BIT_ULL(11)
#define VTMM_SPTE_LARGE		BIT_ULL(7)
#define VTMM_SPTE_AD_MODE	GENMASK_ULL(53, 52)
#define VTMM_SPTE_AD_DISABLED	BIT_ULL(52)
#define VTMM_SPTE_EPT_RIGHTS	GENMASK_ULL(2, 0)
#define VTMM_SPTE_EPT_ACCESSED	BIT_ULL(8)
#define VTMM_LEVEL_BITS		9
#define VTMM_NR_SPTES		512

/*
 * The part of KVM's struct kvm_mmu_page that is read; laid out alike on 6.1
 * and 6.12. vtmm_mmu_page_sane() checks each page against KVM's own back
 * pointer before anything in it is believed.
 */
struct vtmm_mmu_page {
	struct list_head link;
	struct hlist_node hash_link;
	bool tdp_mmu_page;
	u8 other[3];
	union kvm_mmu_page_role role;
	gfn_t gfn;
	u64 *spt;
	u64 *shadowed_translation;
};

static_assert(offsetof(struct vtmm_mmu_page, hash_link) == 0x10);
static_assert(offsetof(struct vtmm_mmu_page, tdp_mmu_page) == 0x20);
static_assert(offsetof(struct vtmm_mmu_page, role) == 0x24);
static_assert(offsetof(struct vtmm_mmu_page, spt) == 0x30);
static_assert(offsetof(struct vtmm_mmu_page, shadowed_translation) == 0x38);

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

/* walk.c */
bool vtmm_walk_pause(struct vtmm_walk *w);
bool vtmm_leaf_look(struct vtmm_walk *w, u64 *sptep, u64 spte, u64 gfn,
		    struct vtmm_access *a);
void vtmm_emit_leaf(struct vtmm_walk *w, const struct vtmm_access *a, int level);
int vtmm_walk_holds(struct vtmm_walk *w, bool (*look)(struct vtmm_walk *w),
		    int (*emit)(struct vtmm_walk *w));

/* shadow.c */
int vtmm_walk_shadow(struct vtmm_walk *w, int (*emit)(struct vtmm_walk *w));

#endif /* _VTMM_KVM_WALK_H */
