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

/* A plan that is so many times above the floor is not skipped: a new phase. */
#define VTMM_SKIP_FLOORS	4

/* What is learnt from fewer moves is chance. */
#define VTMM_LEARN_MOVES	4

/* Windows without a pair after which the planner dares a little more. */
#define VTMM_QUIET_WINDOWS	8

/* Windows that waking waits at most when it changed nothing. */
#define VTMM_WAKE_WAIT_MAX	15

/* With it, only pages that are always touched replace ones that never are. */
#define VTMM_CAUTION_MAX	24

/* Moves while they are counted, as cursors into the histogram. */
struct vtmm_tally {
	u64 promote;
	u64 demote;
	u64 pairs;
	u64 gain;		/* temperatures that the pairs differ by, summed */
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
	y->pairs = 0;
	y->gain = 0;
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

/* Pairs change places while they differ by @gap or more. */
static void vtmm_tally_swap(struct vtmm_tally *y, const struct vtmm_hist *hist,
			    unsigned int gap)
{
	while (y->slow_left && y->fast_left && y->hot >= y->cold + gap &&
	       y->hot > y->cold) {
		u64 step = vtmm_min(y->slow_left, y->fast_left);

		y->pairs += step;
		y->gain += step * (y->hot - y->cold);
		y->slow_left -= step;
		y->fast_left -= step;
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

/* Variance between two classes: their sizes' product and the means' distance². */
static u64 vtmm_plan_apart(u64 n, u64 heat, u64 below, u64 heat_below)
{
	u64 d = 16 * heat / n - 16 * heat_below / below;

	while ((n + below) >> 20) {	/* sizes matter only to each other */
		n = (n + 1) >> 1;
		below = (below + 1) >> 1;
	}
	return n * below * d / VTMM_TEMPS * d;
}

/*
 * Where the pages fall apart into hot and cold: the temperature that splits
 * them into the two classes whose means differ most (Otsu 1979). Most pages
 * that were accessed need not be hot, if cold ones are accessed now and then.
 */
static unsigned int vtmm_plan_break(const struct vtmm_hist *hist)
{
	u64 pages = 0, heat = 0, below = 0, heat_below = 0, best = 0;
	unsigned int t, at = 1;

	for (t = 0; t < VTMM_TEMPS; t++) {
		pages += hist->pages[0][t] + hist->pages[1][t];
		heat += t * (hist->pages[0][t] + hist->pages[1][t]);
	}
	for (t = 1; t < VTMM_TEMPS; t++) {
		u64 n = hist->pages[0][t - 1] + hist->pages[1][t - 1];
		u64 apart;

		below += n;
		heat_below += (t - 1) * n;
		if (!n || below == pages)
			continue;
		apart = vtmm_plan_apart(pages - below, heat - heat_below,
					below, heat_below);
		if (apart <= best)
			continue;
		best = apart;
		at = t;
	}
	return at;
}

/* What the VM has, wants and could use. */
static void vtmm_plan_measure(const struct vtmm_plan_params *pp,
			      const struct vtmm_plan_input *in,
			      struct vtmm_plan *plan)
{
	static const struct vtmm_plan empty;
	unsigned int t;

	*plan = empty;
	plan->round = in->round;
	plan->hot_temp = vtmm_plan_hot_temp(in->hist, pp->hot_permille);
	plan->hot = vtmm_hist_sum(in->hist, 0, plan->hot_temp) +
		    vtmm_hist_sum(in->hist, 1, plan->hot_temp);
	t = vtmm_plan_break(in->hist);
	if (t < plan->hot_temp)
		t = plan->hot_temp;
	plan->demand = vtmm_hist_sum(in->hist, 0, t) +
		       vtmm_hist_sum(in->hist, 1, t);
	plan->demand_temp = t;
}

/*
 * Nearly all that the VM has in fast memory is in demand, and so is more, but not
 * all that it has: then it is not that its pages are alike.
 */
static bool vtmm_plan_is_full(const struct vtmm_hist *hist,
			      const struct vtmm_plan *plan)
{
	u64 fast = vtmm_hist_sum(hist, 0, 0);
	u64 wanted = vtmm_hist_sum(hist, 0, plan->demand_temp);

	return wanted >= fast - fast / 10 && plan->demand > wanted &&
	       plan->demand < fast + vtmm_hist_sum(hist, 1, 0);
}

/* Why would no page move? */
static enum vtmm_plan_reason
vtmm_plan_why_none(const struct vtmm_plan_input *in,
		   const struct vtmm_plan *plan)
{
	if (!plan->hot)
		return VTMM_PLAN_NOTHING_HOT;
	if (!vtmm_hist_sum(in->hist, 1, plan->hot_temp))
		return VTMM_PLAN_SETTLED;
	if (!in->allotment || vtmm_hist_sum(in->hist, 0, 0) < in->allotment ||
	    vtmm_plan_is_full(in->hist, plan))
		return VTMM_PLAN_NO_ROOM;
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
	u64 moves = plan->promote + plan->demote;

	if (forced)	/* what others are due has no floor */
		return false;
	if (st && st->skip_left && moves < VTMM_SKIP_FLOORS * pp->floor) {
		st->skip_left--;
		plan->reason = VTMM_PLAN_SKIPPING;
	} else if (moves < pp->floor) {
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

/* Did waking change much? Then more of it may; if not, wait longer each time. */
static void vtmm_plan_wake_result(struct vtmm_plan_state *st,
				  const struct vtmm_plan *plan)
{
	if (!st->wake_demand)
		return;
	if (plan->demand < st->wake_demand - st->wake_demand / 8)
		st->wake_wait = 0;
	else if (st->wake_wait < VTMM_WAKE_WAIT_MAX)
		st->wake_wait = 2 * st->wake_wait + 1;
	st->wake_left = st->wake_wait;
	st->wake_demand = 0;
	st->proven = plan->demand;
}

/* Has so much become hot since that something else must have gone cold? */
static bool vtmm_plan_new_phase(const struct vtmm_plan_state *st,
				const struct vtmm_plan *plan)
{
	return plan->demand > st->proven + st->proven / 8;
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
	vtmm_plan_wake_result(st, plan);
	if (!in->contended && plan->demand <= in->allotment) {
		st->wake_wait = 0;
		st->wake_left = 0;
	} else if (st->wake_left && !vtmm_plan_new_phase(st, plan)) {
		st->wake_left--;
	} else if (plan->demand) {
		plan->wake = true;
		st->wake_demand = plan->demand;
	}
}

static unsigned int vtmm_plan_caution(const struct vtmm_plan_state *st)
{
	return st ? st->caution : 0;
}

static void vtmm_plan_unlearn(struct vtmm_plan_state *st)
{
	unsigned int t;

	for (t = 0; t < VTMM_NR_TIERS; t++) {
		st->moved[t] = 0;
		st->moved_temp[t] = 0;
	}
	st->pairs = 0;
	st->promised = 0;
}

/* More caution: half as much again, and half of what misled at the least. */
static void vtmm_plan_beware(struct vtmm_plan_state *st, u64 gap)
{
	u64 caution = st->caution + 1 + st->caution / 2;

	if (caution < gap / 2)
		caution = gap / 2;
	st->caution = vtmm_min(caution, VTMM_CAUTION_MAX);
}

/*
 * Temperatures are ten rounds of chance. Pages that look warmer than others
 * but are not come back to the mean after they moved: then the planner asks
 * for more difference. It asks for less when moves were worth what they
 * promised, and, now and then, when nothing moved at all.
 */
static void vtmm_plan_learn(struct vtmm_plan_state *st,
			    const struct vtmm_hist *hist)
{
	u64 came, went, promised;
	unsigned int t;

	for (t = 0; t < VTMM_NR_TIERS; t++) {
		st->moved[t] += hist->moved[t];
		st->moved_temp[t] += hist->moved_temp[t];
	}
	if (st->moved[0] < VTMM_LEARN_MOVES || !st->pairs ||
	    st->moved[1] < VTMM_LEARN_MOVES)
		return;
	came = 16 * st->moved_temp[0] / st->moved[0];
	went = 16 * st->moved_temp[1] / st->moved[1];
	promised = 16 * st->promised / st->pairs;
	if (2 * came < 2 * went + promised)
		vtmm_plan_beware(st, promised / 16);
	else if (4 * came > 4 * went + 3 * promised && st->caution)
		st->caution--;
	vtmm_plan_unlearn(st);
}

/* What was planned is what later moves are held against. */
static void vtmm_plan_promise(struct vtmm_plan_state *st,
			      const struct vtmm_tally *y)
{
	st->pairs += y->pairs;
	st->promised += y->gain;
	if (y->pairs) {
		st->quiet = 0;
	} else if (st->caution && ++st->quiet >= VTMM_QUIET_WINDOWS) {
		st->quiet = 0;
		st->caution--;
	}
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
	if (st)
		vtmm_plan_learn(st, in->hist);
	vtmm_tally_start(&y, in->hist);
	vtmm_tally_shrink(&y, in->hist, forced);
	vtmm_tally_fill(&y, in->hist, vtmm_min(space, in->room));
	vtmm_tally_swap(&y, in->hist, pp->hysteresis + vtmm_plan_caution(st));
	if (!y.promote && !y.demote)	/* pairs alone: nobody waits for them */
		plan->caution = vtmm_plan_caution(st);
	plan->promote = y.promote + y.pairs;
	plan->demote = y.demote + y.pairs;
	if (st) {
		vtmm_plan_promise(st, &y);
		vtmm_plan_wake(st, in, plan);
	}
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
			"No fast memory is left for it: raise its min or the pool.",
		[VTMM_PLAN_RATE] =
			"The rate limit is used up: the rest moves later.",
		[VTMM_PLAN_EVEN] =
			"No slow page is warmer than the fast ones by enough.",
		[VTMM_PLAN_OBSERVE] =
			"The VM is only observed: set its mode to manage.",
		[VTMM_PLAN_WARMUP] = "The first window is not full yet.",
	};

	if ((unsigned int)reason >= VTMM_PLAN_REASONS || !text[reason])
		return "Unknown reason.";
	return text[reason];
}
