// SPDX-License-Identifier: GPL-2.0-only
/*
 * cost: nanoseconds and bytes that heat and plans cost a touched page, on one
 * core of the machine that this runs on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim.h"

struct cost {
	double record;	 /* ns a touch */
	double shift;	 /* ns a page: a round goes by */
	double classify; /* ns a page: histogram and plan */
	double pick;	 /* ns a page: moves of both directions */
	double bytes;
};

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

static void measure_once(u64 pages, struct cost *c)
{
	struct vtmm_heat_params hp = {WINDOW, 1, 3, true};
	struct vtmm_plan_params pp = {900, 2, 20, 0, 3, 0};
	struct vtmm_move *out = xcalloc(VTMM_PICK_MAX, sizeof(*out));
	struct vtmm_mem mem = sim_mem();
	struct vtmm_plan_input in;
	struct vtmm_plan plan;
	struct vtmm_hist hist;
	struct vtmm_heat h;
	double start;

	if (vtmm_heat_init(&h, &hp, &mem))
		abort();
	c->record = fill(&h, pages);
	c->shift = shift(&h, pages, 7);
	start = now_ns();
	vtmm_heat_histogram(&h, 7, &hist);
	in = (struct vtmm_plan_input){
		.hist = &hist,
		.allotment = h.in_tier[FAST],
		.budget = ~0ull,
		.round = 7,
	};
	vtmm_plan_make(&pp, NULL, &in, &plan);
	c->classify = (now_ns() - start) / pages;
	start = now_ns();
	vtmm_plan_pick(&pp, &h, &plan, SLOW, out, VTMM_PICK_MAX);
	vtmm_plan_pick(&pp, &h, &plan, FAST, out, VTMM_PICK_MAX);
	c->pick = (now_ns() - start) / pages;
	c->bytes = (double)h.bytes / pages;
	vtmm_heat_exit(&h);
	free(out);
}

static double sum(const struct cost *c)
{
	return c->shift + c->classify + c->pick;
}

/* Small sizes are over in a moment: the best of three counts, others run too.
 */
static void measure(u64 pages, struct cost *best)
{
	struct cost c;

	measure_once(pages, best);
	for (int i = 1; i < 3 && pages <= 1 << 24; i++) {
		measure_once(pages, &c);
		if (sum(&c) < sum(best))
			*best = c;
	}
}

/**
 * sim_cost() - print what heat and plans cost a page
 * @max_pages: sizes above it are left out
 *
 * Return: how many goals were missed.
 */
unsigned int sim_cost(u64 max_pages)
{
	static const u64 sizes[] = {1ull << 20, 1ull << 24, 1ull << 28};
	double first = 0, ns;
	unsigned int missed = 0;
	struct cost c;

	printf("%12s %9s %9s %9s %9s %12s %8s\n", "pages", "record", "shift",
	       "classify", "pick", "sum", "bytes");
	for (int i = 0; i < 3 && sizes[i] <= max_pages; i++) {
		measure(sizes[i], &c);
		ns = sum(&c);
		first = i ? first : ns;
		printf("%12llu %6.1f ns %6.2f ns %6.2f ns %6.2f ns %9.2f ns "
		       "%8.2f\n",
		       (unsigned long long)sizes[i], c.record, c.shift,
		       c.classify, c.pick, ns, c.bytes);
		missed += ns > 10 || c.bytes > 8 || ns > 1.2 * first;
	}
	printf("%s: 10 ns a page and window for shift, classify, plan and pick; 8 bytes a page;\n"
	       "linear within 1.2\n",
	       missed ? "MISSED" : "holds");
	return missed;
}
