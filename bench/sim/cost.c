// SPDX-License-Identifier: GPL-2.0-only
/*
 * cost: nanoseconds and bytes that heat and plans cost a touched page, on one
 * core of the machine that this runs on.
 *
 * The machine may be shared, and its speed may change: all sizes are measured
 * in turn, several times, and the least time of each step counts. A loop that
 * always does the same work tells how much the speed changed meanwhile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim.h"

#define SIZES 3

/* Part of the pages that moves in a window; in steady state far less does. */
#define PART 32
/* Rounds 7…10: nothing of what was touched leaves the window. */
#define TURNS 4

/* All but the first and the last: ns a page. */
struct cost {
	double record;	 /* ns a touch */
	double shift;	 /* a round goes by */
	double classify; /* histogram and plan */
	double pick;	 /* the moves of the plan, both directions */
	double moved;	 /* ns a moved page, to pick all that could move */
	double bytes;	 /* a page */
};

struct subject {
	u64 pages;
	u64 moves; /* of the last plan */
	u64 all;   /* ... of one without a limit */
	struct vtmm_heat heat;
	struct cost best;
};

/* The fastest and the slowest that the machine was. */
static double quick = 1e18, slow;

static double now_ns(void)
{
	struct timespec ts;

	/* of this process alone: others may run beside it */
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static void touch(struct vtmm_heat *h, u64 gfn, u32 round)
{
	u8 flags = VTMM_ACC_READ;
	struct vtmm_access a;

	if (gfn * 2654435761u >> 7 & 1)
		flags |= VTMM_ACC_WRITE;
	if (!vtmm_heat_due(h, gfn, round))
		flags |= VTMM_ACC_SLEPT;
	a = (struct vtmm_access){gfn, flags, gfn * 2654435761u >> 20 & 1};
	if (vtmm_heat_record(h, round, &a))
		abort();
}

/* Round 1 touches all, later ones every 2nd, 3rd …: temperatures differ. */
static double fill(struct vtmm_heat *h, u64 pages)
{
	double start = now_ns();
	u64 touches = 0;

	for (u32 round = 1; round <= 6; round++) {
		for (u64 gfn = 0; gfn < pages; gfn += round, touches++)
			touch(h, gfn, round);
	}
	return (now_ns() - start) / touches;
}

/* A round that touches one page of each chunk, which ages all 512. */
static double shift(struct vtmm_heat *h, u64 pages, u32 round)
{
	double start = now_ns();

	for (u64 gfn = 0; gfn < pages; gfn += VTMM_CHUNK_PAGES)
		touch(h, gfn, round);
	return (now_ns() - start) / pages;
}

static void calibrate(void)
{
	double start = now_ns();
	volatile u64 sink = 0;

	for (u64 x = 1, i = 0; i < 1 << 22; i++) {
		x = x * 6364136223846793005ull + i;
		sink = x;
	}
	(void)sink;
	start = now_ns() - start;
	quick = start < quick ? start : quick;
	slow = start > slow ? start : slow;
}

static void lower(double *best, double x)
{
	*best = x < *best ? x : *best;
}

/* All moves of the plan, in pieces, as the module takes them. */
static u64 pick_all(const struct vtmm_plan_params *pp,
		    const struct vtmm_heat *h, const struct vtmm_plan *plan,
		    u8 tier)
{
	static struct vtmm_move out[VTMM_PICK_MAX];
	struct vtmm_pick p;
	u64 moves = 0;

	vtmm_pick_begin(pp, h, plan, tier, ~0ull, &p);
	while (!p.done) {
		size_t n = vtmm_pick_next(&p, h, out, VTMM_PICK_MAX, ~0ull);

		vtmm_pick_sort(h, out, n);
		moves += n;
	}
	return moves;
}

/* Makes a plan that moves @budget pages at most, and picks them. */
static double plan(struct subject *s, const struct vtmm_hist *hist, u32 round,
		   u64 budget, u64 *moves)
{
	struct vtmm_plan_params pp = settings.vm.set.plan;
	struct vtmm_plan_input in = {
		.hist = hist,
		.allotment = s->heat.in_tier[FAST],
		.budget = budget,
		.round = round,
	};
	struct vtmm_plan plan;
	double start;

	pp.floor = 0;
	pp.warmup = 0;
	start = now_ns();
	vtmm_plan_make(&pp, NULL, &in, &plan);
	*moves = pick_all(&pp, &s->heat, &plan, SLOW);
	*moves += pick_all(&pp, &s->heat, &plan, FAST);
	return now_ns() - start;
}

/* One round, and a window that ends with it. */
static void measure(struct subject *s, u32 round)
{
	struct vtmm_hist hist;
	double start;

	calibrate();
	lower(&s->best.shift, shift(&s->heat, s->pages, round));
	start = now_ns();
	vtmm_heat_histogram(&s->heat, round, &hist);
	lower(&s->best.classify, (now_ns() - start) / s->pages);
	lower(&s->best.pick,
	      plan(s, &hist, round, s->pages / PART, &s->moves) / s->pages);
	start = plan(s, &hist, round, ~0ull, &s->all);
	lower(&s->best.moved, start / s->all);
}

static void begin(struct subject *s, u64 pages)
{
	struct vtmm_heat_params hp = settings.vm.set.heat;
	struct vtmm_mem mem = sim_mem();

	s->pages = pages;
	if (vtmm_heat_init(&s->heat, &hp, &mem))
		abort();
	s->best = (struct cost){
		.shift = 1e9, .classify = 1e9, .pick = 1e9, .moved = 1e9};
	s->best.record = fill(&s->heat, pages);
	s->best.bytes = (double)s->heat.bytes / pages;
}

static double sum(const struct cost *c)
{
	return c->shift + c->classify + c->pick;
}

static void print_cost(const struct subject *s)
{
	const struct cost *c = &s->best;

	printf("%12llu %6.1f ns %6.2f ns %6.2f ns %6.2f ns %9.2f ns %8.2f %6.1f%%\n",
	       (unsigned long long)s->pages, c->record, c->shift, c->classify,
	       c->pick, sum(c), c->bytes, 100.0 * s->moves / s->pages);
}

static void judge(const struct subject *s, int n)
{
	double most = 0, least = 1e9, bytes = 0, all = 0;

	for (int i = 0; i < n; i++) {
		const struct cost *c = &s[i].best;

		most = sum(c) > most ? sum(c) : most;
		least = sum(c) < least ? sum(c) : least;
		bytes = c->bytes > bytes ? c->bytes : bytes;
		all = 9 * c->shift + sum(c) > all ? 9 * c->shift + sum(c) : all;
	}
	printf("shift: one round goes by; pick: a plan that moves so many of the pages. One that\n"
	       "moves %.0f %% of them costs %.0f ns for each that it moves. A chunk is aged in each\n"
	       "round in which something of it is touched: with all chunks touched in all ten\n"
	       "rounds a window costs %.1f ns a page.\n"
	       "Least of %d times for each step; between the fastest and the slowest the\n"
	       "machine's speed changed by %.2f.\n\n",
	       100.0 * s[0].all / s[0].pages, s[0].best.moved, all, TURNS,
	       slow / quick);
	goal_most("cost: ns a page and window to shift, classify and plan", 10,
		  "cost", most);
	goal_most("cost: dearest ÷ cheapest size (linear)", 1.2, "cost",
		  most / least);
	goal_most("cost: bytes a page", 8, "cost", bytes);
}

/**
 * sim_cost() - print what heat and plans cost a page
 * @max_pages: sizes above it are left out
 */
void sim_cost(u64 max_pages)
{
	static const u64 sizes[SIZES] = {1ull << 20, 1ull << 24, 1ull << 28};
	static struct subject subject[SIZES];
	int n = 0;

	for (; n < SIZES && sizes[n] <= max_pages; n++)
		begin(&subject[n], sizes[n]);
	for (u32 turn = 0; turn < TURNS; turn++)
		for (int i = 0; i < n; i++)
			measure(&subject[i], 7 + turn);
	printf("%12s %9s %9s %9s %9s %12s %8s %7s\n", "pages", "record",
	       "shift", "classify", "pick", "sum", "bytes", "moves");
	for (int i = 0; i < n; i++) {
		print_cost(&subject[i]);
		vtmm_heat_exit(&subject[i].heat);
	}
	judge(subject, n);
}
