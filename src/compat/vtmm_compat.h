/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vtmm_compat: every difference between the kernels that vtmm supports stands
 * here, so that src/kmod reads the same for all of them. It must never hold
 * policy or state.
 */
#ifndef _VTMM_COMPAT_H
#define _VTMM_COMPAT_H

#include <linux/version.h>
#include <linux/highmem.h>
#include <linux/kvm_host.h>
#include <linux/migrate.h>
#include <linux/mmu_notifier.h>
#include <linux/static_call.h>
#include <net/genetlink.h>

#define VTMM_KERNEL_IS(major, minor)					\
	(LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0) &&	\
	 LINUX_VERSION_CODE < KERNEL_VERSION(major, (minor) + 1, 0))

#if !VTMM_KERNEL_IS(6, 1) && !VTMM_KERNEL_IS(6, 12)
#error "vtmm supports Linux 6.1 and 6.12 only: set KVER to one of these kernels."
#endif

#ifndef CONFIG_X86_64
#error "vtmm supports x86-64 only."
#endif

/*
 * Is the TDP MMU in use? A flag of the VM on 6.1, of kvm.ko (a bool that is
 * not exported: @global is its address, or NULL) on 6.12.
 */
static inline bool vtmm_compat_tdp_mmu(const struct kvm *kvm, const bool *global)
{
#if VTMM_KERNEL_IS(6, 1)
	return kvm->arch.tdp_mmu_enabled;
#else
	return global && *global;
#endif
}

#if VTMM_KERNEL_IS(6, 1)
#define VTMM_COMPAT_TDP_FLAG_IS_GLOBAL	0
#else
#define VTMM_COMPAT_TDP_FLAG_IS_GLOBAL	1
#endif

/* Address spaces of the VM: 2 where it has system-management mode. */
static inline int vtmm_compat_nr_as(struct kvm *kvm)
{
#if VTMM_KERNEL_IS(6, 1)
	return KVM_ADDRESS_SPACE_NUM;
#else
	return kvm_arch_nr_memslot_as_ids(kvm);
#endif
}

/* Has the VM memory that the host must not touch (guest_memfd, TDX, SNP)? */
static inline bool vtmm_compat_private_mem(struct kvm *kvm)
{
#if VTMM_KERNEL_IS(6, 1)
	return false;
#else
	return kvm->arch.vm_type != KVM_X86_DEFAULT_VM ||
	       kvm_arch_has_private_mem(kvm);
#endif
}

static inline bool vtmm_compat_slot_private(const struct kvm_memory_slot *slot)
{
#if VTMM_KERNEL_IS(6, 1)
	return false;
#else
	return slot->flags & KVM_MEM_GUEST_MEMFD;
#endif
}

/*
 * The head of kvm_amd's struct kvm_svm, the same on 6.1 and 6.12 (checked in
 * arch/x86/kvm/svm/svm.h of both); only its "SEV is active" flag is read.
 */
struct vtmm_compat_kvm_svm {
	struct kvm kvm;
	u32 avic_vm_id;
	struct page *avic_logical_id_table_page;
	struct page *avic_physical_id_table_page;
	struct hlist_node hnode;
	bool sev_active;
};

/*
 * One user more or less of the VM's page-modification log. KVM changes the
 * count under slots_lock only, and on 6.12 not atomically; vCPUs are told
 * on every change, which KVM composes with its own.
 */
static inline void vtmm_compat_log_dirty(struct kvm *kvm, int users)
{
	mutex_lock(&kvm->slots_lock);
#if VTMM_KERNEL_IS(6, 1)
	kvm->arch.cpu_dirty_logging_count += users;
#else
	atomic_add(users, &kvm->nr_memslots_dirty_logging);
#endif
	kvm_make_all_cpus_request(kvm, KVM_REQ_UPDATE_CPU_DIRTY_LOGGING);
	mutex_unlock(&kvm->slots_lock);
}

/* migrate_pages() hands pages to its callbacks on 6.1, folios on 6.12. */
#if VTMM_KERNEL_IS(6, 1)
typedef new_page_t vtmm_compat_new_t;
typedef free_page_t vtmm_compat_put_t;
#define VTMM_COMPAT_DEFINE_TARGET(name, fn)				\
static struct page *name(struct page *page, unsigned long private)	\
{									\
	struct folio *dst = fn(page_folio(page), private);		\
									\
	return dst ? &dst->page : NULL;					\
}
#else
typedef new_folio_t vtmm_compat_new_t;
typedef free_folio_t vtmm_compat_put_t;
#define VTMM_COMPAT_DEFINE_TARGET(name, fn)				\
static struct folio *name(struct folio *folio, unsigned long private)	\
{									\
	return fn(folio, private);					\
}
#endif

typedef int vtmm_compat_migrate_pages_t(struct list_head *from,
					vtmm_compat_new_t *get,
					vtmm_compat_put_t *put,
					unsigned long private,
					enum migrate_mode mode, int reason,
					unsigned int *succeeded);

/* folio_isolate_lru() says 0 for success on 6.1, true on 6.12. */
#if VTMM_KERNEL_IS(6, 1)
typedef int vtmm_compat_isolate_t(struct folio *folio);
static inline bool vtmm_compat_isolated(int ret)
{
	return ret == 0;
}
#else
typedef bool vtmm_compat_isolate_t(struct folio *folio);
static inline bool vtmm_compat_isolated(bool ret)
{
	return ret;
}
#endif

/* migrate_pages() copies by a function that can't fail on 6.1. */
#if VTMM_KERNEL_IS(6, 1)
#define VTMM_COMPAT_COPY_NAME	"folio_copy"
static inline int vtmm_compat_copy(struct folio *dst, struct folio *src)
{
	long i;

	for (i = 0; i < folio_nr_pages(src); i++) {
		copy_highpage(folio_page(dst, i), folio_page(src, i));
		cond_resched();
	}
	return 0;
}
#else
#define VTMM_COMPAT_COPY_NAME	"folio_mc_copy"
static inline int vtmm_compat_copy(struct folio *dst, struct folio *src)
{
	return folio_mc_copy(dst, src);
}
#endif

/*
 * change_protection() gives entries the protection of their VMA: in private memory
 * that is without the write bit.
 */
#if VTMM_KERNEL_IS(6, 1)
typedef long vtmm_compat_protect_t(struct mmu_gather *tlb, struct vm_area_struct *vma,
				   unsigned long start, unsigned long end,
				   pgprot_t prot, unsigned long flags);
#else
typedef long vtmm_compat_protect_t(struct mmu_gather *tlb, struct vm_area_struct *vma,
				   unsigned long start, unsigned long end,
				   unsigned long flags);
#endif
DECLARE_STATIC_CALL(vtmm_protect, vtmm_compat_protect_t);

static inline void vtmm_compat_protect(struct mmu_gather *tlb, struct vm_area_struct *vma,
				       unsigned long start, unsigned long end)
{
#if VTMM_KERNEL_IS(6, 1)
	static_call(vtmm_protect)(tlb, vma, start, end, vma->vm_page_prot, 0);
#else
	static_call(vtmm_protect)(tlb, vma, start, end, 0);
#endif
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
#if VTMM_KERNEL_IS(6, 12)
	ready->arch.error_code = PFERR_GUEST_FINAL_MASK;
#endif
}

/* The attributes of the request that a dump answers. */
static inline struct nlattr **vtmm_compat_dump_attrs(struct netlink_callback *cb)
{
#if VTMM_KERNEL_IS(6, 1)
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_dumpit_info(cb)->info.attrs;
#endif
}

#endif /* _VTMM_COMPAT_H */
