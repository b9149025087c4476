// SPDX-License-Identifier: GPL-2.0-only
/*
 * shadow: finds what guests of the guest touch. A CPU that runs a nested
 * guest walks shadow pages, in which KVM folds the guest's own nested tables and
 * its TDP tables into one: accesses are marked there and nowhere else.
 *
 * KVM changes shadow pages, and the hash that they all are in, with mmu_lock
 * held for writing only; this holds it for reading, so that besides us nobody
 * but the CPUs writes an entry. It must never follow a page that does not pass
 * vtmm_shadow_sane(), and never keep a pointer to one beyond a hold of the lock.
 */
#include <linux/bsearch.h>
#include <linux/moduleparam.h>
#include "kvm/internal.h"

static bool nested = true;
module_param(nested, bool, 0644);
MODULE_PARM_DESC(nested, "see what guests of the guest touch (default: yes; no only to measure)");

static const char vtmm_shadow_off[] =
	"what guests of its own touch is not seen: the parameter nested is off";
static const char vtmm_shadow_unknown[] =
	"what guests of its own touch is not seen: KVM's tables for them are unknown";

/* KVM keeps the gfns of a page that is no plain mapping of neighbours. */
static bool vtmm_shadow_sane(const struct vtmm_mmu_page *sp, int level)
{
	const u64 *gfns = READ_ONCE(sp->shadowed_translation);

	if (!vtmm_mmu_page_sane(sp) || sp->tdp_mmu_page || sp->role.level != level)
		return false;
	if (level > PG_LEVEL_1G)	/* has no leaves */
		return true;
	return sp->role.direct ? !gfns : gfns && vtmm_table_valid(gfns);
}

static u64 vtmm_shadow_gfn(const struct vtmm_mmu_page *sp, u32 i)
{
	if (sp->shadowed_translation)
		return sp->shadowed_translation[i] >> PAGE_SHIFT;
	return sp->gfn + i * vtmm_level_pages(sp->role.level);
}

/* Next round the table is looked into whatever is above it. */
static void vtmm_shadow_note(struct vtmm_walk *w, const u64 *table)
{
	if (w->noted == table && w->nr)
		return;
	w->noted = table;
	w->pass->buf[w->nr++] = (struct vtmm_access) {
		.gfn = (unsigned long)table,
		.flags = VTMM_ACC_ENTERED | VTMM_ACC_NESTED,
	};
}

/*
 * Heat knows a chunk in the form that the guest's own tables gave it: it would
 * be merged and split every round if a shadow page had it otherwise.
 */
static void vtmm_shadow_emit(struct vtmm_walk *w, struct vtmm_access *a, int level)
{
	const struct vtmm_walk_ops *ops = w->pass->ops;
	bool huge = ops->huge(w->pass->ctx, a->gfn);
	u32 i;

	if (level == PG_LEVEL_4K && huge) {
		if (!(a->flags & (VTMM_ACC_READ | VTMM_ACC_WRITE)))
			return;
		a->gfn = ALIGN_DOWN(a->gfn, VTMM_CHUNK_PAGES);
		vtmm_leaf_emit(w, a, PG_LEVEL_2M);
	} else if (level == PG_LEVEL_2M && !huge &&
		   ops->known(w->pass->ctx, a->gfn)) {
		for (i = 0; i < VTMM_CHUNK_PAGES; i++, a->gfn++)
			vtmm_leaf_emit(w, a, PG_LEVEL_4K);
	} else {
		vtmm_leaf_emit(w, a, level);
	}
}

static void vtmm_shadow_leaf(struct vtmm_walk *w, struct vtmm_mmu_page *sp, u32 i,
			     u64 spte)
{
	struct vtmm_access a;

	if (!vtmm_leaf_look(w, &sp->spt[i], spte, vtmm_shadow_gfn(sp, i), &a))
		return;
	if (a.flags & (VTMM_ACC_READ | VTMM_ACC_WRITE))
		vtmm_shadow_note(w, sp->spt);
	a.flags |= VTMM_ACC_NESTED;
	vtmm_shadow_emit(w, &a, sp->role.level);
}

/*
 * Not before the first entry: the accessed bit above the table has just been
 * cleared, and @w->sub would not tell that it was entered.
 */
static bool vtmm_shadow_table(struct vtmm_walk *w, struct vtmm_mmu_page *sp)
{
	u64 spte;

	for (; w->sub < VTMM_NR_SPTES; w->sub++) {
		if (w->sub && vtmm_walk_pause(w))
			return false;
		w->seen.visited++;
		spte = READ_ONCE(sp->spt[w->sub]);
		if (vtmm_spte_present(spte))
			vtmm_shadow_leaf(w, sp, w->sub, spte);
	}
	return true;
}

static int vtmm_cmp_table(const void *key, const void *elt)
{
	const u64 x = (unsigned long)key, y = *(const u64 *)elt;

	return x < y ? -1 : x > y;
}

/*
 * Should the table under this entry be looked into? As in vtmm_walk_descend(),
 * but by the table, for its pages need not be neighbours. A table in which some
 * bit was set last round is looked into, so that a page that sleeps is found when
 * it is due.
 */
static bool vtmm_shadow_enter(struct vtmm_walk *w, u64 *sptep, u64 spte)
{
	const u64 *table = vtmm_spte_table(spte);
	u64 old = spte;

	if (w->sub || !w->pass->prune || vtmm_spte_unmarked(spte))
		return true;
	if (!(spte & w->acc))
		return bsearch(table, w->pass->tables, w->pass->nr_tables, sizeof(u64),
			       vtmm_cmp_table);
	if (try_cmpxchg64(sptep, &old, spte & ~w->acc))
		w->seen.cleared = true;
	vtmm_shadow_note(w, table);
	return true;
}

/* An entry of a page that is not at the lowest level. */
static bool vtmm_shadow_entry(struct vtmm_walk *w, struct vtmm_mmu_page *sp, u64 spte)
{
	struct vtmm_mmu_page *child;

	if (vtmm_spte_leaf(spte, sp->role.level)) {
		vtmm_shadow_leaf(w, sp, w->entry, spte);
		return true;
	}
	/* Tables of higher levels are in the hash like this one. */
	if (sp->role.level != PG_LEVEL_2M ||
	    !vtmm_shadow_enter(w, &sp->spt[w->entry], spte))
		return true;
	child = (void *)page_private(virt_to_page(vtmm_spte_table(spte)));
	if (!virt_addr_valid(child) || !vtmm_shadow_sane(child, PG_LEVEL_4K)) {
		w->seen.nested_why = vtmm_shadow_unknown;
		return true;
	}
	return vtmm_shadow_table(w, child);
}

static void vtmm_shadow_use_slots(struct vtmm_walk *w, const struct vtmm_mmu_page *sp)
{
	struct kvm_memslots *slots = vtmm_table_slots(w->pass->kvm, sp);

	if (slots != w->slots)
		w->slot = NULL;
	w->slots = slots;
}

static bool vtmm_shadow_page(struct vtmm_walk *w, struct vtmm_mmu_page *sp)
{
	u64 spte;

	if (sp->role.invalid || sp->role.level == PG_LEVEL_4K)
		return true;
	if (!vtmm_shadow_sane(sp, sp->role.level)) {
		w->seen.nested_why = vtmm_shadow_unknown;
		return true;
	}
	vtmm_shadow_use_slots(w, sp);
	for (; w->entry < VTMM_NR_SPTES; w->entry++, w->sub = 0) {
		if (!w->sub && vtmm_walk_pause(w))
			return false;
		w->seen.visited++;
		spte = READ_ONCE(sp->spt[w->entry]);
		if (vtmm_spte_present(spte) && !vtmm_shadow_entry(w, sp, spte))
			return false;
	}
	return true;
}

/*
 * Pages may come and go in the bucket while the lock is not held: then one is
 * looked at twice, or passed over and keeps its bits for the next round.
 */
static bool vtmm_shadow_bucket(struct vtmm_walk *w, struct hlist_head *bucket)
{
	struct vtmm_mmu_page *sp;
	int nth = 0;

	hlist_for_each_entry(sp, bucket, hash_link) {
		if (nth++ < w->nth)
			continue;
		if (!vtmm_shadow_page(w, sp))
			return false;
		w->nth = nth;
		w->entry = 0;
		w->sub = 0;
	}
	w->nth = 0;
	return true;
}

static bool vtmm_shadow_look(struct vtmm_walk *w)
{
	struct hlist_head *hash = w->pass->kvm->arch.mmu_page_hash;

	for (; w->bucket < KVM_NUM_MMU_PAGES; w->bucket++)
		if (!vtmm_shadow_bucket(w, &hash[w->bucket]))
			return true;
	return false;
}

/**
 * vtmm_walk_shadow() - the part of a pass that looks at shadow pages
 * @w: the pass, after its part over the TDP roots
 *
 * KVM's hash of shadow pages is a place to go on from that stays where it is
 * while the lock is not held. Pages of the lowest level are entered through the
 * entry above them, if that was accessed; the others are few.
 *
 * A write is told by the dirty bit, as in TDP tables, and armed again also while
 * the VMM logs dirty pages: KVM write-protects pages of nested guests for its
 * log, and asks their dirty bits only for what it tells the host's pages
 * (kvm_mmu_page_ad_need_write_protect()); those are told here.
 *
 * Context: process context; may sleep between holds of mmu_lock.
 * Return: 0, -ESRCH when it was told to stop, or what emit() returned.
 */
int vtmm_walk_shadow(struct vtmm_walk *w)
{
	struct kvm *kvm = w->pass->kvm;

	if (!vtmm_kvm_nested(kvm) || !READ_ONCE(kvm->arch.indirect_shadow_pages))
		return 0;
	if (!READ_ONCE(nested)) {
		w->seen.nested_why = vtmm_shadow_off;
		return 0;
	}
	w->shadow = true;
	w->blind = false;
	w->nth = 0;
	return vtmm_walk_holds(w, vtmm_shadow_look);
}
