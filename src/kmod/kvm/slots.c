// SPDX-License-Identifier: GPL-2.0-only
/*
 * slots: what the VMM did to the VM's memory slots since the last round.
 * Memory that is in no slot any more is forgotten, or it would count as the
 * VM's for ever. New slots need nothing: their pages are met by the scan.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include "kvm/kvm.h"

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

/* Forgets what lies between the slots; those of several address spaces overlap. */
static void vtmm_slots_forget_gaps(struct vtmm_heat *heat,
				   struct vtmm_extent *ext, size_t n)
{
	u64 end = 0;
	size_t i;

	sort(ext, n, sizeof(*ext), vtmm_cmp_extent, NULL);
	for (i = 0; i < n; i++) {
		if (ext[i].gfn > end)
			vtmm_heat_forget(heat, end, ext[i].gfn - end);
		end = max(end, ext[i].end);
	}
	vtmm_heat_forget(heat, end, U64_MAX - end);
}

/**
 * vtmm_slots_follow() - forget memory that has left the VM
 * @vm: whose slots
 * @generation: of the slots that were followed last, 0 for none; updated
 *
 * Slots are known by their place, never by a pointer: KVM replaces them. While
 * it is replacing them, or without memory, the next round tries again.
 *
 * Context: the VM's worker, vm->lock held; may sleep.
 * Return: have slots come, gone or changed?
 */
bool vtmm_slots_follow(struct vtmm_vm *vm, u64 *generation)
{
	struct kvm *kvm = vm->kvm;
	struct vtmm_extent *ext = NULL;
	bool changed = false;
	u64 now;
	size_t n;
	int idx;

	lockdep_assert_held(&vm->lock);
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
		vtmm_slots_forget_gaps(&vm->heat, ext, n);
	}
	kvfree(ext);
	return changed;
}
