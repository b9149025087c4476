// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of plans that are carried out piece by piece while rounds go on: all
 * that should move does, once, and no piece is larger than was asked for.
 */
#include <string.h>

#include "unit.h"

#define CHUNK 512ull
#define PIECE 1000
#define HOT 24000u /* pages of each of two sets, several pieces and bands */
#define FIRST HOT  /* the first page of the second set */

struct fixture {
	struct unit_mem mem;
	struct vtmm_heat h;
	struct vtmm_plan_params pp;
	struct vtmm_plan plan;
	struct vtmm_pick pick;
	struct vtmm_move out[PIECE];
	u8 moves[2 * HOT]; /* of each page */
	u64 seed;
};

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){.pp = {900, 2, 20, 0, 3, 10}, .seed = 5};
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

static void see(struct fixture *f, u32 gfn, u32 round, u8 flags)
{
	int tier = vtmm_heat_tier(&f->h, gfn);

	unit_note(&f->h, round, gfn, flags, tier < 0 ? gfn >= FIRST : tier);
}

/* The first set, in fast memory, is hot until round 20, then the second one. */
static void work(struct fixture *f, u32 round)
{
	u32 gfn, from = round > 20 ? FIRST : 0;

	for (gfn = 0; round == 1 && gfn < 2 * HOT; gfn++)
		see(f, gfn, round, 0);
	for (gfn = from; gfn < from + HOT; gfn++)
		if (unit_below(&f->seed, 10))
			see(f, gfn, round, VTMM_ACC_READ | VTMM_ACC_WRITE);
}

static void make_plan(struct fixture *f, u32 round, u64 budget)
{
	struct vtmm_hist hist;
	struct vtmm_plan_input in = {.hist = &hist,
				     .allotment = HOT,
				     .budget = budget,
				     .round = round};

	vtmm_heat_histogram(&f->h, round, &hist);
	vtmm_plan_make(&f->pp, NULL, &in, &f->plan);
}

/* One piece to a tier, carried out; returns how many pages. */
static size_t move_piece(struct fixture *f, struct vtmm_pick *p, u64 pages,
			 u32 round)
{
	size_t n = vtmm_pick_next(p, &f->h, f->out, PIECE, pages), i;

	assert_true(n <= PIECE && n <= pages);
	vtmm_pick_sort(&f->h, f->out, n);
	for (i = 0; i < n; i++) {
		assert_true(!i || f->out[i - 1].class <= f->out[i].class);
		assert_int_equal(vtmm_heat_tier(&f->h, f->out[i].gfn),
				 !f->out[i].tier);
		f->moves[f->out[i].gfn]++;
		vtmm_heat_moved(&f->h, f->out[i].gfn, f->out[i].tier, round);
	}
	return n;
}

/* Of one window after the change: a few pieces a round, while rounds go on. */
static u64 carry_out(struct fixture *f, u32 round, u32 per_round)
{
	struct vtmm_pick to[2];
	u64 moved[2] = {0}, room;
	u32 k, i;

	vtmm_pick_begin(&f->pp, &f->h, &f->plan, FAST, ~0ull, &to[FAST]);
	vtmm_pick_begin(&f->pp, &f->h, &f->plan, SLOW, ~0ull, &to[SLOW]);
	for (k = 1; k < 10; k++) {
		work(f, round + k);
		for (i = 0; i < per_round; i++) {
			moved[SLOW] +=
				move_piece(f, &to[SLOW], ~0ull, round + k);
			room = HOT - f->h.in_tier[FAST];
			moved[FAST] +=
				move_piece(f, &to[FAST], room, round + k);
		}
	}
	assert_true(moved[SLOW] <= f->plan.demote);
	assert_true(moved[FAST] <= f->plan.promote);
	return moved[FAST];
}

static void a_large_plan_is_carried_out_in_one_window(void **state)
{
	struct fixture *f = *state;
	u64 in = 0;
	u32 i;

	for (i = 1; i <= 30; i++)
		work(f, i);
	make_plan(f, 30, ~0ull);
	assert_true(f->plan.promote > HOT * 9 / 10);
	assert_true(f->plan.promote > 2 * VTMM_PICK_MAX);
	/* some pages are touched, or not, by chance: a few change class */
	assert_true(carry_out(f, 30, 4) > f->plan.promote * 98 / 100);
	for (i = 0; i < 2 * HOT; i++)
		assert_true(f->moves[i] <= 1);
	for (i = FIRST; i < FIRST + HOT; i++)
		in += vtmm_heat_tier(&f->h, i) == FAST;
	assert_true(in > HOT * 95 / 100);
	assert_true(f->h.in_tier[FAST] <= HOT);
}

static void a_rate_limit_bounds_all_pieces_together(void **state)
{
	struct fixture *f = *state;
	u32 i, moved = 0;

	for (i = 1; i <= 30; i++)
		work(f, i);
	make_plan(f, 30, 20000);
	carry_out(f, 30, 4);
	for (i = 0; i < 2 * HOT; i++)
		moved += f->moves[i];
	assert_true(moved <= 20000 && moved > 19000);
}

/* Slow pages of temperatures 1…10, by turns. */
static void pieces_come_best_first(void **state)
{
	struct fixture *f = *state;
	u32 i, round, n, at = 0, seen = 0;

	for (round = 1; round <= 10; round++)
		for (i = 0; i < 2 * HOT; i++)
			if (i % 10 + round >= 10)
				unit_note(&f->h, round, i, VTMM_ACC_READ, SLOW);
	make_plan(f, 10, ~0ull);
	f->plan.promote = 2 * HOT;
	f->plan.promote_temp = 1;
	vtmm_pick_begin(&f->pp, &f->h, &f->plan, FAST, ~0ull, &f->pick);
	while (!f->pick.done) {
		n = vtmm_pick_next(&f->pick, &f->h, f->out, PIECE, ~0ull);
		for (i = 0; i < n; i++, at++)
			seen += (f->out[i].gfn % 10 >= 5) == (at < HOT);
	}
	assert_int_equal(at, 2 * HOT);
	/* all of the hotter half before all of the others: two bands */
	assert_int_equal(seen, 2 * HOT);
}

static void a_huge_page_waits_for_room(void **state)
{
	struct fixture *f = *state;
	u32 round;

	for (round = 1; round <= 10; round++)
		unit_note(&f->h, round, 7 * CHUNK,
			  VTMM_ACC_READ | VTMM_ACC_HUGE, SLOW);
	make_plan(f, 10, ~0ull);
	f->plan.promote = 512;
	f->plan.promote_temp = 1;
	vtmm_pick_begin(&f->pp, &f->h, &f->plan, FAST, ~0ull, &f->pick);
	assert_int_equal(vtmm_pick_next(&f->pick, &f->h, f->out, PIECE, 511),
			 0);
	assert_true(f->pick.full && !f->pick.done);
	assert_int_equal(vtmm_pick_next(&f->pick, &f->h, f->out, PIECE, 512),
			 1);
	assert_int_equal(vtmm_pick_next(&f->pick, &f->h, f->out, PIECE, 512),
			 0);
	assert_true(f->pick.done);
}

/* 20000 chunks with a page each, two of them hot, half of all chunks apart. */
static void a_call_looks_at_a_bounded_part(void **state)
{
	struct fixture *f = *state;
	u32 i, calls = 0, found = 0;

	for (i = 0; i < 20000; i++)
		unit_note(&f->h, 1, i * CHUNK, VTMM_ACC_READ, SLOW);
	for (i = 2; i <= 10; i++) {
		unit_note(&f->h, i, 4999 * CHUNK, VTMM_ACC_READ, SLOW);
		unit_note(&f->h, i, 14999 * CHUNK, VTMM_ACC_READ, SLOW);
	}
	make_plan(f, 10, ~0ull);
	f->plan.promote = 2;
	f->plan.promote_temp = 10;
	vtmm_pick_begin(&f->pp, &f->h, &f->plan, FAST, ~0ull, &f->pick);
	for (; !f->pick.done; calls++)
		found += vtmm_pick_next(&f->pick, &f->h, f->out, PIECE, ~0ull);
	assert_int_equal(found, 2);
	assert_true(calls >= 10000 / 4096 && calls <= 20000 / 4096 + 2);
	/* of what the histogram has not found nothing needs to be looked for */
	f->plan.promote_temp = 30;
	vtmm_pick_begin(&f->pp, &f->h, &f->plan, FAST, ~0ull, &f->pick);
	assert_int_equal(vtmm_pick_next(&f->pick, &f->h, f->out, PIECE, ~0ull),
			 0);
	assert_true(f->pick.done);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_large_plan_is_carried_out_in_one_window),
		TEST(a_rate_limit_bounds_all_pieces_together),
		TEST(pieces_come_best_first),
		TEST(a_huge_page_waits_for_room),
		TEST(a_call_looks_at_a_bounded_part),
	};

	return cmocka_run_group_tests_name("pieces", tests, NULL, NULL);
}
