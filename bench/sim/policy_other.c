// SPDX-License-Identifier: GPL-2.0-only
/*
 * policy_other: policies to compare with. All but the oracle know only what
 * the hardware's bits tell, once a round; none counts what looking costs.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

struct other {
	u32 n;
	u16 *reads; /* histories, bit 0 in the newest round */
	u16 *writes;
	double *score;
	u32 *order;
	u32 hand;
	u32 skip;
	u32 hot; /* temperature from which pages are hot, in the paper's way */
	unsigned int phase;
	bool placed;
};

static void *other_start(struct world *w)
{
	struct other *o = xcalloc(1, sizeof(*o));

	o->n = w->n;
	o->reads = xcalloc(w->n, sizeof(*o->reads));
	o->writes = xcalloc(w->n, sizeof(*o->writes));
	o->score = xcalloc(w->n, sizeof(*o->score));
	o->order = xcalloc(w->n, sizeof(*o->order));
	return o;
}

static void other_end(void *p)
{
	struct other *o = p;

	free(o->reads);
	free(o->writes);
	free(o->score);
	free(o->order);
	free(o);
}

/* Reads and re-arms all bits. */
static void other_round(void *p, struct world *w, u32 round)
{
	struct other *o = p;

	(void)round;
	for (u32 i = 0; i < w->n; i++) {
		o->reads[i] = o->reads[i] << 1 & 0x3ff;
		o->writes[i] = o->writes[i] << 1 & 0x3ff;
		o->reads[i] |= !!(w->bits[i] & VTMM_ACC_READ);
		o->writes[i] |= !!(w->bits[i] & VTMM_ACC_WRITE);
		w->bits[i] = 0;
	}
}

static void no_round(void *p, struct world *w, u32 round)
{
	(void)p;
	(void)round;
	memset(w->bits, 0, w->n);
}

static void no_window(void *p, struct world *w, u32 round)
{
	(void)p;
	(void)w;
	(void)round;
}

static const double *sort_score;

static int by_score(const void *a, const void *b)
{
	double x = sort_score[*(const u32 *)a], y = sort_score[*(const u32 *)b];

	if (x != y)
		return x < y ? 1 : -1;
	return *(const u32 *)a < *(const u32 *)b ? -1 : 1;
}

/* The pages of the best scores go to fast memory, all others to slow. */
static void place_best(struct other *o, struct world *w)
{
	for (u32 i = 0; i < w->n; i++)
		o->order[i] = i;
	sort_score = o->score;
	qsort(o->order, w->n, sizeof(*o->order), by_score);
	for (u32 i = w->cap; i < w->n; i++)
		world_move(w, o->order[i], SLOW);
	for (u32 i = 0; i < w->cap && i < w->n; i++)
		world_move(w, o->order[i], FAST);
}

static u32 temperature(const struct other *o, u32 page)
{
	u32 writes = o->writes[page], reads = o->reads[page] & ~writes;

	return 3 * __builtin_popcount(writes) + __builtin_popcount(reads);
}

/* Knows how often each page will be accessed in this phase; moves are free. */
static void oracle_before(void *p, struct world *w, const struct trace *t)
{
	struct other *o = p;

	if (o->placed && o->phase == t->phase)
		return;
	for (u32 i = 0; i < w->n; i++)
		o->score[i] = trace_expected(t, i);
	place_best(o, w);
	o->placed = true;
	o->phase = t->phase;
}

/* Counts of rounds with an access, halved every eight windows. */
static void lfu_window(void *p, struct world *w, u32 round)
{
	struct other *o = p;

	for (u32 i = 0; i < w->n; i++) {
		o->score[i] += __builtin_popcount(o->reads[i] | o->writes[i]);
		if (round / WINDOW % 8 == 0)
			o->score[i] /= 2;
	}
	place_best(o, w);
}

/* The next fast page that was not touched since the hand passed; n: none. */
static u32 clock_victim(struct other *o, struct world *w)
{
	for (u32 i = 0; i < 2 * w->n; i++) {
		u32 page = o->hand;

		o->hand = (o->hand + 1) % w->n;
		if (w->tier[page] != FAST)
			continue;
		if (o->score[page] == 0)
			return page;
		o->score[page] = 0;
	}
	return w->n;
}

/* Second chance: slow pages touched in the last round come in, clock out. */
static void lru_window(void *p, struct world *w, u32 round)
{
	struct other *o = p;

	(void)round;
	for (u32 i = 0; i < w->n; i++)
		if (w->tier[i] == FAST && (o->reads[i] | o->writes[i]))
			o->score[i] = 1;
	for (u32 i = 0; i < w->n; i++) {
		u32 victim;

		if (w->tier[i] != SLOW || !((o->reads[i] | o->writes[i]) & 1))
			continue;
		victim = w->used < w->cap ? w->n : clock_victim(o, w);
		if (victim < w->n)
			world_move(w, victim, SLOW);
		if (world_move(w, i, FAST))
			o->score[i] = 1;
	}
}

/* Pages touched in half of the rounds are hot, others make room for them. */
static void threshold_window(void *p, struct world *w, u32 round)
{
	struct other *o = p;
	u32 victim = 0;

	(void)round;
	for (u32 i = 0; i < w->n; i++)
		o->score[i] = __builtin_popcount(o->reads[i] | o->writes[i]);
	for (u32 i = 0; i < w->n; i++) {
		if (w->tier[i] != SLOW || o->score[i] < WINDOW / 2)
			continue;
		while (w->used >= w->cap && victim < w->n) {
			if (w->tier[victim] == FAST &&
			    o->score[victim] < WINDOW / 2)
				world_move(w, victim, SLOW);
			victim++;
		}
		world_move(w, i, FAST);
	}
}

/* The temperature from which pages are hot, in the paper's way. */
static u32 paper_threshold(const struct other *o, u32 n, u32 cap)
{
	u32 count[VTMM_TEMPS] = {0}, accessed, sum = 0, t;

	for (u32 i = 0; i < n; i++)
		count[temperature(o, i)]++;
	accessed = n - count[0];
	for (t = VTMM_TEMP_MAX; t > 1; t--) {
		if (sum + count[t] > cap)
			return sum ? t + 1 : t;
		sum += count[t];
		if (sum >= accessed * 0.9)
			break;
	}
	return t;
}

/* Of the fast pages that are not hot, the coldest; n: none. */
static u32 paper_victim(const struct other *o, const struct world *w, u32 hot,
			u32 *temp, u32 *at)
{
	for (; *temp < hot; ++*temp, *at = 0)
		for (; *at < w->n; ++*at)
			if (w->tier[*at] == FAST &&
			    temperature(o, *at) == *temp)
				return *at;
	return w->n;
}

/* How many pages would be promoted. */
static u32 paper_would_move(const struct other *o, const struct world *w,
			    u32 hot)
{
	u32 in = 0, out = 0;

	for (u32 i = 0; i < w->n; i++) {
		if (w->tier[i] == SLOW)
			in += temperature(o, i) >= hot;
		else if (w->tier[i] == FAST)
			out += temperature(o, i) < hot;
	}
	out += w->cap - w->used;
	return in < out ? in : out;
}

/* The published rules: 90 % of the accessed pages, coldest out, a floor. */
static void paper_window(void *p, struct world *w, u32 round)
{
	struct other *o = p;
	u32 hot = paper_threshold(o, w->n, w->cap), temp = 0, at = 0;
	u32 floor = w->n / 100 < 25600 ? w->n / 100 : 25600;

	(void)round;
	o->hot = hot;
	if (o->skip) {
		o->skip--;
		return;
	}
	if (paper_would_move(o, w, hot) < floor) {
		o->skip = 3;
		return;
	}
	for (u32 i = 0; i < w->n; i++) {
		u32 victim;

		if (w->tier[i] != SLOW || temperature(o, i) < hot)
			continue;
		if (w->used >= w->cap) {
			victim = paper_victim(o, w, hot, &temp, &at);
			if (victim == w->n)
				return;
			world_move(w, victim, SLOW);
		}
		world_move(w, i, FAST);
	}
}

/* What each takes for hot, if not simply what is in fast memory. */
static bool lru_hot(void *p, const struct world *w, u32 page)
{
	struct other *o = p;

	(void)w;
	return (o->reads[page] | o->writes[page]) & 1;
}

static bool threshold_hot(void *p, const struct world *w, u32 page)
{
	struct other *o = p;

	(void)w;
	return o->score[page] >= WINDOW / 2;
}

static bool paper_hot(void *p, const struct world *w, u32 page)
{
	struct other *o = p;

	(void)w;
	return temperature(o, page) >= o->hot;
}

const struct policy policy_first_touch = {
	.name = "first touch",
	.start = other_start,
	.round = no_round,
	.window = no_window,
	.end = other_end,
};

const struct policy policy_oracle = {
	.name = "oracle",
	.start = other_start,
	.before = oracle_before,
	.round = no_round,
	.window = no_window,
	.end = other_end,
};

const struct policy policy_lfu = {
	.name = "LFU",
	.start = other_start,
	.round = other_round,
	.window = lfu_window,
	.end = other_end,
};

const struct policy policy_lru = {
	.name = "second chance",
	.start = other_start,
	.round = other_round,
	.window = lru_window,
	.hot = lru_hot,
	.end = other_end,
};

const struct policy policy_threshold = {
	.name = "fixed threshold",
	.start = other_start,
	.round = other_round,
	.window = threshold_window,
	.hot = threshold_hot,
	.end = other_end,
};

const struct policy policy_paper = {
	.name = "vTMM as published",
	.start = other_start,
	.round = other_round,
	.window = paper_window,
	.hot = paper_hot,
	.end = other_end,
};
