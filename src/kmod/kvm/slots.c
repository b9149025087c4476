// SPDX-License-Identifier: GPL-2.0-only
/*
 * slots: the VM's memory slots: how much they hold, which of them the VMM maps
 * somewhere, and what lies in none any more, so that it can be forgotten, or it
 * would count as the VM's for ever. New slots need nothing: their pages are met by
 * the walk. A slot must never be known by a pointer beyond SRCU.
 */
#include <linux/interval_tree.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include "kvm/internal.h"

/**
 * struct vtmm_extent - where a slot is
 * @gfn: first page
 * @end: the first page behind it
 */
struct vtmm_extent {
	u64 gfn;
	u64 end;
};

/* Of all address spaces together; 0 while KVM is changing one. */
static u64 vtmm_slots_generation(struct kvm *kvm)
{
	u64 sum = 0, gen;
	int as;

	for (as = 0; as < vtmm_compat_nr_as(kvm); as++) {
		gen = __kvm_memslots(kvm, as)->generation;
		if (gen & KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS)
			return 0;
		sum += gen;
	}
	return sum;
}

/*
 * The set of slots is looked up once for each loop: kvm_for_each_memslot() names
 * its argument twice, and with another set half-way it would walk the lists of
 * the one by the index of the other, which KVM is changing.
 */
static size_t vtmm_slots_count(struct kvm *kvm)
{
	const struct kvm_memory_slot *slot;
	struct kvm_memslots *slots;
	size_t n = 0;
	int as, bkt;

	for (as = 0; as < vtmm_compat_nr_as(kvm); as++) {
		slots = __kvm_memslots(kvm, as);
		kvm_for_each_memslot(slot, bkt, slots)
			n++;
	}
	return n;
}

/*
 * SRCU keeps a set of slots from being freed, not from being replaced by one
 * with more of them since they were counted: no more than @n are listed.
 */
static size_t vtmm_slots_list(struct kvm *kvm, struct vtmm_extent *ext, size_t n)
{
	const struct kvm_memory_slot *slot;
	struct kvm_memslots *slots;
	size_t i = 0;
	int as, bkt;

	for (as = 0; as < vtmm_compat_nr_as(kvm); as++) {
		slots = __kvm_memslots(kvm, as);
		kvm_for_each_memslot(slot, bkt, slots) {
			if (i == n)
				return i;
			ext[i].gfn = slot->base_gfn;
			ext[i++].end = slot->base_gfn + slot->npages;
		}
	}
	return i;
}

static int vtmm_cmp_extent(const void *a, const void *b)
{
	const struct vtmm_extent *x = a, *y = b;

	return x->gfn < y->gfn ? -1 : x->gfn > y->gfn;
}

/* Tells what lies between the slots; those of several address spaces overlap. */
static void vtmm_slots_gaps(struct vtmm_extent *ext, size_t n,
			    void (*gap)(void *ctx, u64 gfn, u64 n), void *ctx)
{
	u64 end = 0;
	size_t i;

	sort(ext, n, sizeof(*ext), vtmm_cmp_extent, NULL);
	for (i = 0; i < n; i++) {
		if (ext[i].gfn > end)
			gap(ctx, end, ext[i].gfn - end);
		end = max(end, ext[i].end);
	}
	gap(ctx, end, U64_MAX - end);
}

/**
 * vtmm_slots_follow() - which memory is in no slot?
 * @kvm: the VM
 * @generation: of the slots that were followed last, 0 for none; updated
 * @gap: told of each such range, if slots have changed
 * @ctx: handed to @gap
 *
 * Slots are known by their place, never by a pointer: KVM replaces them. While
 * it is replacing them, or without memory, the next call tries again.
 *
 * Context: process context; may sleep. @gap is called with no lock of KVM's.
 * Return: have slots come, gone or changed?
 */
bool vtmm_slots_follow(struct kvm *kvm, u64 *generation,
		       void (*gap)(void *ctx, u64 gfn, u64 n), void *ctx)
{
	struct vtmm_extent *ext = NULL;
	bool changed = false;
	u64 now;
	size_t n;
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	now = vtmm_slots_generation(kvm);
	if (!now || now == *generation)
		goto out;
	n = vtmm_slots_count(kvm);
	ext = kvmalloc_array(n, sizeof(*ext), GFP_KERNEL | __GFP_NOWARN);
	if (!ext)
		goto out;
	/* Changed while they were listed: nothing may be forgotten by that list. */
	changed = vtmm_slots_list(kvm, ext, n) == n &&
		  vtmm_slots_generation(kvm) == now;
out:
	srcu_read_unlock(&kvm->srcu, idx);
	if (changed) {
		*generation = now;
		vtmm_slots_gaps(ext, n, gap, ctx);
	}
	kvfree(ext);
	return changed;
}

/**
 * vtmm_slots_at_hva() - the memory of the VM that the VMM maps in a range
 * @kvm: the VM
 * @start: first address
 * @end: past the last
 * @visit: told of the first and the last gfn in each slot that is there
 * @ctx: handed to @visit
 *
 * Slots are found by host address, as KVM's own notifier does.
 *
 * Context: any; takes kvm->srcu. @visit must not sleep where the caller can't.
 * Return: did @visit say so of any slot?
 */
bool vtmm_slots_at_hva(struct kvm *kvm, unsigned long start, unsigned long end,
		       bool (*visit)(void *ctx, u64 gfn, u64 last), void *ctx)
{
	struct interval_tree_node *node;
	struct kvm_memory_slot *slot;
	struct kvm_memslots *slots;
	unsigned long top;
	bool any = false;
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	slots = __kvm_memslots(kvm, 0);
	for (node = interval_tree_iter_first(&slots->hva_tree, start, end - 1); node;
	     node = interval_tree_iter_next(node, start, end - 1)) {
		slot = container_of(node, struct kvm_memory_slot,
				    hva_node[slots->node_idx]);
		top = slot->userspace_addr + (slot->npages << PAGE_SHIFT);
		any |= visit(ctx, hva_to_gfn_memslot(max(start, slot->userspace_addr), slot),
			     hva_to_gfn_memslot(min(end, top) - 1, slot));
	}
	srcu_read_unlock(&kvm->srcu, idx);
	return any;
}

/**
 * vtmm_kvm_pages() - pages in the VM's memory slots
 * @kvm: the VM
 *
 * KVM's own count (nr_memslot_pages) has them twice when the VMM maps them for
 * system management mode too, as QEMU does.
 *
 * Context: process context.
 */
u64 vtmm_kvm_pages(struct kvm *kvm)
{
	const struct kvm_memory_slot *slot;
	struct kvm_memslots *slots;
	u64 pages = 0;
	int bkt, idx;

	idx = srcu_read_lock(&kvm->srcu);
	/* Once: the macro names it twice, and KVM may put another set in its place. */
	slots = __kvm_memslots(kvm, 0);
	kvm_for_each_memslot(slot, bkt, slots)
		pages += slot->npages;
	srcu_read_unlock(&kvm->srcu, idx);
	return pages;
}
