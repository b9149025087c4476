// SPDX-License-Identifier: GPL-2.0-only
/*
 * goals: what was asked for, the worst that was found, where, and whether it
 * is met. Every goal that is judged anywhere is in the one table at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define MAX_GOALS 64

struct goal {
	const char *what;
	const char *where; /* of the worst */
	u64 seed;
	double bound;
	double worst;
	bool least; /* no less than the bound, else no more */
	unsigned int judged;
	unsigned int missed;
};

static struct goal goals[MAX_GOALS];
static unsigned int nr_goals;
static u64 seed_now = 1;

void goals_seed(u64 seed)
{
	seed_now = seed;
}

static struct goal *goal_find(const char *what, double bound, bool least)
{
	struct goal *g;

	for (g = goals; g < goals + nr_goals; g++)
		if (!strcmp(g->what, what))
			return g;
	if (nr_goals++ == MAX_GOALS)
		abort();
	*g = (struct goal){.what = what, .bound = bound, .least = least};
	return g;
}

static void goal_judge(struct goal *g, const char *where, double got)
{
	bool holds = g->least ? got >= g->bound : got <= g->bound;

	if (!g->judged || (g->least ? got < g->worst : got > g->worst)) {
		g->worst = got;
		g->where = where;
		g->seed = seed_now;
	}
	g->judged++;
	g->missed += !holds;
	if (!holds)
		printf("MISSED: %s: %s (%.4f)\n", where, g->what, got);
}

/* The goal @what: @got may not be less than @bound. Texts must stay. */
void goal_least(const char *what, double bound, const char *where, double got)
{
	goal_judge(goal_find(what, bound, true), where, got);
}

/* @got may not be more than @bound. */
void goal_most(const char *what, double bound, const char *where, double got)
{
	goal_judge(goal_find(what, bound, false), where, got);
}

/**
 * goals_table() - print all goals that were judged
 *
 * Return: how many were missed; 1 when none was judged, for then none is met.
 */
unsigned int goals_table(void)
{
	unsigned int missed = 0;
	const struct goal *g;

	if (!nr_goals) {
		fprintf(stderr, "vtmm-sim: nothing was run, no goal judged\n");
		return 1;
	}
	printf("%-6s %-58s %12s %10s %6s  %s\n", "", "goal", "bound", "worst",
	       "judged", "where (seed)");
	for (g = goals; g < goals + nr_goals; g++) {
		printf("%-6s %-58s %s %9.4g %10.4f %6u  %s (%llu)\n",
		       g->missed ? "MISSED" : "met", g->what,
		       g->least ? ">=" : "<=", g->bound, g->worst, g->judged,
		       g->where, (unsigned long long)g->seed);
		missed += !!g->missed;
	}
	return missed;
}
