// SPDX-License-Identifier: GPL-2.0-only
/*
 * leaf: one second-level entry that maps memory: which page is behind it, what
 * its accessed and dirty bits say, and clearing them.
 *
 * It must never write an entry other than by a compare-and-exchange of a value
 * that it saw present: a "frozen" entry has the accessed bit's position set,
 * and clearing a bit in it would make KVM lose a page table. It must never
 * clear a dirty bit without telling the page.
 */
#include "kvm/internal.h"
#include "compat/symbols.h"

/**
 * vtmm_walk_slot() - the slot of a gfn
 * @w: the pass; remembers the last one
 * @gfn: guest frame number
 *
 * Context: kvm->srcu held.
 * Return: the slot or NULL.
 */
const struct kvm_memory_slot *vtmm_walk_slot(struct vtmm_walk *w, u64 gfn)
{
	const struct kvm_memory_slot *slot = w->slot;

	if (slot && gfn >= slot->base_gfn && gfn < slot->base_gfn + slot->npages)
		return slot;
	slot = __gfn_to_memslot(w->slots, gfn);
	w->slot = slot;
	return slot;
}

/**
 * vtmm_slot_usable() - is this the VMM's own memory?
 * @slot: or NULL
 *
 * Not so: KVM's private slots, and guest_memfd.
 *
 * Context: kvm->srcu held.
 */
bool vtmm_slot_usable(const struct kvm_memory_slot *slot)
{
	return slot && slot->id < KVM_USER_MEM_SLOTS &&
	       !(slot->flags & KVM_MEMSLOT_INVALID) &&
	       !vtmm_compat_slot_private(slot);
}

/**
 * vtmm_page_owned() - is this memory of a process, or of a file?
 * @page: behind a valid frame number
 *
 * Not so: memory of devices, and the pages of zeros, small and huge, that stand
 * for what was never written or was given back by a balloon. They are shared by
 * the whole host and are in no tier, wherever they lie.
 *
 * Context: any; something must hold the page.
 */
bool vtmm_page_owned(struct page *page)
{
	return !PageReserved(page) && !is_zone_device_page(page) &&
	       READ_ONCE(page_folio(page)->mapping);
}

/**
 * vtmm_leaf_page() - the page behind a leaf
 * @spte: the leaf, present
 *
 * Context: mmu_lock held, which keeps the page from being freed.
 * Return: the page, or NULL when it is no ordinary memory.
 */
struct page *vtmm_leaf_page(u64 spte)
{
	u64 pfn = vtmm_spte_pfn(spte);
	struct page *page;

	if (!pfn_valid(pfn))
		return NULL;
	page = pfn_to_page(pfn);
	return vtmm_page_owned(page) ? page : NULL;
}

/**
 * vtmm_leaf_rearm() - clear bits of a leaf
 * @w: the pass
 * @sptep: the entry
 * @old: what it was, present
 * @bits: to clear, of its accessed and dirty bits
 *
 * While the VMM logs dirty pages D may belong to KVM: see vtmm_log_by_dirty().
 * The page is told of its dirtiness here, while the mapping still holds it.
 *
 * Context: mmu_lock held.
 * Return: false when a race was lost: the bits are still there and will not
 * tell; that is left for the next round.
 */
bool vtmm_leaf_rearm(struct vtmm_walk *w, u64 *sptep, u64 old, u64 bits)
{
	u64 seen = old;

	if (!(old & bits))
		return true;
	if (!try_cmpxchg64(sptep, &seen, old & ~bits))
		return false;
	if (old & bits & w->dirty)
		kvm_set_pfn_dirty(vtmm_spte_pfn(old));
	w->seen.cleared = true;
	w->seen.rearmed++;
	return true;
}

/**
 * vtmm_leaf_emit() - hand over what was seen of a leaf
 * @w: the pass; its buffer has room
 * @a: of the first page
 * @level: of the leaf
 *
 * Context: mmu_lock held.
 */
void vtmm_leaf_emit(struct vtmm_walk *w, const struct vtmm_access *a, int level)
{
	u64 n = level == PG_LEVEL_4K ? 1 : vtmm_level_pages(level) >> VTMM_CHUNK_SHIFT;
	u8 huge = level == PG_LEVEL_4K ? 0 : VTMM_ACC_HUGE;
	u64 i;

	for (i = 0; i < n; i++)
		w->pass->buf[w->nr++] = (struct vtmm_access) {
			.gfn = a->gfn + i * VTMM_CHUNK_PAGES,
			.flags = a->flags | huge,
			.tier = a->tier,
		};
}

/* What the leaf's bits say; they are armed again if the page is due. */
static u8 vtmm_leaf_harvest(struct vtmm_walk *w, const struct kvm_memory_slot *slot,
			    u64 *sptep, u64 spte, u64 gfn)
{
	u64 arm = w->acc | w->dirty;
	u8 flags = 0;

	if (w->log_by_dirty && !w->shadow && kvm_slot_dirty_track_enabled(slot))
		arm &= ~w->dirty;
	if (spte & w->acc)
		flags |= VTMM_ACC_READ;
	if (spte & arm & w->dirty)
		flags |= VTMM_ACC_WRITE;
	if (!w->pass->ops->due(w->pass->ctx, gfn) ||
	    !vtmm_leaf_rearm(w, sptep, spte, arm))
		flags |= VTMM_ACC_SLEPT;
	return flags;
}

static const char vtmm_unmarked[] =
	"guests of its own run without accessed bits: all their pages count as read";

/*
 * A leaf that the CPU marks nothing in: never cold. KVM takes all rights away
 * from one that it has found old, and gives them back at a touch.
 */
static u8 vtmm_leaf_unmarked(struct vtmm_walk *w, u64 spte)
{
	if (!w->seen.nested_why)
		w->seen.nested_why = vtmm_unmarked;
	return VTMM_ACC_SLEPT | (spte & VTMM_SPTE_EPT_RIGHTS ? VTMM_ACC_READ : 0);
}

/* What was there is given back, as by a balloon: it is in no tier any more. */
static bool vtmm_leaf_empty(struct vtmm_walk *w, u64 gfn, struct vtmm_access *a)
{
	if (!w->pass->ops->known(w->pass->ctx, gfn))
		return false;
	*a = (struct vtmm_access) {
		.gfn = gfn,
		.flags = VTMM_ACC_EMPTY,
	};
	return true;
}

/**
 * vtmm_leaf_look() - read a leaf, and re-arm its bits if the page is due
 * @w: the pass
 * @sptep: the entry
 * @spte: what it was, present
 * @gfn: first page that it maps
 * @a: out: what it says
 *
 * Context: mmu_lock held.
 * Return: false when it maps no ordinary memory of the VM, and did not before.
 */
bool vtmm_leaf_look(struct vtmm_walk *w, u64 *sptep, u64 spte, u64 gfn,
		    struct vtmm_access *a)
{
	const struct kvm_memory_slot *slot = vtmm_walk_slot(w, gfn);
	struct page *page;
	int tier;

	if (!vtmm_slot_usable(slot))
		return false;
	page = vtmm_leaf_page(spte);
	if (!page)
		return vtmm_leaf_empty(w, gfn, a);
	tier = w->pass->ops->tier(w->pass->ctx, page);
	if (tier < 0)
		return false;
	a->gfn = gfn;
	a->tier = tier;
	if (w->blind || vtmm_spte_unmarked(spte))
		a->flags = vtmm_leaf_unmarked(w, spte);
	else
		a->flags = vtmm_leaf_harvest(w, slot, sptep, spte, gfn);
	return true;
}
