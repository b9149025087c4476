// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan: how many pages move, from which temperature on, and why not more.
 *
 * Three kinds of moves, in this order: the VM has more fast memory than its
 * allotment, so its coldest pages give way; it has less, so its hottest slow
 * pages fill it up; and slow pages change places with fast ones that are
 * colder by the hysteresis or more. Decides from counts alone: pages are
 * picked in pick.c.
 */
#include <vtmm/plan.h>

/* Moves while they are counted, as cursors into the histogram. */
struct vtmm_tally {
	u64 promote;
	u64 demote;
	u64 slow_left;		/* of the temperature @hot, not yet promoted */
	u64 fast_left;		/* of the temperature @cold, not yet demoted */
	unsigned int hot;
	unsigned int cold;
};

static u64 vtmm_min(u64 a, u64 b)
{
	return a < b ? a : b;
}

static u64 vtmm_hist_sum(const struct vtmm_hist *hist, unsigned int tier,
			 unsigned int from)
{
	u64 sum = 0;

	for (; from < VTMM_TEMPS; from++)
		sum += hist->pages[tier][from];
	return sum;
}

/**
 * vtmm_plan_hot_temp() - the temperature from which pages are hot
 * @hist: the VM's histogram
 * @hot_permille: of the accessed pages that count as hot, 1…1000
 *
 * From the hottest bucket down until so many of the accessed pages are in, as
 * in the vTMM paper's section on classification.
 *
 * Return: 1…VTMM_TEMP_MAX; VTMM_TEMPS when no page was touched.
 */
u8 vtmm_plan_hot_temp(const struct vtmm_hist *hist, u16 hot_permille)
{
	u64 accessed = vtmm_hist_sum(hist, 0, 1) + vtmm_hist_sum(hist, 1, 1);
	u64 want, sum = 0;
	unsigned int t;

	if (!accessed)
		return VTMM_TEMPS;
	want = accessed / 1000 * hot_permille +
	       accessed % 1000 * hot_permille / 1000;
	for (t = VTMM_TEMP_MAX; t > 1; t--) {
		sum += hist->pages[0][t] + hist->pages[1][t];
		if (sum >= want && sum)
			break;
	}
	return t;
}

/* Moves the cursors to temperatures that still have pages. */
static void vtmm_tally_seek(struct vtmm_tally *y, const struct vtmm_hist *hist)
{
	while (!y->slow_left && y->hot)
		y->slow_left = hist->pages[1][--y->hot];
	while (!y->fast_left && y->cold < VTMM_TEMP_MAX)
		y->fast_left = hist->pages[0][++y->cold];
}

static void vtmm_tally_start(struct vtmm_tally *y, const struct vtmm_hist *hist)
{
	y->promote = 0;
	y->demote = 0;
	y->hot = VTMM_TEMP_MAX;
	y->cold = 0;
	y->slow_left = hist->pages[1][VTMM_TEMP_MAX];
	y->fast_left = hist->pages[0][0];
	vtmm_tally_seek(y, hist);
}

/* The coldest @n fast pages must go, whatever their temperature. */
static void vtmm_tally_shrink(struct vtmm_tally *y,
			      const struct vtmm_hist *hist, u64 n)
{
	while (n && y->fast_left) {
		u64 step = vtmm_min(n, y->fast_left);

		y->demote += step;
		y->fast_left -= step;
		n -= step;
		vtmm_tally_seek(y, hist);
	}
}

/* Up to @n slow pages that were accessed may come, the hottest first. */
static void vtmm_tally_fill(struct vtmm_tally *y, const struct vtmm_hist *hist,
			    u64 n)
{
	while (n && y->slow_left && y->hot) {
		u64 step = vtmm_min(n, y->slow_left);

		y->promote += step;
		y->slow_left -= step;
		n -= step;
		vtmm_tally_seek(y, hist);
	}
}

/* Up to @n pairs change places while that is worth the hysteresis. */
static void vtmm_tally_swap(struct vtmm_tally *y, const struct vtmm_hist *hist,
			    u64 n, unsigned int hysteresis)
{
	while (n && y->slow_left && y->fast_left &&
	       y->hot >= y->cold + hysteresis && y->hot > y->cold) {
		u64 step = vtmm_min(n, vtmm_min(y->slow_left, y->fast_left));

		y->promote += step;
		y->demote += step;
		y->slow_left -= step;
		y->fast_left -= step;
		n -= step;
		vtmm_tally_seek(y, hist);
	}
}

/* Temperatures of the last page that each direction would take. */
static void vtmm_plan_temps(struct vtmm_plan *plan,
			    const struct vtmm_hist *hist)
{
	u64 left = plan->promote;
	unsigned int t = VTMM_TEMPS;

	while (left && t)
		left -= vtmm_min(left, hist->pages[1][--t]);
	plan->promote_temp = t;
	left = plan->demote;
	for (t = 0; left && t < VTMM_TEMPS; t++)
		left -= vtmm_min(left, hist->pages[0][t]);
	plan->demote_temp = t ? t - 1 : 0;
}

/* What the VM has, wants and could use. */
static void vtmm_plan_measure(const struct vtmm_plan_params *pp,
			      const struct vtmm_plan_input *in,
			      struct vtmm_plan *plan)
{
	static const struct vtmm_plan empty;

	*plan = empty;
	plan->round = in->round;
	plan->hot_temp = vtmm_plan_hot_temp(in->hist, pp->hot_permille);
	plan->hot = vtmm_hist_sum(in->hist, 0, plan->hot_temp) +
		    vtmm_hist_sum(in->hist, 1, plan->hot_temp);
	plan->demand = plan->hot;
}

/* Why would no page move? */
static enum vtmm_plan_reason
vtmm_plan_why_none(const struct vtmm_plan_input *in,
		   const struct vtmm_plan *plan)
{
	u64 slow_hot = vtmm_hist_sum(in->hist, 1, plan->hot_temp);

	if (!plan->hot)
		return VTMM_PLAN_NOTHING_HOT;
	if (!slow_hot)
		return VTMM_PLAN_SETTLED;
	if (!vtmm_hist_sum(in->hist, 0, 0))
		return VTMM_PLAN_NO_ROOM;
	if (vtmm_hist_sum(in->hist, 0, plan->hot_temp) >= in->allotment)
		return VTMM_PLAN_SETTLED;
	return VTMM_PLAN_EVEN;
}

/* Cuts the plan to what may move now: pairs first, so that no room is needed. */
static void vtmm_plan_limit(const struct vtmm_plan_input *in,
			    struct vtmm_plan *plan)
{
	u64 pairs = vtmm_min(plan->promote, plan->demote);
	u64 left;

	if (plan->promote + plan->demote <= in->budget)
		return;
	plan->reason = VTMM_PLAN_RATE;
	plan->promote -= pairs;
	plan->demote -= pairs;
	pairs = vtmm_min(pairs, in->budget / 2);
	left = in->budget - 2 * pairs;
	plan->promote = pairs + vtmm_min(plan->promote, left);
	plan->demote = pairs + vtmm_min(plan->demote, left);
}

/* A plan that is not worth it: skip some windows before the next look. */
static bool vtmm_plan_below_floor(const struct vtmm_plan_params *pp,
				  struct vtmm_plan_state *st, u64 forced,
				  struct vtmm_plan *plan)
{
	if (forced)	/* what others are due has no floor */
		return false;
	if (st && st->skip_left) {
		st->skip_left--;
		plan->reason = VTMM_PLAN_SKIPPING;
	} else if (plan->promote + plan->demote < pp->floor) {
		if (st)
			st->skip_left = pp->skip;
		plan->reason = VTMM_PLAN_FLOOR;
	} else {
		return false;
	}
	plan->promote = 0;
	plan->demote = 0;
	return true;
}

/*
 * More hot pages than fast memory: some may only claim to be hot, asleep. Ask
 * them, but seldom when the last time changed nothing, so that a page that
 * stays hot is left alone.
 */
static void vtmm_plan_wake(struct vtmm_plan_state *st,
			   const struct vtmm_plan_input *in,
			   struct vtmm_plan *plan)
{
	if (!st)
		return;
	if (plan->hot <= in->allotment ||
	    !vtmm_hist_sum(in->hist, 1, plan->hot_temp)) {
		st->wake_wait = 0;
		return;
	}
	if (st->wake_left) {
		st->wake_left--;
		return;
	}
	plan->wake = true;
	st->wake_wait = st->wake_wait < 4 ? 2 * st->wake_wait + 1 : 7;
	st->wake_left = st->wake_wait;
}

/**
 * vtmm_plan_make() - from a histogram and an allotment to counts of moves
 * @pp: how plans are made
 * @st: what the planner remembers of this VM; NULL for a dry run
 * @in: what it is made from
 * @plan: filled in
 *
 * O(temperatures). Needs no lock and never sleeps.
 */
void vtmm_plan_make(const struct vtmm_plan_params *pp, struct vtmm_plan_state *st,
		    const struct vtmm_plan_input *in, struct vtmm_plan *plan)
{
	u64 fast = vtmm_hist_sum(in->hist, 0, 0);
	u64 forced = fast > in->allotment ? fast - in->allotment : 0;
	u64 space = fast < in->allotment ? in->allotment - fast : 0;
	struct vtmm_tally y;

	vtmm_plan_measure(pp, in, plan);
	if (in->round < pp->warmup) {
		plan->reason = VTMM_PLAN_WARMUP;
		return;
	}
	vtmm_tally_start(&y, in->hist);
	vtmm_tally_shrink(&y, in->hist, forced);
	vtmm_tally_fill(&y, in->hist, vtmm_min(space, in->room));
	vtmm_tally_swap(&y, in->hist, ~0ull, pp->hysteresis);
	plan->promote = y.promote;
	plan->demote = y.demote;
	vtmm_plan_wake(st, in, plan);
	if (!plan->promote && !plan->demote)
		plan->reason = vtmm_plan_why_none(in, plan);
	else if (!vtmm_plan_below_floor(pp, st, forced, plan))
		vtmm_plan_limit(in, plan);
	vtmm_plan_temps(plan, in->hist);
}

/**
 * vtmm_plan_reason_text() - a reason for people
 * @reason: why not more moves
 *
 * Return: one sentence, never NULL.
 */
const char *vtmm_plan_reason_text(enum vtmm_plan_reason reason)
{
	static const char *const text[VTMM_PLAN_REASONS] = {
		[VTMM_PLAN_OK] = "Pages move.",
		[VTMM_PLAN_SETTLED] = "The hot pages are where they belong.",
		[VTMM_PLAN_NOTHING_HOT] =
			"No page was touched in the window: nothing is hot.",
		[VTMM_PLAN_FLOOR] =
			"Too few pages would move to be worth it: below the floor.",
		[VTMM_PLAN_SKIPPING] =
			"Windows are skipped after a plan below the floor.",
		[VTMM_PLAN_NO_ROOM] =
			"The VM has no fast memory: raise its min or the pool.",
		[VTMM_PLAN_RATE] =
			"The rate limit is used up: the rest moves later.",
		[VTMM_PLAN_EVEN] =
			"All pages are equally warm: moving gains nothing.",
		[VTMM_PLAN_OBSERVE] =
			"The VM is only observed: set its mode to manage.",
		[VTMM_PLAN_WARMUP] = "The first window is not full yet.",
	};

	if ((unsigned int)reason >= VTMM_PLAN_REASONS || !text[reason])
		return "Unknown reason.";
	return text[reason];
}
