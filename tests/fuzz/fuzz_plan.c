// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_plan: any histogram, settings and memory of the planner, and any pool.
 * Plans must keep their limits, divisions must add up.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <vtmm/plan.h>
#include <vtmm/pool.h>

#define CHECK(x) ((x) ? (void)0 : abort())
#define PAGES ((1ull << 40) - 1)
#define MEMBERS 6

struct raw {
	struct vtmm_hist hist;
	struct vtmm_plan_params pp;
	struct vtmm_plan_state st;
	u64 allotment;
	u64 room;
	u64 budget;
	u32 round;
	u64 size;
	struct vtmm_pool_member m[MEMBERS];
};

/* Counts are pages, and a VM has at most 2^40. */
static u64 tame_hist(struct vtmm_hist *hist)
{
	u64 fast = 0;

	for (unsigned int tier = 0; tier < VTMM_NR_TIERS; tier++) {
		for (unsigned int t = 0; t < VTMM_TEMPS; t++)
			hist->pages[tier][t] &= PAGES;
		hist->moved[tier] &= PAGES;
		hist->moved_temp[tier] &= PAGES;
	}
	for (unsigned int t = 0; t < VTMM_TEMPS; t++)
		fast += hist->pages[0][t];
	return fast;
}

static void fuzz_plan(struct raw *r)
{
	struct vtmm_plan_input in = {.hist = &r->hist,
				     .allotment = r->allotment,
				     .room = r->room & PAGES,
				     .budget = r->budget,
				     .round = r->round};
	u64 fast = tame_hist(&r->hist);
	struct vtmm_plan plan;

	r->pp.hot_permille = 1 + r->pp.hot_permille % 1000;
	r->pp.floor &= PAGES;
	memset(&r->st, 0, sizeof(r->st));
	for (int i = 0; i < 4; i++) {
		vtmm_plan_make(&r->pp, &r->st, &in, &plan);
		CHECK(plan.reason < VTMM_PLAN_REASONS);
		CHECK(plan.promote <= plan.demote + in.room);
		CHECK(plan.promote + plan.demote <= in.budget);
		CHECK(plan.demote <= fast);
		CHECK(plan.demand <= plan.hot);
		in.round++;
	}
}

static void fuzz_pool(struct raw *r)
{
	u64 sum;

	for (int i = 0; i < MEMBERS; i++) {
		r->m[i].rests = i & 1; /* bytes are no bools */
		r->m[i].shares %= VTMM_SHARES_MAX + 1;
	}
	sum = vtmm_pool_divide(r->size, r->m, MEMBERS);
	for (int i = 0; i < MEMBERS; i++) {
		CHECK(r->m[i].rests || r->m[i].allotment <= r->m[i].max);
		CHECK(r->m[i].rests || r->m[i].allotment <= r->m[i].mem);
		CHECK(!r->m[i].rests || r->m[i].allotment <= r->m[i].held);
		sum += r->m[i].allotment;
	}
	CHECK(sum == r->size);
	vtmm_pool_check(r->size, r->m, MEMBERS);
	vtmm_pool_contended(r->m, MEMBERS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct raw r;

	memset(&r, 0, sizeof(r));
	memcpy(&r, data, size < sizeof(r) ? size : sizeof(r));
	r.st = (struct vtmm_plan_state){0}; /* bytes are no bools */
	fuzz_plan(&r);
	fuzz_pool(&r);
	return 0;
}
