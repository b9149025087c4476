// SPDX-License-Identifier: GPL-2.0-only
/*
 * lookup: what a gfn is mapped to now, for those who have a few gfns and no
 * use for a pass over all tables. It must never change an entry.
 */
#include <linux/mm.h>
#include "kvm/internal.h"

/**
 * vtmm_find_sptep() - the entry of the leaf that maps a gfn
 * @root: where to begin
 * @gfn: guest frame number
 * @level: out: of the leaf
 * @spte: out: what it held
 *
 * Context: between vtmm_tables_lock() and vtmm_tables_unlock().
 * Return: the entry, or NULL when the gfn is not mapped.
 */
u64 *vtmm_find_sptep(const struct vtmm_mmu_page *root, u64 gfn, int *level, u64 *spte)
{
	u64 *table = READ_ONCE(root->spt);
	int i;

	for (*level = root->role.level; *level >= PG_LEVEL_4K; (*level)--) {
		i = (gfn >> ((*level - 1) * VTMM_LEVEL_BITS)) % VTMM_NR_SPTES;
		*spte = READ_ONCE(table[i]);
		if (!vtmm_spte_present(*spte))
			return NULL;
		if (vtmm_spte_leaf(*spte, *level))
			return &table[i];
		table = vtmm_spte_table(*spte);
	}
	return NULL;
}

/* The leaf that maps @gfn, or 0. Under mmu_lock and RCU. */
static u64 vtmm_find_leaf(const struct vtmm_mmu_page *root, u64 gfn, int *level)
{
	u64 spte;

	return vtmm_find_sptep(root, gfn, level, &spte) ? spte : 0;
}

static struct folio *vtmm_root_get_folio(struct kvm *kvm,
					 const struct vtmm_mmu_page *root,
					 u64 gfn, bool *huge)
{
	const struct kvm_memory_slot *slot;
	struct folio *folio;
	struct page *page;
	int level;
	u64 spte;

	slot = __gfn_to_memslot(vtmm_table_slots(kvm, root), gfn);
	if (!vtmm_slot_usable(slot))
		return NULL;
	spte = vtmm_find_leaf(root, gfn, &level);
	page = spte ? vtmm_leaf_page(spte) : NULL;
	if (!page)
		return NULL;
	folio = page_folio(page);
	*huge = level != PG_LEVEL_4K;
	return folio_try_get(folio) ? folio : NULL;
}

/**
 * vtmm_kvm_get_folio() - the folio that a gfn is mapped to now
 * @kvm: the VM
 * @gfn: guest frame number
 * @huge: out: mapped by a leaf larger than 4 KiB
 *
 * While mmu_lock is held and the leaf is present its page can't be freed, so
 * taking a reference there needs no walk of the host's page tables.
 *
 * Context: process context.
 * Return: the folio with a reference, or NULL when the gfn is not mapped.
 */
struct folio *vtmm_kvm_get_folio(struct kvm *kvm, u64 gfn, bool *huge)
{
	struct vtmm_mmu_page *root = NULL;
	struct folio *folio = NULL;
	int idx;

	if (!vtmm_has_roots(kvm))
		return NULL;
	idx = vtmm_tables_lock(kvm);
	while ((root = vtmm_next_root(kvm, root))) {
		folio = vtmm_root_get_folio(kvm, root, gfn, huge);
		if (folio)
			break;
	}
	vtmm_tables_unlock(kvm, idx);
	return folio;
}

/**
 * vtmm_kvm_gfn_to_hva() - where the VMM maps a gfn
 * @kvm: the VM
 * @gfn: guest frame number
 *
 * Context: process context.
 * Return: the address in the VMM, or 0 when the gfn is in no usable slot.
 */
unsigned long vtmm_kvm_gfn_to_hva(struct kvm *kvm, u64 gfn)
{
	const struct kvm_memory_slot *slot;
	unsigned long hva = 0;
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	slot = __gfn_to_memslot(__kvm_memslots(kvm, 0), gfn);
	if (vtmm_slot_usable(slot))
		hva = __gfn_to_hva_memslot(slot, gfn);
	srcu_read_unlock(&kvm->srcu, idx);
	return hva;
}

/**
 * vtmm_kvm_mapped() - is a gfn mapped for the guest now?
 * @kvm: the VM
 * @gfn: guest frame number, outside system-management mode
 *
 * Context: process context.
 */
bool vtmm_kvm_mapped(struct kvm *kvm, u64 gfn)
{
	struct vtmm_mmu_page *root = NULL;
	bool mapped = false;
	int level, idx;

	if (!vtmm_has_roots(kvm))
		return false;
	idx = vtmm_tables_lock(kvm);
	while ((root = vtmm_next_root(kvm, root)))
		if (!root->role.smm && vtmm_find_leaf(root, gfn, &level))
			mapped = true;
	vtmm_tables_unlock(kvm, idx);
	return mapped;
}

/**
 * vtmm_kvm_may_map() - may a gfn be mapped for the guest ahead of its touch?
 * @kvm: the VM
 * @gfn: guest frame number
 *
 * Not in a slot whose dirty pages the VMM logs: there the page would be logged
 * as written.
 *
 * Context: process context, kvm->srcu held for reading.
 * Return: where the VMM maps it, or 0 when it may not.
 */
unsigned long vtmm_kvm_may_map(struct kvm *kvm, u64 gfn)
{
	const struct kvm_memory_slot *slot;

	slot = __gfn_to_memslot(__kvm_memslots(kvm, 0), gfn);
	if (!vtmm_slot_usable(slot) || (slot->flags & KVM_MEM_READONLY) ||
	    kvm_slot_dirty_track_enabled(slot))
		return 0;
	return __gfn_to_hva_memslot(slot, gfn);
}
