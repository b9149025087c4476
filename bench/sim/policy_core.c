// SPDX-License-Identifier: GPL-2.0-only
/*
 * policy_core: vtmm's own policy, by the objects that the module is built of.
 * The tracker looks at every page, and re-arms those that are due.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

struct core {
	struct vtmm_heat heat;
	struct vtmm_plan_params pp;
	struct vtmm_plan_state st;
	struct vtmm_hist hist;
	struct vtmm_plan plan;
	struct vtmm_pick pick[VTMM_NR_TIERS]; /* what is left of the plan */
	struct vtmm_move out[VTMM_PICK_MAX];
	u64 allotment;
	u64 room; /* fast pages that may be taken, of what is there */
	u32 n;
	u32 round;
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

static void *start_with(struct world *w, bool queue)
{
	struct vtmm_settings vm = settings.vm.set;
	struct core *c = xcalloc(1, sizeof(*c));
	struct vtmm_mem mem = sim_mem();

	vm.heat.queue = queue;
	vtmm_settings_fit(&vm, w->n);
	if (vtmm_heat_init(&c->heat, &vm.heat, &mem))
		abort();
	c->pp = vm.plan;
	c->n = w->n;
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
	} else if (round > 1 || a.tier == ABSENT) {
		return; /* mapped and untouched: known already */
	}
	if (vtmm_heat_record(&c->heat, round, &a))
		abort();
}

static void core_see_huge(struct core *c, struct world *w, u32 page, u32 round)
{
	u8 flags = VTMM_ACC_HUGE;

	for (u32 i = 0; i < VTMM_CHUNK_PAGES; i++)
		flags |= w->bits[page + i];
	core_see(c, w, page, round, flags);
}

void core_round(void *p, struct world *w, u32 round)
{
	struct core *c = p;
	u32 page = 0;

	c->round = round;
	while (page < w->n) {
		if (world_is_huge(w, page)) {
			core_see_huge(c, w, page, round);
			page += VTMM_CHUNK_PAGES;
		} else {
			core_see(c, w, page, round, w->bits[page]);
			page++;
		}
	}
}

/* As the module: only what the allotment and the tier still take. */
static u64 core_room(const struct core *c, const struct world *w)
{
	u64 left = c->allotment > w->used ? c->allotment - w->used : 0;

	return left < c->room ? left : c->room;
}

/* The next piece of the plan in one direction. */
static u64 core_move(struct core *c, struct world *w, u8 tier)
{
	u64 room = tier == FAST ? core_room(c, w) : ~0ull, moved = 0;
	size_t n = vtmm_pick_next(&c->pick[tier], &c->heat, c->out,
				  VTMM_PICK_MAX, room);

	vtmm_pick_sort(&c->heat, c->out, n);
	for (size_t i = 0; i < n; i++) {
		u32 pages = c->out[i].huge ? VTMM_CHUNK_PAGES : 1;

		for (u32 k = 0; k < pages; k++)
			world_move(w, c->out[i].gfn + k, tier);
		vtmm_heat_moved(&c->heat, c->out[i].gfn, tier, c->round);
		moved += pages;
	}
	c->room += tier == FAST ? -moved : moved;
	return moved;
}

/**
 * core_piece() - carry out the next piece of a plan, as the module does
 * @c: the policy
 * @w: what it places
 *
 * Return: pages that moved; 0 when the plan has been carried out.
 */
u64 core_piece(struct core *c, struct world *w)
{
	u64 moved = 0;

	while (!moved && !(c->pick[SLOW].done &&
			   (c->pick[FAST].done || !core_room(c, w)))) {
		moved += core_move(c, w, SLOW);
		moved += core_move(c, w, FAST);
		if (!moved && c->pick[SLOW].done && c->pick[FAST].full)
			break; /* a huge page that does not fit */
	}
	return moved;
}

void core_count(struct core *c, u32 round)
{
	vtmm_heat_histogram(&c->heat, round, &c->hist);
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

	core_count(c, round);
	vtmm_plan_make(&c->pp, NULL, &in, plan);
}

/**
 * core_plan() - a window is over: make a plan
 * @c: the policy, after core_measure() or with a histogram
 * @round: now
 * @allotment: fast pages that it may have
 * @room: fast pages that are free
 * @contended: some VM gets less than it wants
 */
void core_plan(struct core *c, u32 round, u64 allotment, u64 room,
	       bool contended)
{
	struct vtmm_plan_input in = {
		.hist = &c->hist,
		.allotment = allotment,
		.room = room,
		.budget = settings.budget,
		.round = round,
		.contended = contended,
	};

	vtmm_plan_make(&c->pp, &c->st, &in, &c->plan);
	if (c->plan.wake)
		vtmm_heat_wake(&c->heat, round);
	for (u8 tier = 0; tier < VTMM_NR_TIERS; tier++)
		vtmm_pick_begin(&c->pp, &c->heat, &c->plan, tier, ~0ull,
				&c->pick[tier]);
	c->allotment = allotment;
	c->room = room;
}

/* The whole plan is carried out before the next round begins. */
void core_window(struct core *c, struct world *w, u32 round, u64 allotment,
		 u64 room, bool contended)
{
	core_plan(c, round, allotment, room, contended);
	while (core_piece(c, w))
		;
}

/* Does it take a page for hot? */
static bool core_hot(void *p, const struct world *w, u32 page)
{
	struct core *c = p;

	(void)w;
	return vtmm_heat_temperature(&c->heat, page, c->round) >=
	       c->plan.demand_temp;
}

static void core_window_alone(void *p, struct world *w, u32 round)
{
	struct core *c = p;

	core_count(c, round);
	core_window(c, w, round, w->cap, w->cap - w->used, false);
}

void core_end(void *p)
{
	struct core *c = p;

	vtmm_heat_exit(&c->heat);
	free(c);
}

const struct policy policy_core = {
	.name = "vtmm",
	.start = core_start,
	.round = core_round,
	.window = core_window_alone,
	.hot = core_hot,
	.end = core_end,
};

const struct policy policy_core_noqueue = {
	.name = "vtmm, queue off",
	.start = core_start_noqueue,
	.round = core_round,
	.window = core_window_alone,
	.hot = core_hot,
	.end = core_end,
};
