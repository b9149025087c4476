// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of which pages a plan moves, with random heat: whoever may move is told
 * page by page, from what was done to it, and nobody better may be left behind.
 * The test keeps its own account of touches and pauses.
 */
#include <string.h>

#include "unit.h"

#define CHUNK 512u
#define SMALL (12u * CHUNK) /* pages with records of their own */
#define PAGES (20u * CHUNK) /* the others are in huge leaves */
#define MAX 4096
#define COOLDOWN 20
#define BACKOFF_MAX 2048

struct page {
	u32 last;  /* touched; 0: never */
	u32 since; /* it moved or failed; 0: never */
	u32 wait;  /* rounds from then on */
	bool failed;
	bool picked;
};

struct fixture {
	struct unit_mem mem;
	struct vtmm_heat h;
	struct vtmm_plan_params pp;
	struct vtmm_plan plan;
	struct vtmm_move out[MAX];
	struct page page[PAGES];
	u32 chunk[PAGES /
		  CHUNK]; /* the last round in which anything came of it */
	bool block[PAGES / 64]; /* something in it was touched once */
	size_t n;		/* moves picked */
	u64 taken;		/* pages that they stand for */
	u64 seed;
	u32 round;
	u8 tier;		 /* where to */
	u64 seen[VTMM_NR_TIERS]; /* moves so far, to tell that there were any */
	u64 huge[VTMM_NR_TIERS];
	u64 paused;
};

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){.pp = {900, 2, COOLDOWN, 0, 3, 10}, .seed = 31};
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

static u32 leaf_pages(u32 gfn)
{
	return gfn < SMALL ? 1 : CHUNK;
}

/* A third of the chunks rests, for some rounds or for more than a window. */
static bool rests(const struct fixture *f, u32 gfn)
{
	return (gfn / CHUNK + f->round / 70) % 3 == 0 ||
	       (gfn / CHUNK + f->round / 4) % 5 == 0;
}

/* Touches some pages, and maps others; a few are unmapped. */
static void touch_some(struct fixture *f)
{
	u32 i, gfn;
	u8 flags;
	int tier;

	for (i = 0; i < 700; i++) {
		gfn = unit_below(&f->seed, PAGES / CHUNK) * CHUNK;
		if (gfn < SMALL)
			gfn += unit_below(&f->seed,
					  1 + unit_below(&f->seed, CHUNK));
		else if (unit_below(&f->seed, 150))
			continue; /* else they would all be hot */
		if (rests(f, gfn))
			continue;
		flags = unit_below(&f->seed, 4);
		if (flags)
			f->page[gfn].last = f->round;
		f->block[gfn / 64] |= flags != 0;
		f->chunk[gfn / CHUNK] = f->round;
		tier = vtmm_heat_tier(&f->h, gfn);
		unit_note(&f->h, f->round, gfn,
			  flags | (gfn < SMALL ? 0 : VTMM_ACC_HUGE),
			  tier < 0 ? (gfn >> 6 ^ gfn >> 9) & 1 : (u32)tier);
	}
	gfn = unit_below(&f->seed, PAGES / CHUNK) * CHUNK;
	if (rests(f, gfn))
		return;
	vtmm_heat_unmap(&f->h, gfn + unit_below(&f->seed, CHUNK - 20), 20);
	f->chunk[gfn / CHUNK] = f->round;
}

static void note_moved(struct fixture *f, u32 gfn)
{
	vtmm_heat_moved(&f->h, gfn, f->tier, f->round);
	f->chunk[gfn / CHUNK] = f->round;
	f->page[gfn].since = f->round;
	f->page[gfn].wait = COOLDOWN;
	f->page[gfn].failed = false;
}

/* 16 rounds, then twice as many each time that it is not left alone so long. */
static void note_failed(struct fixture *f, u32 gfn)
{
	struct page *p = &f->page[gfn];
	bool again = p->failed && f->round - p->since < 2 * p->wait;

	vtmm_heat_failed(&f->h, gfn, f->round);
	f->chunk[gfn / CHUNK] = f->round;
	p->wait = again ? 2 * p->wait : 16;
	if (p->wait > BACKOFF_MAX)
		p->wait = BACKOFF_MAX;
	p->since = f->round;
	p->failed = true;
}

static bool is_paused(const struct fixture *f, u32 gfn)
{
	const struct page *p = &f->page[gfn];

	return p->since && f->round - p->since < p->wait;
}

/* From when on nothing was heard of it: of a cold chunk only that is told. */
static u32 last_heard(const struct fixture *f, u32 gfn)
{
	u32 chunk = f->chunk[gfn / CHUNK];

	if (gfn >= SMALL || f->round - chunk < 10)
		return f->page[gfn].last;
	return f->block[gfn / 64] ? chunk : 0;
}

/* More is hotter, and of one temperature what was touched last. */
static int worth(const struct fixture *f, u32 gfn)
{
	u32 last = last_heard(f, gfn), ago = f->round - last;
	int temp = vtmm_heat_temperature(&f->h, gfn, f->round);

	if (!last)
		return temp * 16;
	if (ago >= 10)
		ago = 10 + (ago < 100 ? ago : 100) / 25;
	return temp * 16 + 15 - (int)ago;
}

/* What the plan prefers: the hottest come up, the coldest go down. */
static int merit(const struct fixture *f, u32 gfn)
{
	return f->tier ? -worth(f, gfn) : worth(f, gfn);
}

static bool is_candidate(struct fixture *f, u32 gfn)
{
	int temp = vtmm_heat_temperature(&f->h, gfn, f->round);

	if (vtmm_heat_tier(&f->h, gfn) != !f->tier)
		return false;
	if (f->tier ? temp > f->plan.demote_temp : temp < f->plan.promote_temp)
		return false;
	f->paused += is_paused(f, gfn);
	return !is_paused(f, gfn);
}

static void random_plan(struct fixture *f)
{
	u64 pages =
		1 + unit_below(&f->seed, unit_below(&f->seed, 2) ? 3000 : 300);

	f->tier = f->round % 2;
	f->plan = (struct vtmm_plan){
		.round = f->round,
		.promote = pages,
		.demote = pages,
		.promote_temp = unit_below(&f->seed, 8),
		.demote_temp = unit_below(&f->seed, VTMM_TEMPS),
	};
}

/* All at once, or in pieces that are carried out later. */
static void pick(struct fixture *f, size_t max)
{
	struct vtmm_hist hist;
	u64 room, pages = 0;
	struct vtmm_pick p;
	size_t some, n;

	f->n = 0;
	if (f->round % 5)
		vtmm_heat_histogram(&f->h, f->round, &hist);
	if (f->round % 3) {
		f->n = vtmm_plan_pick(&f->pp, &f->h, &f->plan, f->tier, f->out,
				      max);
		return;
	}
	vtmm_pick_begin(&f->pp, &f->h, &f->plan, f->tier, max, &p);
	while (!p.done && f->n < max) {
		some = 1 + unit_below(&f->seed, 20);
		room = CHUNK + unit_below(&f->seed, 2 * CHUNK);
		if (some > max - f->n)
			some = max - f->n;
		n = vtmm_pick_next(&p, &f->h, f->out + f->n, some, room);
		assert_true(n <= some);
		for (; n; n--)
			pages += leaf_pages(f->out[f->n++].gfn);
		assert_true(pages <= room);
		pages = 0;
	}
}

/* Each move is of a page that may move, once. */
static void check_moves(struct fixture *f)
{
	const struct vtmm_move *m;

	f->taken = 0;
	for (m = f->out; m < f->out + f->n; m++) {
		assert_int_equal(m->tier, f->tier);
		assert_int_equal(m->huge, m->gfn >= SMALL);
		assert_true(is_candidate(f, m->gfn));
		assert_false(f->page[m->gfn].picked);
		f->page[m->gfn].picked = true;
		f->taken += leaf_pages(m->gfn);
		f->seen[f->tier]++;
		f->huge[f->tier] += m->huge;
		if (f->round % 3 && m > f->out)
			assert_true(merit(f, m[-1].gfn) >= merit(f, m->gfn));
	}
}

/* A chunk that leaves may make more room than was asked for, by a part of it.
 */
static void check_bounds(struct fixture *f, size_t max)
{
	u64 planned = f->tier ? f->plan.demote : f->plan.promote;

	assert_true(f->n <= max);
	assert_true(f->taken <= planned ||
		    (f->tier && f->taken < planned + CHUNK));
}

/* Candidates that were not picked, and are better than @merit: their pages. */
static u64 left_behind(struct fixture *f, int than)
{
	u64 pages = 0;
	u32 gfn;

	for (gfn = 0; gfn < PAGES; gfn += leaf_pages(gfn))
		if (!f->page[gfn].picked && is_candidate(f, gfn) &&
		    merit(f, gfn) > than)
			pages += leaf_pages(gfn);
	return pages;
}

/* The best who was not picked: of such ones the smallest; 0 if there is none.
 */
static u32 first_to_stay(struct fixture *f)
{
	int best = -VTMM_TEMPS * 16;
	u32 gfn, least = 0;

	for (gfn = 0; gfn < PAGES; gfn += leaf_pages(gfn)) {
		if (f->page[gfn].picked || !is_candidate(f, gfn) ||
		    merit(f, gfn) < best)
			continue;
		if (merit(f, gfn) > best || leaf_pages(gfn) < least)
			least = leaf_pages(gfn);
		best = merit(f, gfn);
	}
	return least;
}

/*
 * Nobody who stays is better than one who moves, but for the part by which a
 * chunk that leaves makes more room than was asked for. Nobody who stays fits.
 */
static void check_rest(struct fixture *f, size_t max)
{
	u64 planned = f->tier ? f->plan.demote : f->plan.promote, behind;
	int worst = VTMM_TEMPS * 16;
	size_t i;

	for (i = 0; i < f->n; i++)
		if (merit(f, f->out[i].gfn) < worst)
			worst = merit(f, f->out[i].gfn);
	behind = left_behind(f, worst);
	assert_true(!behind ||
		    (f->tier && f->taken >= planned && behind < CHUNK));
	if (f->n == max || !first_to_stay(f))
		return;
	assert_true(f->tier ? f->taken >= planned
			    : f->taken + first_to_stay(f) > planned);
}

static void carry_out_some(struct fixture *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		f->page[f->out[i].gfn].picked = false;
		if (!unit_below(&f->seed, 4))
			note_moved(f, f->out[i].gfn);
		else if (!unit_below(&f->seed, 4))
			note_failed(f, f->out[i].gfn);
	}
}

static void nobody_better_is_left_behind(void **state)
{
	struct fixture *f = *state;
	size_t max;

	for (f->round = 1; f->round < 1200; f->round++) {
		touch_some(f);
		random_plan(f);
		max = 1 + unit_below(&f->seed, f->round % 7 ? 60 : MAX);
		pick(f, max);
		check_moves(f);
		check_bounds(f, max);
		check_rest(f, max);
		carry_out_some(f);
	}
	/* else it has shown nothing */
	assert_true(f->seen[FAST] > 2000 && f->seen[SLOW] > 2000);
	assert_true(f->huge[FAST] > 40 && f->huge[SLOW] > 40);
	assert_true(f->paused > 10000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_better_is_left_behind,
						setup, teardown),
	};

	return cmocka_run_group_tests_name("choice", tests, NULL, NULL);
}
