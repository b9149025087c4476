// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of plans whose pages change while they are picked: what is known of a
 * page now decides, no page moves twice, and what was not found is made up for.
 */
#include <string.h>

#include "unit.h"

#define CHUNK 512ull
#define MAX 64
#define MANY 9000u /* pages of a set, more than a band holds at least */
#define READ VTMM_ACC_READ
#define HUGE_READ (VTMM_ACC_READ | VTMM_ACC_HUGE)

struct fixture {
	struct unit_mem mem;
	struct vtmm_heat h;
	struct vtmm_plan_params pp;
	struct vtmm_plan plan;
	struct vtmm_pick pick;
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

	vtmm_heat_exit(&f->h);
	return f->mem.bytes != 0;
}

/* Begins to pick so many pages to a tier, whatever their temperature. */
static void begin(struct fixture *f, u8 tier, u64 pages, u32 round)
{
	f->plan = (struct vtmm_plan){.round = round,
				     .promote = pages,
				     .demote = pages,
				     .demote_temp = VTMM_TEMP_MAX};
	vtmm_pick_begin(&f->pp, &f->h, &f->plan, tier, ~0ull, &f->pick);
}

/* Some more of it. */
static size_t next(struct fixture *f, size_t max)
{
	return vtmm_pick_next(&f->pick, &f->h, f->out, max, ~0ull);
}

/* All the rest of it; no more than there is room for. */
static size_t rest(struct fixture *f)
{
	size_t n = 0;

	while (!f->pick.done && n < MAX)
		n += vtmm_pick_next(&f->pick, &f->h, f->out + n, MAX - n,
				    ~0ull);
	return n;
}

static void touch(struct fixture *f, u64 gfn, u32 from, u32 to, u8 tier)
{
	for (; from <= to; from++)
		unit_note(&f->h, from, gfn, READ, tier);
}

/* One page of three is unmapped after the plan, wherever the pass begins. */
static void no_page_is_picked_twice(void **state)
{
	struct fixture *f = *state;
	u64 gone, i;
	size_t n;

	for (gone = 0; gone < 3; gone++) {
		vtmm_heat_exit(&f->h);
		for (i = 0; i < 3; i++)
			unit_note(&f->h, 10 + gone, i * CHUNK, READ, SLOW);
		begin(f, FAST, 3, 10 + gone);
		vtmm_heat_unmap(&f->h, gone * CHUNK, 1);
		n = rest(f);
		assert_int_equal(n, 2);
		assert_true(f->out[0].gfn != f->out[1].gfn);
		for (i = 0; i < n; i++)
			assert_true(f->out[i].gfn != gone * CHUNK);
	}
}

/* The chunk in which the last call ended is no more; the others are whole. */
static void a_chunk_that_vanishes_takes_no_others_along(void **state)
{
	struct fixture *f = *state;
	u64 gfn;

	for (gfn = 0; gfn < 10; gfn++) {
		unit_note(&f->h, 10, gfn, READ, SLOW);
		unit_note(&f->h, 10, CHUNK + gfn, READ, SLOW);
	}
	begin(f, FAST, 20, 10);
	assert_int_equal(next(f, 5), 5);
	assert_true(f->pick.full);
	vtmm_heat_forget(&f->h, f->out[0].gfn & ~(CHUNK - 1), CHUNK);
	assert_int_equal(rest(f), 10);
}

/*
 * All were seen between the plan and the picking, and none is better for it.
 * The pass begins with the one chunk, then with the other.
 */
static void what_is_better_comes_before_what_was_seen_last(void **state)
{
	struct fixture *f = *state;
	u32 round, i;

	for (round = 10; round < 100; round += 9) {
		vtmm_heat_exit(&f->h);
		touch(f, 0, round - 5, round, SLOW);
		for (i = 0; i < 2; i++)
			unit_note(&f->h, round, CHUNK + i, READ, SLOW);
		unit_note(&f->h, round + 1, 0, 0, SLOW);
		unit_note(&f->h, round + 1, CHUNK, 0, SLOW);
		begin(f, FAST, 2, round);
		assert_int_equal(rest(f), 2);
		vtmm_pick_sort(&f->h, f->out, 2);
		assert_int_equal(f->out[0].gfn, 0);
	}
}

/* The place of a page that is gone goes to one that has become as good. */
static void a_page_seen_after_the_plan_takes_a_free_place(void **state)
{
	struct fixture *f = *state;

	u32 round;

	for (round = 1; round <= 9; round++) {
		unit_note(&f->h, round, 3, READ, SLOW);
		unit_note(&f->h, round, 5 * CHUNK, READ, SLOW);
	}
	unit_note(&f->h, 10, 3, READ, SLOW);
	unit_note(&f->h, 10, 5 * CHUNK + 1, 0, SLOW);
	begin(f, FAST, 1, 10);
	vtmm_heat_unmap(&f->h, 3, 1);
	unit_note(&f->h, 10, 5 * CHUNK, READ, SLOW);
	assert_int_equal(rest(f), 1);
	assert_int_equal(f->out[0].gfn, 5 * CHUNK);
}

/* Without a cool-down it may be sent on at once. */
static void a_page_that_moved_is_known_where_it_is_now(void **state)
{
	struct fixture *f = *state;

	f->pp.cooldown = 0;
	unit_note(&f->h, 10, 3, READ, SLOW);
	unit_note(&f->h, 10, 5 * CHUNK, READ, FAST);
	begin(f, SLOW, 1, 10);
	vtmm_heat_unmap(&f->h, 5 * CHUNK, 1);
	vtmm_heat_moved(&f->h, 3, FAST, 10);
	assert_int_equal(rest(f), 1);
	assert_int_equal(f->out[0].gfn, 3);
}

/* Chunks that are cold as a whole go in the order in which they were left. */
static void what_is_cold_for_longest_goes_first(void **state)
{
	struct fixture *f = *state;
	u32 round;

	unit_note(&f->h, 20, 0, READ, FAST);
	unit_note(&f->h, 40, CHUNK, READ, FAST);
	unit_note(&f->h, 70, 2 * CHUNK, READ, FAST);
	for (round = 100; round < 106; round++) {
		begin(f, SLOW, 2, round);
		/* what was noted of grains is not believed after that */
		unit_note(&f->h, round, 9 * CHUNK, 0, SLOW);
		assert_int_equal(rest(f), 2);
		vtmm_pick_sort(&f->h, f->out, 2);
		assert_int_equal(f->out[0].gfn, 0);
		assert_int_equal(f->out[1].gfn, CHUNK);
	}
}

/* A histogram that has counted a page which is gone is of no use. */
static void unmapped_pages_leave_no_gap_in_a_plan(void **state)
{
	struct fixture *f = *state;
	struct vtmm_hist hist;

	touch(f, 3, 9, 10, SLOW);
	unit_note(&f->h, 10, 4, READ, SLOW);
	vtmm_heat_histogram(&f->h, 10, &hist);
	vtmm_heat_unmap(&f->h, 3, 1);
	begin(f, FAST, 1, 10);
	assert_int_equal(rest(f), 1);
	assert_int_equal(f->out[0].gfn, 4);
}

static void an_unmapped_huge_page_is_no_candidate(void **state)
{
	struct fixture *f = *state;
	u32 round;

	for (round = 1; round <= 10; round++)
		unit_note(&f->h, round, 7 * CHUNK, HUGE_READ, SLOW);
	vtmm_heat_unmap(&f->h, 7 * CHUNK, CHUNK);
	unit_note(&f->h, 10, 4, READ, SLOW);
	begin(f, FAST, 600, 10);
	assert_int_equal(rest(f), 1);
	assert_int_equal(f->out[0].gfn, 4);
	begin(f, FAST, 1, 10);
	assert_int_equal(rest(f), 1);
}

/* The huge page is seen first, and would fit if nobody hotter were to come. */
static void a_huge_page_takes_no_place_of_hotter_ones(void **state)
{
	struct fixture *f = *state;
	u32 round, i;

	for (round = 20; round < 30; round++) {
		vtmm_heat_exit(&f->h);
		for (i = 0; i < 50; i++)
			touch(f, round % 2 * CHUNK + i, round, round, SLOW);
		for (i = 0; i < 50; i++)
			unit_note(&f->h, round + 1, round % 2 * CHUNK + i, READ,
				  SLOW);
		unit_note(&f->h, round + 1, !(round % 2) * CHUNK, HUGE_READ,
			  SLOW);
		begin(f, FAST, 550, round + 1);
		assert_int_equal(rest(f), 50);
		for (i = 0; i < 50; i++)
			assert_false(f->out[i].huge);
	}
}

/* All that is left of the plan, in pieces; returns how many pages moved. */
static u64 carry_out(struct fixture *f, u32 round)
{
	u64 moved = 0;
	size_t n, i;

	while (!f->pick.done) {
		n = next(f, MAX);
		for (i = 0; i < n; i++)
			vtmm_heat_moved(&f->h, f->out[i].gfn, FAST, round);
		moved += n;
	}
	return moved;
}

/*
 * A third of the better half is not touched again after the plan, and so worse
 * than was counted. As many pages move as were planned all the same.
 */
static void what_has_cooled_is_made_up_for(void **state)
{
	struct fixture *f = *state;
	u32 round, gfn;

	for (round = 1; round <= 10; round++)
		for (gfn = 0; gfn < 3 * MANY; gfn++)
			if (gfn < MANY || round > 5)
				unit_note(&f->h, round, gfn, READ, SLOW);
	begin(f, FAST, 2 * MANY, 10);
	for (round = 11; round <= 14; round++)
		for (gfn = 0; gfn < 3 * MANY; gfn++)
			if (gfn % 3 || gfn >= MANY)
				unit_note(&f->h, round, gfn, READ, SLOW);
	assert_int_equal(carry_out(f, 14), 2 * MANY);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(no_page_is_picked_twice),
		TEST(a_chunk_that_vanishes_takes_no_others_along),
		TEST(what_is_better_comes_before_what_was_seen_last),
		TEST(a_page_seen_after_the_plan_takes_a_free_place),
		TEST(a_page_that_moved_is_known_where_it_is_now),
		TEST(what_is_cold_for_longest_goes_first),
		TEST(unmapped_pages_leave_no_gap_in_a_plan),
		TEST(an_unmapped_huge_page_is_no_candidate),
		TEST(a_huge_page_takes_no_place_of_hotter_ones),
		TEST(what_has_cooled_is_made_up_for),
	};

	return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
