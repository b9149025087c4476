// SPDX-License-Identifier: GPL-2.0-only
/*
 * rest: tells pages at rest from those that the guest is writing just
 * now, so that the former move first: a page that is written while it moves
 * traps, once or more often. A dirty bit that was cleared a moment ago, and is
 * set again, tells. It must never drop a page: all that were handed in come out.
 */
#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include "move/internal.h"

#define VTMM_REST_MS_MAX	1000	/* a detach may have to wait for so long */

/* Long enough that a loop of the guest comes round, short beside a round. */
static unsigned int rest_ms = 10;
module_param(rest_ms, uint, 0644);
MODULE_PARM_DESC(rest_ms, "milliseconds for which it is watched which pages the guest is writing before they move, 1000 at most (default: 10)");

/* Arms the pages, or adds those written since to @written. True: flush. */
static bool vtmm_rest_ask(struct vtmm_vm *vm, const struct vtmm_move *move, size_t n,
			  unsigned long *written)
{
	bool cleared = false;
	size_t i;

	for (i = 0; i < n; i += VTMM_LOOK_MAX) {
		cleared |= vtmm_kvm_written(vm->kvm, move + i,
					    min_t(size_t, n - i, VTMM_LOOK_MAX),
					    written ? written + BIT_WORD(i) : NULL);
		cond_resched();
	}
	return cleared;
}

static_assert(VTMM_LOOK_MAX % BITS_PER_LONG == 0);

/* Those whose bit is set go to the end; the order stays otherwise. */
static size_t vtmm_rest_part(struct vtmm_move *move, size_t n,
			     const unsigned long *written, struct vtmm_move *later)
{
	size_t i, rest = 0, nr = 0;

	for (i = 0; i < n; i++) {
		if (test_bit(i, written))
			later[nr++] = move[i];
		else
			move[rest++] = move[i];
	}
	memcpy(move + rest, later, nr * sizeof(*later));
	return rest;
}

/**
 * vtmm_rest_first() - bring the pages that are at rest to the front
 * @vm: whose
 * @move: the pages, in the order in which they should move
 * @n: how many, VTMM_REST_MAX at most
 *
 * Costs one remote TLB flush at most.
 *
 * Context: a kernel thread; sleeps.
 * Return: how many are at rest; all, when there was no memory to find out.
 */
size_t vtmm_rest_first(struct vtmm_vm *vm, struct vtmm_move *move, size_t n)
{
	unsigned long *written = bitmap_zalloc(n, GFP_KERNEL);
	struct vtmm_move *later = kvmalloc_array(n, sizeof(*later),
						 GFP_KERNEL | __GFP_NOWARN);
	size_t rest = n;

	if (written && later) {
		/* A round may have cleared all bits just now: then only time is missing. */
		if (vtmm_rest_ask(vm, move, n, NULL))
			kvm_flush_remote_tlbs(vm->kvm);
		msleep(min_t(unsigned int, READ_ONCE(rest_ms), VTMM_REST_MS_MAX));
		vtmm_rest_ask(vm, move, n, written);
		rest = vtmm_rest_part(move, n, written, later);
	}
	kvfree(later);
	bitmap_free(written);
	return rest;
}
