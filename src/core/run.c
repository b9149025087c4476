// SPDX-License-Identifier: GPL-2.0-only
/*
 * run: what is remembered of each page, for people and tests; alike neighbours
 * are told together. Reads heat, never changes it.
 */
#include "heat_private.h"

static void vtmm_run_page(const struct vtmm_heat *h,
			  const struct vtmm_heat_chunk *c, unsigned int idx,
			  u32 round, struct vtmm_run *run)
{
	u32 rec = vtmm_chunk_record(h, c, idx, round);

	run->tier = vtmm_is_mapped(c, idx) ? (int)vtmm_tier_of(c, idx) : -1;
	run->read = (u16)vtmm_rec_reads(rec);
	run->written = (u16)vtmm_rec_writes(rec);
	run->level = (u8)vtmm_rec_level(rec);
	run->huge = c->huge;
	run->sampled = vtmm_sampled(h, c, idx, round);
}

static bool vtmm_run_known(const struct vtmm_heat_chunk *c, unsigned int idx)
{
	return vtmm_is_mapped(c, idx) || c->huge ||
	       c->rec[idx >> VTMM_BLOCK_SHIFT];
}

static bool vtmm_run_alike(const struct vtmm_run *a, const struct vtmm_run *b)
{
	return a->tier == b->tier && a->read == b->read &&
	       a->written == b->written && a->level == b->level &&
	       a->sampled == b->sampled;
}

static bool vtmm_run_silent(const struct vtmm_run *run)
{
	return run->tier < 0 && !run->read && !run->written;
}

/* The first run at or after page @idx of the chunk; false when there is none. */
static bool vtmm_run_in_chunk(const struct vtmm_heat *h,
			      const struct vtmm_heat_chunk *c, unsigned int idx,
			      u32 round, struct vtmm_run *run)
{
	struct vtmm_run page = { 0 };
	bool begun = false;

	for (; idx < VTMM_CHUNK_PAGES; idx++) {
		if (vtmm_run_known(c, idx))
			vtmm_run_page(h, c, idx, round, &page);
		else
			page = (struct vtmm_run){ .tier = -1 };
		if (begun && !vtmm_run_alike(&page, run))
			break;
		if (!begun && vtmm_run_silent(&page))
			continue;
		if (!begun) {
			*run = page;
			run->gfn = idx;
			run->count = 0;
			begun = true;
		}
		run->count++;
	}
	return begun;
}

/**
 * vtmm_heat_next_run() - the first run of alike pages at or after a page
 * @h: the VM's heat
 * @gfn: where to start
 * @round: as of when
 * @run: filled in; never reaches across a chunk
 *
 * Pages that are not mapped and have no history are passed over. To go on:
 * start at @run->gfn + @run->count.
 *
 * Return: false when there is none.
 */
bool vtmm_heat_next_run(const struct vtmm_heat *h, u64 gfn, u32 round,
			struct vtmm_run *run)
{
	const struct vtmm_heat_chunk *c;
	u64 cn = vtmm_gfn_chunk(gfn);
	unsigned int idx = vtmm_gfn_index(gfn);
	u64 first = cn;

	for (; (c = vtmm_map_next(h, &cn)); cn++) {
		if (vtmm_run_in_chunk(h, c, cn == first ? idx : 0, round, run)) {
			run->gfn += cn << VTMM_CHUNK_SHIFT;
			return true;
		}
	}
	return false;
}
