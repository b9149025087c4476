/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vtmm_tlb: the kernel's struct mmu_gather. Inline functions of its header name a
 * function that is declared for the kernel alone; they must never be used here.
 */
#ifndef _VTMM_TLB_H
#define _VTMM_TLB_H

#include <linux/mm.h>

void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end,
			unsigned int stride_shift, bool freed_tables);

#include <asm/tlb.h>

#endif /* _VTMM_TLB_H */
