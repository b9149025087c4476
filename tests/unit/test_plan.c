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
	f.in = (struct vtmm_plan_input){&f.hist,  1000, 1000,
					NO_LIMIT, 100,	false};
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
	f->hist.pages[SLOW][30] = 203;
	for (i = 0; i < 3; i++) {
		assert_int_equal(make(f)->reason, VTMM_PLAN_SKIPPING);
		assert_int_equal(f->plan.promote, 0);
	}
	assert_int_equal(make(f)->promote, 203);
	assert_int_equal(f->plan.reason, VTMM_PLAN_OK);
}

static void a_plan_of_just_the_floor_moves(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[SLOW][30] = 50;
	f->pp.floor = 50;
	assert_int_equal(make(f)->promote, 50);
	assert_int_equal(f->plan.reason, VTMM_PLAN_OK);
}

static void a_new_phase_ends_the_skipping(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[SLOW][30] = 50;
	f->pp.floor = 51;
	assert_int_equal(make(f)->reason, VTMM_PLAN_FLOOR);
	f->hist.pages[SLOW][30] = 204;
	assert_int_equal(make(f)->promote, 204);
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
	f->hist.pages[FAST][30] = 1000;
	assert_int_equal(make(f)->reason, VTMM_PLAN_EVEN);
	/* beside cold pages it is not evenness that keeps the others out */
	f->hist.pages[SLOW][0] = 1000;
	assert_int_equal(make(f)->reason, VTMM_PLAN_NO_ROOM);
	f->hist.pages[FAST][30] = 800;
	f->hist.pages[FAST][29] = 200;
	f->hist.pages[SLOW][28] = 100;
	assert_int_equal(make(f)->reason, VTMM_PLAN_NO_ROOM);
	/* nor a few pages in it that are not in demand */
	f->hist.pages[SLOW][30] = 0;
	f->hist.pages[FAST][30] = 950;
	f->hist.pages[FAST][29] = 0;
	f->hist.pages[FAST][27] = 50;
	assert_int_equal(make(f)->reason, VTMM_PLAN_NO_ROOM);
	f->pp.hot_permille = 800;
	f->hist.pages[FAST][30] = 850;
	f->hist.pages[FAST][27] = 150;
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

/* Windows until sleeping pages are woken again. */
static unsigned int until_woken(struct fixture *f)
{
	unsigned int n = 1;

	while (!make(f)->wake && n < 100)
		n++;
	return n;
}

static void sleeping_pages_are_woken_when_hot_ones_wait(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[FAST][30] = 1000;
	assert_false(make(f)->wake);
	f->hist.pages[SLOW][30] = 500;
	f->hist.pages[SLOW][0] = 3000;
	assert_int_equal(until_woken(f), 1);
	/* they are hot indeed: less and less often */
	assert_int_equal(until_woken(f), 2);
	assert_int_equal(until_woken(f), 4);
	assert_int_equal(until_woken(f), 8);
	assert_int_equal(until_woken(f), 16);
	assert_int_equal(until_woken(f), 16);
	make(f);
	/* a new phase: at once, and again while it shows that some were not */
	f->hist.pages[SLOW][30] = 900;
	assert_int_equal(until_woken(f), 1);
	f->hist.pages[FAST][30] = 600;
	f->hist.pages[FAST][0] = 400;
	assert_int_equal(until_woken(f), 1);
}

/* Each time that changes nothing makes the next wait longer, but not for ever.
 */
static void waiting_to_wake_ends_when_all_have_room(void **state)
{
	struct fixture *f = *state;
	int i;

	f->hist.pages[FAST][30] = 1000;
	f->hist.pages[SLOW][30] = 500;
	f->hist.pages[SLOW][0] = 3000;
	for (i = 0; i < 5; i++)
		until_woken(f);
	assert_false(make(f)->wake); /* the answer: nothing changed */
	f->hist.pages[SLOW][30] = 0;
	assert_false(make(f)->wake);
	f->hist.pages[SLOW][30] = 500;
	assert_int_equal(until_woken(f), 1);
}

static void a_few_more_hot_pages_are_no_new_phase(void **state)
{
	struct fixture *f = *state;
	int i;

	f->hist.pages[FAST][30] = 1000;
	f->hist.pages[SLOW][30] = 600;
	f->hist.pages[SLOW][0] = 3000;
	for (i = 0; i < 5; i++)
		until_woken(f);
	assert_false(make(f)->wake);
	f->hist.pages[SLOW][30] = 800; /* an eighth more in all */
	assert_false(make(f)->wake);
	f->hist.pages[SLOW][30] = 801;
	assert_true(make(f)->wake);
}

/* Fewer by less than an eighth: that is no news either. */
static void a_little_less_demand_is_no_answer(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[FAST][30] = 1000;
	f->hist.pages[SLOW][30] = 600;
	f->hist.pages[SLOW][0] = 3000;
	assert_int_equal(until_woken(f), 1);
	f->hist.pages[SLOW][30] = 400;
	assert_int_equal(until_woken(f), 2);
	f->hist.pages[SLOW][30] = 200; /* more than an eighth */
	assert_int_equal(until_woken(f), 1);
}

static void pages_are_woken_for_others_too(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[FAST][30] = 500;
	f->hist.pages[SLOW][0] = 3000;
	assert_int_equal(until_woken(f), 100);
	f->in.contended = true;
	assert_int_equal(until_woken(f), 1);
}

static void caution_delays_only_pairs(void **state)
{
	struct fixture *f = *state;

	f->hist.pages[FAST][0] = 1000;
	f->hist.pages[SLOW][30] = 500;
	f->st.caution = 8;
	assert_int_equal(make(f)->promote, 500);
	assert_int_equal(f->plan.caution, 8);
	f->in.allotment -= 100; /* others wait for it */
	assert_int_equal(make(f)->demote, 600);
	assert_int_equal(f->plan.caution, 0);
}

static void moves_that_gain_nothing_make_it_cautious(void **state)
{
	struct fixture *f = *state;
	unsigned int i, last = 2;

	/* pairs that differ by up to 10 are there, and come back to the mean */
	f->hist.pages[FAST][5] = 1000;
	f->hist.pages[SLOW][15] = 1000;
	f->hist.moved[FAST] = 500;
	f->hist.moved[SLOW] = 500;
	f->hist.moved_temp[FAST] = 500 * 10;
	f->hist.moved_temp[SLOW] = 500 * 10;
	assert_int_equal(make(f)->promote, 1000);
	for (i = 0; i < 10 && make(f)->promote; i++) {
		assert_true(f->st.caution > last - 2);
		last = f->st.caution + 2;
	}
	assert_int_equal(f->plan.promote, 0);
	assert_int_equal(f->plan.reason, VTMM_PLAN_EVEN);
	/* pairs that differ by more still change places */
	f->hist.pages[SLOW][30] = 100;
	assert_int_equal(make(f)->promote, 100);
	/* a dry run knows nothing of it */
	f->hist.pages[SLOW][30] = 0;
	vtmm_plan_make(&f->pp, NULL, &f->in, &f->plan);
	assert_int_equal(f->plan.promote, 1000);
}

/* What @n pages in each tier that moved turned out to be worth. */
static void set_moved(struct fixture *f, u64 n, u64 came, u64 went)
{
	f->hist.moved[FAST] = n;
	f->hist.moved[SLOW] = n;
	f->hist.moved_temp[FAST] = n * came;
	f->hist.moved_temp[SLOW] = n * went;
}

/* Pairs that differ by ten, of which nothing is known yet. */
static void promise_ten(struct fixture *f)
{
	f->hist.pages[FAST][5] = 1000;
	f->hist.pages[SLOW][15] = 1000;
	assert_int_equal(make(f)->promote, 1000);
	assert_int_equal(f->st.caution, 0);
}

static void half_of_what_misled_is_asked_for_at_once(void **state)
{
	struct fixture *f = *state;

	promise_ten(f);
	set_moved(f, 500, 10, 10);
	make(f);
	assert_int_equal(f->st.caution, 5);
}

/* What came in is colder than what left: the worst of bargains. */
static void moves_that_lose_make_it_cautious(void **state)
{
	struct fixture *f = *state;

	promise_ten(f);
	set_moved(f, 500, 2, 20);
	make(f);
	assert_int_equal(f->st.caution, 5);
}

static void of_a_few_moves_nothing_is_learnt(void **state)
{
	struct fixture *f = *state;

	promise_ten(f);
	set_moved(f, 3, 10, 10);
	make(f);
	assert_int_equal(f->st.caution, 0);
	/* nor of one half of the pairs */
	set_moved(f, 500, 10, 10);
	f->hist.moved[SLOW] = 0;
	f->hist.moved_temp[SLOW] = 0;
	make(f);
	assert_int_equal(f->st.caution, 0);
}

/* With 24 and the hysteresis only the always touched replace the never touched.
 */
static void caution_has_an_end(void **state)
{
	struct fixture *f = *state;
	unsigned int i;

	f->hist.pages[FAST][0] = 1000;
	f->hist.pages[SLOW][30] = 1000;
	set_moved(f, 500, 10, 10);
	for (i = 0; i < 40; i++) {
		assert_int_equal(make(f)->promote, 1000);
		assert_true(f->st.caution <= 24);
	}
	assert_int_equal(f->st.caution, 24);
}

/* Three quarters of what they promised. */
static void moves_must_keep_most_of_their_promise(void **state)
{
	struct fixture *f = *state;

	promise_ten(f);
	f->st.caution = 3;
	set_moved(f, 500, 17, 10);
	make(f);
	assert_int_equal(f->st.caution, 3);
	set_moved(f, 500, 18, 10);
	make(f);
	assert_int_equal(f->st.caution, 2);
}

/* Pairs that were judged are not held against the next ones. */
static void each_promise_is_judged_once(void **state)
{
	struct fixture *f = *state;

	promise_ten(f);
	set_moved(f, 500, 20, 5);
	make(f);
	assert_int_equal(f->st.caution, 0);
	set_moved(f, 500, 10, 10);
	make(f);
	assert_int_equal(f->st.caution, 5);
}

/* Only windows that follow each other count as quiet. */
static void pairs_end_a_quiet_time(void **state)
{
	struct fixture *f = *state;
	int i, k;

	f->st.caution = 3;
	for (k = 0; k < 3; k++) {
		f->hist = (struct vtmm_hist){0};
		for (i = 0; i < 7; i++)
			make(f);
		f->hist.pages[FAST][0] = 1000;
		f->hist.pages[SLOW][30] = 100;
		assert_int_equal(make(f)->promote, 100);
	}
	assert_int_equal(f->st.caution, 3);
	f->hist = (struct vtmm_hist){0};
	for (i = 0; i < 8; i++)
		make(f);
	assert_int_equal(f->st.caution, 2);
}

static void moves_that_keep_their_promise_take_caution_back(void **state)
{
	struct fixture *f = *state;
	unsigned int i;

	f->st.caution = 6;
	f->hist.pages[FAST][0] = 1000;
	f->hist.pages[SLOW][30] = 1000;
	f->hist.moved[FAST] = 500;
	f->hist.moved[SLOW] = 500;
	f->hist.moved_temp[FAST] = 500 * 30;
	for (i = 0; i < 8; i++)
		make(f);
	assert_int_equal(f->st.caution, 0);
	/* and so does time, in which nothing moved */
	f->st.caution = 2;
	f->hist = (struct vtmm_hist){0};
	for (i = 0; i < 16; i++)
		make(f);
	assert_int_equal(f->st.caution, 0);
}

static void demand_ends_where_cold_begins(void **state)
{
	struct fixture *f = *state;

	/* all were accessed, but only some are hot */
	f->hist.pages[SLOW][1] = 5000;
	f->hist.pages[SLOW][3] = 4000;
	f->hist.pages[SLOW][28] = 500;
	f->hist.pages[FAST][30] = 500;
	make(f);
	assert_int_equal(f->plan.hot_temp, 1);
	assert_int_equal(f->plan.hot, 10000);
	assert_int_equal(f->plan.demand, 1000);
	/* never more than what is hot */
	f->hist = (struct vtmm_hist){0};
	f->hist.pages[SLOW][0] = 10000;
	f->hist.pages[SLOW][25] = 500;
	f->hist.pages[SLOW][30] = 600;
	f->pp.hot_permille = 500;
	make(f);
	assert_int_equal(f->plan.hot, 600);
	assert_int_equal(f->plan.demand, 600);
	/* all alike: all are wanted */
	f->hist = (struct vtmm_hist){0};
	f->hist.pages[SLOW][10] = 700;
	assert_int_equal(make(f)->demand, 700);
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
		TEST(a_plan_of_just_the_floor_moves),
		TEST(a_new_phase_ends_the_skipping),
		TEST(rate_limit_bounds_both_directions_together),
		TEST(nothing_to_do_has_a_reason),
		TEST(dry_run_remembers_nothing),
		TEST(sleeping_pages_are_woken_when_hot_ones_wait),
		TEST(waiting_to_wake_ends_when_all_have_room),
		TEST(a_few_more_hot_pages_are_no_new_phase),
		TEST(a_little_less_demand_is_no_answer),
		TEST(pages_are_woken_for_others_too),
		TEST(caution_delays_only_pairs),
		TEST(moves_that_gain_nothing_make_it_cautious),
		TEST(half_of_what_misled_is_asked_for_at_once),
		TEST(moves_that_lose_make_it_cautious),
		TEST(of_a_few_moves_nothing_is_learnt),
		TEST(caution_has_an_end),
		TEST(moves_must_keep_most_of_their_promise),
		TEST(each_promise_is_judged_once),
		TEST(pairs_end_a_quiet_time),
		TEST(moves_that_keep_their_promise_take_caution_back),
		TEST(demand_ends_where_cold_begins),
		TEST(every_reason_has_a_sentence),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
