// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the pages that a plan moves: which, in which order, and which not.
 */
#include <errno.h>
#include <string.h>

#include "unit.h"

#define CHUNK 512ull
#define MAX 4096

struct fixture {
	struct unit_mem mem;
	struct vtmm_heat h;
	struct vtmm_plan_params pp;
	struct vtmm_plan plan;
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

/* A page that is touched in @n rounds that end with @last. */
struct warm {
	u64 gfn;
	u32 last;
	u32 n;
	u8 tier;
};

/* Touches @n pages in rounds 1…40; pages from chunk 100 on are huge. */
static void warm(struct fixture *f, const struct warm *w, size_t n)
{
	u32 round;
	size_t i;
	u8 flags;

	for (round = 1; round <= 40; round++) {
		for (i = 0; i < n; i++) {
			flags = VTMM_ACC_READ;
			if (w[i].gfn >= 100 * CHUNK)
				flags |= VTMM_ACC_HUGE;
			if (round <= w[i].last && round + w[i].n > w[i].last)
				unit_note(&f->h, round, w[i].gfn, flags,
					  w[i].tier);
		}
	}
}

#define WARM(f, ...)                                          \
	do {                                                  \
		static const struct warm w[] = {__VA_ARGS__}; \
		warm(f, w, sizeof(w) / sizeof(w[0]));         \
	} while (0)

/* Makes a plan as of @round and picks; returns how many. */
static size_t pick(struct fixture *f, u32 round, u64 allotment, u8 tier,
		   size_t max)
{
	struct vtmm_hist hist;
	struct vtmm_plan_input in = {&hist, allotment, ~0ull,
				     ~0ull, round,     false};

	vtmm_heat_histogram(&f->h, round, &hist);
	vtmm_plan_make(&f->pp, NULL, &in, &f->plan);
	return vtmm_plan_pick(&f->pp, &f->h, &f->plan, tier, f->out, max);
}

static void hottest_come_first(void **state)
{
	struct fixture *f = *state;

	WARM(f, {5, 40, 3, SLOW}, {700, 40, 9, SLOW}, {40000, 40, 6, SLOW},
	     {6, 40, 1, FAST});
	assert_int_equal(pick(f, 40, 1000, FAST, MAX), 3);
	assert_int_equal(f->out[0].gfn, 700);
	assert_int_equal(f->out[1].gfn, 40000);
	assert_int_equal(f->out[2].gfn, 5);
	assert_int_equal(f->out[0].tier, FAST);
	assert_false(f->out[0].huge);
	assert_int_equal(pick(f, 40, 1000, FAST, 2), 2);
	assert_int_equal(f->out[1].gfn, 40000);
	assert_int_equal(pick(f, 40, 1000, FAST, 0), 0);
}

static void coldest_go_first(void **state)
{
	struct fixture *f = *state;

	WARM(f, {5, 40, 3, FAST}, {700, 40, 9, FAST}, {40000, 40, 6, FAST});
	unit_note(&f->h, 40, 9, 0, FAST);
	assert_int_equal(pick(f, 40, 1, SLOW, MAX), 3);
	assert_int_equal(f->out[0].gfn, 9);
	assert_int_equal(f->out[1].gfn, 5);
	assert_int_equal(f->out[2].gfn, 40000);
	assert_int_equal(f->out[2].tier, SLOW);
}

static void recency_decides_within_a_bucket(void **state)
{
	struct fixture *f = *state;

	/* all of temperature 2 */
	WARM(f, {3, 37, 2, SLOW}, {6, 40, 2, SLOW}, {9, 38, 2, SLOW},
	     {4, 37, 2, FAST}, {7, 40, 2, FAST}, {10, 38, 2, FAST});
	assert_int_equal(pick(f, 40, 5, FAST, MAX), 2);
	assert_int_equal(f->out[0].gfn, 6);
	assert_int_equal(f->out[1].gfn, 9);
	assert_int_equal(pick(f, 40, 1, SLOW, MAX), 2);
	assert_int_equal(f->out[0].gfn, 4);
	assert_int_equal(f->out[1].gfn, 10);
}

static void partial_bucket_is_not_decided_by_address(void **state)
{
	struct fixture *f = *state;
	u64 cn, low = 0, i;
	u32 round;

	for (round = 20; round < 60; round++) {
		for (cn = 0; cn < 64; cn++)
			unit_note(&f->h, round, cn * CHUNK, VTMM_ACC_READ,
				  SLOW);
		assert_int_equal(pick(f, round, 8, FAST, MAX), 8);
		for (i = 0; i < 8; i++)
			low += f->out[i].gfn < 32 * CHUNK;
	}
	assert_true(low > 320 / 4 && low < 320 * 3 / 4);
}

static void moved_pages_cool_down(void **state)
{
	struct fixture *f = *state;
	u32 round;

	unit_note(&f->h, 20, 5, VTMM_ACC_READ, SLOW);
	vtmm_heat_moved(&f->h, 5, FAST, 20);
	for (round = 20; round < 60; round++)
		assert_int_equal(pick(f, round, 0, SLOW, MAX), round >= 40);
}

/* By eighths of the cool-down of 20 rounds, and only in plans of pairs alone.
 */
static void caution_makes_moved_pages_stay_longer(void **state)
{
	struct fixture *f = *state;
	u32 wait;

	unit_note(&f->h, 20, 5, VTMM_ACC_READ, SLOW);
	vtmm_heat_moved(&f->h, 5, FAST, 20);
	f->plan = (struct vtmm_plan){.demote = 1, .demote_temp = 30};
	for (wait = 0; wait < 100; wait++) {
		f->plan.round = 20 + wait;
		f->plan.caution = 24;
		assert_int_equal(vtmm_plan_pick(&f->pp, &f->h, &f->plan, SLOW,
						f->out, MAX),
				 wait >= 80);
		f->plan.caution = 3;
		assert_int_equal(vtmm_plan_pick(&f->pp, &f->h, &f->plan, SLOW,
						f->out, MAX),
				 wait >= 27);
	}
}

static void failed_pages_back_off_for_longer_each_time(void **state)
{
	struct fixture *f = *state;
	u32 round = 100, wait, before = 0;
	int i;

	unit_note(&f->h, round, 5, VTMM_ACC_READ, FAST);
	for (i = 0; i < 10; i++) {
		vtmm_heat_failed(&f->h, 5, round);
		for (wait = 0; !pick(f, round, 0, SLOW, MAX); wait++)
			round++;
		assert_true(wait == 2 * before || (!before && wait == 16) ||
			    (before == 2048 && wait == 2048));
		before = wait;
	}
	assert_int_equal(before, 2048);
	/* the next move is a new beginning */
	vtmm_heat_moved(&f->h, 5, FAST, round);
	assert_int_equal(pick(f, round + 20, 0, SLOW, MAX), 1);
}

static void pages_without_room_back_off_equally_long(void **state)
{
	struct fixture *f = *state;
	u32 round = 100, wait;
	int i;

	unit_note(&f->h, round, 5, VTMM_ACC_READ, FAST);
	vtmm_heat_failed(&f->h, 5, round);
	vtmm_heat_failed(&f->h, 5, round);
	for (i = 0; i < 5; i++) {
		vtmm_heat_postponed(&f->h, 5, round);
		for (wait = 0; !pick(f, round, 0, SLOW, MAX); wait++)
			round++;
		assert_int_equal(wait, 16);
	}
	/* pages that were never seen have nothing to wait for */
	vtmm_heat_postponed(&f->h, 5ull << 30, round);
	assert_int_equal(vtmm_heat_tier(&f->h, 5ull << 30), -ENOENT);
}

static void without_memory_the_whole_chunk_cools_down(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 20, 5, VTMM_ACC_READ, SLOW);
	unit_note(&f->h, 20, 6, VTMM_ACC_READ, FAST);
	f->mem.fail_all = true;
	vtmm_heat_moved(&f->h, 5, FAST, 20);
	assert_int_equal(vtmm_heat_tier(&f->h, 5), FAST);
	assert_int_equal(pick(f, 39, 0, SLOW, MAX), 0);
	assert_int_equal(pick(f, 40, 0, SLOW, MAX), 2);
}

static void huge_record_is_one_move_of_512_pages(void **state)
{
	struct fixture *f = *state;

	WARM(f, {200 * CHUNK, 40, 9, SLOW}, {300 * CHUNK, 40, 8, SLOW},
	     {7, 40, 5, SLOW});
	assert_int_equal(pick(f, 40, 600, FAST, MAX), 1);
	assert_int_equal(f->out[0].gfn, 200 * CHUNK);
	assert_true(f->out[0].huge);
	assert_int_equal(pick(f, 40, 1025, FAST, MAX), 3);
	assert_int_equal(f->out[2].gfn, 7);
	/* a huge page does not fit into what is left */
	assert_int_equal(pick(f, 40, 511, FAST, MAX), 0);
}

static void huge_page_leaves_when_a_few_pages_must(void **state)
{
	struct fixture *f = *state;

	WARM(f, {200 * CHUNK, 40, 1, FAST}, {300 * CHUNK, 40, 2, FAST});
	assert_int_equal(pick(f, 40, 1021, SLOW, MAX), 1);
	assert_int_equal(f->out[0].gfn, 200 * CHUNK);
	assert_true(f->out[0].huge);
	assert_int_equal(pick(f, 40, 511, SLOW, MAX), 2);
}

static void picks_exceed_the_plan_by_part_of_a_demoted_chunk_only(void **state)
{
	struct fixture *f = *state;
	u64 seed = 9, gfn, pages, moves = 0;
	size_t n, i;
	u32 round;

	for (round = 1; round < 80; round++) {
		for (i = 0; i < 900; i++) {
			gfn = unit_below(&seed, 40) * CHUNK;
			if (gfn < 20 * CHUNK)
				gfn += unit_below(&seed, CHUNK);
			unit_note(&f->h, round, gfn,
				  gfn < 20 * CHUNK
					  ? unit_below(&seed, 4)
					  : VTMM_ACC_READ | VTMM_ACC_HUGE,
				  unit_below(&seed, 2));
		}
		n = pick(f, round, unit_below(&seed, 9000), round % 2,
			 1 + unit_below(&seed, MAX));
		for (i = pages = 0; i < n; i++) {
			pages += f->out[i].huge ? 512 : 1;
			assert_int_equal(vtmm_heat_tier(&f->h, f->out[i].gfn),
					 !f->out[i].tier);
		}
		assert_true(pages <= (round % 2 ? f->plan.demote + CHUNK - 1
						: f->plan.promote));
		if (n)
			vtmm_heat_moved(&f->h, f->out[n / 2].gfn, round % 2,
					round);
		moves += n;
	}
	assert_true(moves > 10000);
}

/* Slow small pages by temperature. */
static void count_slow(struct fixture *f, u32 round, u32 *temps)
{
	u64 gfn;

	memset(temps, 0, VTMM_TEMPS * sizeof(*temps));
	for (gfn = 0; gfn < 20 * CHUNK; gfn++)
		if (vtmm_heat_tier(&f->h, gfn) == SLOW)
			temps[vtmm_heat_temperature(&f->h, gfn, round)]++;
}

static void no_better_page_is_left_behind(void **state)
{
	struct fixture *f = *state;
	u32 temps[VTMM_TEMPS], round;
	unsigned int t, temp = VTMM_TEMP_MAX;
	u64 seed = 12, gfn;
	size_t n, i;

	for (round = 1; round < 60; round++) {
		for (i = 0; i < 900; i++) {
			gfn = unit_below(&seed, 20 * CHUNK);
			unit_note(&f->h, round, gfn * gfn / (20 * CHUNK),
				  unit_below(&seed, 4), gfn >> 3 & 1);
		}
		if (round < f->pp.warmup)
			continue;
		count_slow(f, round, temps);
		n = pick(f, round, 9000, FAST, 1 + unit_below(&seed, 700));
		for (i = 0, t = VTMM_TEMP_MAX; i < n; i++) {
			temp = vtmm_heat_temperature(&f->h, f->out[i].gfn,
						     round);
			while (!temps[t])
				t--;
			assert_int_equal(temp, t);
			temps[t]--;
		}
		assert_true(n > 0);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(hottest_come_first),
		TEST(coldest_go_first),
		TEST(recency_decides_within_a_bucket),
		TEST(partial_bucket_is_not_decided_by_address),
		TEST(moved_pages_cool_down),
		TEST(caution_makes_moved_pages_stay_longer),
		TEST(failed_pages_back_off_for_longer_each_time),
		TEST(pages_without_room_back_off_equally_long),
		TEST(without_memory_the_whole_chunk_cools_down),
		TEST(huge_record_is_one_move_of_512_pages),
		TEST(huge_page_leaves_when_a_few_pages_must),
		TEST(picks_exceed_the_plan_by_part_of_a_demoted_chunk_only),
		TEST(no_better_page_is_left_behind),
	};

	return cmocka_run_group_tests_name("pick", tests, NULL, NULL);
}
