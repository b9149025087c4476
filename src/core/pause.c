// SPDX-License-Identifier: GPL-2.0-only
/*
 * pause: pages that just moved stay where they are for a while, and pages that
 * could not be moved are left alone, each time for longer. The notes exist
 * only in chunks in which something moved, and go when they have run out.
 */
#include "heat_private.h"

#define VTMM_PAUSE_BYTES	(VTMM_CHUNK_PAGES * sizeof(u16))

/* Rounds that a page backs off after @fails failures: 16, 32 … 2048. */
static u32 vtmm_pause_backoff(u32 fails)
{
	return 8u << fails;
}

void vtmm_pause_free(struct vtmm_heat *h, struct vtmm_heat_chunk *c)
{
	vtmm_heat_free(h, c->pause, VTMM_PAUSE_BYTES);
	c->pause = NULL;
	c->rests = false;
}

/* A failed page is remembered for twice its back-off, so that the next is longer. */
static u16 vtmm_pause_older(u16 pause, u32 k)
{
	u32 since = pause & VTMM_PAUSE_SINCE, fails = VTMM_PAUSE_FAILS(pause);
	u32 end = fails ? 2 * vtmm_pause_backoff(fails) : VTMM_PAUSE_LONGEST;

	if (!since || k > end || since + k > end)
		return 0;
	if (since + k > VTMM_PAUSE_SINCE)
		return 0;
	return pause + k;
}

/**
 * vtmm_pause_shift() - let the pauses of a chunk run
 * @h: the VM's heat
 * @c: the table
 * @k: rounds that went by
 */
void vtmm_pause_shift(struct vtmm_heat *h, struct vtmm_heat_chunk *c, u32 k)
{
	unsigned int idx;
	u16 any = 0;

	if (c->rests &&
	    vtmm_rounds_since(c->rested, c->round) > VTMM_PAUSE_LONGEST)
		c->rests = false;
	if (!c->pause)
		return;
	for (idx = 0; idx < VTMM_CHUNK_PAGES; idx++) {
		c->pause[idx] = vtmm_pause_older(c->pause[idx], k);
		any |= c->pause[idx];
	}
	if (!any)
		vtmm_pause_free(h, c);
}

/**
 * vtmm_pauses() - must a page stay where it is?
 * @c: its table
 * @idx: of the page in the chunk
 * @round: now
 * @cooldown: rounds that a page stays after a move
 *
 * Return: true if it cools down or backs off.
 */
bool vtmm_pauses(const struct vtmm_heat_chunk *c, unsigned int idx, u32 round,
		 u32 cooldown)
{
	u32 fails;

	if (c->rests && vtmm_rounds_since(c->rested, round) < cooldown)
		return true;
	if (!c->pause || !c->pause[c->huge ? 0 : idx])
		return false;
	fails = VTMM_PAUSE_FAILS(c->pause[c->huge ? 0 : idx]);
	return vtmm_pause_age(c, idx, round) <
	       (fails ? vtmm_pause_backoff(fails) : cooldown);
}

/* Notes a pause that begins now; without memory the whole chunk cools down. */
static void vtmm_pause_note(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			    unsigned int idx, u32 fails)
{
	if (!c->pause)
		c->pause = vtmm_heat_zalloc(h, VTMM_PAUSE_BYTES);
	if (!c->pause) {
		c->rests = true;
		c->rested = c->round;
		return;
	}
	if (fails > VTMM_PAUSE_FAILS_MAX)
		fails = VTMM_PAUSE_FAILS_MAX;
	c->pause[idx] = fails * VTMM_PAUSE_FAIL + 1;
}

/**
 * vtmm_heat_moved() - a page was moved to another tier
 * @h: the VM's heat
 * @gfn: the page; any gfn of a huge leaf
 * @tier: where it is now, an enum vtmm_tier
 * @round: now
 *
 * Its mapping is new, so it sleeps no longer, and its level begins anew. The
 * cool-down of struct vtmm_plan_params begins. May allocate. Does nothing for a chunk that was
 * never seen.
 */
void vtmm_heat_moved(struct vtmm_heat *h, u64 gfn, u8 tier, u32 round)
{
	struct vtmm_heat_chunk *c = vtmm_map_find(h, vtmm_gfn_chunk(gfn));
	unsigned int idx = vtmm_gfn_index(gfn), i;

	if (!c || tier >= VTMM_NR_TIERS)
		return;
	vtmm_chunk_shift(h, c, round);
	vtmm_chunk_rouse(c, idx, vtmm_rec_moved);
	vtmm_bounds_widen(c, idx);
	vtmm_counts_forget(h);
	if (c->huge)
		for (i = 0; i < VTMM_CHUNK_PAGES; i++)
			vtmm_chunk_place(h, c, i, tier);
	else
		vtmm_chunk_place(h, c, idx, tier);
	vtmm_pause_note(h, c, c->huge ? 0 : idx, 0);
}

/**
 * vtmm_heat_failed() - a page could not be moved
 * @h: the VM's heat
 * @gfn: the page; any gfn of a huge leaf
 * @round: now
 *
 * It is left alone for 16 rounds, twice as long after each further failure,
 * 2048 at most. May allocate.
 */
void vtmm_heat_failed(struct vtmm_heat *h, u64 gfn, u32 round)
{
	struct vtmm_heat_chunk *c = vtmm_map_find(h, vtmm_gfn_chunk(gfn));
	unsigned int idx;
	u32 fails;

	if (!c)
		return;
	vtmm_chunk_shift(h, c, round);
	idx = c->huge ? 0 : vtmm_gfn_index(gfn);
	fails = c->pause ? VTMM_PAUSE_FAILS(c->pause[idx]) : 0;
	vtmm_pause_note(h, c, idx, fails + 1);
}

/**
 * vtmm_heat_postponed() - a page could not be moved, and it is not to blame
 * @h: the VM's heat
 * @gfn: the page; any gfn of a huge leaf
 * @round: now
 *
 * It is left alone for 16 rounds, however often that happens: what was in the
 * way, as a target that is full, may go at any time. May allocate.
 */
void vtmm_heat_postponed(struct vtmm_heat *h, u64 gfn, u32 round)
{
	struct vtmm_heat_chunk *c = vtmm_map_find(h, vtmm_gfn_chunk(gfn));

	if (!c)
		return;
	vtmm_chunk_shift(h, c, round);
	vtmm_pause_note(h, c, c->huge ? 0 : vtmm_gfn_index(gfn), 1);
}
