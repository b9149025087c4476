// SPDX-License-Identifier: GPL-2.0-only
/*
 * heat: what trackers and people ask of heat. The rules are in record.c, the
 * tables in heat_chunk.c and heat_map.c.
 */
#include "heat_private.h"

/**
 * vtmm_heat_init() - an empty heat
 * @h: filled in
 * @params: how heat is counted; copied
 * @mem: where tables come from; copied
 *
 * Return: 0; -EINVAL for parameters out of range.
 */
int vtmm_heat_init(struct vtmm_heat *h, const struct vtmm_heat_params *params,
		   const struct vtmm_mem *mem)
{
	static const struct vtmm_heat empty;

	if (params->window < VTMM_WINDOW_MIN || params->window > VTMM_WINDOW_MAX)
		return -EINVAL;
	if (params->read_weight > VTMM_READ_WEIGHT_MAX ||
	    params->write_weight > VTMM_WRITE_WEIGHT_MAX)
		return -EINVAL;
	*h = empty;
	h->params = *params;
	h->mem = *mem;
	return 0;
}

/**
 * vtmm_heat_exit() - forget everything
 * @h: the VM's heat; empty afterwards, and may be used again
 */
void vtmm_heat_exit(struct vtmm_heat *h)
{
	vtmm_heat_forget(h, 0, ~0ull);
	vtmm_heat_free(h, h->sort, sizeof(*h->sort));
	h->sort = NULL;
}

static bool vtmm_access_valid(const struct vtmm_access *a)
{
	if (a->gfn >> VTMM_GFN_BITS || a->tier >= VTMM_NR_TIERS)
		return false;
	return !(a->flags & VTMM_ACC_HUGE) || !vtmm_gfn_index(a->gfn);
}

/*
 * Due, not touched, and not said to sleep: somebody else has cleared the bits,
 * the host's reclaim for instance. The page is armed by that.
 */
static void vtmm_record_quiet(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			      const struct vtmm_access *a)
{
	unsigned int idx = vtmm_gfn_index(a->gfn);
	u32 *block = c->rec[idx >> VTMM_BLOCK_SHIFT];
	u32 *slot = c->huge ? &c->one : block ? &block[idx % VTMM_BLOCK_PAGES] : NULL;

	if (slot && !(a->flags & VTMM_ACC_SLEPT))
		*slot = vtmm_rec_quiet(h, *slot, c->round);
}

/* Notes the access proper; the table has the right form and is shifted. */
static int vtmm_record_touch(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			     const struct vtmm_access *a)
{
	u32 before = c->next_due;
	bool asleep = c->asleep;
	u32 *slot;

	if (!(a->flags & (VTMM_ACC_READ | VTMM_ACC_WRITE))) {
		vtmm_record_quiet(h, c, a);
		return 0;
	}
	slot = vtmm_chunk_slot(h, c, vtmm_gfn_index(a->gfn));
	if (!slot)
		return -ENOMEM;
	*slot = vtmm_rec_touch(h, *slot, c->round, a->flags);
	vtmm_chunk_note_sleep(h, c, *slot);
	if (c->asleep && (!asleep || c->next_due != before))
		vtmm_due_lower(h, vtmm_gfn_chunk(a->gfn), c->next_due);
	return 0;
}

static void vtmm_place_block(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			     unsigned int b, u8 tier)
{
	unsigned int idx = b * VTMM_BLOCK_PAGES, i;
	u64 slow = tier ? ~0ull : 0;

	if (c->mapped[b] == ~0ull && c->slow[b] == slow)
		return;
	for (i = 0; i < VTMM_BLOCK_PAGES; i++)
		vtmm_chunk_place(h, c, idx + i, tier);
}

static void vtmm_record_place(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			      const struct vtmm_access *a)
{
	unsigned int b;

	if (!c->huge) {
		vtmm_chunk_place(h, c, vtmm_gfn_index(a->gfn), a->tier);
		return;
	}
	for (b = 0; b < VTMM_CHUNK_BLOCKS; b++)
		vtmm_place_block(h, c, b, a->tier);
}

/* The clock goes on. A wake-up is over when no page can sleep that long. */
static void vtmm_heat_advance(struct vtmm_heat *h, u32 round)
{
	if (vtmm_rounds_since(h->now, round))
		h->now = round;
	if (h->woken && vtmm_rounds_since(h->wake, h->now) > VTMM_REC_PHASE)
		h->woken = false;
}

/**
 * vtmm_heat_record() - note what a tracker saw of a leaf
 * @h: the VM's heat
 * @round: now; counts up from 1 and never goes back
 * @a: the leaf
 *
 * Return: 0; -EINVAL for a gfn or tier that cannot be; -ENOMEM, with histories
 * and residency as they were.
 */
int vtmm_heat_record(struct vtmm_heat *h, u32 round, const struct vtmm_access *a)
{
	u64 cn = vtmm_gfn_chunk(a->gfn);
	struct vtmm_heat_chunk *c;
	int ret = -ENOMEM;

	if (!vtmm_access_valid(a))
		return -EINVAL;
	if (!h->sort)
		h->sort = vtmm_heat_zalloc(h, sizeof(*h->sort));
	if (!h->sort)
		return -ENOMEM;
	vtmm_heat_advance(h, round);
	vtmm_counts_outdate(h);
	c = vtmm_chunk_get(h, cn);
	if (!c)
		return -ENOMEM;
	vtmm_chunk_shift(h, c, h->now);
	if (a->flags & VTMM_ACC_HUGE && !c->huge)
		vtmm_chunk_merge(h, c);
	else if (!(a->flags & VTMM_ACC_HUGE) && c->huge &&
		 vtmm_chunk_split(h, c))
		goto out;
	ret = vtmm_record_touch(h, c, a);
	if (!ret)
		vtmm_record_place(h, c, a);
out:
	if (ret)
		vtmm_chunk_drop_if_empty(h, cn, c);
	return ret;
}

/**
 * vtmm_heat_due() - should the tracker re-arm the bits of a page?
 * @h: the VM's heat
 * @gfn: the page; any gfn of a huge leaf
 * @round: now
 *
 * Return: true if so. Never allocates, never sleeps.
 */
bool vtmm_heat_due(const struct vtmm_heat *h, u64 gfn, u32 round)
{
	const struct vtmm_heat_chunk *c = vtmm_map_find(h, vtmm_gfn_chunk(gfn));

	if (!c || !h->params.queue)
		return true;
	return vtmm_rec_due(h, vtmm_chunk_record(h, c, vtmm_gfn_index(gfn),
						 round),
			    (s32)(round - c->round) > 0 ? round : c->round);
}

/**
 * vtmm_heat_temperature() - temperature of a page
 * @h: the VM's heat
 * @gfn: the page
 * @round: as of when
 *
 * Return: 0…VTMM_TEMP_MAX; 0 for pages that have no record.
 */
u8 vtmm_heat_temperature(const struct vtmm_heat *h, u64 gfn, u32 round)
{
	const struct vtmm_heat_chunk *c = vtmm_map_find(h, vtmm_gfn_chunk(gfn));

	if (!c)
		return 0;
	return vtmm_rec_temp(&h->params,
			     vtmm_chunk_record(h, c, vtmm_gfn_index(gfn),
					       round));
}

/**
 * vtmm_heat_tier() - where a page is
 * @h: the VM's heat
 * @gfn: the page
 *
 * Return: an enum vtmm_tier; -ENOENT when it is not known to be mapped.
 */
int vtmm_heat_tier(const struct vtmm_heat *h, u64 gfn)
{
	const struct vtmm_heat_chunk *c = vtmm_map_find(h, vtmm_gfn_chunk(gfn));

	if (!c || !vtmm_is_mapped(c, vtmm_gfn_index(gfn)))
		return -ENOENT;
	return vtmm_tier_of(c, vtmm_gfn_index(gfn));
}

/**
 * vtmm_heat_is_huge() - is the chunk of a page mapped by one 2 MiB leaf?
 * @h: the VM's heat
 * @gfn: the page
 *
 * Return: true when the chunk has a single record.
 */
bool vtmm_heat_is_huge(const struct vtmm_heat *h, u64 gfn)
{
	const struct vtmm_heat_chunk *c = vtmm_map_find(h, vtmm_gfn_chunk(gfn));

	return c && c->huge;
}
