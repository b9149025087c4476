// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random plans against a slow model that moves one page after the other: all
 * that the rules allow moves, and no more.
 */
#include "unit.h"

#define PAGES 4000 /* in a tier at most */
#define PLANS 20000

/* A VM, page by page, and what the rules make of it. */
struct model {
	u8 fast[PAGES]; /* temperatures, the coldest first */
	u8 slow[PAGES]; /* the hottest first */
	u32 nr_fast;
	u32 nr_slow;
	u32 out; /* fast pages that go, from the first on */
	u32 in;
	u32 forced; /* of them: it has more than its allotment */
};

struct fixture {
	struct vtmm_plan_params pp;
	struct vtmm_hist hist;
	struct vtmm_plan_input in;
	struct vtmm_plan plan;
	struct model model;
	u64 seed;
};

static void model_list(struct model *m, const struct vtmm_hist *hist)
{
	int t;
	u64 i;

	m->nr_fast = 0;
	m->nr_slow = 0;
	for (t = 0; t < VTMM_TEMPS; t++)
		for (i = 0; i < hist->pages[FAST][t]; i++)
			m->fast[m->nr_fast++] = t;
	for (t = VTMM_TEMPS - 1; t >= 0; t--)
		for (i = 0; i < hist->pages[SLOW][t]; i++)
			m->slow[m->nr_slow++] = t;
}

/* Does the next slow page change places with the next fast one? */
static bool model_pair(const struct model *m, u32 gap)
{
	if (m->in == m->nr_slow || m->out == m->nr_fast)
		return false;
	return m->slow[m->in] > m->fast[m->out] &&
	       m->slow[m->in] >= m->fast[m->out] + gap;
}

/* More than its allotment goes; less is filled up; then pairs change places. */
static void model_plan(struct fixture *f)
{
	struct model *m = &f->model;
	u64 room = f->in.room;

	model_list(m, &f->hist);
	for (m->out = 0; m->nr_fast - m->out > f->in.allotment;)
		m->out++;
	m->forced = m->out;
	m->in = 0;
	while (m->nr_fast + m->in < f->in.allotment && m->in < room &&
	       m->in < m->nr_slow && m->slow[m->in])
		m->in++;
	while (model_pair(m, f->pp.hysteresis)) {
		m->in++;
		m->out++;
	}
}

static void random_input(struct fixture *f)
{
	unsigned int t;
	u64 *seed = &f->seed;

	for (t = 0; t < VTMM_TEMPS; t++) {
		f->hist.pages[FAST][t] =
			unit_below(seed, 2) ? unit_below(seed, 120) : 0;
		f->hist.pages[SLOW][t] =
			unit_below(seed, 2) ? unit_below(seed, 120) : 0;
	}
	f->pp.hysteresis = unit_below(seed, 6);
	f->pp.floor = unit_below(seed, 3) * 400;
	f->in.allotment = unit_below(seed, 2500);
	f->in.room = unit_below(seed, 1500);
	f->in.budget = unit_below(seed, 2) ? ~0ull : unit_below(seed, 1500);
	f->in.round = 10 + unit_below(seed, 100);
}

/* The whole of it moves, from the hottest and the coldest on. */
static void check_whole(const struct fixture *f)
{
	const struct model *m = &f->model;

	assert_int_equal(f->plan.promote, m->in);
	assert_int_equal(f->plan.demote, m->out);
	if (m->in || m->out)
		assert_int_equal(f->plan.reason, VTMM_PLAN_OK);
	else
		assert_int_not_equal(f->plan.reason, VTMM_PLAN_OK);
}

/* All of the budget is used but an odd page, and no room that is not there. */
static void check_cut(const struct fixture *f)
{
	const struct model *m = &f->model;
	u64 both = f->plan.promote + f->plan.demote;

	assert_int_equal(f->plan.reason, VTMM_PLAN_RATE);
	assert_true(both <= f->in.budget && both + 1 >= f->in.budget);
	assert_true(f->plan.promote <= m->in && f->plan.demote <= m->out);
	assert_true(f->plan.promote <= f->plan.demote ||
		    f->plan.promote - f->plan.demote <= m->in - m->out);
}

static void check_temps(const struct fixture *f)
{
	const struct model *m = &f->model;

	if (f->plan.promote)
		assert_int_equal(f->plan.promote_temp,
				 m->slow[f->plan.promote - 1]);
	if (f->plan.demote)
		assert_int_equal(f->plan.demote_temp,
				 m->fast[f->plan.demote - 1]);
}

static void plans_are_what_moving_page_by_page_gives(void **state)
{
	static struct fixture f = {.pp = {900, 2, 20, 0, 3, 10}, .seed = 42};
	u32 i, whole = 0, cut = 0, none = 0;

	(void)state;
	f.in.hist = &f.hist;
	for (i = 0; i < PLANS; i++) {
		random_input(&f);
		model_plan(&f);
		vtmm_plan_make(&f.pp, NULL, &f.in, &f.plan);
		if (!f.model.forced && f.model.in + f.model.out &&
		    f.model.in + f.model.out < f.pp.floor) {
			assert_int_equal(f.plan.reason, VTMM_PLAN_FLOOR);
			assert_int_equal(f.plan.promote + f.plan.demote, 0);
			none++;
		} else if (f.model.in + f.model.out > f.in.budget) {
			check_cut(&f);
			cut++;
		} else {
			check_whole(&f);
			whole++;
		}
		check_temps(&f);
	}
	assert_true(whole > PLANS / 10 && cut > PLANS / 10 && none > 100);
}

static double pages_at(const struct vtmm_hist *hist, int t)
{
	return hist->pages[FAST][t] + hist->pages[SLOW][t];
}

/* How far the pages below @at and those from it on are apart (Otsu 1979). */
static double apart(const struct vtmm_hist *hist, int at)
{
	double n[2] = {0}, sum[2] = {0}, d;
	int t;

	for (t = 0; t < VTMM_TEMPS; t++) {
		n[t >= at] += pages_at(hist, t);
		sum[t >= at] += t * pages_at(hist, t);
	}
	if (!n[0] || !n[1])
		return 0;
	d = sum[1] / n[1] - sum[0] / n[0];
	return n[0] * n[1] * d * d;
}

/* Pages of a few temperatures: where they fall apart is not in doubt. */
static void random_clusters(struct fixture *f)
{
	int t;

	for (t = 0; t < VTMM_TEMPS; t++) {
		f->hist.pages[FAST][t] = 0;
		f->hist.pages[SLOW][t] = 0;
		if (t % 8 || !unit_below(&f->seed, 4))
			continue;
		f->hist.pages[SLOW][t] = unit_below(&f->seed, 1000);
		f->hist.pages[FAST][t] = unit_below(&f->seed, 1000);
	}
}

/* Demand begins there, to the accuracy of whole numbers, but not below hot. */
static void check_break(const struct fixture *f, u32 *checked)
{
	double best = 0;
	int t;

	for (t = 1; t < VTMM_TEMPS; t++)
		if (apart(&f->hist, t) > best)
			best = apart(&f->hist, t);
	assert_true(f->plan.demand_temp >= f->plan.hot_temp);
	if (f->plan.demand_temp == f->plan.hot_temp)
		return;
	assert_true(apart(&f->hist, f->plan.demand_temp) > 0.97 * best);
	(*checked)++;
}

/* A VM of so many times as many pages, as hot as before. */
static void check_scaled(struct fixture *f, u32 shift)
{
	struct vtmm_plan small = f->plan;
	int t;

	for (t = 0; t < VTMM_TEMPS; t++) {
		f->hist.pages[FAST][t] <<= shift;
		f->hist.pages[SLOW][t] <<= shift;
	}
	vtmm_plan_make(&f->pp, NULL, &f->in, &f->plan);
	if (f->plan.hot_temp != small.hot_temp)
		return; /* a share of pages that are whole */
	assert_true(apart(&f->hist, f->plan.demand_temp) >=
		    0.97 * apart(&f->hist, small.demand_temp));
}

static void demand_begins_where_pages_fall_apart(void **state)
{
	static struct fixture f = {.pp = {900, 2, 20, 0, 3, 10}, .seed = 43};
	u32 i, checked = 0;

	(void)state;
	f.in.hist = &f.hist;
	for (i = 0; i < PLANS / 10; i++) {
		random_input(&f);
		random_clusters(&f);
		vtmm_plan_make(&f.pp, NULL, &f.in, &f.plan);
		check_break(&f, &checked);
		check_scaled(&f, 10 + i % 15);
	}
	assert_true(checked > PLANS / 40);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans_are_what_moving_page_by_page_gives),
		cmocka_unit_test(demand_begins_where_pages_fall_apart),
	};

	return cmocka_run_group_tests_name("plan_model", tests, NULL, NULL);
}
