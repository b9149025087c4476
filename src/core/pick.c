// SPDX-License-Identifier: GPL-2.0-only
/*
 * pick: the pages that a plan moves, best first.
 *
 * A counting sort in two passes over the heat: candidates are counted by
 * temperature and rank (how recently they were touched), then written to
 * their places. Among equals the pass begins at another chunk each window, so
 * that addresses make no difference.
 *
 * A VM has far more pages than move in a window. So the first pass stops to
 * count what is already known to be too bad, the second ends when all places
 * are taken, and both pass over grains (16 pages) in which the histogram
 * has found nothing that is good enough.
 */
#include <vtmm/plan.h>

#include "heat_private.h"

/* One call of vtmm_plan_pick(). */
struct vtmm_pick {
	const struct vtmm_heat *h;
	const struct vtmm_plan *plan;
	struct vtmm_move *out;
	u32 cooldown;
	u64 pages;		/* that may move */
	u64 moves;		/* that have room in @out */
	u64 pages_seen;		/* of the classes below @bar, while counting */
	u64 moves_seen;
	u32 places;		/* still to be taken by classes below @last */
	u32 pages_left;		/* of the class @last, which fits in part */
	u32 moves_left;
	unsigned int last;	/* classes below it fit as a whole */
	unsigned int bar;	/* candidates are of classes below it */
	u8 to;
	bool emit;		/* second pass: write moves, do not count them */
	bool bounds;		/* those of the histogram hold */
};

/* Classes count from the best: hot and recent up, or cold and long ago down. */
static unsigned int vtmm_pick_class(const struct vtmm_pick *p, unsigned int value)
{
	return p->to ? value : VTMM_VALUES - 1 - value;
}

/*
 * Enough pages are of classes below the bar, those of the last of them not all
 * needed: then no more of that class need be counted.
 */
static void vtmm_pick_lower_bar(struct vtmm_pick *p)
{
	const struct vtmm_heat_sort *s = p->h->sort;

	while (p->bar && (p->moves_seen >= p->moves || p->pages_seen >= p->pages)) {
		p->bar--;
		p->moves_seen -= s->moves[p->bar];
		p->pages_seen -= s->pages[p->bar];
	}
}

static void vtmm_pick_count(struct vtmm_pick *p, u32 pages, unsigned int class)
{
	struct vtmm_heat_sort *s = p->h->sort;

	s->moves[class]++;
	s->pages[class] += pages;
	p->moves_seen++;
	p->pages_seen += pages;
	vtmm_pick_lower_bar(p);
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
	u32 *next = &p->h->sort->moves[class];

	if (class < p->last)
		p->places--;
	else if (!vtmm_pick_fits(p, huge ? VTMM_CHUNK_PAGES : 1))
		return;
	p->out[*next].gfn = gfn;
	p->out[*next].huge = huge;
	p->out[*next].tier = p->to;
	++*next;
}

/* All that moves was found. */
static bool vtmm_pick_done(const struct vtmm_pick *p)
{
	return p->emit && !p->places && (!p->moves_left || !p->pages_left);
}

/* A page that is good enough moves, or counts, unless it has to stay. */
static void vtmm_pick_page(struct vtmm_pick *p, const struct vtmm_heat_chunk *c,
			   u64 gfn, unsigned int class, u32 round)
{
	if (class >= p->bar ||
	    vtmm_paused(c, vtmm_gfn_index(gfn), round, p->cooldown))
		return;
	if (p->emit)
		vtmm_pick_emit(p, gfn, c->huge, class);
	else
		vtmm_pick_count(p, c->huge ? VTMM_CHUNK_PAGES : 1, class);
}

/* May a grain hold candidates? */
static bool vtmm_pick_wants(const struct vtmm_pick *p,
			    const struct vtmm_heat_chunk *c, unsigned int g)
{
	if (!p->bounds)
		return c->rec[g * VTMM_GRAIN_PAGES / VTMM_BLOCK_PAGES] ||
		       vtmm_pick_class(p, 0) < p->bar;
	return vtmm_pick_class(p, p->to ? c->worst[g] : c->best[g]) < p->bar;
}

/*
 * Those of the pages @bits of a block that are good enough. Which ones are
 * cannot be foreseen, so this is done without a branch.
 */
static u64 vtmm_pick_filter(const struct vtmm_pick *p,
			    const struct vtmm_heat_chunk *c, const u32 *block,
			    u64 bits, u16 class[VTMM_BLOCK_PAGES])
{
	u32 k = vtmm_rounds_since(c->round, p->plan->round), rec;
	unsigned int i;
	u64 good = 0;

	for (; bits; bits &= bits - 1) {
		i = __builtin_ctzll(bits);
		rec = block ? vtmm_rec_shift(p->h, block[i], c->round, k) : 0;
		class[i] = vtmm_pick_class(p, vtmm_rec_value(&p->h->params, rec,
							     c->round + k));
		good |= (u64)(class[i] < p->bar) << i;
	}
	return good;
}

/* The pages of a grain that are in the other tier; the block begins at @gfn. */
static void vtmm_pick_grain(struct vtmm_pick *p, const struct vtmm_heat_chunk *c,
			    u64 gfn, unsigned int g)
{
	unsigned int b = g * VTMM_GRAIN_PAGES / VTMM_BLOCK_PAGES, i;
	u64 bits = c->mapped[b] & (p->to ? ~c->slow[b] : c->slow[b]);
	u32 k = vtmm_rounds_since(c->round, p->plan->round);
	u16 class[VTMM_BLOCK_PAGES];

	gfn += b * VTMM_BLOCK_PAGES;
	bits = vtmm_pick_filter(p, c, c->rec[b], vtmm_grain_bits(bits, g), class);
	for (; bits; bits &= bits - 1) {
		i = __builtin_ctzll(bits);
		vtmm_pick_page(p, c, gfn + i, class[i], c->round + k);
	}
}

/* A chunk with one record moves as a whole. */
static void vtmm_pick_huge(struct vtmm_pick *p, const struct vtmm_heat_chunk *c,
			   u64 gfn)
{
	u32 k = vtmm_rounds_since(c->round, p->plan->round), value;

	if (!vtmm_is_mapped(c, 0) || vtmm_tier_of(c, 0) == p->to)
		return;
	value = vtmm_rec_value(&p->h->params,
			       vtmm_rec_shift(p->h, c->one, c->round, k),
			       c->round + k);
	vtmm_pick_page(p, c, gfn, vtmm_pick_class(p, value), c->round + k);
}

static void vtmm_pick_chunk(struct vtmm_pick *p, const struct vtmm_heat_chunk *c,
			    u64 gfn)
{
	unsigned int g;

	if (c->huge) {
		vtmm_pick_huge(p, c, gfn);
		return;
	}
	for (g = 0; g < VTMM_CHUNK_GRAINS; g++)
		if (vtmm_pick_wants(p, c, g))
			vtmm_pick_grain(p, c, gfn, g);
}

static void vtmm_pick_range(struct vtmm_pick *p, u64 from, u64 to)
{
	const struct vtmm_heat_chunk *c;

	for (; (c = vtmm_map_next(p->h, &from)) && from < to; from++) {
		if (vtmm_pick_done(p))
			return;
		vtmm_pick_chunk(p, c, from << VTMM_CHUNK_SHIFT);
	}
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

/*
 * From counts to places. The last class is the one with which there is enough:
 * of it only a part may fit. Returns its place.
 */
static u32 vtmm_pick_places(struct vtmm_pick *p)
{
	struct vtmm_heat_sort *s = p->h->sort;
	u64 place = 0, pages = p->pages, moves;
	unsigned int i;

	for (i = 0; i < VTMM_VALUES; i++) {
		moves = s->moves[i];
		s->moves[i] = place;
		if (moves >= p->moves - place || s->pages[i] >= pages)
			break;
		place += moves;
		pages -= s->pages[i];
	}
	p->last = i;
	p->places = place;
	p->moves_left = 0;
	p->pages_left = pages < ~0u ? pages : ~0u;
	if (i < VTMM_VALUES) {
		p->bar = i + 1;
		p->moves_left = p->moves - place;
	}
	return place;
}

/* The classes that the plan's temperature admits. */
static unsigned int vtmm_pick_bar(const struct vtmm_plan *plan, u8 tier)
{
	if (tier)
		return (plan->demote_temp + 1) * VTMM_RANKS;
	return (VTMM_TEMPS - plan->promote_temp) * VTMM_RANKS;
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
	struct vtmm_heat_sort *s = h->sort;
	struct vtmm_pick p = {
		.h = h, .plan = plan, .out = out, .cooldown = vtmm_pick_cooldown(pp, plan),
		.pages = tier ? plan->demote : plan->promote,
		.moves = max < ~0u ? max : ~0u,
		.to = tier,
	};
	unsigned int i;
	u32 place;

	if (!p.pages || !max || !s || tier >= VTMM_NR_TIERS)
		return 0;
	for (i = 0; i < VTMM_VALUES; i++) {
		s->moves[i] = 0;
		s->pages[i] = 0;
	}
	p.bounds = s->bounds && s->bounds_round == plan->round;
	p.bar = vtmm_pick_bar(plan, tier);
	vtmm_pick_all(&p, false);
	place = vtmm_pick_places(&p);
	vtmm_pick_all(&p, true);
	return p.last < VTMM_VALUES ? s->moves[p.last] : place;
}
