/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tlb: the kernel's struct mmu_gather, and changing the protection of pages with it.
 * Inline functions of the kernel's header name a function that is declared for the
 * kernel alone; they must never be used here.
 */
#ifndef _VTMM_COMPAT_TLB_H
#define _VTMM_COMPAT_TLB_H

#include <linux/mm.h>
#include "symbols.h"

void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end,
			unsigned int stride_shift, bool freed_tables);

#include <asm/tlb.h>

/*
 * change_protection() gives entries the protection of their VMA: in private memory
 * that is without the write bit.
 */
static inline void vtmm_compat_protect(struct mmu_gather *tlb, struct vm_area_struct *vma,
				       unsigned long start, unsigned long end)
{
#if VTMM_HAS_VMA_PROTECTION
	static_call(vtmm_protect)(tlb, vma, start, end, 0);
#else
	static_call(vtmm_protect)(tlb, vma, start, end, vma->vm_page_prot, 0);
#endif
}

#endif /* _VTMM_COMPAT_TLB_H */
