// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_heat: a stream of bytes becomes calls of heat, plans and picks, in any
 * order, with memory that runs out. Whatever they are, counts must agree with
 * each other and all memory must come back.
 */
#include <stdint.h>
#include <stdlib.h>

#include <vtmm/heat.h>
#include <vtmm/plan.h>

#define CHECK(x) ((x) ? (void)0 : abort())
#define MAX 700

struct input {
	const uint8_t *at;
	size_t left;
};

static u64 held;
static u64 calls;
static u64 fail_every;

static void *fuzz_zalloc(void *ctx, size_t size)
{
	(void)ctx;
	if (fail_every && ++calls % fail_every == 0)
		return NULL;
	held += size;
	return calloc(1, size);
}

static void fuzz_free(void *ctx, void *p, size_t size)
{
	(void)ctx;
	held -= size;
	free(p);
}

static u64 take(struct input *in, unsigned int bytes)
{
	u64 x = 0;

	for (; bytes && in->left; bytes--, in->left--)
		x = x << 8 | *in->at++;
	return x;
}

/* Mostly near each other, sometimes anywhere. */
static u64 take_gfn(struct input *in)
{
	u8 kind = take(in, 1);

	if (kind < 8)
		return take(in, 8);
	return kind % 4 * 512ull + take(in, 2) % 1024;
}

static void do_record(struct vtmm_heat *h, struct input *in, u32 round)
{
	struct vtmm_access a = {.gfn = take_gfn(in)};

	a.flags = take(in, 1);
	a.tier = take(in, 1) % 3;
	if (a.flags & VTMM_ACC_HUGE && take(in, 1) % 8)
		a.gfn &= ~511ull;
	vtmm_heat_record(h, round, &a);
}

static void check_counts(const struct vtmm_heat *h,
			 const struct vtmm_hist *hist)
{
	for (unsigned int tier = 0; tier < VTMM_NR_TIERS; tier++) {
		u64 sum = 0;

		for (unsigned int t = 0; t < VTMM_TEMPS; t++)
			sum += hist->pages[tier][t];
		CHECK(sum == h->in_tier[tier]);
	}
	CHECK(h->bytes == held);
}

static void check_pick(struct vtmm_heat *h, const struct vtmm_plan_params *pp,
		       const struct vtmm_plan *plan, u8 tier, size_t max)
{
	static struct vtmm_move out[MAX];
	size_t n = vtmm_plan_pick(pp, h, plan, tier, out, max);
	u64 pages = 0;

	CHECK(n <= max);
	for (size_t i = 0; i < n; i++) {
		pages += out[i].huge ? 512 : 1;
		CHECK(vtmm_heat_tier(h, out[i].gfn) == !tier);
	}
	/* a huge page may leave to make room for a few pages */
	CHECK(pages < (tier ? plan->demote + 512 : plan->promote + 1));
	CHECK(!n || (tier ? plan->demote : plan->promote));
}

/* Piece by piece, and what was picked moves, perhaps a round later. */
static void check_pieces(struct vtmm_heat *h, const struct vtmm_plan_params *pp,
			 const struct vtmm_plan *plan, u8 tier,
			 struct input *in, u32 round)
{
	static struct vtmm_move out[MAX];
	u64 room = take(in, 2), pages = 0;
	struct vtmm_pick p;

	vtmm_pick_begin(pp, h, plan, tier, ~0ull, &p);
	do {
		size_t n =
			vtmm_pick_next(&p, h, out, 1 + take(in, 1) % MAX, room);

		vtmm_pick_sort(h, out, n);
		for (size_t i = 0; i < n; i++) {
			CHECK(vtmm_heat_tier(h, out[i].gfn) == !tier);
			CHECK(room >= (out[i].huge ? 512 : 1));
			room -= out[i].huge ? 512 : 1;
			pages += out[i].huge ? 512 : 1;
			vtmm_heat_moved(h, out[i].gfn, tier, round);
		}
		CHECK(n || p.done || p.full);
		if (take(in, 1) & 1)
			do_record(h, in, round + 1);
	} while (!p.done && !(p.full && room < 512));
	CHECK(pages < (tier ? plan->demote + 512 : plan->promote + 1));
}

static void do_plan(struct vtmm_heat *h, struct vtmm_plan_state *st,
		    struct input *in, u32 round)
{
	struct vtmm_plan_params pp = {
		.hot_permille = 1 + take(in, 2) % 1000,
		.hysteresis = take(in, 1),
		.cooldown = take(in, 1),
		.floor = take(in, 1),
		.skip = take(in, 1) % 5,
	};
	struct vtmm_plan_input input = {.allotment = take(in, 2),
					.room = take(in, 2),
					.budget = take(in, 2),
					.round = round};
	struct vtmm_plan plan;
	struct vtmm_hist hist;

	input.hist = &hist;
	vtmm_heat_histogram(h, round, &hist);
	check_counts(h, &hist);
	vtmm_plan_make(&pp, st, &input, &plan);
	CHECK(plan.promote + plan.demote <= input.budget);
	CHECK(plan.promote <= plan.demote + input.room);
	check_pick(h, &pp, &plan, 0, take(in, 2) % MAX);
	check_pick(h, &pp, &plan, 1, take(in, 2) % MAX);
	check_pieces(h, &pp, &plan, take(in, 1) & 1, in, round);
	if (plan.wake)
		vtmm_heat_wake(h, round);
}

static void do_walk(struct vtmm_heat *h, u64 gfn, u32 round)
{
	struct vtmm_chunk_info info = {.gfn = gfn};

	for (int i = 0; i < 8; i++) {
		gfn = info.gfn + (i ? VTMM_CHUNK_PAGES : 0);
		if (!vtmm_heat_next_chunk(h, gfn, round, &info))
			return;
		CHECK(info.gfn + VTMM_CHUNK_PAGES > gfn);
		CHECK(info.in_tier[0] + info.in_tier[1] <= VTMM_CHUNK_PAGES);
	}
}

static void do_one(struct vtmm_heat *h, struct vtmm_plan_state *st,
		   struct input *in, u32 *round)
{
	switch (take(in, 1) % 16) {
	case 0:
		*round += take(in, 1);
		break;
	case 1:
		*round += 1;
		break;
	case 2:
		vtmm_heat_unmap(h, take_gfn(in), take(in, 2));
		break;
	case 3:
		vtmm_heat_forget(h, take_gfn(in), take(in, 2));
		break;
	case 4:
		vtmm_heat_moved(h, take_gfn(in), take(in, 1) % 3, *round);
		break;
	case 5:
		vtmm_heat_failed(h, take_gfn(in), *round);
		break;
	case 6:
		do_plan(h, st, in, *round);
		break;
	case 7:
		do_walk(h, take_gfn(in), *round);
		vtmm_heat_any_due(h, take_gfn(in), take(in, 8), *round);
		break;
	default:
		do_record(h, in, *round);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vtmm_mem mem = {fuzz_zalloc, fuzz_free, NULL};
	struct input in = {data, size};
	struct vtmm_heat_params p = {.window = 2 + take(&in, 1) % 9,
				     .read_weight = take(&in, 1) % 4,
				     .write_weight = take(&in, 1) % 4,
				     .queue = take(&in, 1) & 1};
	struct vtmm_plan_state st = {0};
	struct vtmm_heat h;
	u32 round = take(&in, 4);

	held = 0;
	calls = 0;
	fail_every = take(&in, 1) % 16;
	CHECK(!vtmm_heat_init(&h, &p, &mem));
	while (in.left)
		do_one(&h, &st, &in, &round);
	vtmm_heat_exit(&h);
	CHECK(!held && !h.bytes && !h.chunks);
	CHECK(!h.in_tier[0] && !h.in_tier[1]);
	return 0;
}
