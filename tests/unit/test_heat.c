// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of heat: history and its window, huge records that split and merge,
 * residency, and memory that is given back or not to be had.
 */
#include "unit.h"

#define CHUNK 512ull
#define HUGE_READ (VTMM_ACC_READ | VTMM_ACC_HUGE)
#define HUGE_WRITE (VTMM_ACC_WRITE | VTMM_ACC_HUGE)

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
	assert_int_equal(f->h.bytes, 0);
	assert_int_equal(f->h.chunks, 0);
	assert_int_equal(f->h.in_tier[FAST] + f->h.in_tier[SLOW], 0);
	return f->mem.bytes != 0;
}

static void parameters_out_of_range_are_refused(void **state)
{
	static const struct vtmm_heat_params bad[] = {
		{1, 1, 3, true},
		{11, 1, 3, true},
		{10, 4, 3, true},
		{10, 1, 4, true},
	};
	struct fixture *f = *state;
	struct vtmm_mem mem = unit_mem(&f->mem);
	struct vtmm_heat h;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(vtmm_heat_init(&h, &bad[i], &mem), -EINVAL);
}

static void accesses_that_cannot_be_are_refused(void **state)
{
	struct fixture *f = *state;
	struct vtmm_heat *h = &f->h;

	assert_int_equal(unit_note(h, 1, 1ull << 40, 1, SLOW), -EINVAL);
	assert_int_equal(unit_note(h, 1, 5, HUGE_READ, SLOW), -EINVAL);
	assert_int_equal(unit_note(h, 1, 5, VTMM_ACC_READ, 2), -EINVAL);
	assert_int_equal(f->mem.calls, 0);
}

static void unknown_pages_are_cold_due_and_nowhere(void **state)
{
	struct fixture *f = *state;
	struct vtmm_chunk_info info;

	assert_int_equal(vtmm_heat_temperature(&f->h, 7, 1), 0);
	assert_int_equal(vtmm_heat_temperature(&f->h, ~0ull, 1), 0);
	assert_true(vtmm_heat_due(&f->h, 7, 1));
	assert_int_equal(vtmm_heat_tier(&f->h, 7), -ENOENT);
	assert_false(vtmm_heat_next_chunk(&f->h, 0, 1, &info));
	vtmm_heat_moved(&f->h, 7, FAST, 1);
	vtmm_heat_failed(&f->h, 7, 1);
	vtmm_heat_unmap(&f->h, 0, ~0ull);
	vtmm_heat_forget(&f->h, 0, ~0ull);
	assert_int_equal(f->mem.calls, 0);
}

static void rounds_weigh_by_their_strongest_access(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 1, 9, VTMM_ACC_READ, SLOW);
	assert_int_equal(vtmm_heat_temperature(&f->h, 9, 1), 1);
	unit_note(&f->h, 1, 9, VTMM_ACC_WRITE, SLOW);
	assert_int_equal(vtmm_heat_temperature(&f->h, 9, 1), 3);
	unit_note(&f->h, 2, 9, VTMM_ACC_READ, SLOW);
	assert_int_equal(vtmm_heat_temperature(&f->h, 9, 2), 4);
	assert_int_equal(vtmm_heat_temperature(&f->h, 10, 2), 0);
}

static void window_forgets_round_by_round(void **state)
{
	struct fixture *f = *state;
	u32 round;

	for (round = 1; round <= 30; round++)
		unit_note(&f->h, round, 9, VTMM_ACC_WRITE, SLOW);
	for (round = 0; round <= 10; round++)
		assert_int_equal(vtmm_heat_temperature(&f->h, 9, 30 + round),
				 30 - 3 * round);
	assert_int_equal(vtmm_heat_temperature(&f->h, 9, 1000000), 0);
	/* the same when the table is shifted, by a touch of a neighbour */
	unit_note(&f->h, 33, 10, VTMM_ACC_READ, SLOW);
	assert_int_equal(vtmm_heat_temperature(&f->h, 9, 33), 21);
	unit_note(&f->h, 5000, 10, VTMM_ACC_READ, SLOW);
	assert_int_equal(vtmm_heat_temperature(&f->h, 9, 5000), 0);
}

static void histogram_sees_every_round_go_by(void **state)
{
	struct fixture *f = *state;
	struct vtmm_hist hist;
	u32 round;

	for (round = 1; round <= 10; round++) {
		unit_note(&f->h, round, 9, VTMM_ACC_WRITE, SLOW);
		unit_note(&f->h, round, 8 * CHUNK, HUGE_READ, FAST);
	}
	for (round = 0; round <= 20; round++) {
		u32 left = round < 10 ? 10 - round : 0;

		vtmm_heat_histogram(&f->h, 10 + round, &hist);
		assert_int_equal(hist.pages[SLOW][3 * left], 1);
		assert_int_equal(hist.pages[FAST][left], 512);
	}
}

static void moves_are_told_once_a_window_later(void **state)
{
	struct fixture *f = *state;
	struct vtmm_hist hist;
	u64 told = 0, temp = 0;
	u32 round;

	unit_note(&f->h, 1, 9, VTMM_ACC_READ, SLOW);
	unit_note(&f->h, 1, 8 * CHUNK, HUGE_READ, FAST);
	vtmm_heat_moved(&f->h, 9, FAST, 10);
	vtmm_heat_moved(&f->h, 8 * CHUNK, SLOW, 12); /* its plan was late */
	for (round = 11; round <= 60; round++) {
		unit_note(&f->h, round, 9, VTMM_ACC_READ, FAST);
		if (round % 10)
			continue;
		vtmm_heat_histogram(&f->h, round, &hist);
		assert_true(round == 20 || !hist.moved[FAST]);
		assert_true(round == 20 || !hist.moved[SLOW]);
		told += hist.moved[FAST] + hist.moved[SLOW];
		temp += hist.moved_temp[FAST] + hist.moved_temp[SLOW];
	}
	assert_int_equal(told, 2);
	assert_int_equal(temp, 10);
}

static void shorter_window_counts_fewer_rounds(void **state)
{
	struct fixture *f = *state;
	u32 round;

	f->h.params.window = 4;
	for (round = 1; round <= 30; round++)
		unit_note(&f->h, round, 9, VTMM_ACC_READ, SLOW);
	assert_int_equal(vtmm_heat_temperature(&f->h, 9, 30), 4);
	assert_int_equal(vtmm_heat_temperature(&f->h, 9, 33), 1);
}

static void split_keeps_history(void **state)
{
	struct fixture *f = *state;
	u64 gfn = 3 * CHUNK;

	unit_note(&f->h, 1, gfn, HUGE_WRITE, FAST);
	unit_note(&f->h, 2, gfn, HUGE_READ, FAST);
	assert_int_equal(f->h.in_tier[FAST], 512);
	unit_note(&f->h, 3, gfn + 100, VTMM_ACC_READ, SLOW);
	assert_int_equal(vtmm_heat_temperature(&f->h, gfn + 100, 3), 5);
	assert_int_equal(vtmm_heat_temperature(&f->h, gfn + 511, 3), 4);
	assert_int_equal(vtmm_heat_tier(&f->h, gfn + 100), SLOW);
	assert_int_equal(vtmm_heat_tier(&f->h, gfn + 101), FAST);
	assert_int_equal(f->h.in_tier[FAST], 511);
	assert_int_equal(f->h.in_tier[SLOW], 1);
}

static void merge_keeps_the_hottest_history(void **state)
{
	struct fixture *f = *state;
	u64 gfn = 3 * CHUNK, before;

	unit_note(&f->h, 1, gfn + 8, VTMM_ACC_WRITE, SLOW);
	unit_note(&f->h, 2, gfn + 8, VTMM_ACC_WRITE, SLOW);
	unit_note(&f->h, 3, gfn + 300, VTMM_ACC_READ, FAST);
	before = f->h.bytes;
	unit_note(&f->h, 4, gfn, HUGE_READ, FAST);
	assert_int_equal(vtmm_heat_temperature(&f->h, gfn, 4), 7);
	assert_int_equal(vtmm_heat_temperature(&f->h, gfn + 300, 4), 7);
	assert_int_equal(f->h.in_tier[FAST], 512);
	assert_int_equal(f->h.in_tier[SLOW], 0);
	assert_true(f->h.bytes < before);
}

/* Pages of the run at @gfn, and whether the log named them. */
static void assert_run(struct fixture *f, u32 round, u64 gfn, u32 count,
		       bool sampled)
{
	struct vtmm_run run;

	assert_true(vtmm_heat_next_run(&f->h, gfn, round, &run));
	assert_int_equal(run.gfn, gfn);
	assert_int_equal(run.count, count);
	assert_int_equal(run.sampled, sampled);
}

static void samples_last_for_a_window(void **state)
{
	struct fixture *f = *state;
	u64 before;

	vtmm_heat_sample(&f->h, CHUNK + 7, 1); /* not known */
	unit_note(&f->h, 1, CHUNK, HUGE_WRITE, SLOW);
	before = f->h.bytes;
	vtmm_heat_sample(&f->h, CHUNK + 7, 1);
	vtmm_heat_sample(&f->h, CHUNK + 8, 1);
	assert_run(f, 1, CHUNK, 7, false);
	assert_run(f, 1, CHUNK + 7, 2, true);
	assert_run(f, 1, CHUNK + 9, 503, false);
	assert_run(f, 10, CHUNK + 7, 2, true);
	assert_run(f, 11, CHUNK, 512, false);
	unit_note(&f->h, 11, CHUNK, HUGE_READ, SLOW);
	assert_int_equal(f->h.bytes, before);
}

static void samples_are_of_huge_leaves(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 1, CHUNK, HUGE_WRITE, SLOW);
	vtmm_heat_sample(&f->h, CHUNK + 7, 1);
	assert_int_equal(f->h.merges, 0);
	unit_note(&f->h, 2, CHUNK + 3, VTMM_ACC_READ, SLOW);
	assert_int_equal(f->h.splits, 1);
	vtmm_heat_sample(&f->h, CHUNK + 9, 2);
	unit_note(&f->h, 3, CHUNK, HUGE_WRITE, SLOW);
	assert_int_equal(f->h.merges, 1);
	assert_run(f, 3, CHUNK, 512, false);
	f->mem.fail_all = true;
	vtmm_heat_sample(&f->h, CHUNK + 9, 3);
	assert_run(f, 3, CHUNK, 512, false);
}

static void parts_of_a_sleeping_huge_page_do_not_sleep(void **state)
{
	struct fixture *f = *state;
	u32 round;

	f->h.params.queue = true;
	for (round = 1; round <= 75; round++)
		unit_see(&f->h, round, 0, HUGE_READ);
	assert_int_equal(vtmm_heat_temperature(&f->h, 0, 100), 10);
	unit_see(&f->h, 76, 17, VTMM_ACC_READ);
	assert_int_equal(vtmm_heat_temperature(&f->h, 16, 76), 10);
	assert_int_equal(vtmm_heat_temperature(&f->h, 16, 86), 0);
	/* the huge leaf was not due, so the part waits to be re-armed */
	assert_true(unit_see(&f->h, 77, 17, VTMM_ACC_READ));
	unit_note(&f->h, 78, 0, 0, SLOW);
	assert_false(vtmm_heat_any_due(&f->h, 0, 512, 200));
}

static void unmap_takes_pages_out_of_every_count(void **state)
{
	struct fixture *f = *state;
	struct vtmm_hist hist;
	u64 gfn;

	for (gfn = 500; gfn < 1600; gfn++)
		unit_note(&f->h, 1, gfn, VTMM_ACC_READ, gfn & 1);
	vtmm_heat_unmap(&f->h, 510, 1000);
	assert_int_equal(f->h.in_tier[FAST] + f->h.in_tier[SLOW], 100);
	assert_int_equal(vtmm_heat_temperature(&f->h, 600, 1), 1);
	vtmm_heat_histogram(&f->h, 1, &hist);
	assert_int_equal(hist.pages[FAST][1], 50);
	assert_int_equal(hist.pages[SLOW][1], 50);
}

static void unmap_of_a_part_unmaps_a_huge_leaf(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 1, CHUNK, HUGE_READ, SLOW);
	vtmm_heat_unmap(&f->h, CHUNK + 5, 0);
	assert_int_equal(f->h.in_tier[SLOW], 512);
	vtmm_heat_unmap(&f->h, CHUNK + 5, 1);
	assert_int_equal(f->h.in_tier[SLOW], 0);
	assert_int_equal(vtmm_heat_temperature(&f->h, CHUNK, 1), 1);
}

static void forget_frees_what_is_empty(void **state)
{
	struct fixture *f = *state;
	u64 gfn, sort;

	unit_note(&f->h, 1, 7, VTMM_ACC_READ, SLOW);
	vtmm_heat_forget(&f->h, 0, ~0ull);
	sort = f->h.bytes; /* scratch, which stays */
	for (gfn = 0; gfn < 4 * CHUNK; gfn++)
		unit_note(&f->h, 1, gfn, VTMM_ACC_READ, SLOW);
	unit_note(&f->h, 1, 1ull << 39, HUGE_READ, SLOW);
	vtmm_heat_forget(&f->h, 100, 2 * CHUNK);
	assert_int_equal(f->h.chunks, 4);
	assert_int_equal(vtmm_heat_tier(&f->h, 99), SLOW);
	assert_int_equal(vtmm_heat_tier(&f->h, 100), -ENOENT);
	assert_int_equal(vtmm_heat_temperature(&f->h, 100, 1), 0);
	vtmm_heat_forget(&f->h, 0, 1ull << 39);
	assert_int_equal(f->h.chunks, 1);
	vtmm_heat_forget(&f->h, 1ull << 39, ~0ull);
	assert_int_equal(f->h.bytes, sort);
}

static void forget_splits_a_part_off_a_huge_record(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 1, 0, HUGE_WRITE, SLOW);
	vtmm_heat_forget(&f->h, 10, 20);
	assert_int_equal(vtmm_heat_temperature(&f->h, 9, 1), 3);
	assert_int_equal(vtmm_heat_temperature(&f->h, 10, 1), 0);
	assert_int_equal(f->h.in_tier[SLOW], 492);
	unit_note(&f->h, 2, 0, HUGE_WRITE, SLOW);
	f->mem.fail_all = true;
	vtmm_heat_forget(&f->h, 10, 20);
	assert_int_equal(f->h.in_tier[SLOW], 0);
	assert_int_equal(f->h.chunks, 0);
}

static void moved_page_is_in_its_new_tier(void **state)
{
	struct fixture *f = *state;

	unit_note(&f->h, 1, 77, VTMM_ACC_READ, SLOW);
	unit_note(&f->h, 1, CHUNK, HUGE_READ, SLOW);
	vtmm_heat_moved(&f->h, 77, FAST, 2);
	vtmm_heat_moved(&f->h, CHUNK + 3, FAST, 2);
	assert_int_equal(vtmm_heat_tier(&f->h, 77), FAST);
	assert_int_equal(f->h.in_tier[FAST], 513);
	assert_int_equal(f->h.in_tier[SLOW], 0);
	assert_int_equal(vtmm_heat_temperature(&f->h, 77, 2), 1);
}

static void chunks_are_summed_up(void **state)
{
	struct fixture *f = *state;
	struct vtmm_chunk_info info;

	unit_note(&f->h, 1, 5 * CHUNK, HUGE_WRITE, FAST);
	unit_note(&f->h, 1, 9 * CHUNK + 3, VTMM_ACC_READ, SLOW);
	unit_note(&f->h, 1, 9 * CHUNK + 4, 0, FAST);
	assert_true(vtmm_heat_next_chunk(&f->h, 0, 1, &info));
	assert_int_equal(info.gfn, 5 * CHUNK);
	assert_true(info.huge);
	assert_int_equal(info.temp_sum, 3 * 512);
	assert_int_equal(info.in_tier[FAST], 512);
	assert_true(vtmm_heat_next_chunk(&f->h, info.gfn + CHUNK, 1, &info));
	assert_int_equal(info.gfn, 9 * CHUNK);
	assert_int_equal(info.touched, 1);
	assert_int_equal(info.temp_max, 1);
	assert_int_equal(info.in_tier[FAST], 1);
	assert_int_equal(info.in_tier[SLOW], 1);
	assert_false(vtmm_heat_next_chunk(&f->h, 10 * CHUNK, 1, &info));
}

static void far_apart_chunks_are_all_found(void **state)
{
	struct fixture *f = *state;
	struct vtmm_chunk_info info;
	unsigned int bit;
	u64 gfn = 0;

	unit_note(&f->h, 1, 0, VTMM_ACC_READ, SLOW);
	for (bit = 9; bit < 40; bit++)
		unit_note(&f->h, 1, 1ull << bit, VTMM_ACC_READ, SLOW);
	assert_true(vtmm_heat_next_chunk(&f->h, gfn, 1, &info));
	for (bit = 9; bit < 40; bit++) {
		gfn = info.gfn + CHUNK;
		assert_true(vtmm_heat_next_chunk(&f->h, gfn, 1, &info));
		assert_int_equal(info.gfn, 1ull << bit);
	}
	assert_false(vtmm_heat_next_chunk(&f->h, info.gfn + CHUNK, 1, &info));
}

static void mapped_memory_never_touched_costs_little(void **state)
{
	struct fixture *f = *state;
	u64 gfn;

	for (gfn = 0; gfn < 256 * CHUNK; gfn++)
		unit_note(&f->h, 1, gfn, 0, FAST);
	assert_true(f->h.bytes < 256 * CHUNK); /* under a byte a page */
	for (gfn = 0; gfn < 256 * CHUNK; gfn++)
		unit_note(&f->h, 2, gfn, VTMM_ACC_READ, FAST);
	assert_true(f->h.bytes < 256 * CHUNK * 5);
}

/* Every form of access, so that each allocation happens somewhere. */
static void exercise(struct vtmm_heat *h)
{
	u32 round;

	for (round = 1; round < 6; round++) {
		unit_note(h, round, round, VTMM_ACC_READ, SLOW);
		unit_note(h, round, round % 2 * CHUNK, HUGE_WRITE, SLOW);
		unit_note(h, round, CHUNK + round * 60, VTMM_ACC_READ, FAST);
		unit_note(h, round, 1ull << (30 + round), 0, FAST);
		vtmm_heat_moved(h, round, FAST, round);
		vtmm_heat_failed(h, CHUNK + round, round);
	}
	vtmm_heat_forget(h, 3, 5);
}

static void allocation_may_fail_anywhere(void **state)
{
	struct fixture *f = *state;
	u64 n, i;

	exercise(&f->h);
	n = f->mem.calls;
	assert_true(n > 20);
	for (i = 1; i <= n; i++) {
		vtmm_heat_exit(&f->h);
		assert_int_equal(f->mem.bytes, 0);
		f->mem.calls = 0;
		f->mem.fail_at = i;
		exercise(&f->h);
		assert_int_equal(f->h.bytes, f->mem.bytes);
	}
}

static void failed_record_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct vtmm_hist before, after;
	u64 bytes, gfn;

	unit_note(&f->h, 1, 0, HUGE_WRITE, FAST);
	unit_note(&f->h, 1, CHUNK, VTMM_ACC_READ, SLOW);
	vtmm_heat_histogram(&f->h, 2, &before);
	bytes = f->h.bytes;
	f->mem.fail_all = true;
	for (gfn = 3; gfn < 1ull << 39; gfn = gfn * 3 + 64)
		assert_int_equal(unit_note(&f->h, 2, gfn, VTMM_ACC_READ, SLOW),
				 -ENOMEM);
	vtmm_heat_histogram(&f->h, 2, &after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(f->h.bytes, bytes);
	assert_int_equal(f->h.in_tier[SLOW], 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(parameters_out_of_range_are_refused),
		TEST(accesses_that_cannot_be_are_refused),
		TEST(unknown_pages_are_cold_due_and_nowhere),
		TEST(rounds_weigh_by_their_strongest_access),
		TEST(window_forgets_round_by_round),
		TEST(histogram_sees_every_round_go_by),
		TEST(moves_are_told_once_a_window_later),
		TEST(shorter_window_counts_fewer_rounds),
		TEST(split_keeps_history),
		TEST(merge_keeps_the_hottest_history),
		TEST(samples_last_for_a_window),
		TEST(samples_are_of_huge_leaves),
		TEST(parts_of_a_sleeping_huge_page_do_not_sleep),
		TEST(unmap_takes_pages_out_of_every_count),
		TEST(unmap_of_a_part_unmaps_a_huge_leaf),
		TEST(forget_frees_what_is_empty),
		TEST(forget_splits_a_part_off_a_huge_record),
		TEST(moved_page_is_in_its_new_tier),
		TEST(chunks_are_summed_up),
		TEST(far_apart_chunks_are_all_found),
		TEST(mapped_memory_never_touched_costs_little),
		TEST(allocation_may_fail_anywhere),
		TEST(failed_record_changes_nothing),
	};

	return cmocka_run_group_tests_name("heat", tests, NULL, NULL);
}
