// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the multi-level queue: single pages on their way through the
 * levels, and when the tracker is told to re-arm them.
 */
#include "unit.h"

#define PAGE 0x12345ull

struct fixture {
	struct unit_mem mem;
	struct vtmm_heat h;
};

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){0};
	unit_heat(&f.h, &f.mem, true);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	vtmm_heat_exit(&f->h);
	return f->mem.bytes != 0;
}

/* Touches the page in every round from..to; counts how often it was re-armed.
 */
static u32 run_hot(struct vtmm_heat *h, u32 from, u32 to, u32 *first)
{
	u32 n = 0;

	for (; from <= to; from++) {
		if (!unit_see(h, from, PAGE, VTMM_ACC_READ))
			continue;
		if (!n++)
			*first = from;
	}
	return n;
}

static void hot_page_rises_level_by_level(void **state)
{
	struct fixture *f = *state;
	/* re-armed at t_c + 2^(L-1); risen one round later */
	static const u32 due[] = {1, 3, 6, 11, 20, 37, 70, 135, 200, 265};
	u32 round, i = 0;

	for (round = 1; round <= 265; round++) {
		bool rearm = unit_see(&f->h, round, PAGE, VTMM_ACC_READ);

		assert_int_equal(rearm, round == due[i]);
		i += rearm;
	}
}

static void steady_page_is_rearmed_every_64th_round_at_most(void **state)
{
	struct fixture *f = *state;
	u32 first = 0, again = 0;

	run_hot(&f->h, 1, 200, &first);
	assert_int_equal(run_hot(&f->h, 201, 10000, &first), 150);
	assert_int_equal(run_hot(&f->h, 10001, 10065, &first), 1);
	assert_int_equal(run_hot(&f->h, 10066, 10130, &again), 1);
	assert_true(again - first >= 64);
}

static void page_touched_late_falls_one_level(void **state)
{
	struct fixture *f = *state;
	u32 first;

	/* at round 21 it rises to level 5, due in 37, and is re-armed there */
	run_hot(&f->h, 1, 37, &first);
	assert_true(unit_see(&f->h, 37, PAGE, VTMM_ACC_READ));
	/* not touched in 38: in 40 it falls to level 4, due in 48 */
	assert_false(unit_see(&f->h, 40, PAGE, VTMM_ACC_READ));
	assert_false(vtmm_heat_due(&f->h, PAGE, 47));
	assert_true(vtmm_heat_due(&f->h, PAGE, 48));
}

/* A tracker that does not say otherwise has left alone what was not due. */
static void page_touched_late_sleeps_at_once(void **state)
{
	struct fixture *f = *state;
	u32 first;

	run_hot(&f->h, 1, 37, &first);
	unit_note(&f->h, 40, PAGE, VTMM_ACC_READ, SLOW); /* level 4 */
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 48), 9);
	assert_true(vtmm_heat_any_due(&f->h, PAGE, 1, 48));
}

static void page_that_falls_to_level_0_is_rearmed_at_once(void **state)
{
	struct fixture *f = *state;

	assert_true(unit_see(&f->h, 1, PAGE, VTMM_ACC_READ));
	assert_false(unit_see(&f->h, 2, PAGE, VTMM_ACC_READ)); /* level 1 */
	assert_true(unit_see(&f->h, 3, PAGE, VTMM_ACC_READ));
	assert_true(unit_see(&f->h, 9, PAGE, VTMM_ACC_READ));	/* level 0 */
	assert_false(unit_see(&f->h, 10, PAGE, VTMM_ACC_READ)); /* level 1 */
}

static void rare_page_is_always_due(void **state)
{
	struct fixture *f = *state;
	u32 round;

	for (round = 1; round < 1000; round += 7)
		assert_true(unit_see(&f->h, round, PAGE, VTMM_ACC_READ));
}

static void page_that_could_not_be_rearmed_stays_due(void **state)
{
	struct fixture *f = *state;

	unit_see(&f->h, 1, PAGE, VTMM_ACC_READ);
	unit_see(&f->h, 2, PAGE, VTMM_ACC_READ);
	assert_true(vtmm_heat_due(&f->h, PAGE, 3));
	unit_note(&f->h, 3, PAGE, VTMM_ACC_READ | VTMM_ACC_SLEPT, SLOW);
	assert_true(vtmm_heat_due(&f->h, PAGE, 4));
	unit_see(&f->h, 4, PAGE, VTMM_ACC_READ);
	/* touched right after the late re-arming: level 2, due in 7 */
	assert_false(unit_see(&f->h, 5, PAGE, VTMM_ACC_READ));
	assert_false(vtmm_heat_due(&f->h, PAGE, 6));
	assert_true(vtmm_heat_due(&f->h, PAGE, 7));
}

/* Reclaim clears accessed bits too: nobody must wait for such a page. */
static void page_whose_bits_others_cleared_is_armed(void **state)
{
	struct fixture *f = *state;

	unit_see(&f->h, 1, PAGE, VTMM_ACC_READ);
	unit_see(&f->h, 2, PAGE, VTMM_ACC_READ);
	assert_true(vtmm_heat_any_due(&f->h, PAGE, 1, 3));
	unit_note(&f->h, 3, PAGE, 0, SLOW);
	unit_note(&f->h, 4, PAGE + 1, 0, SLOW);
	assert_false(vtmm_heat_any_due(&f->h, PAGE, 1, 5));
	/* touched, but not right after: level 0, re-armed at once */
	assert_true(unit_see(&f->h, 5, PAGE, VTMM_ACC_READ));
	assert_false(unit_see(&f->h, 6, PAGE, VTMM_ACC_READ));
}

static void a_visit_that_finds_nothing_is_no_touch(void **state)
{
	struct fixture *f = *state;

	assert_true(unit_see(&f->h, 1, PAGE, VTMM_ACC_READ));
	unit_note(&f->h, 5, PAGE, 0, SLOW);
	/* not touched right after it was touched: it rises no level */
	assert_true(unit_see(&f->h, 6, PAGE, VTMM_ACC_READ));
	assert_false(unit_see(&f->h, 7, PAGE, VTMM_ACC_READ));
}

static void phase_does_not_wrap(void **state)
{
	struct fixture *f = *state;
	u32 gap;

	for (gap = 2; gap < 400; gap++) {
		u64 gfn = gap * 1000;
		u32 round = f->h.now + 1;

		assert_true(unit_see(&f->h, round, gfn, VTMM_ACC_READ));
		/* first seen again much later: it is not "right after" */
		assert_true(unit_see(&f->h, round + gap, gfn, VTMM_ACC_READ));
	}
}

static void rounds_may_wrap(void **state)
{
	struct fixture *f = *state;
	u32 round = 0u - 40, i, n = 0;

	f->h.now = round - 1;
	for (i = 0; i < 400; i++)
		n += unit_see(&f->h, round + i, PAGE, VTMM_ACC_READ);
	assert_int_equal(n, 12);
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, round + i - 1), 10);
}

static void queue_off_rearms_every_round(void **state)
{
	struct fixture *f = *state;
	u32 round;

	f->h.params.queue = false;
	for (round = 1; round < 100; round++) {
		assert_true(unit_see(&f->h, round, PAGE, VTMM_ACC_READ));
		assert_false(vtmm_heat_any_due(&f->h, 0, ~0ull, round));
	}
}

static void any_due_says_when_to_look(void **state)
{
	struct fixture *f = *state;
	u32 first;

	run_hot(&f->h, 1, 21, &first); /* level 5, due in 37 */
	assert_false(vtmm_heat_any_due(&f->h, 0, ~0ull, 36));
	assert_true(vtmm_heat_any_due(&f->h, 0, ~0ull, 37));
	assert_true(vtmm_heat_any_due(&f->h, PAGE & ~511ull, 512, 37));
	assert_false(vtmm_heat_any_due(&f->h, 0, PAGE & ~511ull, 37));
	assert_false(vtmm_heat_any_due(&f->h, PAGE + 512, ~0ull, 37));
	assert_true(unit_see(&f->h, 37, PAGE, VTMM_ACC_READ));
	/* awake now, and its table shifted once more: nothing to look for */
	unit_note(&f->h, 38, PAGE ^ 1, 0, SLOW);
	assert_false(vtmm_heat_any_due(&f->h, 0, ~0ull, 100));
}

static void sleep_counts_as_accessed_until_due(void **state)
{
	struct fixture *f = *state;
	u32 first;

	run_hot(&f->h, 1, 71, &first); /* level 7, due in 135 */
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 135), 10);
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 140), 5);
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 145), 0);
}

static void sleep_counts_with_the_kind_last_seen(void **state)
{
	struct fixture *f = *state;
	u32 first;

	run_hot(&f->h, 1, 71, &first);
	unit_see(&f->h, 80, PAGE, VTMM_ACC_WRITE);
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 80), 12);
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 95), 30);
}

static void woken_page_must_prove_itself(void **state)
{
	struct fixture *f = *state;
	u32 first;

	run_hot(&f->h, 1, 75, &first);
	vtmm_heat_wake(&f->h, 75);
	assert_false(vtmm_heat_due(&f->h, PAGE, 75));
	unit_note(&f->h, 75, PAGE, VTMM_ACC_READ | VTMM_ACC_SLEPT, SLOW);
	assert_false(vtmm_heat_any_due(&f->h, 0, ~0ull, 75));
	assert_true(vtmm_heat_any_due(&f->h, 0, ~0ull, 76));
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 85), 0);
	/* it does: re-armed, and touched again */
	assert_true(unit_see(&f->h, 76, PAGE, VTMM_ACC_READ));
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 76), 10);
	assert_false(unit_see(&f->h, 77, PAGE, VTMM_ACC_READ));
	/* it begins anew: level 1 now, due in 78 */
	assert_true(unit_see(&f->h, 78, PAGE, VTMM_ACC_READ));
	assert_false(unit_see(&f->h, 79, PAGE, VTMM_ACC_READ));
	assert_false(vtmm_heat_due(&f->h, PAGE, 80));
	assert_true(vtmm_heat_due(&f->h, PAGE, 81));
}

static void unmapped_page_does_not_sleep(void **state)
{
	struct fixture *f = *state;
	u32 first;

	run_hot(&f->h, 1, 75, &first);
	vtmm_heat_unmap(&f->h, PAGE, 1);
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 80), 5);
	assert_int_equal(vtmm_heat_tier(&f->h, PAGE), -ENOENT);
	/* touched, so mapped again: back to sleep until it is due */
	assert_false(unit_see(&f->h, 81, PAGE, VTMM_ACC_READ));
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 90), 10);
}

static void moved_page_begins_anew(void **state)
{
	struct fixture *f = *state;
	u32 first;

	run_hot(&f->h, 1, 75, &first);
	vtmm_heat_moved(&f->h, PAGE, 1, 75);
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 75), 10);
	/* one touch, and none after it: it does not claim to be hot */
	unit_see(&f->h, 76, PAGE, VTMM_ACC_READ);
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 84), 2);
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 90), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(hot_page_rises_level_by_level),
		TEST(steady_page_is_rearmed_every_64th_round_at_most),
		TEST(page_touched_late_falls_one_level),
		TEST(page_touched_late_sleeps_at_once),
		TEST(page_that_falls_to_level_0_is_rearmed_at_once),
		TEST(rare_page_is_always_due),
		TEST(page_that_could_not_be_rearmed_stays_due),
		TEST(page_whose_bits_others_cleared_is_armed),
		TEST(a_visit_that_finds_nothing_is_no_touch),
		TEST(phase_does_not_wrap),
		TEST(rounds_may_wrap),
		TEST(queue_off_rearms_every_round),
		TEST(any_due_says_when_to_look),
		TEST(sleep_counts_as_accessed_until_due),
		TEST(sleep_counts_with_the_kind_last_seen),
		TEST(woken_page_must_prove_itself),
		TEST(unmapped_page_does_not_sleep),
		TEST(moved_page_begins_anew),
	};

	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
