// SPDX-License-Identifier: GPL-2.0-only
/*
 * written: tells which of a few pages the guest writes between two looks, by
 * their dirty bits. What holds for leaf.c holds here.
 */
#include <vtmm/plan.h>
#include "kvm/internal.h"
#include "compat/symbols.h"

/* Is the leaf of @gfn dirty? With @arm its dirty bit is cleared. */
static bool vtmm_leaf_written(struct vtmm_walk *w, const struct vtmm_mmu_page *root,
			      u64 gfn, bool arm)
{
	const struct kvm_memory_slot *slot = vtmm_walk_slot(w, gfn);
	u64 *sptep, spte;
	int level;

	if (!vtmm_slot_usable(slot))
		return false;
	sptep = vtmm_find_sptep(root, gfn, &level, &spte);
	if (!sptep || vtmm_spte_unmarked(spte) || !vtmm_leaf_page(spte))
		return false;
	if (arm && !(w->log_by_dirty && kvm_slot_dirty_track_enabled(slot)))
		vtmm_leaf_rearm(w, sptep, spte, w->dirty);
	return spte & w->dirty;
}

static void vtmm_root_written(struct vtmm_walk *w, const struct vtmm_mmu_page *root,
			      const struct vtmm_move *move, size_t n,
			      unsigned long *written)
{
	size_t i;

	w->slot = NULL;
	w->slots = vtmm_table_slots(w->pass->kvm, root);
	for (i = 0; i < n; i++)
		if (vtmm_leaf_written(w, root, move[i].gfn, !written) && written)
			__set_bit(i, written);
}

/**
 * vtmm_kvm_written() - which pages has the guest written since they were armed?
 * @kvm: the VM
 * @move: the pages
 * @n: how many, VTMM_LOOK_MAX at most: they are looked up in one hold
 * @written: a bit for each, added to; NULL to arm them: their dirty bits are
 *	cleared, and the pages told
 *
 * Once armed they are to be flushed before they are asked. What a round does
 * not learn by this are writes to a page between its last round and its move.
 *
 * Context: process context; takes mmu_lock.
 * Return: bits were cleared: a flush is due.
 */
bool vtmm_kvm_written(struct kvm *kvm, const struct vtmm_move *move, size_t n,
		      unsigned long *written)
{
	const struct vtmm_pass pass = { .kvm = kvm };
	struct vtmm_walk w = {
		.pass = &pass,
		.dirty = vtmm_dirty_mask(),
		.log_by_dirty = vtmm_log_by_dirty(),
	};
	struct vtmm_mmu_page *root = NULL;
	int idx;

	if (!vtmm_has_roots(kvm))
		return false;
	idx = vtmm_tables_lock(kvm);
	while ((root = vtmm_next_root(kvm, root)))
		vtmm_root_written(&w, root, move, n, written);
	vtmm_tables_unlock(kvm, idx);
	return w.seen.cleared;
}
