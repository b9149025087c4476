// SPDX-License-Identifier: GPL-2.0-only
/*
 * hist: the pages of a VM by temperature, and chunks summed up for people.
 * Reads heat; all that it notes there are the bounds that spare pick.c blocks.
 */
#include "heat_private.h"

static unsigned int vtmm_popcount(u64 x)
{
	unsigned int n = 0;

	for (; x; x &= x - 1)
		n++;
	return n;
}

/* Pages of a block by tier, all of one temperature. */
static void vtmm_hist_add(struct vtmm_hist *hist, u64 mapped, u64 slow,
			  unsigned int temp)
{
	hist->pages[0][temp] += vtmm_popcount(mapped & ~slow);
	hist->pages[1][temp] += vtmm_popcount(mapped & slow);
}

/* Can any page of the chunk have a temperature above 0? */
static bool vtmm_chunk_is_cold(const struct vtmm_heat *h,
			       const struct vtmm_heat_chunk *c, u32 round)
{
	return !c->asleep &&
	       vtmm_rounds_since(c->round, round) >= h->params.window;
}

/* The pages of a grain, one by one; notes what they are worth. */
static void vtmm_hist_grain(const struct vtmm_heat *h,
			    struct vtmm_heat_chunk *c, unsigned int g,
			    u32 round, struct vtmm_hist *hist)
{
	unsigned int b = g * VTMM_GRAIN_PAGES / VTMM_BLOCK_PAGES, i, tier;
	u32 k = vtmm_rounds_since(c->round, round), rec, value;
	u64 mapped = vtmm_grain_bits(c->mapped[b], g), slow = c->slow[b];
	/* in the second place, that of the slow pages, values count backwards */
	u32 worst[VTMM_NR_TIERS] = { VTMM_VALUES - 1, VTMM_VALUES - 1 };
	const u32 *block = c->rec[b];

	for (; mapped; mapped &= mapped - 1) {
		i = __builtin_ctzll(mapped);
		tier = slow >> i & 1;
		rec = vtmm_rec_shift(h, block[i], c->round, k);
		value = vtmm_rec_value(&h->params, rec, c->round + k);
		hist->pages[tier][value / VTMM_RANKS]++;
		value = tier ? VTMM_VALUES - 1 - value : value;
		worst[tier] = value < worst[tier] ? value : worst[tier];
	}
	c->worst[g] = worst[0];
	c->best[g] = VTMM_VALUES - 1 - worst[1];
}

/* The pages of a block are all of one temperature, or are looked at one by one. */
static void vtmm_hist_block(const struct vtmm_heat *h,
			    struct vtmm_heat_chunk *c, unsigned int b,
			    u32 round, int temp, struct vtmm_hist *hist)
{
	unsigned int g = b * VTMM_BLOCK_PAGES / VTMM_GRAIN_PAGES;
	unsigned int end = g + VTMM_BLOCK_PAGES / VTMM_GRAIN_PAGES;

	if (temp >= 0)
		vtmm_hist_add(hist, c->mapped[b], c->slow[b], temp);
	for (; g < end; g++) {
		if (temp < 0) {
			vtmm_hist_grain(h, c, g, round, hist);
			continue;
		}
		c->worst[g] = temp * VTMM_RANKS;
		c->best[g] = c->worst[g] + VTMM_RANKS - 1;
	}
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
	bool cold = vtmm_chunk_is_cold(h, c, round);
	unsigned int b;
	int temp = 0;

	if (c->huge && !cold)
		temp = vtmm_rec_temp(&h->params,
				     vtmm_chunk_record(h, c, 0, round));
	for (b = 0; b < VTMM_CHUNK_BLOCKS; b++) {
		vtmm_prefetch_block(c, b + 1);
		vtmm_hist_block(h, c, b, round,
				cold || !c->rec[b] ? temp : -1, hist);
	}
	vtmm_hist_moved(h, c, round, hist);
}

/**
 * vtmm_heat_histogram() - count all mapped pages by tier and temperature
 * @h: the VM's heat
 * @round: as of when
 * @hist: filled in
 *
 * O(pages seen): a bucket sort, as in the vTMM paper. Notes for each grain what
 * its pages are worth, so that vtmm_plan_pick() can pass over those in which
 * nothing is to be had. Never allocates.
 */
void vtmm_heat_histogram(const struct vtmm_heat *h, u32 round,
			 struct vtmm_hist *hist)
{
	static const struct vtmm_hist empty;
	struct vtmm_heat_chunk *c;
	u64 cn = 0;

	*hist = empty;
	for (; (c = vtmm_map_next(h, &cn)); cn++)
		vtmm_hist_chunk(h, c, round, hist);
	if (h->sort) {
		h->sort->bounds_round = round;
		h->sort->bounds = true;
	}
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
