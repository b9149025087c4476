/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * heat_private: the layout of heat, for the files of src/core alone.
 *
 * A chunk (2 MiB) has a table when something of it is mapped: who is mapped
 * where stands in two bitmaps, histories in blocks of 64 records that exist
 * only where a page was ever touched. All ages count from the round that the
 * table was last shifted to, so a round costs only what it touched.
 */
#ifndef _VTMM_CORE_HEAT_PRIVATE_H
#define _VTMM_CORE_HEAT_PRIVATE_H

#include <vtmm/heat.h>

#include "record.h"

#define VTMM_BLOCK_SHIFT	6
#define VTMM_BLOCK_PAGES	64u
#define VTMM_CHUNK_BLOCKS	(VTMM_CHUNK_PAGES / VTMM_BLOCK_PAGES)

/* Grains are what picking passes over when nothing in them is good enough. */
#define VTMM_GRAIN_SHIFT	4
#define VTMM_GRAIN_PAGES	16u
#define VTMM_CHUNK_GRAINS	(VTMM_CHUNK_PAGES / VTMM_GRAIN_PAGES)

/* gfns have 40 bits, so chunk numbers have 31: six levels of 64 slots do. */
#define VTMM_GFN_BITS		40
#define VTMM_MAP_SHIFT		6
#define VTMM_MAP_SLOTS		64u
#define VTMM_MAP_LEVELS		6

/* A pause: rounds since a move + 1 (0: none), and how often moving failed. */
#define VTMM_PAUSE_SINCE	0x0fffu
#define VTMM_PAUSE_FAIL		0x1000u
#define VTMM_PAUSE_FAILS(p)	((unsigned int)(p) >> 12)
#define VTMM_PAUSE_FAILS_MAX	8u
#define VTMM_PAUSE_LONGEST	256u	/* more than any cool-down */

/**
 * struct vtmm_heat_samples - pages of a huge leaf that were seen to be written
 * @page: bit per page
 * @round: of the last one
 */
struct vtmm_heat_samples {
	u64 page[VTMM_CHUNK_BLOCKS];
	u32 round;
};

/**
 * struct vtmm_heat_chunk - what is known of one chunk
 * @mapped: bit per page: known to be mapped
 * @slow: bit per page: in the slow tier (means something if mapped)
 * @rec: blocks of records; NULL where no page was ever touched
 * @pause: cool-down and back-off of pages that moved; NULL: none
 * @samples: of a huge chunk; NULL: none within a window
 * @best: per grain: no slow page has a value above it, see vtmm_heat_histogram()
 * @worst: per grain: no fast page has a value below it
 * @round: that all ages count from
 * @next_due: no sleeping page is due before this round
 * @one: the record of a huge chunk
 * @rested: round of a move that @pause could not note (no memory)
 * @huge: it has one record, and no blocks
 * @asleep: some page may be asleep
 * @rests: @rested means something: the whole chunk cools down
 */
struct vtmm_heat_chunk {
	u64 mapped[VTMM_CHUNK_BLOCKS];
	u64 slow[VTMM_CHUNK_BLOCKS];
	u32 *rec[VTMM_CHUNK_BLOCKS];
	u16 *pause;
	struct vtmm_heat_samples *samples;
	u16 best[VTMM_CHUNK_GRAINS];
	u16 worst[VTMM_CHUNK_GRAINS];
	u32 round;
	u32 next_due;
	u32 one;
	u32 rested;
	bool huge;
	bool asleep;
	bool rests;
};

/**
 * struct vtmm_heat_node - a node of the map
 * @slot: nodes, or tables in the last level
 * @next_due: no sleeping page below is due before this round
 * @asleep: some page below may be asleep
 */
struct vtmm_heat_node {
	void *slot[VTMM_MAP_SLOTS];
	u32 next_due;
	bool asleep;
};

/**
 * struct vtmm_heat_sort - scratch of the counting sorts
 * @read_weight: what a history of rounds with reads adds to the temperature
 * @write_weight: ... of rounds with writes
 * @small: [tier][value], pages that have a record of their own, or none
 * @huge: [tier][value], chunks that have one record
 * @moves: candidates by class; then where the next one goes
 * @pages: the pages that they stand for; then where a class ends
 * @round: that @small, @huge and the chunks' @best and @worst are of
 * @counted: nothing has changed since that @small and @huge depend on
 * @bounds: nor @best and @worst, but of chunks that were touched in later rounds
 */
struct vtmm_heat_sort {
	u8 read_weight[VTMM_REC_HISTORY + 1];
	u8 write_weight[VTMM_REC_HISTORY + 1];
	u32 small[VTMM_NR_TIERS][VTMM_VALUES];
	u32 huge[VTMM_NR_TIERS][VTMM_VALUES];
	u32 moves[VTMM_VALUES];
	u32 pages[VTMM_VALUES];
	u32 round;
	bool counted;
	bool bounds;
};

/* heat_map.c: the sparse map. */
void *vtmm_heat_zalloc(struct vtmm_heat *h, size_t size);
void vtmm_heat_free(struct vtmm_heat *h, void *p, size_t size);
struct vtmm_heat_chunk *vtmm_map_find(const struct vtmm_heat *h, u64 cn);
struct vtmm_heat_chunk *vtmm_map_next(const struct vtmm_heat *h, u64 *cn);
int vtmm_map_insert(struct vtmm_heat *h, u64 cn, struct vtmm_heat_chunk *c);
void vtmm_map_remove(struct vtmm_heat *h, u64 cn);

/* heat_due.c: where pages sleep, and until when. */
void vtmm_due_lower(struct vtmm_heat *h, u64 cn, u32 due);

/* heat_chunk.c: one table. */
struct vtmm_heat_chunk *vtmm_chunk_get(struct vtmm_heat *h, u64 cn);
void vtmm_chunk_drop(struct vtmm_heat *h, u64 cn, struct vtmm_heat_chunk *c);
void vtmm_chunk_drop_if_empty(struct vtmm_heat *h, u64 cn,
			      struct vtmm_heat_chunk *c);
void vtmm_chunk_free_blocks(struct vtmm_heat *h, struct vtmm_heat_chunk *c);
void vtmm_chunk_shift(struct vtmm_heat *h, struct vtmm_heat_chunk *c, u32 round);
u32 *vtmm_chunk_slot(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
		     unsigned int idx);
int vtmm_chunk_split(struct vtmm_heat *h, struct vtmm_heat_chunk *c);
void vtmm_chunk_merge(struct vtmm_heat *h, struct vtmm_heat_chunk *c);
u32 vtmm_chunk_record(const struct vtmm_heat *h,
		      const struct vtmm_heat_chunk *c, unsigned int idx,
		      u32 round);
void vtmm_chunk_place(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
		      unsigned int idx, u8 tier);
void vtmm_chunk_displace(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			 unsigned int idx);
void vtmm_chunk_rouse(struct vtmm_heat_chunk *c, unsigned int idx,
		      u32 (*how)(u32 rec));
void vtmm_chunk_note_sleep(struct vtmm_heat *h, struct vtmm_heat_chunk *c,
			   u32 rec);

/* sample.c: pages of huge leaves that were seen to be written. */
void vtmm_samples_free(struct vtmm_heat *h, struct vtmm_heat_chunk *c);
void vtmm_samples_shift(struct vtmm_heat *h, struct vtmm_heat_chunk *c);
bool vtmm_sampled(const struct vtmm_heat *h, const struct vtmm_heat_chunk *c,
		  unsigned int idx, u32 round);

/* pause.c: cool-down and back-off. */
void vtmm_pause_shift(struct vtmm_heat *h, struct vtmm_heat_chunk *c, u32 k);
void vtmm_pause_free(struct vtmm_heat *h, struct vtmm_heat_chunk *c);
bool vtmm_pauses(const struct vtmm_heat_chunk *c, unsigned int idx, u32 round,
		 u32 cooldown);

/* Bits of a chunk number below the slot of a level; level 0 is the last. */
static inline unsigned int vtmm_map_shift(unsigned int level)
{
	return level * VTMM_MAP_SHIFT;
}

static inline unsigned int vtmm_map_slot(u64 cn, unsigned int level)
{
	return cn >> vtmm_map_shift(level) & (VTMM_MAP_SLOTS - 1);
}

/* Fetches the next block of records while this one is worked on. */
static inline void vtmm_prefetch_block(const struct vtmm_heat_chunk *c,
				       unsigned int b)
{
	const char *p = b < VTMM_CHUNK_BLOCKS ? (const char *)c->rec[b] : NULL;
	unsigned int i;

	for (i = 0; p && i < VTMM_BLOCK_PAGES * sizeof(u32); i += 64)
		__builtin_prefetch(p + i);
}

static inline u64 vtmm_gfn_chunk(u64 gfn)
{
	return gfn >> VTMM_CHUNK_SHIFT;
}

static inline unsigned int vtmm_gfn_index(u64 gfn)
{
	return (unsigned int)(gfn & (VTMM_CHUNK_PAGES - 1));
}

/* Rounds from @from to @to; 0 when @to is the older one. Safe when rounds wrap. */
static inline u32 vtmm_rounds_since(u32 from, u32 to)
{
	return (s32)(to - from) > 0 ? to - from : 0;
}

/* The end of [gfn, gfn + n), which is cut off where numbers end. */
static inline u64 vtmm_range_end(u64 gfn, u64 n)
{
	return gfn + n < gfn ? ~0ull : gfn + n;
}

/* Is it noted that the page moved, and not that it failed to? */
static inline bool vtmm_pause_moved(const struct vtmm_heat_chunk *c,
				    unsigned int idx)
{
	u16 pause = c->pause[c->huge ? 0 : idx];

	return pause && !VTMM_PAUSE_FAILS(pause);
}

/* Rounds since a page moved or failed to, which is noted. */
static inline u32 vtmm_pause_age(const struct vtmm_heat_chunk *c,
				 unsigned int idx, u32 round)
{
	return (c->pause[c->huge ? 0 : idx] & VTMM_PAUSE_SINCE) - 1 +
	       vtmm_rounds_since(c->round, round);
}

/* Must a page stay where it is, as it cools down or backs off? */
static inline bool vtmm_paused(const struct vtmm_heat_chunk *c,
			       unsigned int idx, u32 round, u32 cooldown)
{
	return (c->pause || c->rests) && vtmm_pauses(c, idx, round, cooldown);
}

/* Something changed that a histogram has counted. */
static inline void vtmm_counts_forget(struct vtmm_heat *h)
{
	if (h->sort)
		h->sort->counted = false;
}

/* A page was seen in round @h->now: what was noted of this round is not true. */
static inline void vtmm_counts_outdate(struct vtmm_heat *h)
{
	h->sort->counted = false;
	if (h->sort->round == h->now)
		h->sort->bounds = false;
}

/* Do the bounds of a chunk hold? Those of one that was touched later do not. */
static inline bool vtmm_bounds_hold(const struct vtmm_heat *h,
				    const struct vtmm_heat_chunk *c)
{
	return h->sort->bounds && !vtmm_rounds_since(h->sort->round, c->round);
}

/* As vtmm_rec_value(), by tables, for those who ask for every page. */
static inline unsigned int vtmm_sort_value(const struct vtmm_heat_sort *s,
					   u32 rec, u32 round)
{
	u32 writes = vtmm_rec_writes(rec), reads = vtmm_rec_reads(rec);
	u32 temp = s->write_weight[writes] + s->read_weight[reads & ~writes];

	return temp * VTMM_RANKS + VTMM_RANKS - 1 - vtmm_rec_rank(rec, round);
}

/* Can no page of the chunk have a temperature above 0? */
static inline bool vtmm_chunk_is_cold(const struct vtmm_heat *h,
				      const struct vtmm_heat_chunk *c, u32 round)
{
	return !c->asleep &&
	       vtmm_rounds_since(c->round, round) >= h->params.window;
}

/*
 * The value that all pages of a block have, or -1 when they must be looked at
 * one by one. Of a chunk that has gone cold only that is told.
 */
static inline int vtmm_block_value(const struct vtmm_heat *h,
				   const struct vtmm_heat_chunk *c,
				   unsigned int b, u32 round)
{
	if (!c->rec[b])
		return 0;
	return vtmm_chunk_is_cold(h, c, round) ?
		       (int)vtmm_value_cold(vtmm_rounds_since(c->round, round)) : -1;
}

/* The pages of a grain, of those of its block. */
static inline u64 vtmm_grain_bits(u64 block, unsigned int g)
{
	unsigned int shift = g * VTMM_GRAIN_PAGES % VTMM_BLOCK_PAGES;

	return block & ((1ull << VTMM_GRAIN_PAGES) - 1) << shift;
}

/* A page is now in the other tier: its grain may hold anything. */
static inline void vtmm_bounds_widen(struct vtmm_heat_chunk *c, unsigned int idx)
{
	c->best[idx >> VTMM_GRAIN_SHIFT] = VTMM_VALUES - 1;
	c->worst[idx >> VTMM_GRAIN_SHIFT] = 0;
}

static inline bool vtmm_is_mapped(const struct vtmm_heat_chunk *c,
				  unsigned int idx)
{
	return c->mapped[idx >> VTMM_BLOCK_SHIFT] >> (idx % VTMM_BLOCK_PAGES) & 1;
}

static inline u8 vtmm_tier_of(const struct vtmm_heat_chunk *c, unsigned int idx)
{
	return c->slow[idx >> VTMM_BLOCK_SHIFT] >> (idx % VTMM_BLOCK_PAGES) & 1;
}

#endif /* _VTMM_CORE_HEAT_PRIVATE_H */
