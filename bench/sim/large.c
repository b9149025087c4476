// SPDX-License-Identifier: GPL-2.0-only
/*
 * large: a VM with a hot set of a quarter of its pages, a million and more, all
 * of which goes cold at once and is replaced by another. The plan that follows
 * has far more moves than are picked at once, and moving takes its time: what
 * is picked rounds later must still be what should move.
 */
#include <stdio.h>
#include <string.h>

#include "sim.h"

#define CHANGE 6u /* window */
#define WINDOWS 12u
#define PER_ROUND 262144u /* pages: 1 GiB in a round of 600 ms */

struct large {
	struct world world;
	struct core *core;
	u64 seed;
	unsigned int phase;
	u64 most; /* pages that a window moved */
};

/* Scattered: phases have other pages, and none in common. */
static bool is_hot(const struct large *x, u32 page)
{
	u32 place = page * 0x9e3779b1u % x->world.n;

	return place / (x->world.n / 4) == x->phase;
}

/* A hot page is touched in nine rounds of ten, a cold one in one of fifty. */
static void access_pages(struct large *x)
{
	struct world *w = &x->world;

	for (u32 i = 0; i < w->n; i++) {
		u64 r = rng_next(&x->seed);

		if (r % 1000 >= (is_hot(x, i) ? 900 : 20))
			continue;
		w->bits[i] |= r >> 32 & 1 ? VTMM_ACC_READ
					  : VTMM_ACC_READ | VTMM_ACC_WRITE;
		w->accesses++;
		w->hits += w->tier[i] == FAST;
	}
}

/* With all hot pages in fast memory, and cold ones in the rest of it. */
static double best_ratio(const struct world *w)
{
	double hot = w->n / 4, cold = w->n - hot, rest = w->cap - hot;

	return (hot * 0.9 + rest * 0.02) / (hot * 0.9 + cold * 0.02);
}

static void move_for_a_round(struct large *x)
{
	u64 moved = 0, n;

	do {
		n = core_piece(x->core, &x->world);
		moved += n;
	} while (n && moved < PER_ROUND);
}

static void one_window(struct large *x, u32 window)
{
	struct world *w = &x->world;

	for (u32 round = window * WINDOW + 1; round <= (window + 1) * WINDOW;
	     round++) {
		access_pages(x);
		core_round(x->core, w, round);
		if (window)
			move_for_a_round(x);
	}
	if (w->moves_in[window] > x->most)
		x->most = w->moves_in[window];
	core_count(x->core, (window + 1) * WINDOW);
	core_plan(x->core, (window + 1) * WINDOW, w->cap, w->cap - w->used,
		  false);
	world_end_window(w);
}

static void run(struct large *x)
{
	for (u32 window = 0; window < WINDOWS; window++) {
		x->phase = window >= CHANGE;
		one_window(x, window);
	}
}

/**
 * sim_large() - run it and tell whether the change was followed
 * @n: pages, a power of two
 * @seed: of the random numbers
 */
void sim_large(u32 n, u64 seed)
{
	static struct large x;
	double best, after = 0;

	memset(&x, 0, sizeof(x));
	x.seed = seed;
	world_start(&x.world, n, n / 16 * 5, NULL);
	x.core = core_start(&x.world);
	run(&x);
	best = best_ratio(&x.world);
	for (u32 k = CHANGE + 3; k < CHANGE + 6; k++)
		after += x.world.ratio[k] / best / 3;
	printf("a VM of %u pages, %u of them hot; others from window %u on\n"
	       "÷ best possible, by window:",
	       n, n / 4, CHANGE);
	for (u32 k = 0; k < WINDOWS; k++)
		printf(" %.3f", x.world.ratio[k] / best);
	printf("\nat most %llu pages moved in a window\n\n",
	       (unsigned long long)x.most);
	goal_least("of the oracle 3 windows after a change", 0.95, "large",
		   after);
	core_end(x.core);
	world_end(&x.world);
}
