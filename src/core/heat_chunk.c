// SPDX-License-Identifier: GPL-2.0-only
/*
 * heat_chunk: the table of one chunk: blocks of records, residency, ageing.
 * Knows how a table changes, never why.
 */
#include "heat_private.h"

#define VTMM_BLOCK_BYTES	(VTMM_BLOCK_PAGES * sizeof(u32))

/**
 * vtmm_chunk_get() - the table of a chunk, made if need be
 * @h: the VM's heat
 * @cn: number of the chunk
 *
 * Return: the table, or NULL without memory, with nothing changed.
 */
struct vtmm_heat_chunk *vtmm_chunk_get(struct vtmm_heat *h, u64 cn)
{
	struct vtmm_heat_chunk *c = vtmm_map_find(h, cn);

	if (!c) {
		c = vtmm_heat_zalloc(h, sizeof(*c));
		if (!c)
			return NULL;
		c->round = h->now;
		if (vtmm_map_insert(h, cn, c)) {
			vtmm_heat_free(h, c, sizeof(*c));
			return NULL;
		}
	}
	h->last = c;
	h->last_cn = cn;
	return c;
}

/**
 * vtmm_chunk_free_blocks() - forget all histories of a chunk
 * @h: the VM's heat
 * @c: its table
 */
void vtmm_chunk_free_blocks(struct vtmm_heat *h, struct vtmm_heat_chunk *c)
{
	unsigned int b;

	for (b = 0; b < VTMM_CHUNK_BLOCKS; b++) {
		vtmm_heat_free(h, c->rec[b], VTMM_BLOCK_BYTES);
		c->rec[b] = NULL;
	}
	c->one = 0;
	c->asleep = false;
}

/**
 * vtmm_chunk_drop() - forget a chunk
 * @h: the VM's heat
 * @cn: its number
 * @c: its table, freed
 */
void vtmm_chunk_drop(struct vtmm_heat *h, u64 cn, struct vtmm_heat_chunk *c)
{
	unsigned int idx;

	for (idx = 0; idx < VTMM_CHUNK_PAGES; idx++)
		vtmm_chunk_displace(h, c, idx);
	vtmm_chunk_free_blocks(h, c);
	vtmm_samples_free(h, c);
	vtmm_pause_free(h, c);
	vtmm_map_remove(h, cn);
	vtmm_heat_free(h, c, sizeof(*c));
}

static bool vtmm_block_empty(const u32 *rec)
{
	unsigned int i;

	for (i = 0; i < VTMM_BLOCK_PAGES; i++)
		if (rec[i])
			return false;
	return true;
}

/**
 * vtmm_chunk_drop_if_empty() - free what a chunk no longer needs
 * @h: the VM's heat
 * @cn: its number
 * @c: its table, freed if nothing of the chunk is mapped or remembered
 */
void vtmm_chunk_drop_if_empty(struct vtmm_heat *h, u64 cn,
			      struct vtmm_heat_chunk *c)
{
	bool used = c->one;
	unsigned int b;

	for (b = 0; b < VTMM_CHUNK_BLOCKS; b++) {
		if (c->rec[b] && vtmm_block_empty(c->rec[b])) {
			vtmm_heat_free(h, c->rec[b], VTMM_BLOCK_BYTES);
			c->rec[b] = NULL;
		}
		used |= c->rec[b] || c->mapped[b];
	}
	if (!used)
		vtmm_chunk_drop(h, cn, c);
}

/**
 * vtmm_chunk_note_sleep() - keep the chunk's next due round up to date
 * @h: the VM's heat
 * @c: the table, shifted to now
 * @rec: one of its records, just changed
 */
void vtmm_chunk_note_sleep(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			   u32 rec)
{
	u32 due;

	if (!vtmm_rec_asleep(rec))
		return;
	due = vtmm_rec_due_round(h, rec, c->round);
	if (!c->asleep || (s32)(due - c->next_due) < 0)
		c->next_due = due;
	c->asleep = true;
}

static void vtmm_block_shift(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			     u32 *rec, u32 from)
{
	u32 k = c->round - from;
	unsigned int i;

	for (i = 0; i < VTMM_BLOCK_PAGES; i++) {
		if (!rec[i])
			continue;
		rec[i] = vtmm_rec_shift(h, rec[i], from, k);
		if (vtmm_rec_asleep(rec[i]))
			vtmm_chunk_note_sleep(h, c, rec[i]);
	}
}

/**
 * vtmm_chunk_shift() - let all pages of a chunk grow older
 * @h: the VM's heat
 * @c: the table
 * @round: now; nothing happens when the table is there already
 */
void vtmm_chunk_shift(struct vtmm_heat *h, struct vtmm_heat_chunk *c, u32 round)
{
	u32 k = vtmm_rounds_since(c->round, round);
	u32 from = c->round;
	unsigned int b;

	if (!k)
		return;
	c->round = round;
	c->asleep = false;
	c->one = vtmm_rec_shift(h, c->one, from, k);
	vtmm_chunk_note_sleep(h, c, c->one);
	for (b = 0; b < VTMM_CHUNK_BLOCKS; b++) {
		vtmm_prefetch_block(c, b + 1);
		if (c->rec[b])
			vtmm_block_shift(h, c, c->rec[b], from);
	}
	vtmm_samples_shift(h, c);
	vtmm_pause_shift(h, c, k);
}

/**
 * vtmm_chunk_slot() - where the record of a page is kept
 * @h: the VM's heat
 * @c: the table
 * @idx: of the page in the chunk; any, when the chunk is huge
 *
 * Return: the slot, or NULL without memory.
 */
u32 *vtmm_chunk_slot(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
		     unsigned int idx)
{
	u32 **block = &c->rec[idx >> VTMM_BLOCK_SHIFT];

	if (c->huge)
		return &c->one;
	if (!*block)
		*block = vtmm_heat_zalloc(h, VTMM_BLOCK_BYTES);
	return *block ? *block + idx % VTMM_BLOCK_PAGES : NULL;
}

/**
 * vtmm_chunk_record() - the record of a page as of a round
 * @h: the VM's heat
 * @c: the table; not changed
 * @idx: of the page in the chunk
 * @round: as of when; a round before the table's own counts as that one
 *
 * Return: the record, 0 when there is none.
 */
u32 vtmm_chunk_record(const struct vtmm_heat *h,
		      const struct vtmm_heat_chunk *c, unsigned int idx,
		      u32 round)
{
	const u32 *block = c->rec[idx >> VTMM_BLOCK_SHIFT];
	u32 rec = c->huge ? c->one : block ? block[idx % VTMM_BLOCK_PAGES] : 0;

	return vtmm_rec_shift(h, rec, c->round,
			      vtmm_rounds_since(c->round, round));
}

/*
 * A part of a huge page inherits the history, which is all that is known of
 * it, but not the level: it has yet to show that it was hot itself.
 */
static u32 vtmm_record_part(u32 rec, u32 round)
{
	if (!rec)
		return 0;
	rec &= VTMM_REC_HISTORY | VTMM_REC_HISTORY << VTMM_REC_WRITE_SHIFT;
	return rec | VTMM_REC_VALID | VTMM_REC_ARMED |
	       ((round - VTMM_REC_AGE_MAX) & VTMM_REC_PHASE)
	       << VTMM_REC_PHASE_SHIFT;
}

/**
 * vtmm_chunk_split() - from one record to 512
 * @h: the VM's heat
 * @c: the table of a huge chunk
 *
 * Return: 0; -ENOMEM, with nothing changed.
 */
int vtmm_chunk_split(struct vtmm_heat *h, struct vtmm_heat_chunk *c)
{
	u32 one = c->one, rec = vtmm_record_part(one, c->round);
	unsigned int idx;
	u32 *slot;

	c->huge = false;
	for (idx = 0; rec && idx < VTMM_CHUNK_PAGES; idx++) {
		slot = vtmm_chunk_slot(h, c, idx);
		if (!slot)
			goto err;
		*slot = rec;
	}
	c->one = 0;
	c->asleep = false;
	vtmm_samples_free(h, c);
	vtmm_pause_free(h, c);
	h->splits++;
	return 0;
err:
	vtmm_chunk_free_blocks(h, c);
	c->huge = true;
	c->one = one;
	vtmm_chunk_note_sleep(h, c, one);
	return -ENOMEM;
}

/**
 * vtmm_chunk_merge() - from 512 records to one, the hottest
 * @h: the VM's heat
 * @c: the table
 */
void vtmm_chunk_merge(struct vtmm_heat *h, struct vtmm_heat_chunk *c)
{
	unsigned int idx, temp, best_temp = 0;
	u32 rec, best = 0;

	for (idx = 0; idx < VTMM_CHUNK_PAGES; idx++) {
		rec = vtmm_chunk_record(h, c, idx, c->round);
		temp = vtmm_rec_temp(&h->params, rec);
		if (!rec || (best && temp <= best_temp))
			continue;
		best = rec;
		best_temp = temp;
	}
	vtmm_chunk_free_blocks(h, c);
	vtmm_pause_free(h, c);
	c->huge = true;
	c->one = best;
	if (best)	/* else it is new */
		h->merges++;
	vtmm_chunk_note_sleep(h, c, best);
}

/**
 * vtmm_chunk_place() - a page is mapped, in a tier
 * @h: the VM's heat
 * @c: the table
 * @idx: of the page in the chunk
 * @tier: where it is
 */
void vtmm_chunk_place(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
		      unsigned int idx, u8 tier)
{
	u64 bit = 1ull << idx % VTMM_BLOCK_PAGES;
	unsigned int b = idx >> VTMM_BLOCK_SHIFT;

	if (c->mapped[b] & bit)
		h->in_tier[vtmm_tier_of(c, idx)]--;
	h->in_tier[tier]++;
	c->mapped[b] |= bit;
	c->slow[b] = tier ? c->slow[b] | bit : c->slow[b] & ~bit;
}

/**
 * vtmm_chunk_displace() - a page is no longer mapped
 * @h: the VM's heat
 * @c: the table
 * @idx: of the page in the chunk
 */
void vtmm_chunk_displace(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			 unsigned int idx)
{
	if (!vtmm_is_mapped(c, idx))
		return;
	h->in_tier[vtmm_tier_of(c, idx)]--;
	c->mapped[idx >> VTMM_BLOCK_SHIFT] &= ~(1ull << idx % VTMM_BLOCK_PAGES);
}

/**
 * vtmm_chunk_rouse() - a page's mapping is gone or new: it sleeps no longer
 * @c: the table
 * @idx: of the page in the chunk
 * @how: what becomes of its record: vtmm_rec_rouse() or vtmm_rec_moved()
 */
void vtmm_chunk_rouse(struct vtmm_heat_chunk *c, unsigned int idx,
		      u32 (*how)(u32 rec))
{
	u32 *block = c->rec[idx >> VTMM_BLOCK_SHIFT];

	if (c->huge)
		c->one = how(c->one);
	else if (block)
		block[idx % VTMM_BLOCK_PAGES] =
			how(block[idx % VTMM_BLOCK_PAGES]);
}
