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
	unsigned int limit;	/* temperature of the worst candidates */
	u8 to;
	bool emit;		/* second pass: write moves, do not count them */
};

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
	return p->to ? temp <= p->limit : temp >= p->limit;
}

static void vtmm_pick_count(struct vtmm_pick *p, bool huge, unsigned int class)
{
	struct vtmm_heat_sort *s = p->h->sort;

	s->moves[class / VTMM_RANKS][class % VTMM_RANKS]++;
	s->pages[class / VTMM_RANKS][class % VTMM_RANKS] +=
		huge ? VTMM_CHUNK_PAGES : 1;
}

/*
 * Does a move of the last class still fit? A huge page that leaves may make more
 * room than was asked for: without that, fast memory full of huge pages could
 * never give way by a few pages. One that comes must fit.
 */
static bool vtmm_pick_fits(struct vtmm_pick *p, u32 pages)
{
	if (!p->moves_left || !p->pages_left)
		return false;
	if (p->pages_left < pages && !p->to)
		return false;
	p->moves_left--;
	p->pages_left -= p->pages_left < pages ? p->pages_left : pages;
	return true;
}

static void vtmm_pick_emit(struct vtmm_pick *p, u64 gfn, bool huge,
			   unsigned int class)
{
	u32 *next = &p->h->sort->moves[class / VTMM_RANKS][class % VTMM_RANKS];
	u32 pages = huge ? VTMM_CHUNK_PAGES : 1;

	if (class > p->last)
		return;
	if (class == p->last && !vtmm_pick_fits(p, pages))
		return;
	p->out[*next].gfn = gfn;
	p->out[*next].huge = huge;
	p->out[*next].tier = p->to;
	++*next;
}

/* Looks at a page that could move; @rec is its record as of @round. */
static void vtmm_pick_page(struct vtmm_pick *p, const struct vtmm_heat_chunk *c,
			   u64 gfn, u32 rec, u32 round)
{
	unsigned int temp = vtmm_rec_temp(&p->h->params, rec), class;

	if (!vtmm_pick_wants(p, temp) ||
	    vtmm_paused(c, vtmm_gfn_index(gfn), round, p->cooldown))
		return;
	class = vtmm_pick_class(p, temp, vtmm_rec_rank(rec, round));
	if (p->emit)
		vtmm_pick_emit(p, gfn, c->huge, class);
	else
		vtmm_pick_count(p, c->huge, class);
}

/* The pages of a block that are in the other tier. */
static void vtmm_pick_block(struct vtmm_pick *p, const struct vtmm_heat_chunk *c,
			    u64 gfn, unsigned int b)
{
	u64 bits = c->mapped[b] & (p->to ? ~c->slow[b] : c->slow[b]);
	u32 k = vtmm_rounds_since(c->round, p->plan->round), rec;
	const u32 *block = c->rec[b];
	unsigned int i;

	if (!block && !vtmm_pick_wants(p, 0))
		return;
	for (; bits; bits &= bits - 1) {
		i = __builtin_ctzll(bits);
		rec = block ? vtmm_rec_shift(p->h, block[i], c->round, k) : 0;
		vtmm_pick_page(p, c, gfn + i, rec, c->round + k);
	}
}

static void vtmm_pick_chunk(struct vtmm_pick *p, const struct vtmm_heat_chunk *c,
			    u64 gfn)
{
	u32 k = vtmm_rounds_since(c->round, p->plan->round);
	unsigned int b;

	if (c->huge) {
		if (vtmm_is_mapped(c, 0) && vtmm_tier_of(c, 0) != p->to)
			vtmm_pick_page(p, c, gfn,
				       vtmm_rec_shift(p->h, c->one, c->round, k),
				       c->round + k);
		return;
	}
	for (b = 0; b < VTMM_CHUNK_BLOCKS; b++)
		vtmm_pick_block(p, c, gfn + b * VTMM_BLOCK_PAGES, b);
}

static void vtmm_pick_range(struct vtmm_pick *p, u64 from, u64 to)
{
	const struct vtmm_heat_chunk *c;

	for (; (c = vtmm_map_next(p->h, &from)) && from < to; from++)
		vtmm_pick_chunk(p, c, from << VTMM_CHUNK_SHIFT);
}

/* All candidates, from another place each window. */
static void vtmm_pick_all(struct vtmm_pick *p, bool emit)
{
	u64 all = 1ull << (VTMM_GFN_BITS - VTMM_CHUNK_SHIFT);
	u64 n = p->h->chunks, start;

	p->emit = emit;
	start = n ? p->plan->round * 0x9e3779b1u % n : 0;
	vtmm_pick_range(p, start, all);
	vtmm_pick_range(p, 0, start);
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
	if (i < VTMM_CLASSES)
		p->limit = p->to ? i / VTMM_RANKS :
				   VTMM_TEMP_MAX - i / VTMM_RANKS;
	p->moves_left = max - place < ~0u ? max - place : ~0u;
	p->pages_left = pages < ~0u ? pages : ~0u;
	return place;
}

/*
 * Where moves were not worth what they promised, a page that moved stays for
 * longer: what looks good there is chance, and would send it back.
 */
static u32 vtmm_pick_cooldown(const struct vtmm_plan_params *pp,
			      const struct vtmm_plan *plan)
{
	u32 rounds = pp->cooldown + pp->cooldown * plan->caution / 8;

	return rounds < VTMM_PAUSE_LONGEST ? rounds : VTMM_PAUSE_LONGEST - 1;
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
 * A huge chunk is one move of 512 pages. One to be promoted is left out when the
 * plan has less than that to go; one to be demoted may make more room than that.
 * Two passes over what is known of the VM; uses scratch that belongs to @h, never
 * allocates.
 *
 * Return: how many moves were written.
 */
size_t vtmm_plan_pick(const struct vtmm_plan_params *pp, const struct vtmm_heat *h,
		      const struct vtmm_plan *plan, u8 tier,
		      struct vtmm_move *out, size_t max)
{
	struct vtmm_pick p = {
		.h = h, .plan = plan, .out = out, .cooldown = vtmm_pick_cooldown(pp, plan),
		.limit = tier ? plan->demote_temp : plan->promote_temp,
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
	vtmm_pick_all(&p, false);
	place = vtmm_pick_places(&p, pages, max);
	vtmm_pick_all(&p, true);
	if (p.last < VTMM_CLASSES)
		place = h->sort->moves[p.last / VTMM_RANKS][p.last % VTMM_RANKS];
	return place;
}
