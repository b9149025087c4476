// SPDX-License-Identifier: GPL-2.0-only
/*
 * policy_core: vtmm's own policy, by the objects that the module is built of.
 * The tracker looks at every page, and re-arms those that are due.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define FLOOR (100000000 / 4096) /* pages */

struct core {
	struct vtmm_heat heat;
	struct vtmm_plan_params pp;
	struct vtmm_plan_state st;
	struct vtmm_hist hist;
	struct vtmm_move *out;
	u32 n;
	u64 rearmed;
	u64 seen;
};

static void *mem_zalloc(void *ctx, size_t size)
{
	(void)ctx;
	return calloc(1, size);
}

static void mem_free(void *ctx, void *p, size_t size)
{
	(void)ctx;
	(void)size;
	free(p);
}

struct vtmm_mem sim_mem(void)
{
	return (struct vtmm_mem){mem_zalloc, mem_free, NULL};
}

struct settings settings = {
	.heat = {WINDOW, 1, 3, true},
	.plan = {900, 2, 20, ~0ull, 3, WINDOW},
};

static void *start_with(struct world *w, bool queue)
{
	struct vtmm_heat_params hp = settings.heat;
	struct core *c = xcalloc(1, sizeof(*c));
	struct vtmm_mem mem = sim_mem();

	hp.queue = queue;
	if (vtmm_heat_init(&c->heat, &hp, &mem))
		abort();
	c->pp = settings.plan;
	if (c->pp.floor == ~0ull)
		c->pp.floor = w->n / 100 < FLOOR ? w->n / 100 : FLOOR;
	c->n = w->n;
	c->out = xcalloc(w->n, sizeof(*c->out));
	return c;
}

void *core_start(struct world *w)
{
	return start_with(w, true);
}

static void *core_start_noqueue(struct world *w)
{
	return start_with(w, false);
}

static void core_see(struct core *c, struct world *w, u32 page, u32 round,
		     u8 flags)
{
	struct vtmm_access a = {page, flags, w->tier[page]};

	if (flags & (VTMM_ACC_READ | VTMM_ACC_WRITE)) {
		c->seen++;
		if (vtmm_heat_due(&c->heat, page, round)) {
			memset(&w->bits[page], 0,
			       flags & VTMM_ACC_HUGE ? VTMM_CHUNK_PAGES : 1);
			c->rearmed++;
		} else {
			a.flags |= VTMM_ACC_SLEPT;
		}
	} else if (round > 1) {
		return; /* mapped and untouched: known already */
	}
	if (vtmm_heat_record(&c->heat, round, &a))
		abort();
}

static void core_round_huge(struct core *c, struct world *w, u32 round)
{
	for (u32 page = 0; page < w->n; page += VTMM_CHUNK_PAGES) {
		u8 flags = VTMM_ACC_HUGE;

		for (u32 i = 0; i < VTMM_CHUNK_PAGES; i++)
			flags |= w->bits[page + i];
		core_see(c, w, page, round, flags);
	}
}

void core_round(void *p, struct world *w, u32 round)
{
	struct core *c = p;

	if (w->huge) {
		core_round_huge(c, w, round);
		return;
	}
	for (u32 page = 0; page < w->n; page++)
		core_see(c, w, page, round, w->bits[page]);
}

/* @room: fast pages that may be taken, of what is there. */
static void core_move(struct core *c, struct world *w,
		      const struct vtmm_plan *plan, u8 tier, u64 room)
{
	size_t n = vtmm_plan_pick(&c->pp, &c->heat, plan, tier, c->out, c->n);

	for (size_t i = 0; i < n; i++) {
		u32 pages = c->out[i].huge ? VTMM_CHUNK_PAGES : 1, k;

		if (tier == FAST && room < pages)
			break;
		room -= tier == FAST ? pages : 0;
		for (k = 0; k < pages; k++)
			world_move(w, c->out[i].gfn + k, tier);
		vtmm_heat_moved(&c->heat, c->out[i].gfn, tier, plan->round);
	}
}

void core_measure(struct core *c, u32 round, struct vtmm_plan *plan,
		  u64 allotment)
{
	struct vtmm_plan_input in = {
		.hist = &c->hist,
		.allotment = allotment,
		.budget = ~0ull,
		.round = round,
	};

	vtmm_heat_histogram(&c->heat, round, &c->hist);
	vtmm_plan_make(&c->pp, NULL, &in, plan);
}

void core_window(struct core *c, struct world *w, u32 round, u64 allotment,
		 u64 room, bool contended)
{
	struct vtmm_plan_input in = {
		.hist = &c->hist,
		.allotment = allotment,
		.room = room,
		.budget = ~0ull,
		.round = round,
		.contended = contended,
	};
	struct vtmm_plan plan;
	u32 before;

	vtmm_plan_make(&c->pp, &c->st, &in, &plan);
	before = w->used;
	core_move(c, w, &plan, SLOW, 0);
	/* as the module: only what the allotment and the tier still take */
	room += before - w->used;
	if (allotment < w->used || room > allotment - w->used)
		room = allotment < w->used ? 0 : allotment - w->used;
	core_move(c, w, &plan, FAST, room);
	if (plan.wake)
		vtmm_heat_wake(&c->heat, round);
}

static void core_window_alone(void *p, struct world *w, u32 round)
{
	struct core *c = p;

	vtmm_heat_histogram(&c->heat, round, &c->hist);
	core_window(c, w, round, w->cap, w->cap - w->used, false);
}

void core_end(void *p)
{
	struct core *c = p;

	vtmm_heat_exit(&c->heat);
	free(c->out);
	free(c);
}

const struct policy policy_core = {
	.name = "vtmm",
	.start = core_start,
	.round = core_round,
	.window = core_window_alone,
	.end = core_end,
};

const struct policy policy_core_noqueue = {
	.name = "vtmm, queue off",
	.start = core_start_noqueue,
	.round = core_round,
	.window = core_window_alone,
	.end = core_end,
};
