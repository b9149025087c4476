// SPDX-License-Identifier: GPL-2.0-only
/*
 * young: what the host's reclaim is owed. Rounds clear accessed bits that
 * reclaim would have found set: for each page one bit remembers that, until
 * reclaim asks. It must never say "young" twice for one access, nor sleep.
 */
#include <linux/bitmap.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include "kvm/kvm.h"
#include "track/internal.h"

#define VTMM_XA_SHIFT	6
#define VTMM_XA_NODE	576	/* bytes of an xarray node of 64 slots */
#define VTMM_CN_BITS	31	/* of the number of a chunk */

/**
 * struct vtmm_young_chunk - the pages of a chunk that were accessed
 * @bits: since reclaim last asked
 */
struct vtmm_young_chunk {
	DECLARE_BITMAP(bits, VTMM_CHUNK_PAGES);
};

static bool tell_reclaim = true;
module_param(tell_reclaim, bool, 0644);
MODULE_PARM_DESC(tell_reclaim, "answer the host's reclaim for accesses that rounds have seen (default: yes; no only to measure)");

/* At most so many bytes of xarray nodes come with a chunk that is not in yet. */
static size_t vtmm_young_nodes(struct xarray *xa, u64 cn)
{
	unsigned long first, last;
	unsigned int shift;
	size_t bytes = 0;

	for (shift = VTMM_XA_SHIFT; shift < VTMM_CN_BITS; shift += VTMM_XA_SHIFT) {
		first = cn >> shift << shift;
		last = first + (1UL << shift) - 1;
		if (xa_find(xa, &first, last, XA_PRESENT))
			break;
		bytes += VTMM_XA_NODE;
	}
	return bytes;
}

static struct vtmm_young_chunk *vtmm_young_new(struct vtmm_young *y, u64 cn)
{
	struct vtmm_young_chunk *c = kzalloc(sizeof(*c), GFP_KERNEL | __GFP_NOWARN);
	size_t nodes = vtmm_young_nodes(&y->chunks, cn);

	if (!c)
		return NULL;
	if (xa_err(xa_store(&y->chunks, cn, c, GFP_KERNEL | __GFP_NOWARN))) {
		kfree(c);
		return NULL;
	}
	WRITE_ONCE(y->bytes, y->bytes + sizeof(*c) + nodes);
	return c;
}

/**
 * vtmm_young_note() - the accessed bit of a leaf was consumed
 * @vm: the VM
 * @a: the leaf
 *
 * Without memory for a new chunk the host may take its pages for idle once.
 *
 * Context: the VM's worker, vm->lock held; may sleep.
 */
void vtmm_young_note(struct vtmm_vm *vm, const struct vtmm_access *a)
{
	struct vtmm_young *y = &vm->track->young;
	u64 cn = a->gfn >> VTMM_CHUNK_SHIFT;
	struct vtmm_young_chunk *c = y->last;

	lockdep_assert_held(&vm->lock);
	if (!c || y->last_cn != cn)
		c = xa_load(&y->chunks, cn) ?: vtmm_young_new(y, cn);
	if (!c)
		return;
	y->last = c;
	y->last_cn = cn;
	if (a->flags & VTMM_ACC_HUGE)
		bitmap_fill(c->bits, VTMM_CHUNK_PAGES);
	else if (!test_bit(a->gfn % VTMM_CHUNK_PAGES, c->bits))
		set_bit(a->gfn % VTMM_CHUNK_PAGES, c->bits);
}

static bool vtmm_young_page(struct vtmm_young *y, u64 gfn, bool clear)
{
	/* Chunks are freed only when no notifier can run any more. */
	struct vtmm_young_chunk *c = xa_load(&y->chunks, gfn >> VTMM_CHUNK_SHIFT);
	unsigned int i = gfn % VTMM_CHUNK_PAGES;

	if (!c || !test_bit(i, c->bits))
		return false;
	return !clear || test_and_clear_bit(i, c->bits);
}

static bool vtmm_young_test(void *ctx, u64 gfn, u64 last)
{
	bool young = false;

	for (; gfn <= last; gfn++)
		young |= vtmm_young_page(ctx, gfn, false);
	return young;
}

static bool vtmm_young_clear(void *ctx, u64 gfn, u64 last)
{
	bool young = false;

	for (; gfn <= last; gfn++)
		young |= vtmm_young_page(ctx, gfn, true);
	return young;
}

/**
 * vtmm_young_ask() - somebody asks whether pages were accessed
 * @vm: the VM
 * @start: first address in the VMM
 * @end: past the last
 * @clear: reclaim asks, and begins anew; else nothing changes
 *
 * For clear_young and clear_flush_young alike: rounds have flushed already.
 *
 * Context: atomic, under a page-table lock.
 * Return: was a page of the range accessed since reclaim asked last?
 */
bool vtmm_young_ask(struct vtmm_vm *vm, unsigned long start, unsigned long end,
		    bool clear)
{
	if (!READ_ONCE(tell_reclaim))
		return false;
	return vtmm_slots_at_hva(vm->kvm, start, end,
				 clear ? vtmm_young_clear : vtmm_young_test,
				 &vm->track->young);
}

/**
 * vtmm_young_init() - nobody is owed anything
 * @y: out
 */
void vtmm_young_init(struct vtmm_young *y)
{
	xa_init(&y->chunks);
}

/**
 * vtmm_young_exit() - forget all
 * @y: of a VM whose notifier is unregistered
 *
 * Context: process context.
 */
void vtmm_young_exit(struct vtmm_young *y)
{
	struct vtmm_young_chunk *c;
	unsigned long cn;

	xa_for_each(&y->chunks, cn, c)
		kfree(c);
	xa_destroy(&y->chunks);
}
