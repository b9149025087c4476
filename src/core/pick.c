// SPDX-License-Identifier: GPL-2.0-only
/*
 * pick: the pages that a plan moves, best first.
 *
 * A counting sort in two passes over the heat: candidates are counted by
 * temperature and rank (how recently they were touched), then written to
 * their places. Among equals the pass begins at another chunk each window, so
 * that addresses make no difference.
 */
#include <vtmm/plan.h>

#include "heat_private.h"

/* One call of vtmm_plan_pick(). */
struct vtmm_pick {
	const struct vtmm_heat *h;
	const struct vtmm_plan *plan;
	struct vtmm_move *out;
	u32 cooldown;
	u32 pages_left;		/* of the last class that fits in part */
	u32 moves_left;
	unsigned int last;	/* that class; better ones fit as a whole */
	u8 to;
};

typedef void (*vtmm_pick_fn)(struct vtmm_pick *p, const struct vtmm_move *move,
			     unsigned int class);

#define VTMM_CLASSES (VTMM_TEMPS * VTMM_RANKS)

/* Classes count from the best: hot and recent up, or cold and long ago down. */
static unsigned int vtmm_pick_class(const struct vtmm_pick *p, unsigned int temp,
				    unsigned int rank)
{
	if (p->to)
		return temp * VTMM_RANKS + (VTMM_RANKS - 1 - rank);
	return (VTMM_TEMP_MAX - temp) * VTMM_RANKS + rank;
}

static bool vtmm_pick_wants(const struct vtmm_pick *p, unsigned int temp)
{
	if (p->to)
		return temp <= p->plan->demote_temp;
	return temp >= p->plan->promote_temp;
}

static void vtmm_pick_page(struct vtmm_pick *p, const struct vtmm_heat_chunk *c,
			   u64 cn, unsigned int idx, vtmm_pick_fn fn)
{
	u32 round = p->plan->round, rec;
	struct vtmm_move move;
	unsigned int temp;

	if (!vtmm_is_mapped(c, idx) || vtmm_tier_of(c, idx) == p->to)
		return;
	rec = vtmm_chunk_record(p->h, c, idx, round);
	temp = vtmm_rec_temp(&p->h->params, rec);
	if (!vtmm_pick_wants(p, temp) ||
	    vtmm_paused(c, idx, round, p->cooldown))
		return;
	if ((s32)(c->round - round) > 0)
		round = c->round;
	move.gfn = (cn << VTMM_CHUNK_SHIFT) + idx;
	move.huge = c->huge;
	move.tier = p->to;
	fn(p, &move, vtmm_pick_class(p, temp, vtmm_rec_rank(rec, round)));
}

static void vtmm_pick_range(struct vtmm_pick *p, u64 from, u64 to,
			    vtmm_pick_fn fn)
{
	const struct vtmm_heat_chunk *c;
	unsigned int idx, n;

	for (; (c = vtmm_map_next(p->h, &from)) && from < to; from++) {
		n = c->huge ? 1 : VTMM_CHUNK_PAGES;
		for (idx = 0; idx < n; idx++)
			vtmm_pick_page(p, c, from, idx, fn);
	}
}

/* All candidates, from another place each window. */
static void vtmm_pick_all(struct vtmm_pick *p, vtmm_pick_fn fn)
{
	u64 all = 1ull << (VTMM_GFN_BITS - VTMM_CHUNK_SHIFT);
	u64 n = p->h->chunks, start;

	start = n ? p->plan->round * 0x9e3779b1u % n : 0;
	vtmm_pick_range(p, start, all, fn);
	vtmm_pick_range(p, 0, start, fn);
}

static void vtmm_pick_count(struct vtmm_pick *p, const struct vtmm_move *move,
			    unsigned int class)
{
	struct vtmm_heat_sort *s = p->h->sort;

	s->moves[class / VTMM_RANKS][class % VTMM_RANKS]++;
	s->pages[class / VTMM_RANKS][class % VTMM_RANKS] +=
		move->huge ? VTMM_CHUNK_PAGES : 1;
}

static void vtmm_pick_emit(struct vtmm_pick *p, const struct vtmm_move *move,
			   unsigned int class)
{
	u32 *next = &p->h->sort->moves[class / VTMM_RANKS][class % VTMM_RANKS];
	u32 pages = move->huge ? VTMM_CHUNK_PAGES : 1;

	if (class > p->last)
		return;
	if (class == p->last) {
		if (!p->moves_left || p->pages_left < pages)
			return;
		p->moves_left--;
		p->pages_left -= pages;
	}
	p->out[(*next)++] = *move;
}

/* From counts to places; finds the class that fits in part. Returns its place. */
static u32 vtmm_pick_places(struct vtmm_pick *p, u64 pages, size_t max)
{
	struct vtmm_heat_sort *s = p->h->sort;
	u32 place = 0, moves;
	unsigned int i;

	for (i = 0; i < VTMM_CLASSES; i++) {
		moves = s->moves[i / VTMM_RANKS][i % VTMM_RANKS];
		s->moves[i / VTMM_RANKS][i % VTMM_RANKS] = place;
		if (moves > max - place ||
		    s->pages[i / VTMM_RANKS][i % VTMM_RANKS] > pages)
			break;
		place += moves;
		pages -= s->pages[i / VTMM_RANKS][i % VTMM_RANKS];
	}
	p->last = i;
	p->moves_left = max - place < ~0u ? max - place : ~0u;
	p->pages_left = pages < ~0u ? pages : ~0u;
	return place;
}

/**
 * vtmm_plan_pick() - the pages that a plan moves to a tier
 * @pp: how plans are made
 * @h: the VM's heat
 * @plan: from vtmm_plan_make()
 * @tier: where to, an enum vtmm_tier
 * @out: filled in, best first
 * @max: room in @out
 *
 * A huge chunk is one move of 512 pages; it is left out when the plan has less
 * than that to go. Two passes over what is known of the VM; uses scratch that
 * belongs to @h, never allocates.
 *
 * Return: how many moves were written.
 */
size_t vtmm_plan_pick(const struct vtmm_plan_params *pp, const struct vtmm_heat *h,
		      const struct vtmm_plan *plan, u8 tier,
		      struct vtmm_move *out, size_t max)
{
	struct vtmm_pick p = {
		.h = h, .plan = plan, .out = out, .cooldown = pp->cooldown,
		.to = tier,
	};
	u64 pages = tier ? plan->demote : plan->promote;
	unsigned int i;
	u32 place;

	if (!pages || !max || !h->sort || tier >= VTMM_NR_TIERS)
		return 0;
	for (i = 0; i < VTMM_CLASSES; i++) {
		h->sort->moves[i / VTMM_RANKS][i % VTMM_RANKS] = 0;
		h->sort->pages[i / VTMM_RANKS][i % VTMM_RANKS] = 0;
	}
	vtmm_pick_all(&p, vtmm_pick_count);
	place = vtmm_pick_places(&p, pages, max);
	vtmm_pick_all(&p, vtmm_pick_emit);
	if (p.last < VTMM_CLASSES)
		place = h->sort->moves[p.last / VTMM_RANKS][p.last % VTMM_RANKS];
	return place;
}
