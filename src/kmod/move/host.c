// SPDX-License-Identifier: GPL-2.0-only
/*
 * host: finds a page through the VMM's own mapping when the guest's
 * second-level tables do not map it now, as after an earlier migration. It
 * must never fault a page in.
 */
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/sched/mm.h>
#include "move/internal.h"

/**
 * vtmm_host_enter() - work in the VMM's address space
 * @b: the batch
 *
 * Context: a kernel thread.
 * Return: false when the VMM is exiting; then nothing is to be left.
 */
bool vtmm_host_enter(struct vtmm_batch *b)
{
	struct mm_struct *mm = b->vm->kvm->mm;

	if (!mmget_not_zero(mm))
		return false;
	kthread_use_mm(mm);
	b->mm = mm;
	return true;
}

/**
 * vtmm_host_leave() - leave the VMM's address space
 * @b: the batch
 *
 * Context: as vtmm_host_enter(). May tear the VMM's memory down if it exited
 * meanwhile: no lock may be held.
 */
void vtmm_host_leave(struct vtmm_batch *b)
{
	kthread_unuse_mm(b->mm);
	mmput(b->mm);
	b->mm = NULL;
}

/**
 * vtmm_host_get_folio() - the folio behind a gfn, by the VMM's page tables
 * @b: the batch, entered
 * @gfn: guest frame number
 * @huge: out: the gfn begins a folio of 2 MiB
 *
 * Context: a kernel thread, in the VMM's address space.
 * Return: the folio with a reference, or NULL when the VMM does not map it.
 */
struct folio *vtmm_host_get_folio(struct vtmm_batch *b, u64 gfn, bool *huge)
{
	unsigned long hva = vtmm_kvm_gfn_to_hva(b->vm->kvm, gfn);
	struct folio *folio;
	struct page *page;

	if (!hva || get_user_pages_fast_only(hva, 1, 0, &page) != 1)
		return NULL;
	folio = page_folio(page);
	*huge = folio_order(folio) == VTMM_CHUNK_SHIFT &&
		&folio->page == page && !(gfn % VTMM_CHUNK_PAGES);
	if (!pfn_valid(page_to_pfn(page)) || !vtmm_page_owned(page)) {
		folio_put(folio);
		return NULL;
	}
	return folio;
}
