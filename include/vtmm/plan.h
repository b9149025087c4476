/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan: from a histogram and an allotment to the pages that move.
 * Decides; never moves anything, never looks at a clock.
 */
#ifndef _VTMM_PLAN_H
#define _VTMM_PLAN_H

#include <vtmm/heat.h>

#define VTMM_PICK_MAX	8192	/* moves of one window and direction */

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
 * @hot_permille: of the accessed pages that count as hot, 1…1000 (900)
 * @hysteresis: temperatures that a slow page must be above the fast page it
 *              replaces, at least (2)
 * @cooldown: rounds for which a page that moved stays (20)
 * @floor: pages below which nothing moves
 * @skip: windows skipped after a plan below the floor (3)
 * @warmup: rounds before the first plan (10)
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
	bool wake;
	u8 caution;
	enum vtmm_plan_reason reason;
};

/**
 * struct vtmm_move - a page that should move
 * @gfn: first gfn
 * @huge: the whole chunk
 * @tier: where it should go
 */
struct vtmm_move {
	u64 gfn;
	bool huge;
	u8 tier;
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
 * Writes up to @max moves of the plan to tier @tier into @out, best first:
 * hottest (coldest) bucket first, within a bucket by recency, never by
 * address; pages that cool down or back off are left out. Returns how many.
 * O(pages seen). The plan's counts bound the pages that the moves stand for;
 * only a demoted chunk may go beyond.
 */
size_t vtmm_plan_pick(const struct vtmm_plan_params *pp, const struct vtmm_heat *h,
		      const struct vtmm_plan *plan, u8 tier,
		      struct vtmm_move *out, size_t max);

/* One sentence, never NULL. */
const char *vtmm_plan_reason_text(enum vtmm_plan_reason reason);

#endif /* _VTMM_PLAN_H */
