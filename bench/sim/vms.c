// SPDX-License-Identifier: GPL-2.0-only
/*
 * vms: four guests whose loads rise and fall at different times of the day
 * share one pool of fast memory.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define VMS 4
#define WINDOWS 96u /* a day has 48 */
#define DAY 48u
#define WARM 8u
#define GRACE 3u /* windows within which a VM gets what is its due */

struct vm {
	struct world world;
	struct trace trace;
	struct core *core;
	struct vtmm_pool_member m;
	u32 short_for; /* windows it has been below its guarantee */
};

struct mix {
	struct vm vm[VMS];
	u64 size;
	bool contended;
	u32 window;
	unsigned int step;
	unsigned int violations;
	unsigned int unbalanced;
	double jain;
	double ratio;
	double fixed;
	double best;
	unsigned int n;
};

/* The load of the window: its hot set has 4 … 36 % of the pages. */
static void day_setup(struct trace *t, unsigned int phase)
{
	unsigned int who = phase / 1000, hour = phase % 1000;
	double at = 2 * M_PI * ((double)hour / DAY + (double)who / VMS);
	u32 nhot = t->n * (0.20 + 0.16 * sin(at));

	for (u32 i = 0; i < t->n; i++) {
		t->weight[t->place[i]] = i < nhot ? 1 : 0.01;
		t->write[t->place[i]] = 300;
	}
}

static const struct workload day = {.name = "diurnal", .setup = day_setup};

static void vm_start(struct vm *v, u32 n, u64 seed)
{
	memset(v, 0, sizeof(*v));
	trace_start(&v->trace, &day, n, seed);
	world_start(&v->world, n, n / 4, NULL);
	v->core = core_start(&v->world);
	v->m = (struct vtmm_pool_member){.min = n / 20,
					 .max = ~0ull,
					 .shares = VTMM_SHARES_DEFAULT,
					 .mem = n};
	v->world.cap = n; /* the pool limits it, not the world */
}

static void vm_phase(struct vm *v, unsigned int who, u32 window)
{
	v->trace.load->setup(&v->trace, who * 1000 + window % DAY);
	alias_build(&v->trace.alias, v->trace.weight, v->trace.n);
}

static u64 mix_used(const struct mix *x)
{
	u64 used = 0;

	for (int i = 0; i < VMS; i++)
		used += x->vm[i].world.used;
	return used;
}

static void mix_divide(struct mix *x, u32 round)
{
	struct vtmm_pool_member m[VMS];
	struct vtmm_plan plan;
	u64 sum;

	for (int i = 0; i < VMS; i++) {
		core_measure(x->vm[i].core, round, &plan, x->vm[i].m.allotment);
		x->vm[i].m.demand = plan.demand;
		x->vm[i].m.hot = plan.hot;
		m[i] = x->vm[i].m;
	}
	sum = vtmm_pool_divide(x->size, m, VMS);
	x->contended = vtmm_pool_contended(m, VMS);
	for (int i = 0; i < VMS; i++) {
		x->vm[i].m = m[i];
		sum += m[i].allotment;
		x->violations += m[i].allotment < m[i].min;
	}
	x->unbalanced += sum != x->size;
}

/* A VM below its guarantee for longer than the grace is a violation. */
static void mix_check(struct mix *x)
{
	for (int i = 0; i < VMS; i++) {
		struct vm *v = &x->vm[i];
		u64 due = v->m.demand < v->m.min ? v->m.demand : v->m.min;

		v->short_for = v->world.used < due ? v->short_for + 1 : 0;
		x->violations += v->short_for > GRACE;
	}
}

static int by_weight(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

/* Share of accesses that the best @cap pages of all @n would catch. */
static double best_share(double *weight, u32 n, u32 cap)
{
	double sum = 0, in = 0;

	qsort(weight, n, sizeof(*weight), by_weight);
	for (u32 i = 0; i < n; i++) {
		sum += weight[i];
		in += i < cap ? weight[i] : 0;
	}
	return in / sum;
}

/* With the pool as one (the VMs access equally often), and cut in four. */
static void mix_best(struct mix *x)
{
	u32 n = x->vm[0].trace.n;
	double *all = xcalloc(n * VMS, sizeof(*all));
	double *one = xcalloc(n, sizeof(*one));

	for (int i = 0; i < VMS; i++) {
		double sum = 0;

		for (u32 k = 0; k < n; k++)
			sum += x->vm[i].trace.weight[k];
		for (u32 k = 0; k < n; k++) {
			one[k] = x->vm[i].trace.weight[k] / sum;
			all[i * n + k] = one[k];
		}
		x->fixed += best_share(one, n, x->size / VMS) / VMS;
	}
	x->best += best_share(all, n * VMS, x->size);
	free(all);
	free(one);
}

/* Fairness of what the VMs have of what they want or are due. */
static double mix_jain(const struct mix *x)
{
	double sum = 0, squares = 0;

	for (int i = 0; i < VMS; i++) {
		const struct vtmm_pool_member *m = &x->vm[i].m;
		u64 due = x->size / VMS < m->demand ? x->size / VMS : m->demand;
		double got = due ? (double)x->vm[i].world.used / due : 1;

		if (got > 1)
			got = 1;
		sum += got;
		squares += got * got;
	}
	return sum * sum / (VMS * squares);
}

static void mix_window(struct mix *x)
{
	u32 round = (x->window + 1) * WINDOW;

	mix_divide(x, round);
	for (int i = 0; i < VMS; i++) {
		struct vm *v = &x->vm[i];
		u64 used = mix_used(x);

		core_window(v->core, &v->world, round, v->m.allotment,
			    used < x->size ? x->size - used : 0, x->contended);
		world_end_window(&v->world);
		if (x->window >= WARM)
			x->ratio += v->world.ratio[x->window] / VMS;
	}
	if (x->window < WARM)
		return;
	mix_check(x);
	mix_best(x);
	x->jain += mix_jain(x);
	x->n++;
}

static void mix_run(struct mix *x)
{
	for (x->window = 0; x->window < WINDOWS; x->window++) {
		for (int i = 0; i < VMS; i++)
			vm_phase(&x->vm[i], i, x->window);
		for (u32 k = 1; k <= WINDOW; k++) {
			for (int i = 0; i < VMS; i++) {
				struct vm *v = &x->vm[i];

				trace_round(&v->trace);
				world_access(&v->world, &v->trace);
				core_round(v->core, &v->world,
					   x->window * WINDOW + k);
			}
		}
		mix_window(x);
	}
}

/**
 * sim_vms() - run the mix and tell how the pool did
 * @n: pages of each VM
 * @seed: of the random numbers
 */
void sim_vms(u32 n, u64 seed)
{
	static struct mix x;

	memset(&x, 0, sizeof(x));
	n /= 2;
	x.size = (u64)n * VMS / 4;
	for (int i = 0; i < VMS; i++)
		vm_start(&x.vm[i], n, seed + i);
	mix_run(&x);
	printf("4 VMs, a day of %u windows, pool of a quarter of their "
	       "memory:\n"
	       "hit ratio %.3f; best possible %.3f with one pool, %.3f cut in "
	       "four; Jain index %.4f, guarantee violations %u\n",
	       DAY, x.ratio / x.n, x.best / x.n, x.fixed / x.n, x.jain / x.n,
	       x.violations);
	goal_least("pool: of the best possible hit ratio", 0.95, "diurnal",
		   x.ratio / x.best);
	goal_most("pool: guarantee violations", 0, "diurnal", x.violations);
	goal_most("pool: divisions that do not add up to it", 0, "diurnal",
		  x.unbalanced);
	goal_least("pool: Jain index of what VMs have of what is their due",
		   0.95, "diurnal", x.jain / x.n);
	for (int i = 0; i < VMS; i++) {
		core_end(x.vm[i].core);
		world_end(&x.vm[i].world);
		trace_end(&x.vm[i].trace);
	}
}
