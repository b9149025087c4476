// SPDX-License-Identifier: GPL-2.0-only
/*
 * pick: the pages that a plan moves, best first.
 *
 * The histogram has counted all pages by class, that is by temperature and rank
 * (how recently they were touched). So it is known beforehand which classes
 * move as a whole, and of which one a part; one pass over the heat collects
 * them. The pass begins at another chunk each window, so that addresses make no
 * difference, and passes over grains (16 pages) in which nothing is good enough.
 *
 * A plan can move more pages than anybody wants to hold in a list. So it is
 * picked piece by piece while the moves go on, perhaps rounds later. A large
 * plan is cut into bands of classes, so that the better pages come first.
 */
#include <vtmm/plan.h>

#include "heat_private.h"

/* Chunks that are looked at in one go: the caller holds a lock. */
#define VTMM_PICK_CHUNKS	4096

/* One call of vtmm_pick_next(). */
struct vtmm_picking {
	struct vtmm_pick *p;
	const struct vtmm_heat *h;
	struct vtmm_move *out;
	size_t n;
	size_t max;
	u64 room;		/* pages that the caller takes */
	unsigned int begin;	/* the first class of the band */
	unsigned int from;	/* ... of those that are wanted of this chunk */
	unsigned int to;	/* the first that is not in it */
};

/* Classes count from the best: hot and recent up, or cold and long ago down. */
static unsigned int vtmm_pick_class(u8 to, unsigned int value)
{
	return to ? value : VTMM_VALUES - 1 - value;
}

/* Does a move of the last class still fit? */
static bool vtmm_pick_last(struct vtmm_pick *p, u32 pages)
{
	if (!p->last_moves || !p->last_pages)
		return false;
	if (p->last_pages < pages && !p->tier)
		return false;
	p->last_moves--;
	p->last_pages -= p->last_pages < pages ? p->last_pages : pages;
	return true;
}

/*
 * Is there place among the moves of the page's class? The counts are those of the
 * plan's round. Of pages that were seen since (@later) some have changed class:
 * they may take any place.
 */
static bool vtmm_pick_place(struct vtmm_pick *p, unsigned int class, u32 pages,
			    bool later)
{
	u64 *left = &p->left[p->band];

	if (class == p->last && vtmm_pick_last(p, pages))
		return true;
	if (*left && (class != p->last || later)) {
		--*left;
		return true;
	}
	return later && class < p->last && p->band + 1 == p->bands &&
	       vtmm_pick_last(p, pages);
}

/*
 * A huge page that leaves may make more room than was asked for: without that,
 * fast memory full of huge pages could never give way by a few pages. One that
 * comes must fit.
 */
static bool vtmm_pick_fits(struct vtmm_pick *p, unsigned int class, u32 pages,
			   bool later)
{
	if (!p->pages || (p->pages < pages && !p->tier))
		return false;
	if (!vtmm_pick_place(p, class, pages, later))
		return false;
	p->pages -= p->pages < pages ? p->pages : pages;
	return true;
}

/* Was the chunk seen since the picking began? */
static bool vtmm_pick_later(const struct vtmm_pick *p, const struct vtmm_heat_chunk *c)
{
	return vtmm_rounds_since(p->now, c->round);
}

/* A page of the band moves, unless it has to stay. */
static void vtmm_pick_page(struct vtmm_picking *x, const struct vtmm_heat_chunk *c,
			   u64 gfn, unsigned int class, u32 round)
{
	u32 pages = c->huge ? VTMM_CHUNK_PAGES : 1;

	if (vtmm_paused(c, vtmm_gfn_index(gfn), round, x->p->cooldown))
		return;
	if (x->n == x->max || x->room < pages) {
		x->p->full = true;
		return;
	}
	if (!vtmm_pick_fits(x->p, class, pages, vtmm_pick_later(x->p, c)))
		return;
	x->room -= pages;
	x->out[x->n].gfn = gfn;
	x->out[x->n].class = class;
	x->out[x->n].huge = c->huge;
	x->out[x->n++].tier = x->p->tier;
}

/*
 * Those of the pages @bits of a block that are of the band. Which ones are
 * cannot be foreseen, so this is done without a branch.
 */
static u64 vtmm_pick_filter(const struct vtmm_picking *x,
			    const struct vtmm_heat_chunk *c, const u32 *block,
			    u64 bits, u16 class[VTMM_BLOCK_PAGES])
{
	u32 k = vtmm_rounds_since(c->round, x->p->round), rec;
	unsigned int i, span = x->to - x->from;
	u64 good = 0;

	for (; bits; bits &= bits - 1) {
		i = __builtin_ctzll(bits);
		rec = vtmm_rec_shift(x->h, block[i], c->round, k);
		class[i] = vtmm_pick_class(x->p->tier,
					   vtmm_sort_value(x->h->sort, rec, c->round + k));
		good |= (u64)(class[i] - x->from < span) << i;
	}
	return good;
}

/* All pages @bits of a block have one value. */
static u64 vtmm_pick_alike(const struct vtmm_picking *x, unsigned int value,
			   u64 bits, u16 class[VTMM_BLOCK_PAGES])
{
	unsigned int one = vtmm_pick_class(x->p->tier, value);
	u64 left;

	if (one - x->from >= x->to - x->from)
		return 0;
	for (left = bits; left; left &= left - 1)
		class[__builtin_ctzll(left)] = one;
	return bits;
}

/* The pages @bits of a block that are of the band; the block begins at @gfn. */
static void vtmm_pick_bits(struct vtmm_picking *x, const struct vtmm_heat_chunk *c,
			   u64 gfn, unsigned int b, u64 bits)
{
	int value = vtmm_block_value(x->h, c, b, x->p->round);
	u32 k = vtmm_rounds_since(c->round, x->p->round);
	u16 class[VTMM_BLOCK_PAGES];
	unsigned int i;

	if (value < 0)
		bits = vtmm_pick_filter(x, c, c->rec[b], bits, class);
	else
		bits = vtmm_pick_alike(x, value, bits, class);
	for (; bits; bits &= bits - 1) {
		i = __builtin_ctzll(bits);
		vtmm_pick_page(x, c, gfn + i, class[i], c->round + k);
		if (x->p->full) {
			x->p->page = vtmm_gfn_index(gfn + i);
			return;
		}
	}
}

/* May a grain hold pages of the band? */
static bool vtmm_pick_wants(const struct vtmm_picking *x,
			    const struct vtmm_heat_chunk *c, unsigned int g)
{
	u8 to = x->p->tier;

	return vtmm_pick_class(to, to ? c->worst[g] : c->best[g]) < x->to;
}

/* Those grains of a block that may, of the pages from @x->p->page on. */
static u64 vtmm_pick_grains(const struct vtmm_picking *x,
			    const struct vtmm_heat_chunk *c, unsigned int b)
{
	u64 bits = c->mapped[b] & (x->p->tier ? ~c->slow[b] : c->slow[b]);
	unsigned int first = b * VTMM_BLOCK_PAGES, g = first / VTMM_GRAIN_PAGES;
	unsigned int end = g + VTMM_BLOCK_PAGES / VTMM_GRAIN_PAGES;

	if (x->p->page > first)
		bits &= ~0ull << (x->p->page - first);
	if (!vtmm_bounds_hold(x->h, c))
		return bits;
	for (; bits && g < end; g++)
		if (!vtmm_pick_wants(x, c, g))
			bits &= ~vtmm_grain_bits(~0ull, g);
	return bits;
}

/* A chunk with one record moves as a whole. */
static void vtmm_pick_huge(struct vtmm_picking *x, const struct vtmm_heat_chunk *c,
			   u64 gfn)
{
	u32 k = vtmm_rounds_since(c->round, x->p->round);
	unsigned int class;

	if (!vtmm_is_mapped(c, 0) || vtmm_tier_of(c, 0) == x->p->tier)
		return;
	class = vtmm_pick_class(x->p->tier,
				vtmm_sort_value(x->h->sort,
						vtmm_rec_shift(x->h, c->one, c->round, k),
						c->round + k));
	if (class - x->from < x->to - x->from)
		vtmm_pick_page(x, c, gfn, class, c->round + k);
}

static void vtmm_pick_chunk(struct vtmm_picking *x, const struct vtmm_heat_chunk *c,
			    u64 gfn)
{
	unsigned int b = x->p->page / VTMM_BLOCK_PAGES;
	u64 bits;

	/* what has become better since is not of an earlier band: that has moved */
	x->from = vtmm_pick_later(x->p, c) ? 0 : x->begin;
	if (c->huge) {
		vtmm_pick_huge(x, c, gfn);
		return;
	}
	for (; b < VTMM_CHUNK_BLOCKS && !x->p->full; b++) {
		bits = vtmm_pick_grains(x, c, b);
		if (bits)
			vtmm_pick_bits(x, c, gfn + b * VTMM_BLOCK_PAGES, b, bits);
	}
}

/* All of a band was found: the next one, or none. */
static void vtmm_pick_turn(struct vtmm_pick *p)
{
	p->at = p->start;
	p->page = 0;
	p->wrapped = false;
	p->done = p->band + 1 >= p->bands || !p->pages;
	if (p->done)
		return;
	/* what was not found has changed class, for the worse */
	p->left[p->band + 1] += p->left[p->band];
	p->band++;
}

static bool vtmm_pick_band_done(const struct vtmm_pick *p)
{
	if (!p->pages)
		return true;
	if (p->left[p->band])
		return false;
	return p->band + 1 < p->bands || !p->last_moves || !p->last_pages;
}

/* The next chunk of the pass, or NULL at its end. */
static const struct vtmm_heat_chunk *vtmm_pick_step(struct vtmm_picking *x)
{
	const struct vtmm_heat_chunk *c;
	struct vtmm_pick *p = x->p;
	u64 at = p->at;

	c = vtmm_map_next(x->h, &p->at);
	if (!c && !p->wrapped) {
		p->wrapped = true;
		p->at = 0;
		c = vtmm_map_next(x->h, &p->at);
	}
	if (p->at != at)
		p->page = 0;
	return p->wrapped && p->at >= p->start ? NULL : c;
}

/* Goes on until a band ends, the caller has enough, or @chunks were seen. */
static void vtmm_pick_pass(struct vtmm_picking *x, u32 *chunks)
{
	const struct vtmm_heat_chunk *c;
	struct vtmm_pick *p = x->p;

	x->begin = p->band ? p->end[p->band - 1] : 0;
	x->to = p->end[p->band];
	for (; *chunks && !vtmm_pick_band_done(p); --*chunks) {
		c = vtmm_pick_step(x);
		if (!c)
			break;
		vtmm_pick_chunk(x, c, p->at << VTMM_CHUNK_SHIFT);
		if (x->p->full)
			return;
		p->at++;
		p->page = 0;
	}
	if (*chunks || vtmm_pick_band_done(p))
		vtmm_pick_turn(p);
}

/**
 * vtmm_pick_next() - some more of the moves of a plan
 * @p: from vtmm_pick_begin()
 * @h: the VM's heat
 * @out: filled in, in no order
 * @max: room in @out
 * @pages: that the moves may stand for; it stops at the first that does not fit
 *
 * Looks at VTMM_PICK_CHUNKS chunks at most, so the time that it takes is bounded
 * whatever the VM's size. When pages have been touched since the plan was made,
 * what is known of them now counts, against the plan's bounds. Never allocates.
 *
 * Return: how many moves were written; 0 does not mean that @p is done.
 */
size_t vtmm_pick_next(struct vtmm_pick *p, const struct vtmm_heat *h,
		      struct vtmm_move *out, size_t max, u64 pages)
{
	struct vtmm_picking x = {
		.p = p, .h = h, .out = out, .max = max, .room = pages,
	};
	u32 chunks = VTMM_PICK_CHUNKS;

	p->full = false;
	while (!p->done && !p->full && chunks)
		vtmm_pick_pass(&x, &chunks);
	return x.n;
}

/* Pages that must stay are no candidates. */
static void vtmm_pick_spare(const struct vtmm_pick *p, const struct vtmm_heat *h,
			    const struct vtmm_heat_chunk *c)
{
	u32 round = c->round + vtmm_rounds_since(c->round, p->round);
	u32 pages = c->huge ? VTMM_CHUNK_PAGES : 1;
	struct vtmm_heat_sort *s = h->sort;
	unsigned int idx, class;
	int value;

	for (idx = 0; idx < VTMM_CHUNK_PAGES; idx += pages) {
		if (!vtmm_is_mapped(c, idx) || vtmm_tier_of(c, idx) == p->tier ||
		    !vtmm_paused(c, idx, round, p->cooldown))
			continue;
		value = c->huge ? -1 : vtmm_block_value(h, c, idx / VTMM_BLOCK_PAGES,
							p->round);
		if (value < 0)
			value = vtmm_sort_value(s, vtmm_chunk_record(h, c, idx, round),
						round);
		class = vtmm_pick_class(p->tier, value);
		if (!s->moves[class])
			continue;
		s->moves[class]--;
		s->pages[class] -= pages;
	}
}

/* What there is in each class. */
static void vtmm_pick_count(const struct vtmm_pick *p, const struct vtmm_heat *h)
{
	struct vtmm_heat_sort *s = h->sort;
	const struct vtmm_heat_chunk *c;
	unsigned int class, value;
	u64 cn = 0;

	for (class = 0; class < VTMM_VALUES; class++) {
		value = vtmm_pick_class(p->tier, class);
		s->moves[class] = s->small[!p->tier][value] + s->huge[!p->tier][value];
		s->pages[class] = s->small[!p->tier][value] +
				  s->huge[!p->tier][value] * VTMM_CHUNK_PAGES;
	}
	for (; (c = vtmm_map_next(h, &cn)); cn++)
		if (c->pause || c->rests)
			vtmm_pick_spare(p, h, c);
}

/*
 * From counts to bounds. The last class is the one with which there is enough:
 * of it only a part may fit. @bar is the first that the plan does not admit.
 */
static u64 vtmm_pick_bound(struct vtmm_pick *p, const struct vtmm_heat_sort *s,
			   unsigned int bar, u64 max)
{
	u64 moves = 0, pages = p->pages;
	unsigned int i;

	for (i = 0; i < bar; i++) {
		if (s->moves[i] >= max - moves || s->pages[i] >= pages)
			break;
		moves += s->moves[i];
		pages -= s->pages[i];
	}
	p->last = i < bar ? i : VTMM_VALUES;
	p->last_moves = i < bar ? max - moves : 0;
	p->last_pages = pages;
	return moves;
}

/* Cuts the classes that move, @moves without the last, into bands of like size. */
static void vtmm_pick_cut(struct vtmm_pick *p, const struct vtmm_heat_sort *s,
			  unsigned int bar, u64 moves)
{
	u64 size = moves / VTMM_PICK_BANDS + 1;
	unsigned int end = p->last < bar ? (unsigned int)p->last : bar, i;

	if (size < VTMM_PICK_MAX)
		size = VTMM_PICK_MAX;
	for (i = 0; i < end; i++) {
		p->left[p->band] += s->moves[i];
		if (p->left[p->band] < size || p->band + 1 == VTMM_PICK_BANDS)
			continue;
		p->end[p->band++] = i + 1;
	}
	p->end[p->band] = p->last < bar ? end + 1 : end;
	p->bands = p->band + 1;
	p->band = 0;
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
 * vtmm_pick_begin() - begin to pick the pages that a plan moves to a tier
 * @pp: how plans are made
 * @h: the VM's heat
 * @plan: from vtmm_plan_make()
 * @tier: where to, an enum vtmm_tier
 * @max: moves at most
 * @p: filled in
 *
 * A huge chunk is one move of 512 pages. One to be promoted is left out when the
 * plan has less than that to go; one to be demoted may make more room than that.
 * Uses what vtmm_heat_histogram() counted for the plan's round; if that is
 * outdated it is counted anew, O(pages seen). Never allocates.
 */
void vtmm_pick_begin(const struct vtmm_plan_params *pp, const struct vtmm_heat *h,
		     const struct vtmm_plan *plan, u8 tier, u64 max,
		     struct vtmm_pick *p)
{
	unsigned int bar;
	struct vtmm_hist hist;

	*p = (struct vtmm_pick){ .done = true };
	if (tier >= VTMM_NR_TIERS || !max || !h->sort)
		return;
	p->tier = tier;
	p->pages = tier ? plan->demote : plan->promote;
	if (!p->pages)
		return;
	p->done = false;
	p->round = plan->round;
	p->now = h->now;
	p->cooldown = vtmm_pick_cooldown(pp, plan);
	p->start = h->chunks ? plan->round * 0x9e3779b1u % h->chunks : 0;
	p->at = p->start;
	if (!h->sort->counted || h->sort->round != plan->round)
		vtmm_heat_histogram(h, plan->round, &hist);
	vtmm_pick_count(p, h);
	bar = vtmm_pick_bar(plan, tier);
	vtmm_pick_cut(p, h->sort, bar, vtmm_pick_bound(p, h->sort, bar, max));
}

/**
 * vtmm_pick_sort() - put moves in order, the best first
 * @h: the VM's heat, whose scratch is used
 * @out: the moves
 * @n: how many
 *
 * A counting sort in place: each move is put where its class goes on.
 */
void vtmm_pick_sort(const struct vtmm_heat *h, struct vtmm_move *out, size_t n)
{
	struct vtmm_heat_sort *s = h->sort;
	u32 *next, *end, at = 0;
	struct vtmm_move move;
	unsigned int i;

	if (!n)	/* perhaps nothing was ever recorded */
		return;
	next = s->moves;
	end = s->pages;
	for (i = 0; i < VTMM_VALUES; i++)
		end[i] = 0;
	for (i = 0; i < n; i++)
		end[out[i].class]++;
	for (i = 0; i < VTMM_VALUES; i++) {
		next[i] = at;
		at += end[i];
		end[i] = at;
	}
	for (i = 0; i < VTMM_VALUES; i++) {
		while (next[i] < end[i]) {
			move = out[next[i]];
			out[next[i]] = out[next[move.class]];
			out[next[move.class]++] = move;
		}
	}
}

/**
 * vtmm_plan_pick() - the best of the pages that a plan moves to a tier
 * @pp: how plans are made
 * @h: the VM's heat
 * @plan: from vtmm_plan_make()
 * @tier: where to, an enum vtmm_tier
 * @out: filled in, best first
 * @max: room in @out
 *
 * See vtmm_pick_begin(). Looks at all that is known of the VM in one go.
 *
 * Return: how many moves were written.
 */
size_t vtmm_plan_pick(const struct vtmm_plan_params *pp, const struct vtmm_heat *h,
		      const struct vtmm_plan *plan, u8 tier,
		      struct vtmm_move *out, size_t max)
{
	struct vtmm_pick p;
	size_t n = 0;

	vtmm_pick_begin(pp, h, plan, tier, max, &p);
	while (!p.done && n < max)
		n += vtmm_pick_next(&p, h, out + n, max - n, ~0ull);
	vtmm_pick_sort(h, out, n);
	return n;
}
