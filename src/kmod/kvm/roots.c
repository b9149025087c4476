// SPDX-License-Identifier: GPL-2.0-only
/*
 * roots: KVM's list of TDP roots, and what keeps it and the tables below it where
 * they are. Nothing may sleep between vtmm_tables_lock() and vtmm_tables_unlock().
 */
#include <linux/rculist.h>
#include "kvm/internal.h"
#include "compat/symbols.h"

/**
 * vtmm_has_roots() - may KVM's list of TDP roots be walked?
 * @kvm: the VM
 *
 * tdp_mmu_roots is an empty, uninitialised list head while the TDP MMU is off.
 *
 * Context: any.
 */
bool vtmm_has_roots(struct kvm *kvm)
{
	return vtmm_compat_tdp_mmu(kvm, vtmm_tdp_mmu_flag()) &&
	       kvm->arch.tdp_mmu_roots.next;
}

/**
 * vtmm_tables_lock() - keep the tables, and the slots that they are made from
 * @kvm: the VM
 *
 * Every look at them is made between this and vtmm_tables_unlock().
 *
 * Context: process context; takes kvm->srcu, mmu_lock for reading, and RCU.
 * Return: for vtmm_tables_unlock().
 */
int vtmm_tables_lock(struct kvm *kvm)
	__acquires(&kvm->srcu) __acquires(&kvm->mmu_lock) __acquires(RCU)
{
	int idx = srcu_read_lock(&kvm->srcu);

	read_lock(&kvm->mmu_lock);
	rcu_read_lock();
	return idx;
}

/**
 * vtmm_tables_unlock() - let go of them
 * @kvm: the VM
 * @idx: from vtmm_tables_lock()
 */
void vtmm_tables_unlock(struct kvm *kvm, int idx)
	__releases(RCU) __releases(&kvm->mmu_lock) __releases(&kvm->srcu)
{
	rcu_read_unlock();
	read_unlock(&kvm->mmu_lock);
	srcu_read_unlock(&kvm->srcu, idx);
}

static bool vtmm_root_sane(const struct vtmm_mmu_page *root)
{
	int level = root->role.level;

	return vtmm_mmu_page_sane(root) && root->tdp_mmu_page &&
	       (level == 4 || level == 5);
}

/**
 * vtmm_roots_sane() - do all roots look as they should?
 * @kvm: the VM; vtmm_has_roots()
 *
 * Context: between vtmm_tables_lock() and vtmm_tables_unlock().
 */
bool vtmm_roots_sane(struct kvm *kvm)
{
	const struct vtmm_mmu_page *root;

	list_for_each_entry_rcu(root, &kvm->arch.tdp_mmu_roots, link)
		if (!vtmm_root_sane(root))
			return false;
	return true;
}

/**
 * vtmm_next_root() - the next root that is in use
 * @kvm: the VM; vtmm_has_roots()
 * @root: the one before, or NULL for the first
 *
 * The one way to go through the roots. One that does not look as it should is
 * passed over.
 *
 * Context: between vtmm_tables_lock() and vtmm_tables_unlock().
 * Return: the root, or NULL when there are no more.
 */
struct vtmm_mmu_page *vtmm_next_root(struct kvm *kvm, struct vtmm_mmu_page *root)
{
	struct list_head *head = &kvm->arch.tdp_mmu_roots;
	struct list_head *at = root ? &root->link : head;

	while ((root = list_next_or_null_rcu(head, at, struct vtmm_mmu_page, link))) {
		if (!root->role.invalid && vtmm_root_sane(root))
			return root;
		at = &root->link;
	}
	return NULL;
}
