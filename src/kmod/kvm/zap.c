// SPDX-License-Identifier: GPL-2.0-only
/*
 * zap: takes the second-level entries of a batch of pages away at once, by
 * KVM's own code, with one remote TLB flush. The migration that follows finds
 * none of them present, so KVM's mmu notifier has nothing to flush, page by
 * page.
 *
 * It must never drop mmu_lock between a zap and its flush: whoever takes the
 * lock then would find no entry, flush nothing, and free a page that a CPU can
 * still reach. It changes nothing that the host maps: a guest that comes too
 * early faults the very same page in again.
 */
#include <linux/moduleparam.h>
#include "kvm/internal.h"
#include "compat/symbols.h"

static bool batch_zap = true;
module_param(batch_zap, bool, 0644);
MODULE_PARM_DESC(batch_zap, "take a batch of pages from the guest with one TLB flush before it moves (default: yes)");

/**
 * vtmm_kvm_zap_missing() - why each page is flushed on its own
 *
 * Context: any.
 * Return: a sentence, or NULL when a batch is flushed at once.
 */
const char *vtmm_kvm_zap_missing(void)
{
	if (!READ_ONCE(batch_zap))
		return "switched off by the parameter batch_zap";
	return VTMM_HIDDEN(VTMM_SYM_ZAP_LEAFS);
}

/**
 * vtmm_kvm_zap() - take pages away from the guest
 * @kvm: the VM
 * @leaf: what to take: a leaf each
 * @n: how many, VTMM_ZAP_MAX at most: they are taken in one hold of mmu_lock
 *
 * On return no CPU reaches a page through an entry that was there at the call.
 * New entries may come at once. KVM tells each page of its accessed and dirty
 * bits as it zaps; a call for a single leaf does not yield inside KVM, so a vCPU
 * that waits for the lock costs no flush of its own.
 *
 * Context: process context, no lock held; may sleep.
 */
void vtmm_kvm_zap(struct kvm *kvm, const struct vtmm_leaf *leaf, size_t n)
{
	bool flush = false;
	size_t i;
	int idx;

	if (!n || n > VTMM_ZAP_MAX || vtmm_kvm_zap_missing() || !vtmm_has_roots(kvm))
		return;
	idx = srcu_read_lock(&kvm->srcu);
	write_lock(&kvm->mmu_lock);
	for (i = 0; i < n; i++)
		flush = static_call(vtmm_zap_leafs)(kvm, leaf[i].gfn,
						    leaf[i].gfn + leaf[i].pages,
						    flush);
	if (flush)
		kvm_flush_remote_tlbs(kvm);
	write_unlock(&kvm->mmu_lock);
	srcu_read_unlock(&kvm->srcu, idx);
}
