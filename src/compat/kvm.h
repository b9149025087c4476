/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvm: what is known of KVM's inside and differs between kernels, or is shown by
 * no header. It must never hold policy or state. Layouts that stand here are
 * compared with the kernel's own: facts.c.
 */
#ifndef _VTMM_COMPAT_KVM_H
#define _VTMM_COMPAT_KVM_H

#include <linux/kvm_host.h>
#include "features.h"

/* The head of kvm_amd's struct kvm_svm; only its "SEV is active" flag is read. */
struct vtmm_compat_kvm_svm {
	struct kvm kvm;
	u32 avic_vm_id;
	struct page *avic_logical_id_table_page;
	struct page *avic_physical_id_table_page;
	struct hlist_node hnode;
	bool sev_active;
};

/*
 * Is the TDP MMU in use? @global is the address of kvm.ko's flag, which is not
 * exported, or NULL.
 */
static inline bool vtmm_compat_tdp_mmu(const struct kvm *kvm, const bool *global)
{
#if VTMM_HAS_GLOBAL_TDP_MMU
	return global && *global;
#else
	return kvm->arch.tdp_mmu_enabled;
#endif
}

/* Address spaces of the VM: 2 where it has system-management mode. */
static inline int vtmm_compat_nr_as(struct kvm *kvm)
{
#if VTMM_HAS_AS_IDS_BY_VM
	return kvm_arch_nr_memslot_as_ids(kvm);
#else
	return KVM_ADDRESS_SPACE_NUM;
#endif
}

/* Has the VM memory that the host must not touch (guest_memfd, TDX, SNP)? */
static inline bool vtmm_compat_private_mem(struct kvm *kvm)
{
#if VTMM_HAS_PRIVATE_MEM
	return kvm->arch.vm_type != KVM_X86_DEFAULT_VM ||
	       kvm_arch_has_private_mem(kvm);
#else
	return false;
#endif
}

/* Is it memory of that kind? */
static inline bool vtmm_compat_slot_private(const struct kvm_memory_slot *slot)
{
#if VTMM_HAS_PRIVATE_MEM
	return slot->flags & KVM_MEM_GUEST_MEMFD;
#else
	return false;
#endif
}

/*
 * One user more or less of the VM's page-modification log. KVM changes the
 * count under slots_lock only, even where it is an atomic_t; vCPUs are told
 * on every change, which KVM composes with its own.
 */
static inline void vtmm_compat_log_dirty(struct kvm *kvm, int users)
{
	mutex_lock(&kvm->slots_lock);
#if VTMM_HAS_ATOMIC_DIRTY_LOGGING
	atomic_add(users, &kvm->nr_memslots_dirty_logging);
#else
	kvm->arch.cpu_dirty_logging_count += users;
#endif
	kvm_make_all_cpus_request(kvm, KVM_REQ_UPDATE_CPU_DIRTY_LOGGING);
	mutex_unlock(&kvm->slots_lock);
}

/*
 * A page of the guest that has become ready, as KVM's asynchronous page faults
 * report it: of the guest's physical space itself, not of a nested guest's.
 */
static inline void vtmm_compat_page_ready(struct kvm_async_pf *ready, u64 gfn)
{
	memset(ready, 0, sizeof(*ready));
	ready->cr2_or_gpa = gfn << PAGE_SHIFT;
	ready->arch.direct_map = true;
#if VTMM_HAS_APF_ERROR_CODE
	ready->arch.error_code = PFERR_GUEST_FINAL_MASK;
#endif
}

#endif /* _VTMM_COMPAT_KVM_H */
