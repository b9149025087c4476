// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of what is told of heat: histograms, chunks and runs agree with what is
 * known of each page, mapped or not.
 */
#include <string.h>

#include "unit.h"

#define CHUNK 512ull
#define READ VTMM_ACC_READ
#define WRITE VTMM_ACC_WRITE
#define HUGE VTMM_ACC_HUGE

struct fixture {
	struct unit_mem mem;
	struct vtmm_heat h;
};

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){0};
	unit_heat(&f.h, &f.mem, false);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(f->h.bytes, f->mem.bytes);
	vtmm_heat_exit(&f->h);
	assert_int_equal(f->h.in_tier[FAST] + f->h.in_tier[SLOW], 0);
	return f->mem.bytes != 0;
}

static void a_page_seen_in_the_other_tier_counts_there(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 1, CHUNK, READ | HUGE, FAST);
	unit_note(&f->h, 1, 3, READ, FAST);
	assert_int_equal(f->h.in_tier[FAST], 513);
	unit_note(&f->h, 2, CHUNK, READ | HUGE, SLOW);
	unit_note(&f->h, 2, 3, READ, SLOW);
	assert_int_equal(f->h.in_tier[SLOW], 513);
	assert_int_equal(f->h.in_tier[FAST], 0);
	assert_int_equal(vtmm_heat_tier(&f->h, CHUNK + 300), SLOW);
}

/* Told late, it counts in the newest round, and no other page grows younger. */
static void a_late_access_does_not_turn_the_clock_back(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 5, 3, READ, SLOW);
	unit_note(&f->h, 3, 9 * CHUNK, READ, SLOW);
	assert_int_equal(vtmm_heat_temperature(&f->h, 9 * CHUNK, 14), 1);
	assert_int_equal(vtmm_heat_temperature(&f->h, 9 * CHUNK, 15), 0);
	assert_int_equal(vtmm_heat_temperature(&f->h, 3, 14), 1);
	assert_int_equal(vtmm_heat_temperature(&f->h, 3, 15), 0);
}

static void beyond_all_pages_there_is_none(void **state)
{
	struct fixture *f = *state;
	unsigned int bit;

	unit_note(&f->h, 1, 0, READ, SLOW);
	for (bit = 40; bit < 64; bit++) {
		assert_int_equal(vtmm_heat_tier(&f->h, 1ull << bit), -ENOENT);
		assert_int_equal(vtmm_heat_temperature(&f->h, 1ull << bit, 1),
				 0);
	}
}

/* However far an access came before memory ran out. */
static void an_access_without_memory_leaves_no_table(void **state)
{
	struct fixture *f = *state;
	u64 bytes, chunks;
	int ret = -ENOMEM;

	unit_note(&f->h, 1, 0, READ, SLOW);
	bytes = f->h.bytes;
	chunks = f->h.chunks;
	for (f->mem.fail_at = 1; ret; f->mem.fail_at++) {
		f->mem.calls = 0;
		ret = unit_note(&f->h, 2, 1ull << 36, READ, SLOW);
		assert_int_equal(f->h.bytes > bytes, !ret);
		assert_int_equal(f->h.chunks, chunks + !ret);
	}
	assert_true(f->mem.fail_at > 5);
}

static void mapped_pages_outlive_a_neighbour_that_is_forgotten(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 1, 5, 0, FAST);
	unit_note(&f->h, 1, 9, READ, SLOW);
	vtmm_heat_forget(&f->h, 9, 1);
	assert_int_equal(vtmm_heat_tier(&f->h, 5), FAST);
	assert_int_equal(f->h.in_tier[FAST], 1);
	assert_int_equal(f->h.in_tier[SLOW], 0);
}

/* Nothing of it is mapped, and nothing was ever touched but what left. */
static void a_chunk_of_which_nothing_is_known_is_gone(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 1, 5, READ, SLOW);
	unit_note(&f->h, 1, 6, 0, SLOW);
	vtmm_heat_unmap(&f->h, 6, 1);
	vtmm_heat_forget(&f->h, 5, 1);
	assert_int_equal(f->h.chunks, 0);
}

static void ranges_end_where_they_were_told_to(void **state)
{
	struct fixture *f = *state;
	u64 gfn;

	for (gfn = 0; gfn < 3 * CHUNK; gfn++)
		unit_note(&f->h, 1, gfn, READ, SLOW);
	vtmm_heat_forget(&f->h, 100, 2 * CHUNK - 100);
	for (gfn = 0; gfn < 3 * CHUNK; gfn++)
		assert_int_equal(vtmm_heat_temperature(&f->h, gfn, 1),
				 gfn < 100 || gfn >= 2 * CHUNK);
	assert_int_equal(f->h.in_tier[SLOW], 100 + CHUNK);
}

static void only_mapped_pages_are_counted(void **state)
{
	static const struct vtmm_hist nothing;
	struct fixture *f = *state;
	struct vtmm_hist hist;

	unit_note(&f->h, 1, 5, 0, SLOW);
	unit_note(&f->h, 1, 100, READ, SLOW);
	unit_note(&f->h, 1, 200, 0, FAST);
	unit_note(&f->h, 1, 3 * CHUNK, READ | HUGE, SLOW);
	unit_note(&f->h, 1, 4 * CHUNK, READ | HUGE, FAST);
	vtmm_heat_unmap(&f->h, 0, 5 * CHUNK);
	vtmm_heat_histogram(&f->h, 1, &hist);
	assert_memory_equal(&hist, &nothing, sizeof(hist));
}

/* The same window, and the same weights, as for a page asked for alone. */
static void assert_as_each_page(struct fixture *f, u32 round)
{
	struct vtmm_hist want = {0}, got;
	u64 gfn;

	for (gfn = 0; gfn < 4 * CHUNK; gfn++)
		if (vtmm_heat_tier(&f->h, gfn) >= 0)
			want.pages[vtmm_heat_tier(&f->h, gfn)]
				  [vtmm_heat_temperature(&f->h, gfn, round)]++;
	vtmm_heat_histogram(&f->h, round, &got);
	assert_memory_equal(&want, &got, sizeof(want));
}

static void a_histogram_has_each_page_where_its_temperature_is(void **state)
{
	struct fixture *f = *state;
	u64 seed = 3, gfn;
	u32 round, i, window;

	for (window = 2; window <= 10; window += 4) {
		f->h.params.window = window;
		for (round = f->h.now + 1; round % 40; round++) {
			for (i = 0; i < 300; i++) {
				gfn = unit_below(&seed, 3 * CHUNK);
				unit_note(&f->h, round, gfn,
					  unit_below(&seed, 4), gfn >> 4 & 1);
			}
			if (round % 3)
				unit_note(&f->h, round, 3 * CHUNK, READ | HUGE,
					  round >> 2 & 1);
			assert_as_each_page(f, round);
			assert_as_each_page(f, round + 5);
		}
	}
}

static void chunks_tell_of_pages_that_are_no_longer_mapped(void **state)
{
	struct fixture *f = *state;
	struct vtmm_chunk_info info;

	unit_note(&f->h, 1, 3, WRITE, SLOW);
	unit_note(&f->h, 1, 4, READ, FAST);
	unit_note(&f->h, 1, 5, 0, FAST);
	vtmm_heat_unmap(&f->h, 3, 1);
	assert_true(vtmm_heat_next_chunk(&f->h, 0, 1, &info));
	assert_int_equal(info.touched, 2);
	assert_int_equal(info.temp_max, 3);
	assert_int_equal(info.temp_sum, 4);
	assert_int_equal(info.in_tier[FAST], 2);
	assert_int_equal(info.in_tier[SLOW], 0);
}

/* The next run, which must be this one; returns where it ends. */
static u64 assert_run(struct fixture *f, u64 from, struct vtmm_run want)
{
	struct vtmm_run run;

	assert_true(vtmm_heat_next_run(&f->h, from, 4, &run));
	assert_int_equal(run.gfn, want.gfn);
	assert_int_equal(run.count, want.count);
	assert_int_equal(run.read, want.read);
	assert_int_equal(run.written, want.written);
	assert_int_equal(run.tier, want.tier);
	assert_int_equal(run.level, want.level);
	assert_int_equal(run.huge, want.huge);
	assert_int_equal(run.sampled, want.sampled);
	return run.gfn + run.count;
}

static void runs_part_where_pages_differ(void **state)
{
	struct fixture *f = *state;
	struct vtmm_run run;
	u64 at = 0, gfn;
	u32 round;

	/* 12 is of level 1 and so slept in round 3, in which 13 was touched */
	for (round = 1; round <= 3; round++) {
		f->h.params.queue = true;
		if (round < 3)
			unit_note(&f->h, round, 12, READ, SLOW);
		f->h.params.queue = false;
		unit_note(&f->h, round, 13, READ, SLOW);
	}
	for (gfn = 10; gfn < 12; gfn++)
		unit_note(&f->h, 3, gfn, READ, SLOW);
	unit_note(&f->h, 3, CHUNK + 2, 0, FAST);
	vtmm_heat_unmap(&f->h, 11, 1);
	unit_note(&f->h, 3, 9 * CHUNK, WRITE | HUGE, FAST);
	vtmm_heat_sample(&f->h, 9 * CHUNK + 511, 3);

	at = assert_run(f, at, (struct vtmm_run){10, 1, 2, 0, SLOW, 0, 0, 0});
	at = assert_run(f, at, (struct vtmm_run){11, 1, 2, 0, -1, 0, 0, 0});
	at = assert_run(f, at, (struct vtmm_run){12, 1, 14, 0, SLOW, 1, 0, 0});
	at = assert_run(f, at, (struct vtmm_run){13, 1, 14, 0, SLOW, 0, 0, 0});
	at = assert_run(f, at,
			(struct vtmm_run){CHUNK + 2, 1, 0, 0, FAST, 0, 0, 0});
	at = assert_run(f, at,
			(struct vtmm_run){9 * CHUNK, 511, 0, 2, FAST, 0, 1, 0});
	at = assert_run(
		f, at,
		(struct vtmm_run){9 * CHUNK + 511, 1, 0, 2, FAST, 0, 1, 1});
	assert_false(vtmm_heat_next_run(&f->h, at, 4, &run));
}

static void samples_last_for_a_window_after_the_newest(void **state)
{
	struct fixture *f = *state;
	struct vtmm_run run;

	unit_note(&f->h, 1, CHUNK, WRITE | HUGE, SLOW);
	vtmm_heat_sample(&f->h, CHUNK, 1);
	vtmm_heat_sample(&f->h, CHUNK + 1, 8);
	unit_note(&f->h, 12, CHUNK, READ | HUGE, SLOW);
	assert_true(vtmm_heat_next_run(&f->h, CHUNK, 17, &run));
	assert_true(run.sampled && run.count == 2);
	assert_true(vtmm_heat_next_run(&f->h, CHUNK, 18, &run));
	assert_false(run.sampled);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_page_seen_in_the_other_tier_counts_there),
		TEST(a_late_access_does_not_turn_the_clock_back),
		TEST(beyond_all_pages_there_is_none),
		TEST(an_access_without_memory_leaves_no_table),
		TEST(mapped_pages_outlive_a_neighbour_that_is_forgotten),
		TEST(a_chunk_of_which_nothing_is_known_is_gone),
		TEST(ranges_end_where_they_were_told_to),
		TEST(only_mapped_pages_are_counted),
		TEST(a_histogram_has_each_page_where_its_temperature_is),
		TEST(chunks_tell_of_pages_that_are_no_longer_mapped),
		TEST(runs_part_where_pages_differ),
		TEST(samples_last_for_a_window_after_the_newest),
	};

	return cmocka_run_group_tests_name("hist", tests, NULL, NULL);
}
