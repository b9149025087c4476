// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of plans: how many pages move, and why not more.
 */
#include <string.h>

#include "unit.h"

#define NO_LIMIT (~0ull)

struct fixture {
	struct vtmm_plan_params pp;
	struct vtmm_plan_state st;
	struct vtmm_hist hist;
	struct vtmm_plan_input in;
	struct vtmm_plan plan;
};

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){.pp = {900, 2, 20, 0, 3, 10}};
	f.in = (struct vtmm_plan_input){&f.hist, 1000, 1000, NO_LIMIT, 100};
	*state = &f;
	return 0;
}

static const struct vtmm_plan *make(struct fixture *f)
{
	vtmm_plan_make(&f->pp, &f->st, &f->in, &f->plan);
	return &f->plan;
}

static void hot_threshold_takes_in_the_asked_share(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(vtmm_plan_hot_temp(&f->hist, 900), VTMM_TEMPS);
	f->hist.pages[SLOW][0] = 100000;
	assert_int_equal(vtmm_plan_hot_temp(&f->hist, 900), VTMM_TEMPS);
	f->hist.pages[SLOW][30] = 50;
	f->hist.pages[FAST][7] = 40;
	f->hist.pages[SLOW][1] = 10;
	assert_int_equal(vtmm_plan_hot_temp(&f->hist, 500), 30);
	assert_int_equal(vtmm_plan_hot_temp(&f->hist, 900), 7);
	assert_int_equal(vtmm_plan_hot_temp(&f->hist, 901), 7);
	assert_int_equal(vtmm_plan_hot_temp(&f->hist, 1000), 1);
}

static void first_window_is_waited_for(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[SLOW][30] = 10;
	f->in.round = 9;
	assert_int_equal(make(f)->reason, VTMM_PLAN_WARMUP);
	assert_int_equal(make(f)->promote, 0);
	f->in.round = 10;
	assert_int_equal(make(f)->promote, 10);
}

static void empty_fast_memory_is_filled_with_the_hottest(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[SLOW][30] = 600;
	f->hist.pages[SLOW][20] = 600;
	f->hist.pages[SLOW][0] = 5000;
	assert_int_equal(make(f)->promote, 1000);
	assert_int_equal(f->plan.demote, 0);
	assert_int_equal(f->plan.promote_temp, 20);
	assert_int_equal(f->plan.hot, 1200);
	assert_int_equal(f->plan.demand, 1200);
	f->in.room = 300;
	assert_int_equal(make(f)->promote, 300);
	assert_int_equal(f->plan.promote_temp, 30);
}

static void untouched_pages_in_fast_memory_go_first(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[FAST][0] = 400;
	f->hist.pages[FAST][10] = 600;
	f->hist.pages[SLOW][30] = 300;
	f->hist.pages[SLOW][0] = 5000;
	assert_int_equal(make(f)->promote, 300);
	assert_int_equal(f->plan.demote, 300);
	assert_int_equal(f->plan.demote_temp, 0);
	assert_int_equal(f->plan.promote_temp, 30);
}

static void places_change_only_for_the_hysteresis(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[FAST][10] = 1000;
	f->hist.pages[SLOW][11] = 300;
	assert_int_equal(make(f)->promote, 0);
	f->hist.pages[SLOW][12] = 200;
	assert_int_equal(make(f)->promote, 200);
	assert_int_equal(f->plan.demote, 200);
	assert_int_equal(f->plan.promote_temp, 12);
}

static void more_than_the_allotment_is_given_up(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[FAST][30] = 900;
	f->hist.pages[FAST][5] = 300;
	f->pp.floor = 10000; /* others are due it: no floor */
	assert_int_equal(make(f)->demote, 200);
	assert_int_equal(f->plan.promote, 0);
	assert_int_equal(f->plan.demote_temp, 5);
	assert_int_equal(f->plan.reason, VTMM_PLAN_OK);
}

static void below_the_floor_windows_are_skipped(void **state)
{
	struct fixture *f = *state;
	int i;

	f->hist.pages[SLOW][30] = 50;
	f->pp.floor = 51;
	assert_int_equal(make(f)->reason, VTMM_PLAN_FLOOR);
	f->hist.pages[SLOW][30] = 500;
	for (i = 0; i < 3; i++) {
		assert_int_equal(make(f)->reason, VTMM_PLAN_SKIPPING);
		assert_int_equal(f->plan.promote, 0);
	}
	assert_int_equal(make(f)->promote, 500);
	assert_int_equal(f->plan.reason, VTMM_PLAN_OK);
}

static void rate_limit_bounds_both_directions_together(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[FAST][0] = 1000;
	f->hist.pages[SLOW][30] = 1000;
	f->in.budget = 101;
	assert_int_equal(make(f)->reason, VTMM_PLAN_RATE);
	assert_true(f->plan.promote + f->plan.demote <= 101);
	assert_int_equal(f->plan.promote, 50);
	assert_int_equal(f->plan.demote, 50);
	f->in.budget = 0;
	assert_int_equal(make(f)->promote + f->plan.demote, 0);
	assert_int_equal(f->plan.reason, VTMM_PLAN_RATE);
	f->in.budget = 2000;
	assert_int_equal(make(f)->reason, VTMM_PLAN_OK);
	assert_int_equal(f->plan.promote, 1000);
}

static void nothing_to_do_has_a_reason(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[FAST][0] = 900;
	f->hist.pages[SLOW][0] = 1000;
	assert_int_equal(make(f)->reason, VTMM_PLAN_NOTHING_HOT);
	f->hist.pages[FAST][30] = 100;
	assert_int_equal(make(f)->reason, VTMM_PLAN_SETTLED);
	memset(&f->hist, 0, sizeof(f->hist));
	f->hist.pages[SLOW][30] = 100;
	f->in.room = 0;
	assert_int_equal(make(f)->reason, VTMM_PLAN_NO_ROOM);
	f->hist.pages[FAST][30] = 400;
	assert_int_equal(make(f)->reason, VTMM_PLAN_EVEN);
}

static void dry_run_remembers_nothing(void **state)
{
	struct fixture *f = *state;
	struct vtmm_plan a, b;

	f->hist.pages[SLOW][30] = 50;
	f->pp.floor = 51;
	vtmm_plan_make(&f->pp, NULL, &f->in, &a);
	vtmm_plan_make(&f->pp, NULL, &f->in, &b);
	assert_int_equal(a.reason, VTMM_PLAN_FLOOR);
	assert_int_equal(b.reason, VTMM_PLAN_FLOOR);
	assert_false(a.wake);
}

static void sleeping_pages_are_woken_when_hot_ones_wait(void **state)
{
	struct fixture *f = *state;
	unsigned int i, n = 0;

	f->hist.pages[FAST][30] = 1000;
	assert_false(make(f)->wake);
	f->hist.pages[SLOW][30] = 500;
	assert_true(make(f)->wake);
	for (i = 0; i < 80; i++)
		n += make(f)->wake;
	/* less and less often, at last every eighth window */
	assert_true(n >= 9 && n <= 12);
}

static void random_plans_keep_their_limits(void **state)
{
	struct fixture *f = *state;
	u64 seed = 42, fast, slow, touched;
	unsigned int i, t;

	for (i = 0; i < 200000; i++) {
		fast = 0;
		slow = 0;
		touched = 0;
		for (t = 0; t < VTMM_TEMPS; t++) {
			f->hist.pages[FAST][t] =
				unit_below(&seed, 5) ? 0
						     : unit_below(&seed, 1000);
			f->hist.pages[SLOW][t] =
				unit_below(&seed, 5) ? 0
						     : unit_below(&seed, 1000);
			fast += f->hist.pages[FAST][t];
			slow += f->hist.pages[SLOW][t];
			touched += t ? f->hist.pages[SLOW][t] : 0;
		}
		f->pp.hysteresis = unit_below(&seed, 6);
		f->pp.floor = unit_below(&seed, 3) * 200;
		f->in.allotment = unit_below(&seed, 8000);
		f->in.room = unit_below(&seed, 3000);
		f->in.budget = unit_below(&seed, 4000);
		make(f);
		assert_true(f->plan.promote <= touched);
		assert_true(f->plan.demote <= fast);
		assert_true(f->plan.promote + f->plan.demote <= f->in.budget);
		/* never more than the tier has room for, nor than allotted */
		assert_true(f->plan.promote <= f->plan.demote + f->in.room);
		assert_true(fast + f->plan.promote - f->plan.demote <=
			    (fast > f->in.allotment ? fast : f->in.allotment));
		assert_true(f->plan.reason < VTMM_PLAN_REASONS);
		if (!f->plan.promote && !f->plan.demote)
			assert_int_not_equal(f->plan.reason, VTMM_PLAN_OK);
	}
}

static void every_reason_has_a_sentence(void **state)
{
	const char *text;
	int r;

	(void)state;
	for (r = 0; r < VTMM_PLAN_REASONS; r++) {
		text = vtmm_plan_reason_text(r);
		assert_non_null(text);
		assert_int_equal(text[strlen(text) - 1], '.');
		assert_string_not_equal(text, "Unknown reason.");
	}
	assert_string_equal(vtmm_plan_reason_text(VTMM_PLAN_REASONS),
			    "Unknown reason.");
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(hot_threshold_takes_in_the_asked_share),
		TEST(first_window_is_waited_for),
		TEST(empty_fast_memory_is_filled_with_the_hottest),
		TEST(untouched_pages_in_fast_memory_go_first),
		TEST(places_change_only_for_the_hysteresis),
		TEST(more_than_the_allotment_is_given_up),
		TEST(below_the_floor_windows_are_skipped),
		TEST(rate_limit_bounds_both_directions_together),
		TEST(nothing_to_do_has_a_reason),
		TEST(dry_run_remembers_nothing),
		TEST(sleeping_pages_are_woken_when_hot_ones_wait),
		TEST(random_plans_keep_their_limits),
		TEST(every_reason_has_a_sentence),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
