// SPDX-License-Identifier: GPL-2.0-only
/*
 * hist: the pages of a VM by temperature, and chunks summed up for people.
 * Reads heat; all that it notes there are the bounds that spare pick.c grains.
 */
#include "heat_private.h"

static unsigned int vtmm_popcount(u64 x)
{
	unsigned int n = 0;

	for (; x; x &= x - 1)
		n++;
	return n;
}

/* What each history is worth: of a page it then only has to be looked up. */
static void vtmm_sort_weigh(const struct vtmm_heat *h)
{
	u32 window = (1u << h->params.window) - 1, rounds, n;
	struct vtmm_heat_sort *s = h->sort;

	for (rounds = 0; rounds <= VTMM_REC_HISTORY; rounds++) {
		n = vtmm_rec_count_halves(rounds & window);
		s->read_weight[rounds] = n * h->params.read_weight;
		s->write_weight[rounds] = n * h->params.write_weight;
	}
}

static void vtmm_sort_clear(struct vtmm_heat_sort *s)
{
	unsigned int tier, i;

	for (tier = 0; tier < VTMM_NR_TIERS; tier++) {
		for (i = 0; i < VTMM_VALUES; i++) {
			s->small[tier][i] = 0;
			s->huge[tier][i] = 0;
		}
	}
}

/* The pages of a grain, one by one; notes what they are worth. */
static void vtmm_count_grain(const struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			     unsigned int g, u32 round)
{
	unsigned int b = g * VTMM_GRAIN_PAGES / VTMM_BLOCK_PAGES, i, tier;
	u32 k = vtmm_rounds_since(c->round, round), rec, value;
	u64 mapped = vtmm_grain_bits(c->mapped[b], g), slow = c->slow[b];
	u32 worst = VTMM_VALUES - 1, best = 0;
	struct vtmm_heat_sort *s = h->sort;
	const u32 *block = c->rec[b];

	for (; mapped; mapped &= mapped - 1) {
		i = __builtin_ctzll(mapped);
		tier = slow >> i & 1;
		rec = vtmm_rec_shift(h, block[i], c->round, k);
		value = vtmm_sort_value(s, rec, c->round + k);
		s->small[tier][value]++;
		/* of no tier but its own: without a branch */
		best = (value & -tier) > best ? value : best;
		worst = (value | -tier) < worst ? value : worst;
	}
	c->worst[g] = worst;
	c->best[g] = best;
}

/* The pages of a block are all worth the same, or are looked at one by one. */
static void vtmm_count_block(const struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			     unsigned int b, u32 round)
{
	unsigned int g = b * VTMM_BLOCK_PAGES / VTMM_GRAIN_PAGES;
	unsigned int end = g + VTMM_BLOCK_PAGES / VTMM_GRAIN_PAGES;
	int value = vtmm_block_value(h, c, b, round);
	u64 mapped = c->mapped[b], slow = c->slow[b];

	if (value >= 0) {
		h->sort->small[0][value] += vtmm_popcount(mapped & ~slow);
		h->sort->small[1][value] += vtmm_popcount(mapped & slow);
	}
	for (; g < end; g++) {
		if (value < 0) {
			vtmm_count_grain(h, c, g, round);
			continue;
		}
		c->worst[g] = value;
		c->best[g] = value;
	}
}

/* A chunk with one record; what picking asks of such a one is asked of its first page. */
static void vtmm_count_huge(const struct vtmm_heat *h,
			    const struct vtmm_heat_chunk *c, u32 round,
			    struct vtmm_hist *hist)
{
	u32 rec = vtmm_chunk_record(h, c, 0, round), value;
	unsigned int b;

	value = vtmm_sort_value(h->sort, rec,
				c->round + vtmm_rounds_since(c->round, round));
	for (b = 0; b < VTMM_CHUNK_BLOCKS; b++) {
		hist->pages[0][value / VTMM_RANKS] +=
			vtmm_popcount(c->mapped[b] & ~c->slow[b]);
		hist->pages[1][value / VTMM_RANKS] +=
			vtmm_popcount(c->mapped[b] & c->slow[b]);
	}
	if (vtmm_is_mapped(c, 0))
		h->sort->huge[vtmm_tier_of(c, 0)][value]++;
}

/*
 * Pages that moved about a window ago: all that is remembered of them lies
 * after the move, so it shows what the move was worth. Each counts once when
 * windows follow each other; a move may come two rounds after its plan.
 */
static void vtmm_hist_moved(const struct vtmm_heat *h,
			    const struct vtmm_heat_chunk *c, u32 round,
			    struct vtmm_hist *hist)
{
	u32 window = h->params.window, pages = c->huge ? VTMM_CHUNK_PAGES : 1;
	unsigned int idx, tier;
	u32 age, rec;

	for (idx = 0; c->pause && idx < VTMM_CHUNK_PAGES; idx += pages) {
		if (!vtmm_is_mapped(c, idx) || !vtmm_pause_moved(c, idx))
			continue;
		age = vtmm_pause_age(c, idx, round);
		if (age + 2 < window || age + 2 >= 2 * window)
			continue;
		rec = vtmm_chunk_record(h, c, idx, round);
		tier = vtmm_tier_of(c, idx);
		hist->moved[tier]++;
		hist->moved_temp[tier] += vtmm_rec_temp(&h->params, rec);
	}
}

static void vtmm_hist_chunk(const struct vtmm_heat *h,
			    struct vtmm_heat_chunk *c, u32 round,
			    struct vtmm_hist *hist)
{
	unsigned int b;

	if (c->huge) {
		vtmm_count_huge(h, c, round, hist);
	} else {
		for (b = 0; b < VTMM_CHUNK_BLOCKS; b++) {
			vtmm_prefetch_block(c, b + 1);
			vtmm_count_block(h, c, b, round);
		}
	}
	vtmm_hist_moved(h, c, round, hist);
}

/* From values to temperatures. */
static void vtmm_hist_sum(const struct vtmm_heat_sort *s, struct vtmm_hist *hist)
{
	unsigned int tier, i;

	for (tier = 0; tier < VTMM_NR_TIERS; tier++)
		for (i = 0; i < VTMM_VALUES; i++)
			hist->pages[tier][i / VTMM_RANKS] += s->small[tier][i];
}

/**
 * vtmm_heat_histogram() - count all mapped pages by tier and temperature
 * @h: the VM's heat
 * @round: as of when
 * @hist: filled in
 *
 * O(pages seen): a bucket sort, as in the vTMM paper. Counts by value, that is
 * temperature and recency, and notes for each grain what its pages are worth,
 * so that picking knows beforehand how many there are of what, and can pass
 * over those in which nothing is to be had. Never allocates.
 */
void vtmm_heat_histogram(const struct vtmm_heat *h, u32 round,
			 struct vtmm_hist *hist)
{
	static const struct vtmm_hist empty;
	struct vtmm_heat_chunk *c;
	u64 cn = 0;

	*hist = empty;
	if (!h->sort)	/* nothing was ever recorded */
		return;
	vtmm_sort_weigh(h);
	vtmm_sort_clear(h->sort);
	for (; (c = vtmm_map_next(h, &cn)); cn++)
		vtmm_hist_chunk(h, c, round, hist);
	vtmm_hist_sum(h->sort, hist);
	h->sort->round = round;
	h->sort->counted = true;
	h->sort->bounds = true;
}

static void vtmm_info_page(const struct vtmm_heat *h,
			   const struct vtmm_heat_chunk *c, unsigned int idx,
			   u32 round, struct vtmm_chunk_info *info)
{
	unsigned int temp = vtmm_rec_temp(&h->params,
					  vtmm_chunk_record(h, c, idx, round));

	if (vtmm_is_mapped(c, idx))
		info->in_tier[vtmm_tier_of(c, idx)]++;
	if (temp)
		info->touched++;
	if (temp > info->temp_max)
		info->temp_max = temp;
	info->temp_sum += temp;
}

/**
 * vtmm_heat_next_chunk() - sum up the chunk of a page, or the next that is known
 * @h: the VM's heat
 * @gfn: where to start
 * @round: as of when
 * @info: filled in
 *
 * Return: false when there is no further chunk.
 */
bool vtmm_heat_next_chunk(const struct vtmm_heat *h, u64 gfn, u32 round,
			  struct vtmm_chunk_info *info)
{
	static const struct vtmm_chunk_info empty;
	u64 cn = vtmm_gfn_chunk(gfn);
	const struct vtmm_heat_chunk *c = vtmm_map_next(h, &cn);
	unsigned int idx;

	if (!c)
		return false;
	*info = empty;
	info->gfn = cn << VTMM_CHUNK_SHIFT;
	info->huge = c->huge;
	for (idx = 0; idx < VTMM_CHUNK_PAGES; idx++)
		vtmm_info_page(h, c, idx, round, info);
	return true;
}
