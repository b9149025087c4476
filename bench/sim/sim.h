/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sim: a guest's memory, its accesses and policies that place it, in user
 * space. The same objects of src/core as in the module decide here; the
 * hardware is two sticky bits a page. Nothing here is part of the module.
 */
#ifndef _VTMM_BENCH_SIM_H
#define _VTMM_BENCH_SIM_H

#include <stdint.h>

#include <vtmm/heat.h>
#include <vtmm/params.h>
#include <vtmm/plan.h>
#include <vtmm/pool.h>

#define FAST 0
#define SLOW 1
#define ABSENT 2 /* a hole between the pages of a recorded VM */
#define WINDOW ((u32)settings.vm.set.heat.window) /* rounds */
#define PINGPONG 5u /* windows within which a move back is ping-pong */
#define RETURN \
	25u /* ... within which it was not worth while: no pause is longer */
#define MAX_WINDOWS 4096u

/* rng.c: repeatable random numbers and weighted choice (Walker's alias). */
struct alias {
	u32 n;
	u32 *other;
	double *keep;
};

u64 rng_next(u64 *seed);
double rng_unit(u64 *seed);
void alias_build(struct alias *a, const double *weight, u32 n);
u32 alias_draw(const struct alias *a, u64 *seed);
void alias_free(struct alias *a);
void *xcalloc(size_t n, size_t size);

/**
 * struct workload - what a guest does
 * @name: for the table
 * @setup: sets the weights of @trace for a phase
 * @stream: share of accesses that a sequential stream makes, per mille
 * @stream_lap: rounds in which the stream passes its region once
 * @stream_writes: the stream writes
 * @change: window at which phase 1 begins; 0: never
 * @drift: windows after which a small part of the hot set is replaced; 0: never
 * @huge: mapped by 2 MiB leaves
 * @stationary: judged as such
 */
struct trace;
struct workload {
	const char *name;
	void (*setup)(struct trace *t, unsigned int phase);
	unsigned int stream;
	unsigned int stream_lap;
	bool stream_writes;
	unsigned int change;
	unsigned int drift;
	bool huge;
	bool stationary;
};

/**
 * struct trace - accesses as they are made
 * @weight: how often each page is accessed, relative
 * @write: of a page's accesses that are writes, per mille
 * @place: scatters ranks over addresses
 * @reads: @writes: accesses of the present round, by page
 * @huge: of each chunk: one leaf maps it; may change from round to round
 * @replay: where a recorded trace comes from, else NULL
 */
struct trace {
	const struct workload *load;
	u32 n;
	u32 per_round;
	u64 seed;
	u32 round;
	unsigned int phase;
	double *weight;
	u16 *write;
	u32 *place;
	struct alias alias;
	u32 stream_at;
	u32 *reads;
	u32 *writes;
	u8 *huge;
	struct replay *replay;
};

extern const struct workload workloads[];
extern const unsigned int nr_workloads;

void trace_start(struct trace *t, const struct workload *w, u32 n, u64 seed);
void trace_round(struct trace *t);
void trace_end(struct trace *t);
double trace_expected(const struct trace *t, u32 page);

/**
 * struct world - one guest's memory under one policy
 * @tier: of each page
 * @huge: of each chunk: one leaf maps it; NULL: of none
 * @bits: VTMM_ACC_READ and VTMM_ACC_WRITE of the hardware, sticky
 * @moved: window of the page's last move + 1
 */
struct world {
	u32 n;
	u32 cap;
	u32 used;
	u32 window;
	u8 *tier;
	u8 *bits;
	u32 *moved;
	u64 hits;
	u64 accesses;
	u64 moves;
	u64 pingpong;
	const u8 *huge;
	/* by window */
	double ratio[MAX_WINDOWS];
	u64 moves_in[MAX_WINDOWS];
	u64 pingpong_in[MAX_WINDOWS];
	u64 returns_in[MAX_WINDOWS];
};

void world_start(struct world *w, u32 n, u32 cap, const u32 *order);
bool world_is_huge(const struct world *w, u32 page);
void world_access(struct world *w, const struct trace *t);
void world_end_window(struct world *w);
bool world_move(struct world *w, u32 page, u8 tier);
void world_end(struct world *w);

/**
 * struct policy - places pages
 * @start: makes its state
 * @before: before the accesses of a round; only for one that knows the future
 * @round: after the accesses of a round; reads and clears the hardware's bits
 * @window: after the last round of a window; moves pages
 * @hot: does it take a page for hot? NULL: those that are in fast memory
 */
struct policy {
	const char *name;
	void *(*start)(struct world *w);
	void (*before)(void *p, struct world *w, const struct trace *t);
	void (*round)(void *p, struct world *w, u32 round);
	void (*window)(void *p, struct world *w, u32 round);
	bool (*hot)(void *p, const struct world *w, u32 page);
	void (*end)(void *p);
};

extern const struct policy policy_core, policy_core_noqueue;
extern const struct policy policy_first_touch, policy_oracle, policy_lru;
extern const struct policy policy_lfu, policy_threshold, policy_paper;

/* replay.c: what a real VM did, recorded by vtmmctl. */
struct replay *replay_load(const char *path);
u32 replay_pages(const struct replay *r);
u32 replay_fast(const struct replay *r);
u32 replay_period_ms(const struct replay *r);
u32 replay_windows(const struct replay *r);
u32 replay_order(const struct replay *r, u32 *order);
void replay_begin(struct trace *t, struct replay *r);
void replay_round(struct trace *t);
void replay_tell(const struct replay *r);
void replay_list(const struct replay *r);
void replay_free(struct replay *r);

/**
 * struct settings - what vtmm's own policy is run with
 * @vm: as of an attached VM, the module's defaults; @vm.set.heat.queue is set
 * by the policy, @vm.set.rate_bytes counts for replayed VMs
 * @budget: pages that may move in a window
 */
struct settings {
	struct vtmm_params vm;
	u64 budget;
};

extern struct settings settings;
void settings_start(void);
const char *settings_name(unsigned int i);
const char *settings_set(const char *name, const char *value);

/* policy_core.c, for mixes of VMs too */
struct core;
struct vtmm_mem sim_mem(void);
void *core_start(struct world *w);
void core_round(void *p, struct world *w, u32 round);
void core_count(struct core *c, u32 round);
void core_plan(struct core *c, u32 round, u64 allotment, u64 room,
	       bool contended);
u64 core_piece(struct core *c, struct world *w);
void core_measure(struct core *c, u32 round, struct vtmm_plan *plan,
		  u64 allotment);
void core_window(struct core *c, struct world *w, u32 round, u64 allotment,
		 u64 room, bool contended);
void core_end(void *p);

/* goals.c: what was asked for, and whether it is met */
void goals_seed(u64 seed);
void goal_least(const char *what, double bound, const char *where, double got);
void goal_most(const char *what, double bound, const char *where, double got);
unsigned int goals_table(void);

void sim_vms(u32 n, u64 seed);
void sim_churn(u32 n, u64 seed);
void sim_large(u32 n, u64 seed);
void sim_cost(u64 max_pages);

#endif /* _VTMM_BENCH_SIM_H */
