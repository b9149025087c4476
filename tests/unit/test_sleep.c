// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of where pages sleep and until when: whatever happens to their tables
 * and to the map above them, a page that is due is found, at once.
 */
#include "unit.h"

#define CHUNK 512ull
#define PAGE 0x12345ull
#define FAR (1ull << 33)
#define END (~0ull)
#define READ VTMM_ACC_READ
#define HUGE VTMM_ACC_HUGE
#define SLEPT VTMM_ACC_SLEPT

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

/*
 * Touched in every round to 21 a page has risen to level 5 and is due in 37;
 * touched to 75 it has risen to level 7 and is due in 135.
 */
static void hot_until(struct fixture *f, u64 gfn, u32 last, u8 flags)
{
	u32 round;

	for (round = 1; round <= last; round++)
		unit_see(&f->h, round, gfn, READ | flags);
}

/* Two of them side by side. */
static void both_hot(struct fixture *f, u8 flags_far)
{
	u32 round;

	for (round = 1; round <= 75; round++) {
		unit_see(&f->h, round, PAGE, READ);
		unit_see(&f->h, round, FAR, READ | flags_far);
	}
}

static void assert_due_from(struct fixture *f, u64 gfn, u32 round)
{
	assert_false(vtmm_heat_any_due(&f->h, gfn, 1, round - 1));
	assert_true(vtmm_heat_any_due(&f->h, gfn, 1, round));
	assert_true(vtmm_heat_any_due(&f->h, 0, END, round));
	assert_true(vtmm_heat_due(&f->h, gfn, round));
}

static void a_page_due_before_its_neighbours_is_found(void **state)
{
	struct fixture *f = *state;

	hot_until(f, PAGE, 21, 0);
	/* who looks through the map finds that nobody is due before 37 */
	assert_false(vtmm_heat_any_due(&f->h, 0, END, 23));
	assert_true(unit_see(&f->h, 24, PAGE + 1, READ));
	assert_false(unit_see(&f->h, 25, PAGE + 1, READ)); /* level 1 */
	assert_due_from(f, PAGE + 1, 26);
}

static void a_page_passed_over_goes_on_to_be_due(void **state)
{
	struct fixture *f = *state;

	hot_until(f, PAGE, 2, 0);
	unit_note(&f->h, 3, PAGE, SLEPT, SLOW);
	assert_true(vtmm_heat_due(&f->h, PAGE, 4));
	unit_note(&f->h, 4, PAGE + 1, 0, SLOW);
	assert_true(vtmm_heat_any_due(&f->h, PAGE, 1, 5));
}

static void asked_of_a_round_gone_by_it_answers_for_now(void **state)
{
	struct fixture *f = *state;

	hot_until(f, PAGE, 30, 0);
	assert_false(vtmm_heat_due(&f->h, PAGE, 20));
	assert_false(vtmm_heat_due(&f->h, PAGE, 1));
	unit_note(&f->h, 37, PAGE + 1, READ, SLOW);
	assert_true(vtmm_heat_due(&f->h, PAGE, 20));
}

static void a_huge_page_is_found_though_its_table_aged(void **state)
{
	struct fixture *f = *state;

	hot_until(f, 0, 21, HUGE);
	unit_note(&f->h, 30, 0, HUGE | SLEPT, SLOW);
	assert_due_from(f, 400, 37);
}

static void a_split_that_fails_leaves_the_huge_page_asleep(void **state)
{
	struct fixture *f = *state;

	hot_until(f, 0, 21, HUGE);
	f->mem.fail_all = true;
	assert_int_equal(unit_note(&f->h, 30, 5, READ, SLOW), -ENOMEM);
	assert_true(vtmm_heat_is_huge(&f->h, 5));
	assert_int_equal(vtmm_heat_temperature(&f->h, 5, 36), 10);
	assert_due_from(f, 5, 37);
}

/* One leaf maps the chunk now; the record that it inherits sleeps. */
static void a_merge_takes_sleep_along(void **state)
{
	struct fixture *f = *state;

	hot_until(f, 5, 21, 0);
	unit_note(&f->h, 30, 0, HUGE | SLEPT, SLOW);
	assert_true(vtmm_heat_is_huge(&f->h, 5));
	assert_due_from(f, 5, 37);
}

static void pages_far_apart_are_found_each_in_its_time(void **state)
{
	struct fixture *f = *state;
	u32 round;

	for (round = 1; round <= 75; round++) {
		if (round <= 21)
			unit_see(&f->h, round, PAGE, READ);
		unit_see(&f->h, round, FAR, READ);
	}
	assert_false(vtmm_heat_any_due(&f->h, FAR, ~0ull, 76));
	assert_true(vtmm_heat_any_due(&f->h, 0, END, 76)); /* PAGE, since 37 */
	assert_true(unit_see(&f->h, 76, PAGE, READ));
	unit_note(&f->h, 77, PAGE + 1, 0, SLOW);
	/* these look through the whole map and find nobody */
	assert_false(vtmm_heat_any_due(&f->h, 0, END, 78));
	assert_false(vtmm_heat_any_due(&f->h, 0, END, 134));
	assert_due_from(f, FAR, 135);
}

static void the_last_part_of_a_range_is_asked_too(void **state)
{
	struct fixture *f = *state;

	hot_until(f, 3 * CHUNK + 5, 21, 0);
	assert_true(vtmm_heat_any_due(&f->h, 0, 3 * CHUNK + 6, 37));
	assert_true(vtmm_heat_any_due(&f->h, 3 * CHUNK + 5, 1, 37));
	assert_false(vtmm_heat_any_due(&f->h, 0, 3 * CHUNK, 37));
	assert_false(vtmm_heat_any_due(&f->h, 0, 0, 37));
}

/* Who has looked through the map meanwhile knows of nobody due before 135. */
static void woken_pages_are_found_from_the_top(void **state)
{
	struct fixture *f = *state;

	both_hot(f, 0);
	assert_false(vtmm_heat_any_due(&f->h, 0, END, 100));
	vtmm_heat_wake(&f->h, 100);
	assert_due_from(f, PAGE, 101);
	assert_due_from(f, FAR, 101);
}

static void a_wake_up_puts_nobody_off(void **state)
{
	struct fixture *f = *state;

	hot_until(f, PAGE, 21, 0);
	unit_note(&f->h, 38, FAR, READ, SLOW);
	vtmm_heat_wake(&f->h, 38);
	assert_true(vtmm_heat_any_due(&f->h, PAGE, 1, 38));
}

static void unmapped_pages_have_slept_until_now(void **state)
{
	struct fixture *f = *state;

	hot_until(f, PAGE, 75, 0);
	unit_note(&f->h, 80, FAR, READ, SLOW);
	vtmm_heat_unmap(&f->h, PAGE, 1);
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 80), 10);
	assert_int_equal(vtmm_heat_temperature(&f->h, PAGE, 85), 5);
}

static void unmapped_huge_pages_sleep_no_longer(void **state)
{
	struct fixture *f = *state;

	hot_until(f, 0, 75, HUGE);
	vtmm_heat_unmap(&f->h, 7, 1);
	assert_int_equal(vtmm_heat_temperature(&f->h, 7, 80), 5);
	assert_int_equal(vtmm_heat_temperature(&f->h, 7, 85), 0);
}

static void moved_huge_pages_begin_anew(void **state)
{
	struct fixture *f = *state;

	hot_until(f, 0, 75, HUGE);
	vtmm_heat_moved(&f->h, 0, FAST, 75);
	assert_int_equal(vtmm_heat_temperature(&f->h, 0, 80), 5);
	unit_see(&f->h, 81, 0, READ | HUGE);
	assert_int_equal(vtmm_heat_temperature(&f->h, 0, 91), 0);
}

/* Nothing was seen of the chunk meanwhile, for it sleeps: that is not cold. */
static void sleeping_pages_count_as_hot_in_a_histogram(void **state)
{
	struct fixture *f = *state;
	struct vtmm_hist hist;
	u32 round;

	both_hot(f, HUGE);
	for (round = 75; round <= 135; round++) {
		vtmm_heat_histogram(&f->h, round, &hist);
		assert_int_equal(hist.pages[SLOW][10], 513);
	}
	vtmm_heat_histogram(&f->h, 140, &hist);
	assert_int_equal(hist.pages[SLOW][5], 513);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_page_due_before_its_neighbours_is_found),
		TEST(a_page_passed_over_goes_on_to_be_due),
		TEST(asked_of_a_round_gone_by_it_answers_for_now),
		TEST(a_huge_page_is_found_though_its_table_aged),
		TEST(a_split_that_fails_leaves_the_huge_page_asleep),
		TEST(a_merge_takes_sleep_along),
		TEST(pages_far_apart_are_found_each_in_its_time),
		TEST(the_last_part_of_a_range_is_asked_too),
		TEST(woken_pages_are_found_from_the_top),
		TEST(a_wake_up_puts_nobody_off),
		TEST(unmapped_pages_have_slept_until_now),
		TEST(unmapped_huge_pages_sleep_no_longer),
		TEST(moved_huge_pages_begin_anew),
		TEST(sleeping_pages_count_as_hot_in_a_histogram),
	};

	return cmocka_run_group_tests_name("sleep", tests, NULL, NULL);
}
