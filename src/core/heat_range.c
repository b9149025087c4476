// SPDX-License-Identifier: GPL-2.0-only
/*
 * heat_range: ranges of pages that are unmapped or that leave the VM.
 * Costs what is known of the range, not what the range is long.
 */
#include "heat_private.h"

static void vtmm_chunk_unmap(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			     unsigned int first, unsigned int end)
{
	unsigned int idx;

	vtmm_chunk_shift(h, c, h->now);
	if (c->huge) {	/* the leaf went as a whole */
		first = 0;
		end = VTMM_CHUNK_PAGES;
	}
	for (idx = first; idx < end; idx++) {
		vtmm_chunk_rouse(c, idx, vtmm_rec_rouse);
		vtmm_chunk_displace(h, c, idx);
	}
}

static void vtmm_chunk_forget(struct vtmm_heat *h, u64 cn,
			      struct vtmm_heat_chunk *c, unsigned int first,
			      unsigned int end)
{
	unsigned int idx;

	if (end - first == VTMM_CHUNK_PAGES ||
	    (c->huge && vtmm_chunk_split(h, c))) {
		vtmm_chunk_drop(h, cn, c);
		return;
	}
	for (idx = first; idx < end; idx++) {
		vtmm_chunk_displace(h, c, idx);
		if (c->rec[idx >> VTMM_BLOCK_SHIFT])
			c->rec[idx >> VTMM_BLOCK_SHIFT]
			      [idx % VTMM_BLOCK_PAGES] = 0;
		if (c->pause)
			c->pause[idx] = 0;
	}
	vtmm_chunk_drop_if_empty(h, cn, c);
}

/* The part of [gfn, end) that is in chunk @cn, as indices. */
static void vtmm_range_in_chunk(u64 cn, u64 gfn, u64 end, unsigned int *first,
				unsigned int *last)
{
	u64 base = cn << VTMM_CHUNK_SHIFT;

	*first = gfn > base ? gfn - base : 0;
	*last = end - base < VTMM_CHUNK_PAGES ? end - base : VTMM_CHUNK_PAGES;
}

/**
 * vtmm_heat_unmap() - pages are no longer mapped
 * @h: the VM's heat
 * @gfn: the first
 * @n: how many, any number
 *
 * A huge leaf of which a part goes is unmapped as a whole, as KVM does. What
 * slept sleeps no longer: its next access maps it anew, and is seen.
 * Histories stay. Never allocates.
 */
void vtmm_heat_unmap(struct vtmm_heat *h, u64 gfn, u64 n)
{
	u64 cn = vtmm_gfn_chunk(gfn), end = vtmm_range_end(gfn, n);
	struct vtmm_heat_chunk *c;
	unsigned int first, last;

	vtmm_counts_forget(h);
	for (; (c = vtmm_map_next(h, &cn)) && cn << VTMM_CHUNK_SHIFT < end; cn++) {
		vtmm_range_in_chunk(cn, gfn, end, &first, &last);
		if (first < last)
			vtmm_chunk_unmap(h, c, first, last);
	}
}

/**
 * vtmm_heat_forget() - pages are no longer the VM's
 * @h: the VM's heat
 * @gfn: the first
 * @n: how many, any number
 *
 * Forgets them and frees what is empty then. A part of a chunk with one record
 * is split off, for which it may allocate; without memory the whole chunk is
 * forgotten.
 */
void vtmm_heat_forget(struct vtmm_heat *h, u64 gfn, u64 n)
{
	u64 cn = vtmm_gfn_chunk(gfn), end = vtmm_range_end(gfn, n);
	struct vtmm_heat_chunk *c;
	unsigned int first, last;

	vtmm_counts_forget(h);
	for (; (c = vtmm_map_next(h, &cn)) && cn << VTMM_CHUNK_SHIFT < end; cn++) {
		vtmm_range_in_chunk(cn, gfn, end, &first, &last);
		if (first < last)
			vtmm_chunk_forget(h, cn, c, first, last);
	}
}
