// SPDX-License-Identifier: GPL-2.0-only
/*
 * vtmm-sim: runs every policy over every workload, side by side on the same
 * trace, and says how each did and whether the goals hold. The exit status
 * tells whether they do.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define NR_POLICIES 8
#define WINDOWS 60u
#define SETTLED 20u /* windows after which a stationary workload is judged */
#define SEEDS 3u
#define LARGE (1u << 22) /* pages: a quarter of them, a million, is hot */
#define SET 256		 /* settings are options of their own: this and above */

static const struct policy *const policies[NR_POLICIES] = {
	&policy_oracle, &policy_core, &policy_core_noqueue, &policy_paper,
	&policy_lfu,	&policy_lru,  &policy_threshold,    &policy_first_touch,
};

struct run {
	struct world world[NR_POLICIES];
	void *state[NR_POLICIES];
	struct trace trace;
	u32 windows;
	u32 settled;
};

/* What is told of one policy. */
struct result {
	double of_oracle; /* hit ratio ÷ the oracle's, settled */
	double in;	  /* share of the hot set in fast memory, at the end */
	double recall;	  /* share of the hot set that it takes for hot */
	double precision; /* share of what it takes for hot that is */
	double moves;	  /* per window, share of pages, settled */
	double pingpong;  /* share of moves, settled */
	double returns;	  /* pages that move back per window, settled */
	double after_3; /* hit ratio ÷ the oracle's 3 windows after a change */
	int converged;	/* windows after a change to 0.95; -1: never */
};

/* The same memory for every policy; of @order the first @fast pages are fast.
 */
static void run_worlds(struct run *r, const u32 *order, u32 fast)
{
	for (int i = 0; i < NR_POLICIES; i++) {
		world_start(&r->world[i], r->trace.n, fast, order);
		r->world[i].huge = r->trace.huge;
		r->state[i] = policies[i]->start(&r->world[i]);
	}
}

static void run_start(struct run *r, const struct workload *w, u32 n, u64 seed)
{
	u32 *order = xcalloc(n, sizeof(*order));

	trace_start(&r->trace, w, n, seed);
	r->windows = WINDOWS;
	r->settled = SETTLED;
	/* it booted by touching its memory in the order of addresses */
	for (u32 i = 0; i < n; i++)
		order[i] = i;
	run_worlds(r, order, n / 4);
	free(order);
}

static void run_round(struct run *r, u32 round)
{
	trace_round(&r->trace);
	for (int i = 0; i < NR_POLICIES; i++) {
		const struct policy *p = policies[i];
		struct world *w = &r->world[i];

		if (p->before)
			p->before(r->state[i], w, &r->trace);
		world_access(w, &r->trace);
		p->round(r->state[i], w, round);
		if (round % WINDOW)
			continue;
		p->window(r->state[i], w, round);
		world_end_window(w);
	}
}

static void run_end(struct run *r)
{
	for (int i = 0; i < NR_POLICIES; i++) {
		policies[i]->end(r->state[i]);
		world_end(&r->world[i]);
	}
	trace_end(&r->trace);
}

/* Pages that are hot, that a policy takes for hot, both; in fast memory. */
struct hot_set {
	u32 hot;
	u32 taken;
	u32 both;
	u32 in;
};

static bool taken_for_hot(int i, void *state, const struct world *w, u32 page)
{
	return policies[i]->hot ? policies[i]->hot(state, w, page)
				: w->tier[page] == FAST;
}

/* A page is hot that is accessed twice as often as the mean. */
static struct hot_set count_hot(const struct run *r, int i)
{
	const struct world *w = &r->world[i];
	struct hot_set s = {0};
	double sum = 0;

	for (u32 k = 0; k < w->n; k++)
		sum += trace_expected(&r->trace, k);
	for (u32 k = 0; k < w->n; k++) {
		bool hot = trace_expected(&r->trace, k) >= 2 * sum / w->n;
		bool taken = taken_for_hot(i, r->state[i], w, k);

		s.hot += hot;
		s.taken += taken;
		s.both += hot && taken;
		s.in += hot && w->tier[k] == FAST;
	}
	return s;
}

/* Of no hot pages at all, nothing can be said: -1. */
static void judge_hot(const struct run *r, int i, struct result *res)
{
	struct hot_set s = count_hot(r, i);
	u32 fit = s.hot < r->world[i].cap ? s.hot : r->world[i].cap;

	res->in = s.hot ? (double)s.in / fit : -1;
	res->recall = s.hot ? (double)s.both / s.hot : -1;
	res->precision = s.hot ? s.taken ? (double)s.both / s.taken : 1 : -1;
}

static double mean_of_oracle(const struct run *r, int i, u32 from, u32 to)
{
	double sum = 0;

	for (u32 k = from; k < to; k++)
		sum += r->world[0].ratio[k]
			       ? r->world[i].ratio[k] / r->world[0].ratio[k]
			       : 1;
	return sum / (to - from);
}

static int windows_to_converge(const struct run *r, int i, u32 change)
{
	for (u32 k = change; k < WINDOWS; k++)
		if (r->world[i].ratio[k] >= 0.95 * r->world[0].ratio[k])
			return k - change;
	return -1;
}

static void judge(const struct run *r, int i, struct result *res)
{
	const struct workload *load = r->trace.load;
	const struct world *w = &r->world[i];
	u64 moves = 0, back = 0, returns = 0;

	for (u32 k = r->settled; k < r->windows; k++) {
		moves += w->moves_in[k];
		back += w->pingpong_in[k];
		returns += w->returns_in[k];
	}
	res->of_oracle = mean_of_oracle(r, i, r->settled, r->windows);
	judge_hot(r, i, res);
	res->moves = (double)moves / w->n / (r->windows - r->settled);
	res->pingpong = moves ? (double)back / moves : 0;
	res->returns = (double)returns / w->n / (r->windows - r->settled);
	res->converged = 0;
	res->after_3 = 1;
	if (!load->change)
		return;
	res->after_3 = mean_of_oracle(r, i, load->change + 3, load->change + 6);
	res->converged = windows_to_converge(r, i, load->change);
}

static void print_header(void)
{
	printf("%-22s %-18s %9s %7s %7s %7s %8s %9s %7s %9s\n", "workload",
	       "policy", "÷ oracle", "hot in", "recall", "precis", "moves/w",
	       "ping-pong", "+3 win", "converges");
}

static void print_share(double x)
{
	if (x < 0)
		printf(" %7s", "-");
	else
		printf(" %6.1f%%", 100 * x);
}

static void print_result(const struct workload *load, const char *policy,
			 const struct result *res)
{
	printf("%-22s %-18s %8.3f", load->name, policy, res->of_oracle);
	print_share(res->in);
	print_share(res->recall);
	print_share(res->precision);
	printf(" %7.2f%% %8.2f%%", 100 * res->moves, 100 * res->pingpong);
	if (load->change && res->converged >= 0)
		printf(" %7.3f %6d win", res->after_3, res->converged);
	else if (load->change)
		printf(" %7.3f %10s", res->after_3, "never");
	printf("\n");
}

/* The goals, of vtmm's own policy with the queue on. */
static void check_goals(const struct workload *load, const struct result *res,
			const struct result *first)
{
	if (load->stationary) {
		goal_least("of the oracle, stationary", 0.98, load->name,
			   res->of_oracle);
		goal_most("ping-pong, share of moves in steady state", 0.01,
			  load->name, res->pingpong);
		goal_most("pages that move back per window, within 25", 0.005,
			  load->name, res->returns);
	}
	if (load->change) {
		goal_least("of the oracle 3 windows after a change", 0.95,
			   load->name, res->after_3);
		goal_most("windows to converge after a change", 3, load->name,
			  res->converged < 0 ? (int)WINDOWS : res->converged);
	}
	if (!strcmp(load->name, "uniform"))
		goal_most("pages that move per window under uniform access",
			  0.005, load->name, res->moves);
	if (load->stream && load->stationary)
		goal_least("of the hot set in fast memory beside a scan", 0.98,
			   load->name, res->in);
	goal_least("hit ratio less that of first touch (0.001 is chance)",
		   -0.001, load->name, res->of_oracle - first->of_oracle);
}

static void run_all(struct run *r, struct result *res)
{
	for (u32 round = 1; round <= r->windows * WINDOW; round++)
		run_round(r, round);
	for (int i = 0; i < NR_POLICIES; i++) {
		judge(r, i, &res[i]);
		print_result(r->trace.load, policies[i]->name, &res[i]);
	}
}

/*
 * What a real VM did, under the settings that were asked for, from where its
 * pages were. With @fast 0 it has as much fast memory as it had then.
 */
static void run_replay(struct replay *replay, u32 fast)
{
	static const struct workload recorded = {.name = "replay"};
	struct result res[NR_POLICIES];
	static struct run r;
	u32 *order, pages;

	r.trace.load = &recorded;
	replay_begin(&r.trace, replay);
	r.windows = replay_windows(replay);
	r.settled = r.windows / 3;
	fast = fast ? fast : replay_fast(replay);
	if (settings.vm.set.rate_bytes)
		settings.budget = settings.vm.set.rate_bytes *
				  replay_period_ms(replay) / 1000 * WINDOW /
				  4096;
	order = xcalloc(r.trace.n, sizeof(*order));
	pages = replay_order(replay, order);
	run_worlds(&r, order, fast < pages ? fast : pages);
	free(order);
	replay_tell(replay);
	print_header();
	run_all(&r, res);
	run_end(&r);
}

static void run_workload(const struct workload *load, u32 n, u64 seed)
{
	struct result res[NR_POLICIES];
	static struct run r;

	run_start(&r, load, n, seed);
	run_all(&r, res);
	check_goals(load, &res[1], &res[NR_POLICIES - 1]);
	printf("\n");
	run_end(&r);
}

static void print_usage(FILE *f)
{
	fprintf(f,
		"usage: vtmm-sim [-n PAGES] [-s SEED] [-w WORKLOAD] [-V]\n"
		"       vtmm-sim -a [-C PAGES]\n"
		"       vtmm-sim -L PAGES | -C PAGES\n"
		"       vtmm-sim --replay FILE [--fast PAGES] [SETTING...]\n"
		"  -n  pages of a guest (65536)\n"
		"  -s  seed of the random numbers (1)\n"
		"  -w  only this workload\n"
		"  -V  only the mixes of VMs\n"
		"  -L PAGES  only the large VM that changes, of so many pages\n"
		"  -C PAGES  only the costs, for up to so many touched pages\n"
		"  -a  all of these, with seeds 1 to 3\n"
		"  --replay FILE  what a VM did, recorded by vtmmctl record\n"
		"  --fast PAGES   fast memory that it has (default: as then)\n"
		"  SETTING        as of vtmmctl set, but --hot is per mille, --floor\n"
		"                 in pages, --rate in bytes/s:");
	for (unsigned int i = 0; settings_name(i); i++)
		fprintf(f, " --%s", settings_name(i));
	fputc('\n', f);
}

static void run_workloads(const char *only, u32 n, u64 seed)
{
	print_header();
	for (unsigned int i = 0; i < nr_workloads; i++)
		if (!only || !strcmp(only, workloads[i].name))
			run_workload(&workloads[i], n, seed);
}

/* The options of the tool, then the settings; getopt wants them in one table.
 */
#define TOOL_OPTIONS 3
#define MAX_OPTIONS 32

static struct option long_options[MAX_OPTIONS] = {
	{"replay", required_argument, NULL, 'r'},
	{"fast", required_argument, NULL, 'f'},
	{"list", no_argument, NULL, 'l'},
};

static void add_settings(void)
{
	const char *name;

	for (int i = 0; TOOL_OPTIONS + i < MAX_OPTIONS - 1; i++) {
		struct option *o = &long_options[TOOL_OPTIONS + i];

		name = settings_name(i);
		if (!name)
			break;
		*o = (struct option){name, required_argument, NULL, SET + i};
	}
}

/* What was asked for. */
struct wish {
	const char *only;
	const char *replay;
	u32 fast;
	bool list;
	bool vms;
	bool all;
	u64 seed;
	u64 cost;
	u32 large;
	u32 n;
};

/* A setting of vtmm's own policy. */
static bool wish_setting(int c)
{
	const char *name = long_options[TOOL_OPTIONS + c - SET].name;
	const char *problem = settings_set(name, optarg);

	if (problem)
		fprintf(stderr, "vtmm-sim: --%s: %s\n", name, problem);
	return !problem;
}

static bool wish_option(struct wish *w, int c)
{
	switch (c) {
	case 'n':
		w->n = strtoul(optarg, NULL, 0) & ~(VTMM_CHUNK_PAGES - 1);
		return w->n;
	case 's':
		w->seed = strtoull(optarg, NULL, 0);
		return true;
	case 'w':
		w->only = optarg;
		return true;
	case 'V':
		w->vms = true;
		return true;
	case 'L':
		w->large = strtoul(optarg, NULL, 0);
		return w->large >= VTMM_CHUNK_PAGES &&
		       !(w->large & (w->large - 1));
	case 'a':
		w->all = true;
		return true;
	case 'C':
		w->cost = strtoull(optarg, NULL, 0);
		return true;
	case 'r':
		w->replay = optarg;
		return true;
	case 'f':
		w->fast = strtoul(optarg, NULL, 0);
		return w->fast;
	case 'l':
		w->list = true;
		return true;
	default:
		return c >= SET && wish_setting(c);
	}
}

static int do_replay(const struct wish *w)
{
	struct replay *replay = replay_load(w->replay);

	if (!replay)
		return 1;
	if (w->list)
		replay_list(replay);
	else
		run_replay(replay, w->fast);
	replay_free(replay);
	return 0;
}

static void run_seed(const struct wish *w, u64 seed)
{
	goals_seed(seed);
	printf("seed %llu\n", (unsigned long long)seed);
	if (!w->vms)
		run_workloads(w->only, w->n, seed);
	if (!w->only) {
		sim_vms(w->n, seed);
		sim_churn(w->n, seed);
	}
	printf("\n");
}

/* All that goals are set for; takes minutes, and two gigabytes. */
static void run_everything(struct wish *w)
{
	for (u64 seed = 1; seed <= SEEDS; seed++) {
		run_seed(w, seed);
		sim_large(LARGE, seed);
	}
	sim_cost(w->cost ? w->cost : ~0ull);
}

int main(int argc, char **argv)
{
	struct wish w = {.seed = 1, .n = 65536};
	int c;

	settings_start();
	add_settings();
	while ((c = getopt_long(argc, argv, "n:s:w:VL:C:ah", long_options,
				NULL)) != -1) {
		if (c == 'h')
			return print_usage(stdout), 0;
		if (!wish_option(&w, c))
			return print_usage(stderr), 2;
	}
	if (w.replay)
		return do_replay(&w);
	if (w.all)
		run_everything(&w);
	else if (w.large)
		sim_large(w.large, w.seed);
	else if (w.cost)
		sim_cost(w.cost);
	else
		run_seed(&w, w.seed);
	return goals_table() != 0;
}
