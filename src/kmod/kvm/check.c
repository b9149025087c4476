// SPDX-License-Identifier: GPL-2.0-only
/*
 * check: what can be said of a VM before any of its entries is looked at: may
 * its tables be read, may its memory be moved. It must never change anything of
 * the VM.
 */
#include "kvm/internal.h"
#include "compat/symbols.h"

/**
 * vtmm_kvm_unsupported() - why the tables of this VM can't be read
 * @kvm: the VM
 *
 * Context: process context.
 * Return: a sentence, or NULL when they can.
 */
const char *vtmm_kvm_unsupported(struct kvm *kvm)
{
	bool sane;
	int idx;

	if (!vtmm_compat_tdp_mmu(kvm, vtmm_tdp_mmu_flag()))
		return "the VM has no TDP MMU: load kvm with tdp_mmu=1, nested paging on";
	if (!vtmm_accessed_mask() || !vtmm_dirty_mask())
		return "this host keeps no accessed bits: load kvm_intel with eptad=1";
	if (!vtmm_has_roots(kvm))
		return "KVM keeps no list of TDP roots for this VM";
	idx = vtmm_tables_lock(kvm);
	sane = vtmm_roots_sane(kvm);
	vtmm_tables_unlock(kvm, idx);
	return sane ? NULL : "KVM's roots are laid out otherwise: use a supported kernel";
}

/**
 * vtmm_kvm_encrypted() - has the VM memory that the host must not move?
 * @kvm: the VM
 *
 * True for SEV, SNP, TDX and VMs with guest_memfd.
 *
 * Context: any.
 */
bool vtmm_kvm_encrypted(struct kvm *kvm)
{
	const struct vtmm_compat_kvm_svm *svm;

	if (vtmm_compat_private_mem(kvm))
		return true;
	if (!boot_cpu_has(X86_FEATURE_SVM))
		return false;
	svm = container_of(kvm, struct vtmm_compat_kvm_svm, kvm);
	return READ_ONCE(svm->sev_active);
}

/**
 * vtmm_kvm_nested() - does the VM run a guest of its own?
 * @kvm: the VM
 *
 * Or did so once: KVM does not take it back. What a nested guest touches is
 * marked in shadow tables, see shadow.c.
 */
bool vtmm_kvm_nested(struct kvm *kvm)
{
	/* Pairs with the release in KVM's mmu_first_shadow_root_alloc(). */
	return smp_load_acquire(&kvm->arch.shadow_root_allocated);
}
