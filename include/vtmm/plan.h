/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan: from a histogram and an allotment to the pages that move.
 * Decides; never moves anything, never looks at a clock.
 */
#ifndef _VTMM_PLAN_H
#define _VTMM_PLAN_H

#include <vtmm/heat.h>

#define VTMM_PICK_MAX	8192	/* moves that are taken from a plan at once */
#define VTMM_PICK_BANDS	2	/* parts of a large plan, best first */

/* Why nothing, or not more, moves. Text by vtmm_plan_reason_text(). */
enum vtmm_plan_reason {
	VTMM_PLAN_OK,		/* something moves */
	VTMM_PLAN_SETTLED,	/* the hot pages are where they belong */
	VTMM_PLAN_NOTHING_HOT,	/* no page was touched in the window */
	VTMM_PLAN_FLOOR,	/* less than the floor would move */
	VTMM_PLAN_SKIPPING,	/* windows skipped after a plan below the floor */
	VTMM_PLAN_NO_ROOM,	/* no fast memory allotted or free */
	VTMM_PLAN_RATE,		/* rate limit used up */
	VTMM_PLAN_EVEN,		/* all pages equally warm: nothing to gain */
	VTMM_PLAN_OBSERVE,	/* mode is not "manage" */
	VTMM_PLAN_WARMUP,	/* the first window is not full yet */
	VTMM_PLAN_REASONS
};

/**
 * struct vtmm_plan_params - how plans are made
 * @hot_permille: of the accessed pages that count as hot
 * @hysteresis: temperatures that a slow page must be above the fast page it
 *              replaces, at least
 * @cooldown: rounds for which a page that moved stays
 * @floor: pages below which nothing moves
 * @skip: windows skipped after a plan below the floor
 * @warmup: rounds before the first plan
 */
struct vtmm_plan_params {
	u16 hot_permille;
	u8 hysteresis;
	u8 cooldown;
	u64 floor;
	u8 skip;
	u8 warmup;
};

/**
 * struct vtmm_plan_state - what a VM's planner remembers between windows; zero it
 * @skip_left: windows still to skip
 * @wake_left: windows until sleeping pages may be woken again
 * @wake_wait: what @wake_left starts from next time
 * @wake_demand: demand when they were woken last; 0: the answer is known
 * @proven: demand after they were woken last
 * @caution: temperatures that pairs must differ by beyond the hysteresis,
 *           learnt from what earlier moves turned out to be worth
 * @quiet: windows since pairs were planned
 * @pairs: pairs that were planned since something was learnt
 * @promised: temperatures that they differed by, summed
 * @moved: [tier], leaves that moved there since something was learnt
 * @moved_temp: [tier], the sum of their temperatures a window later
 */
struct vtmm_plan_state {
	u8 skip_left;
	u8 wake_left;
	u8 wake_wait;
	u8 caution;
	u8 quiet;
	u64 wake_demand;
	u64 proven;
	u64 pairs;
	u64 promised;
	u64 moved[VTMM_NR_TIERS];
	u64 moved_temp[VTMM_NR_TIERS];
};

/**
 * struct vtmm_plan_input - what one plan is made from
 * @hist: the VM's histogram
 * @allotment: fast pages that it may have
 * @room: fast pages free on the tier now: promotions beyond the demotions must fit
 * @budget: pages that the rate limit lets move now, both directions together
 * @round: of the histogram
 * @contended: some VM gets less than it wants, see vtmm_pool_contended()
 */
struct vtmm_plan_input {
	const struct vtmm_hist *hist;
	u64 allotment;
	u64 room;
	u64 budget;
	u32 round;
	bool contended;
};

/**
 * struct vtmm_plan - the moves of one window
 * @round: that it was made for
 * @promote: pages to promote, hottest first
 * @demote: pages to demote, coldest first
 * @promote_temp: slow pages at or above it are candidates
 * @demote_temp: fast pages at or below it are candidates
 * @hot_temp: pages at or above it count as hot
 * @hot: pages that are hot, both tiers
 * @demand: fast pages that the VM would use if it could
 * @demand_temp: pages at or above it make up @demand
 * @wake: call vtmm_heat_wake(): pages that only claim to be hot block others
 * @caution: 0…24, see &vtmm_plan_state.caution; pages that moved stay longer by
 *           so many eighths of the cool-down
 * @reason: why not more
 */
struct vtmm_plan {
	u32 round;
	u64 promote;
	u64 demote;
	u8 promote_temp;
	u8 demote_temp;
	u8 hot_temp;
	u64 hot;
	u64 demand;
	u8 demand_temp;
	bool wake;
	u8 caution;
	enum vtmm_plan_reason reason;
};

/**
 * struct vtmm_move - a page that should move
 * @gfn: first gfn
 * @class: order among the moves of a plan: 0 is the best (private)
 * @huge: the whole chunk
 * @tier: where it should go
 */
struct vtmm_move {
	u64 gfn;
	u16 class;
	bool huge;
	u8 tier;
};

/**
 * struct vtmm_pick - what is left to be picked of a plan, in one direction
 * @done: nothing
 * @full: the last call ended because the caller takes no more
 * @tier: where to, an enum vtmm_tier
 * @wrapped: the pass over the chunks has come round to the first
 * @band: that is being picked
 * @bands: how many
 * @page: of chunk @at: the next to look at
 * @last: classes below it move as a whole, of this one a part; or VTMM_VALUES
 * @end: of each band, the class after its last
 * @round: of the plan
 * @now: the newest round when picking began
 * @cooldown: rounds that a page which moved stays
 * @start: chunk that each pass begins with
 * @at: chunk that comes next
 * @left: of each band, moves of whole classes
 * @last_moves: of the class @last
 * @last_pages: pages that they may stand for
 * @pages: that may still be moved in all
 *
 * All but @done and @full is private to src/core. It holds no pointer and needs no release.
 */
struct vtmm_pick {
	bool done;
	bool full;
	u8 tier;
	bool wrapped;
	u8 band;
	u8 bands;
	u16 page;
	u16 last;
	u16 end[VTMM_PICK_BANDS];
	u32 round;
	u32 now;
	u32 cooldown;
	u64 start;
	u64 at;
	u64 left[VTMM_PICK_BANDS];
	u64 last_moves;
	u64 last_pages;
	u64 pages;
};

/*
 * The temperature from which pages are hot: from the hottest bucket down until
 * hot_permille of the accessed pages are in, never below 1 (paper, section on
 * classification). VTMM_TEMPS when no page was touched.
 */
u8 vtmm_plan_hot_temp(const struct vtmm_hist *hist, u16 hot_permille);

/* Makes a plan. With @st NULL it is a dry run. O(temperatures). */
void vtmm_plan_make(const struct vtmm_plan_params *pp, struct vtmm_plan_state *st,
		    const struct vtmm_plan_input *in, struct vtmm_plan *plan);

/*
 * Begins to pick what a plan moves to tier @tier, at most @max moves: hottest
 * (coldest) bucket first, within a bucket by recency, never by address; pages
 * that cool down or back off are left out. The plan's counts bound the pages
 * that the moves stand for; only a demoted chunk may go beyond. To be called
 * with the heat as it was planned for. O(pages that moved lately).
 */
void vtmm_pick_begin(const struct vtmm_plan_params *pp, const struct vtmm_heat *h,
		     const struct vtmm_plan *plan, u8 tier, u64 max,
		     struct vtmm_pick *p);

/*
 * Goes on: writes up to @max moves to @out, of no more than @pages pages; returns
 * how many. May be called rounds later: pages are judged by what is known then.
 * Looks at 4096 chunks at most, so it may return 0 before @p->done.
 */
size_t vtmm_pick_next(struct vtmm_pick *p, const struct vtmm_heat *h,
		      struct vtmm_move *out, size_t max, u64 pages);

/* Puts moves that vtmm_pick_next() wrote in order, the best first. */
void vtmm_pick_sort(const struct vtmm_heat *h, struct vtmm_move *out, size_t n);

/* All three at once: the best @max moves of a plan, in order. */
size_t vtmm_plan_pick(const struct vtmm_plan_params *pp, const struct vtmm_heat *h,
		      const struct vtmm_plan *plan, u8 tier,
		      struct vtmm_move *out, size_t max);

/* One sentence, never NULL. */
const char *vtmm_plan_reason_text(enum vtmm_plan_reason reason);

#endif /* _VTMM_PLAN_H */
