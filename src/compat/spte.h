/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spte: KVM's second-level entries and the head of the struct that goes with a page
 * of them. The layout is compared with the kernel's own: facts.c. It must need no
 * more than <linux/kvm_host.h>: the walk is tested in user space, too.
 */
#ifndef _VTMM_COMPAT_SPTE_H
#define _VTMM_COMPAT_SPTE_H

#include <linux/kvm_host.h>

/*
 * Bits of second-level entries, from arch/x86/kvm/mmu/spte.h, the same on all
 * supported kernels. No type information shows a #define: they are read there
 * once for each series.
 */
#define VTMM_SPTE_PRESENT	BIT_ULL(11)
#define VTMM_SPTE_LARGE		BIT_ULL(7)
#define VTMM_SPTE_AD_MODE	GENMASK_ULL(53, 52)
#define VTMM_SPTE_AD_DISABLED	BIT_ULL(52)
#define VTMM_SPTE_EPT_RIGHTS	GENMASK_ULL(2, 0)
#define VTMM_SPTE_EPT_ACCESSED	BIT_ULL(8)

/*
 * The part of KVM's struct kvm_mmu_page that is read. vtmm_mmu_page_sane() checks
 * each page against KVM's own back pointer before anything in it is believed.
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

#endif /* _VTMM_COMPAT_SPTE_H */
