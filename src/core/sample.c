// SPDX-License-Identifier: GPL-2.0-only
/*
 * sample: pages inside 2 MiB leaves that the hardware's log named as written.
 * A leaf has one dirty bit, so only the first write after each re-arming is
 * logged: samples tell of pages that were written, never that one was not.
 */
#include "heat_private.h"

void vtmm_samples_free(struct vtmm_heat *h, struct vtmm_heat_chunk *c)
{
	vtmm_heat_free(h, c->samples, sizeof(*c->samples));
	c->samples = NULL;
}

/* Are there any, and is the last one not older than a window? */
static bool vtmm_samples_fresh(const struct vtmm_heat *h,
			       const struct vtmm_heat_chunk *c, u32 round)
{
	return c->samples &&
	       vtmm_rounds_since(c->samples->round, round) < h->params.window;
}

/**
 * vtmm_samples_shift() - forget samples when none came for a window
 * @h: the VM's heat
 * @c: the table, shifted to now
 */
void vtmm_samples_shift(struct vtmm_heat *h, struct vtmm_heat_chunk *c)
{
	if (c->samples && !vtmm_samples_fresh(h, c, c->round))
		vtmm_samples_free(h, c);
}

/**
 * vtmm_sampled() - was a page of a huge leaf seen to be written?
 * @h: the VM's heat
 * @c: the table
 * @idx: of the page in the chunk
 * @round: now
 */
bool vtmm_sampled(const struct vtmm_heat *h, const struct vtmm_heat_chunk *c,
		  unsigned int idx, u32 round)
{
	return vtmm_samples_fresh(h, c, round) &&
	       c->samples->page[idx >> VTMM_BLOCK_SHIFT] >>
			       idx % VTMM_BLOCK_PAGES & 1;
}

/**
 * vtmm_heat_sample() - the log named a page of a huge leaf as written
 * @h: the VM's heat
 * @gfn: the page
 * @round: now
 *
 * The log's entry for the first write to a 2 MiB leaf has the address of that
 * write (SDM 3C, 29.3.6). Samples add up until none came for a window. May
 * allocate; without memory, or where no huge leaf is known, nothing is kept.
 */
void vtmm_heat_sample(struct vtmm_heat *h, u64 gfn, u32 round)
{
	struct vtmm_heat_chunk *c = vtmm_map_find(h, vtmm_gfn_chunk(gfn));
	unsigned int idx = vtmm_gfn_index(gfn);

	if (!c || !c->huge)
		return;
	if (!c->samples)
		c->samples = vtmm_heat_zalloc(h, sizeof(*c->samples));
	if (!c->samples)
		return;
	c->samples->page[idx >> VTMM_BLOCK_SHIFT] |=
		1ull << idx % VTMM_BLOCK_PAGES;
	c->samples->round = round;
}
