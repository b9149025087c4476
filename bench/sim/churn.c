// SPDX-License-Identifier: GPL-2.0-only
/*
 * churn: VMs that come and go, and whose claims change while they run, share a
 * pool that is always too small. What was promised must hold at every step.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define SLOTS 8
#define WINDOWS 200u
#define GRACE 4u /* windows within which a VM has what is its due */

struct guest {
	struct world world;
	struct trace trace;
	struct core *core;
	struct vtmm_pool_member m;
	u32 round;	/* of its own; 0: there is no such guest */
	u32 short_for;	/* windows below its guarantee */
	u32 unfair_for; /* windows below its fair share */
	u32 hot;	/* pages that it works on */
};

struct churn {
	struct guest guest[SLOTS];
	u64 size;
	u64 seed;
	u32 n;
	bool contended;
	unsigned int came, left, refused;
	unsigned int unbalanced, below_min, below_share, late, unfair,
		misjudged;
	u64 worst;
};

/* The phase says how many of the pages are hot, per mille. */
static void churn_setup(struct trace *t, unsigned int phase)
{
	u32 nhot = (u64)t->n * phase / 1000;

	for (u32 i = 0; i < t->n; i++) {
		t->weight[t->place[i]] = i < nhot ? 1 : 0.002;
		t->write[t->place[i]] = 300;
	}
}

static const struct workload churned = {.name = "churn", .setup = churn_setup};

static u64 below(struct churn *x, u64 n)
{
	return rng_next(&x->seed) % n;
}

static u64 used(const struct churn *x)
{
	u64 sum = 0;

	for (int i = 0; i < SLOTS; i++)
		sum += x->guest[i].round ? x->guest[i].world.used : 0;
	return sum;
}

/* The members that are there, in the order of their slots. */
static size_t gather(const struct churn *x, struct vtmm_pool_member *m)
{
	size_t n = 0;

	for (int i = 0; i < SLOTS; i++)
		if (x->guest[i].round)
			m[n++] = x->guest[i].m;
	return n;
}

/* What a VM gets at least if it wants it: its min and its part of the rest. */
static u64 fair_share(const struct churn *x, const struct vtmm_pool_member *m,
		      const struct vtmm_pool_member *all, size_t n)
{
	u64 shares = 0, rest = x->size, due = m->demand;

	for (size_t i = 0; i < n; i++) {
		shares += all[i].shares;
		rest -= all[i].min;
	}
	assert(shares); /* the VM itself is one of them */
	if (due > m->min + rest * m->shares / shares)
		due = m->min + rest * m->shares / shares;
	return due < m->max ? due : m->max;
}

/* Divides, and holds the division against what was promised. */
static void divide(struct churn *x)
{
	struct vtmm_pool_member m[SLOTS];
	size_t n = gather(x, m), k = 0;
	u64 sum = vtmm_pool_divide(x->size, m, n);

	x->contended = vtmm_pool_contended(m, n);
	for (int i = 0; i < SLOTS; i++) {
		struct guest *g = &x->guest[i];

		if (!g->round)
			continue;
		g->m = m[k++];
		sum += g->m.allotment;
		x->below_min += g->m.allotment < g->m.min;
		x->below_share += g->m.allotment < fair_share(x, &g->m, m, n);
	}
	x->unbalanced += sum != x->size;
}

static bool fits(const struct churn *x, const struct vtmm_pool_member *m,
		 size_t n)
{
	u64 sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += m[i].min;
	return sum <= x->size;
}

/* A claim that may be refused; as the module does, all or nothing. */
static bool claim(struct churn *x, struct guest *g)
{
	struct vtmm_pool_member m[SLOTS], old = g->m;
	size_t n;
	int ret;

	g->m.min = below(x, 3) ? below(x, x->size / 2) : 0;
	g->m.max = below(x, 3) ? ~0ull : g->m.min + below(x, x->size);
	g->m.shares = 1 + below(x, 10) * below(x, 100);
	n = gather(x, m);
	ret = vtmm_pool_check(x->size, m, n);
	x->misjudged += !ret != fits(x, m, n);
	if (!ret)
		return true;
	g->m = old;
	x->refused++;
	return false;
}

static void work(struct churn *x, struct guest *g)
{
	unsigned int phase = below(x, 4) ? 50 + below(x, 700) : 0;

	g->hot = phase;
	churned.setup(&g->trace, phase);
	alias_build(&g->trace.alias, g->trace.weight, x->n);
	g->trace.per_round = phase ? 2 * x->n : 0; /* or it idles */
}

/* All its memory is slow, and the pool may be full. */
static void come(struct churn *x, struct guest *g)
{
	memset(g, 0, sizeof(*g));
	g->round = 1;
	g->m.mem = x->n;
	g->m.demand = x->n;
	if (!claim(x, g)) {
		g->round = 0;
		return;
	}
	trace_start(&g->trace, &churned, x->n, rng_next(&x->seed));
	world_start(&g->world, x->n, 0, NULL);
	g->world.cap = x->n; /* the pool limits it, not the world */
	g->core = core_start(&g->world);
	work(x, g);
	x->came++;
}

/* Its pages are free at once, and given to others in the same step. */
static void leave(struct churn *x, struct guest *g)
{
	core_end(g->core);
	world_end(&g->world);
	trace_end(&g->trace);
	g->round = 0;
	x->left++;
}

static void happen(struct churn *x)
{
	struct guest *g = &x->guest[below(x, SLOTS)];

	if (!g->round)
		come(x, g);
	else if (!below(x, 3))
		leave(x, g);
	else if (!below(x, 2))
		claim(x, g);
	else
		work(x, g);
	divide(x);
}

static void run_rounds(struct guest *g)
{
	for (u32 k = 0; k < WINDOW; k++) {
		trace_round(&g->trace);
		world_access(&g->world, &g->trace);
		core_round(g->core, &g->world, g->round++);
	}
}

/* A plan below the floor of 1 % is not carried out: so much may lack. */
static void check(struct churn *x, struct guest *g)
{
	u64 min = g->m.min < g->m.demand ? g->m.min : g->m.demand;
	u64 due = g->m.demand < g->m.allotment ? g->m.demand : g->m.allotment;
	u64 has = g->world.used + x->n / 100;

	g->short_for = has < min ? g->short_for + 1 : 0;
	g->unfair_for = has < due ? g->unfair_for + 1 : 0;
	if (g->short_for > x->worst)
		x->worst = g->short_for;
	x->late += g->short_for > GRACE;
	x->unfair += g->unfair_for > 2 * GRACE;
}

static void end_window(struct churn *x, struct guest *g)
{
	u32 round = g->round - 1;
	struct vtmm_plan plan;
	u64 has;

	core_measure(g->core, round, &plan, g->m.allotment);
	g->m.demand = plan.demand;
	g->m.hot = plan.hot;
	divide(x);
	has = used(x);
	core_window(g->core, &g->world, round, g->m.allotment,
		    has < x->size ? x->size - has : 0, x->contended);
	g->world.window = 0; /* nobody asks for its history */
}

static void churn_window(struct churn *x)
{
	happen(x);
	for (int i = 0; i < SLOTS; i++)
		if (x->guest[i].round)
			run_rounds(&x->guest[i]);
	for (int i = 0; i < SLOTS; i++)
		if (x->guest[i].round)
			end_window(x, &x->guest[i]);
	for (int i = 0; i < SLOTS; i++)
		if (x->guest[i].round)
			check(x, &x->guest[i]);
	x->unbalanced += used(x) > x->size;
}

/**
 * sim_churn() - run it and tell what did not hold
 * @n: pages of each VM
 * @seed: of the random numbers
 */
void sim_churn(u32 n, u64 seed)
{
	static struct churn x;

	memset(&x, 0, sizeof(x));
	x.seed = seed;
	x.n = n / 16;
	x.size = x.n * 3 / 2; /* of up to eight times n */
	for (u32 k = 0; k < WINDOWS; k++)
		churn_window(&x);
	printf("up to %d VMs in %u windows: %u came, %u left, %u claims refused; "
	       "guarantees waited %llu windows at most\n",
	       SLOTS, WINDOWS, x.came, x.left, x.refused,
	       (unsigned long long)x.worst);
	goal_most("pool: divisions that do not add up to it", 0, "churn",
		  x.unbalanced);
	goal_most("pool: claims refused or taken wrongly", 0, "churn",
		  x.misjudged + !x.refused);
	goal_most("pool: guarantee violations", 0, "churn", x.below_min);
	goal_most("pool: allotments below the fair share, given demand", 0,
		  "churn", x.below_share);
	goal_most("pool: windows that a guarantee waits", GRACE, "churn",
		  x.worst);
	goal_most("pool: allotments not had within 8 windows", 0, "churn",
		  x.unfair);
	for (int i = 0; i < SLOTS; i++)
		if (x.guest[i].round)
			leave(&x, &x.guest[i]);
}
