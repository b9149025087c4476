/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * heat: what is remembered of each touched page of one VM.
 *
 * A record is 32 bits a page, in tables of one chunk that are allocated when
 * the chunk is first seen; a chunk that is mapped by one 2 MiB leaf has a
 * single record. Memory that was never seen costs nothing. The caller
 * serializes all calls for one struct vtmm_heat.
 */
#ifndef _VTMM_HEAT_H
#define _VTMM_HEAT_H

#include <vtmm/limits.h>
#include <vtmm/types.h>

/* A record holds VTMM_WINDOW_MAX rounds of history: the hottest has all written. */
#define VTMM_TEMP_MAX		(VTMM_WINDOW_MAX * VTMM_WRITE_WEIGHT_MAX)
#define VTMM_TEMPS		(VTMM_TEMP_MAX + 1)
#define VTMM_LEVEL_MAX		7	/* deepest level of the queue */

/* What a tracker saw of a leaf in one round. */
#define VTMM_ACC_READ		0x01	/* accessed (A bit) */
#define VTMM_ACC_WRITE		0x02	/* written (D bit, PML) */
#define VTMM_ACC_HUGE		0x04	/* the leaf maps the whole chunk; gfn is its first */
#define VTMM_ACC_SLEPT		0x08	/* seen, but not re-armed: not due */

/**
 * struct vtmm_access - one leaf as a tracker saw it
 * @gfn: guest frame number; a multiple of VTMM_CHUNK_PAGES for a huge leaf
 * @flags: VTMM_ACC_*; 0 says "mapped, not touched"
 * @tier: where the page is now, an enum vtmm_tier
 */
struct vtmm_access {
	u64 gfn;
	u8 flags;
	u8 tier;
};

/**
 * struct vtmm_heat_params - how heat is counted
 * @window: rounds that temperature looks back over
 * @read_weight: of a round in which the page was only read
 * @write_weight: of a round in which it was written
 * @queue: use the multi-level queue; false re-arms every page every round
 */
struct vtmm_heat_params {
	u8 window;
	u8 read_weight;
	u8 write_weight;
	bool queue;
};

/**
 * struct vtmm_hist - the pages of a VM by temperature and tier
 * @pages: [tier][temperature], in pages of 4 KiB (a huge leaf counts 512)
 * @moved: [tier], leaves, of any size, that came there about a window ago
 * @moved_temp: [tier], the sum of their temperatures since
 */
struct vtmm_hist {
	u64 pages[VTMM_NR_TIERS][VTMM_TEMPS];
	u64 moved[VTMM_NR_TIERS];
	u64 moved_temp[VTMM_NR_TIERS];
};

/**
 * struct vtmm_chunk_info - a chunk, summed up for people
 * @gfn: its first gfn
 * @in_tier: pages known to be in each tier
 * @touched: pages of temperature above 0
 * @temp_max: of its hottest page
 * @temp_sum: of all its pages
 * @huge: it has one record
 */
struct vtmm_chunk_info {
	u64 gfn;
	u16 in_tier[VTMM_NR_TIERS];
	u16 touched;
	u8 temp_max;
	u32 temp_sum;
	bool huge;
};

/**
 * struct vtmm_run - neighbouring pages with the same record
 * @gfn: the first
 * @count: how many, 1…VTMM_CHUNK_PAGES
 * @read: rounds in which they were accessed; bit 0 is the last one
 * @written: rounds in which they were written
 * @tier: where they are, or -1 when not known to be mapped
 * @level: in the multi-level queue
 * @huge: one leaf maps the chunk
 * @sampled: of a huge leaf: the hardware's log named these pages as written
 */
struct vtmm_run {
	u64 gfn;
	u32 count;
	u16 read;
	u16 written;
	int tier;
	u8 level;
	bool huge;
	bool sampled;
};

struct vtmm_heat_node;
struct vtmm_heat_chunk;
struct vtmm_heat_sort;

/**
 * struct vtmm_heat - the heat of one VM; initialise with vtmm_heat_init()
 * @params: as given
 * @mem: where tables come from
 * @bytes: memory held now, tables and map together
 * @chunks: chunks that have a table
 * @in_tier: pages known to be mapped in each tier
 * @splits: chunks of one record that became 512
 * @merges: chunks of 512 records that became one
 * @root: sparse map from chunk number to table (private)
 * @sort: scratch of vtmm_plan_pick(), one per VM (private)
 * @last: the table that was used last (private)
 * @last_cn: its chunk number (private)
 * @now: the newest round that was recorded (private)
 * @wake: round of the last vtmm_heat_wake() (private)
 * @woken: there was one (private)
 */
struct vtmm_heat {
	struct vtmm_heat_params params;
	struct vtmm_mem mem;
	u64 bytes;
	u64 chunks;
	u64 in_tier[VTMM_NR_TIERS];
	u64 splits;
	u64 merges;
	struct vtmm_heat_node *root;
	struct vtmm_heat_sort *sort;
	struct vtmm_heat_chunk *last;
	u64 last_cn;
	u32 now;
	u32 wake;
	bool woken;
};

/* An empty heat; -EINVAL for parameters out of range. Allocates nothing. */
int vtmm_heat_init(struct vtmm_heat *h, const struct vtmm_heat_params *params,
		   const struct vtmm_mem *mem);

/* Frees every table. */
void vtmm_heat_exit(struct vtmm_heat *h);

/*
 * Notes what @a says for round @round (rounds count up from 1, never go back).
 * Several calls for a page and round are OR-ed. A huge access on a chunk with
 * 512 records merges them to one (the hottest history), a small one on a
 * chunk with one record splits it: history is kept. Works the level by the
 * rules of the queue. -ENOMEM leaves all as it was.
 */
int vtmm_heat_record(struct vtmm_heat *h, u32 round, const struct vtmm_access *a);

/*
 * The log named the page as written, and one leaf maps its chunk: kept beside
 * the chunk's one record for a window. Not kept without memory, or for a chunk
 * that is not huge.
 */
void vtmm_heat_sample(struct vtmm_heat *h, u64 gfn, u32 round);

/*
 * Is the page due, i.e. should the tracker re-arm (clear) its bits in @round?
 * Never allocates, never sleeps. True for pages that have no record.
 */
bool vtmm_heat_due(const struct vtmm_heat *h, u64 gfn, u32 round);

/*
 * Is any page in [gfn, gfn + n) asleep and due by @round? Then the tracker must
 * look at its leaf even if no upper entry was accessed: a page that sleeps
 * keeps its translation, so nothing sets the upper bits again. Never allocates,
 * never sleeps; subtrees that know of nobody due are not visited.
 */
bool vtmm_heat_any_due(struct vtmm_heat *h, u64 gfn, u64 n, u32 round);

/*
 * Every page that sleeps in @round is due from @round + 1 on: to be called when
 * a plan says so (&vtmm_plan.wake), because sleeping pages only claim to be hot.
 * O(chunks).
 */
void vtmm_heat_wake(struct vtmm_heat *h, u32 round);

/* The pages [gfn, gfn + n) are no longer mapped: out of every count. Keeps history. */
void vtmm_heat_unmap(struct vtmm_heat *h, u64 gfn, u64 n);

/* The pages [gfn, gfn + n) are no longer the VM's: forgets them, frees empty tables. */
void vtmm_heat_forget(struct vtmm_heat *h, u64 gfn, u64 n);

/* The page (or huge leaf) at @gfn now is in @tier; it has just moved: cool-down begins. */
void vtmm_heat_moved(struct vtmm_heat *h, u64 gfn, u8 tier, u32 round);

/* The page at @gfn could not be moved: it backs off, each time for longer. */
void vtmm_heat_failed(struct vtmm_heat *h, u64 gfn, u32 round);

/* It could not be moved for want of room: it backs off, never for longer. */
void vtmm_heat_postponed(struct vtmm_heat *h, u64 gfn, u32 round);

/* Temperature of the page as of @round; 0 for pages that have no record. */
u8 vtmm_heat_temperature(const struct vtmm_heat *h, u64 gfn, u32 round);

/* Tier of the page, or -ENOENT when it is not known to be mapped. */
int vtmm_heat_tier(const struct vtmm_heat *h, u64 gfn);

/* Has the chunk of the page one record, for a 2 MiB leaf? */
bool vtmm_heat_is_huge(const struct vtmm_heat *h, u64 gfn);

/* Counts all pages known to be mapped, O(pages seen). Does not allocate. */
void vtmm_heat_histogram(const struct vtmm_heat *h, u32 round, struct vtmm_hist *hist);

/*
 * The first chunk at or after @gfn that has a table. False when there is none.
 * To go on: vtmm_heat_next_chunk(h, info.gfn + VTMM_CHUNK_PAGES, …).
 */
bool vtmm_heat_next_chunk(const struct vtmm_heat *h, u64 gfn, u32 round,
			  struct vtmm_chunk_info *info);

/* The first run of alike pages at or after @gfn. False when there is none. */
bool vtmm_heat_next_run(const struct vtmm_heat *h, u64 gfn, u32 round,
			struct vtmm_run *run);

#endif /* _VTMM_HEAT_H */
