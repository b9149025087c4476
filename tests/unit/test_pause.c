// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of pauses: whom they are of, how they begin and end, and what is learnt
 * of pages that moved.
 */
#include "unit.h"

#define CHUNK 512ull
#define MAX 2048
#define READ VTMM_ACC_READ
#define HUGE_READ (VTMM_ACC_READ | VTMM_ACC_HUGE)

struct fixture {
	struct unit_mem mem;
	struct vtmm_heat h;
	struct vtmm_plan_params pp;
	struct vtmm_move out[MAX];
};

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){.pp = {900, 2, 20, 0, 3, 10}};
	unit_heat(&f.h, &f.mem, false);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(f->h.bytes, f->mem.bytes);
	vtmm_heat_exit(&f->h);
	return f->mem.bytes != 0;
}

/* All that a plan to empty fast memory would take now; returns how many. */
static size_t leave(struct fixture *f, u32 round)
{
	struct vtmm_plan plan = {
		.round = round, .demote = MAX, .demote_temp = VTMM_TEMP_MAX};

	return vtmm_plan_pick(&f->pp, &f->h, &plan, SLOW, f->out, MAX);
}

/* May the page leave fast memory now? */
static bool free_to_go(struct fixture *f, u64 gfn, u32 round)
{
	size_t n = leave(f, round), i;

	for (i = 0; i < n; i++)
		if (f->out[i].gfn == gfn)
			return true;
	return false;
}

static void only_the_page_that_moved_cools_down(void **state)
{
	struct fixture *f = *state;
	u64 gfn;

	for (gfn = 0; gfn < 8; gfn++)
		unit_note(&f->h, 20, gfn, READ, gfn == 5 ? SLOW : FAST);
	vtmm_heat_moved(&f->h, 5, FAST, 20);
	for (gfn = 0; gfn < 8; gfn++)
		assert_int_equal(free_to_go(f, gfn, 30), gfn != 5);
}

/* A leaf that moved as a whole is gone: its parts are like each other. */
static void parts_of_a_huge_page_begin_without_its_pause(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 20, 0, HUGE_READ, SLOW);
	vtmm_heat_moved(&f->h, 0, FAST, 20);
	assert_int_equal(leave(f, 21), 0);
	unit_note(&f->h, 21, 9, READ, FAST);
	assert_int_equal(leave(f, 22), 512);
	assert_true(free_to_go(f, 0, 22));
}

/* Nor does the pause of its first page make a whole chunk wait. */
static void a_huge_page_begins_without_the_pause_of_a_part(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 20, 0, READ, SLOW);
	unit_note(&f->h, 20, 1, READ, FAST);
	vtmm_heat_moved(&f->h, 0, FAST, 20);
	assert_int_equal(leave(f, 21), 1);
	unit_note(&f->h, 21, 0, HUGE_READ, FAST);
	assert_true(free_to_go(f, 0, 22));
}

static void a_page_that_comes_anew_does_not_inherit_a_pause(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 20, 5, READ, FAST);
	unit_note(&f->h, 20, 6, READ, FAST);
	vtmm_heat_failed(&f->h, 5, 20);
	vtmm_heat_failed(&f->h, 6, 20);
	assert_int_equal(leave(f, 21), 0);
	vtmm_heat_forget(&f->h, 5, 1);
	unit_note(&f->h, 21, 5, READ, FAST);
	assert_true(free_to_go(f, 5, 22));
	assert_false(free_to_go(f, 6, 22));
}

static void a_back_off_begins_when_the_page_failed(void **state)
{
	struct fixture *f = *state;
	u32 round;

	unit_note(&f->h, 20, 5, READ, FAST);
	vtmm_heat_failed(&f->h, 5, 40);
	for (round = 40; round < 70; round++)
		assert_int_equal(free_to_go(f, 5, round), round >= 56);
}

/* Remembered for twice the back-off: 16 and 32 rounds, then 32 and 64. */
static void failures_are_forgotten_when_the_page_was_left_alone(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 20, 5, READ, FAST);
	vtmm_heat_failed(&f->h, 5, 20);
	vtmm_heat_failed(&f->h, 5, 20 + 31);
	assert_false(free_to_go(f, 5, 51 + 31));
	assert_true(free_to_go(f, 5, 51 + 32));
	vtmm_heat_failed(&f->h, 5, 51 + 64);
	assert_false(free_to_go(f, 5, 115 + 15));
	assert_true(free_to_go(f, 5, 115 + 16));
}

/* After the eighth failure: twice 2048 rounds, less the one that a note lacks.
 */
static void the_longest_back_off_is_remembered_as_long_as_it_can(void **state)
{
	struct fixture *f = *state;
	u32 round = 100, i;

	unit_note(&f->h, round, 5, READ, FAST);
	for (i = 0; i < 8; i++)
		vtmm_heat_failed(&f->h, 5, round);
	round += 4094;
	vtmm_heat_failed(&f->h, 5, round);
	assert_false(free_to_go(f, 5, round + 2047));
	assert_true(free_to_go(f, 5, round + 2048));
	round += 4095;
	vtmm_heat_failed(&f->h, 5, round);
	assert_false(free_to_go(f, 5, round + 15));
	assert_true(free_to_go(f, 5, round + 16));
}

static void without_memory_a_chunk_rests_for_the_cool_down_only(void **state)
{
	struct fixture *f = *state;
	u32 round;

	unit_note(&f->h, 20, 0, HUGE_READ, SLOW);
	f->mem.fail_all = true;
	vtmm_heat_moved(&f->h, 0, FAST, 20);
	for (round = 20; round < 700; round += 5)
		assert_int_equal(free_to_go(f, 0, round), round >= 40);
}

/* However cautious: what is remembered no longer could not be kept to anyway.
 */
static void no_move_is_paused_for_more_than_255_rounds(void **state)
{
	struct fixture *f = *state;
	struct vtmm_plan plan = {
		.demote = MAX, .demote_temp = VTMM_TEMP_MAX, .caution = 24};
	u32 round;
	size_t n;

	f->pp.cooldown = 200;
	unit_note(&f->h, 20, 5, READ, SLOW);
	unit_note(&f->h, 20, CHUNK, READ, SLOW);
	vtmm_heat_moved(&f->h, 5, FAST, 20);
	vtmm_heat_moved(&f->h, CHUNK, FAST, 20);
	for (round = 21; round < 320; round++) {
		unit_note(&f->h, round, CHUNK, READ, FAST);
		plan.round = round;
		n = vtmm_plan_pick(&f->pp, &f->h, &plan, SLOW, f->out, MAX);
		assert_int_equal(n, round < 20 + 255 ? 0 : 2);
	}
}

/* What a pause takes is given back when all have run out. */
static void pauses_cost_nothing_when_they_are_over(void **state)
{
	struct fixture *f = *state;
	u64 before;

	unit_note(&f->h, 20, 5, READ, SLOW);
	unit_note(&f->h, 20, 6, READ, SLOW);
	before = f->mem.bytes;
	vtmm_heat_moved(&f->h, 5, FAST, 20);
	vtmm_heat_failed(&f->h, 6, 30);
	assert_true(f->mem.bytes > before);
	unit_note(&f->h, 60, 7, READ, SLOW);
	assert_true(f->mem.bytes > before);
	unit_note(&f->h, 20 + 257, 7, READ, SLOW);
	assert_int_equal(f->mem.bytes, before);
}

/* Leaves that a histogram as of @round says moved to fast memory. */
static u64 told(struct fixture *f, u32 round)
{
	struct vtmm_hist hist;

	vtmm_heat_histogram(&f->h, round, &hist);
	assert_int_equal(hist.moved[SLOW], 0);
	return hist.moved[FAST];
}

/* Between 8 and 17 rounds ago, for the move may come two after its plan. */
static void moves_are_judged_when_a_window_has_passed(void **state)
{
	struct fixture *f = *state;
	u32 age;

	unit_note(&f->h, 20, 5, READ, SLOW);
	unit_note(&f->h, 20, 7 * CHUNK, HUGE_READ, SLOW);
	vtmm_heat_moved(&f->h, 5, FAST, 20);
	vtmm_heat_moved(&f->h, 7 * CHUNK, FAST, 20);
	for (age = 0; age < 60; age++)
		assert_int_equal(told(f, 20 + age),
				 age >= 8 && age <= 17 ? 2 : 0);
}

/* By the temperatures of all that came, summed. */
static void each_move_tells_what_it_was_worth(void **state)
{
	struct fixture *f = *state;
	struct vtmm_hist hist;
	u32 round;

	unit_note(&f->h, 20, 5, READ, SLOW);
	unit_note(&f->h, 20, 6, READ, SLOW);
	vtmm_heat_moved(&f->h, 5, FAST, 20);
	vtmm_heat_moved(&f->h, 6, FAST, 20);
	for (round = 21; round <= 30; round++) {
		unit_note(&f->h, round, 5, READ, FAST);
		if (round % 2)
			unit_note(&f->h, round, 6, READ, FAST);
	}
	vtmm_heat_histogram(&f->h, 30, &hist);
	assert_int_equal(hist.moved[FAST], 2);
	assert_int_equal(hist.moved_temp[FAST], 10 + 5);
}

static void no_page_moves_to_where_there_is_no_tier(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 20, 5, READ, FAST);
	vtmm_heat_moved(&f->h, 5, VTMM_NR_TIERS, 20);
	assert_int_equal(vtmm_heat_tier(&f->h, 5), FAST);
	assert_int_equal(f->h.in_tier[FAST], 1);
	assert_true(free_to_go(f, 5, 21));
}

static void pages_that_could_not_move_are_not_judged(void **state)
{
	struct fixture *f = *state;
	u32 age;

	unit_note(&f->h, 20, 5, READ, FAST);
	unit_note(&f->h, 20, 6, READ, FAST);
	vtmm_heat_failed(&f->h, 5, 20);
	vtmm_heat_postponed(&f->h, 6, 20);
	for (age = 0; age < 60; age++)
		assert_int_equal(told(f, 20 + age), 0);
}

static void pages_that_moved_and_are_gone_are_not_judged(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 20, 5, READ, SLOW);
	vtmm_heat_moved(&f->h, 5, FAST, 20);
	assert_int_equal(told(f, 30), 1);
	vtmm_heat_unmap(&f->h, 5, 1);
	assert_int_equal(told(f, 30), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(only_the_page_that_moved_cools_down),
		TEST(parts_of_a_huge_page_begin_without_its_pause),
		TEST(a_huge_page_begins_without_the_pause_of_a_part),
		TEST(a_page_that_comes_anew_does_not_inherit_a_pause),
		TEST(a_back_off_begins_when_the_page_failed),
		TEST(failures_are_forgotten_when_the_page_was_left_alone),
		TEST(the_longest_back_off_is_remembered_as_long_as_it_can),
		TEST(without_memory_a_chunk_rests_for_the_cool_down_only),
		TEST(no_move_is_paused_for_more_than_255_rounds),
		TEST(pauses_cost_nothing_when_they_are_over),
		TEST(moves_are_judged_when_a_window_has_passed),
		TEST(each_move_tells_what_it_was_worth),
		TEST(no_page_moves_to_where_there_is_no_tier),
		TEST(pages_that_could_not_move_are_not_judged),
		TEST(pages_that_moved_and_are_gone_are_not_judged),
	};

	return cmocka_run_group_tests_name("pause", tests, NULL, NULL);
}
