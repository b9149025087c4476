// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bench's workloads, as the guest's own code draws them: each page stands
 * once in the order, and the accesses fall where the workload's words say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "../../bench/tiered/guest.c"
#include "../../bench/tiered/workload.h"

#define PAGES 8192u
#define FAST 2048u
#define DRAWS 400000u

static struct load load;
static u32 counts[PAGES];
static u64 total;

/* The work as the VMM sets it up, at the address that the guest knows. */
static struct work begin(void)
{
	load = (struct load){.rng = 3, .write = 65536 / 5};
	return (struct work){
		.pages = PAGES,
		.fast = FAST,
		.seed = 1,
		.load = &load,
		.order = (u32 *)LOAD_ORDER,
	};
}

/* Draws as phase() does, without touching memory. */
static void draw_all(u32 n)
{
	memset(counts, 0, sizeof(counts));
	total = n;
	while (n--) {
		u64 x = draw(&load.rng);

		if ((x >> 48) < load.mix)
			counts[stream_page(&load)]++;
		else
			counts[drawn_page(&load, (u32)(x >> 16))]++;
	}
}

static void run(const char *name, u32 phase)
{
	struct work w = begin();

	for (u32 i = 0; i <= phase; i++)
		workload_named(name)->prepare(&w, i, workload_named(name)->arg);
	draw_all(DRAWS);
}

/* Accesses to the first @ranks ranks, in 1/1000 of all. */
static u64 share(u32 ranks)
{
	const u32 *order = (const u32 *)LOAD_ORDER;
	u64 sum = 0;

	for (u32 i = 0; i < ranks; i++)
		sum += counts[order[i]];
	return sum * 1000 / total;
}

static void assert_near(u64 is, u64 wanted, u64 slack)
{
	assert_in_range(is, wanted - slack, wanted + slack);
}

static void every_page_has_one_rank(void **state)
{
	const u32 *order = (const u32 *)LOAD_ORDER;

	(void)state;
	for (const struct workload *w = workloads; w->name; w++) {
		static u8 seen[PAGES];
		struct work work = begin();

		memset(seen, 0, sizeof(seen));
		w->prepare(&work, 0, w->arg);
		if (!strcmp(w->name, "growth"))
			continue;
		for (u32 i = 0; i < PAGES; i++) {
			assert_in_range(order[i], 0, PAGES - 1);
			assert_false(seen[order[i]]++);
		}
	}
}

static void quantiles_never_fall(void **state)
{
	(void)state;
	for (const struct workload *w = workloads; w->name; w++) {
		struct work work = begin();

		for (u32 phase = 0; phase < 50; phase++) {
			w->prepare(&work, phase, w->arg);
			for (u32 i = 0; i < QUANTILES; i++)
				assert_true(load.quantile[i] <=
					    load.quantile[i + 1]);
			assert_true(load.quantile[QUANTILES] >> 8 < PAGES);
		}
	}
}

static void a_hot_tenth_gets_nine_of_ten(void **state)
{
	(void)state;
	run("hot-scattered", 0);
	assert_near(share(PAGES / 10), 900, 4);
	run("hot-contiguous", 0);
	assert_near(share(PAGES / 10), 900, 4);
	assert_true(counts[PAGES - 1] > 20 &&
		    counts[PAGES - 1] > 4 * counts[0]);
}

static void zipf_follows_its_law(void **state)
{
	double all = 0, top = 0;

	(void)state;
	run("zipf-0.99", 0);
	for (u32 i = 0; i < PAGES; i++) {
		double p = __builtin_pow(i + 1, -.99);

		all += p;
		top += i < PAGES / 10 ? p : 0;
	}
	assert_near(share(PAGES / 10), (u64)(top / all * 1000), 8);
	assert_near(share(1), (u64)(1 / all * 1000), 4);
}

static void the_hot_set_moves_when_it_should(void **state)
{
	static u32 before[PAGES / 10];
	u32 same = 0;

	(void)state;
	run("move-6s", 11);
	memcpy(before, (void *)LOAD_ORDER, sizeof(before));
	run("move-6s", 12);
	for (u32 i = 0; i < PAGES / 10; i++)
		for (u32 j = 0; j < PAGES / 10; j++)
			same += before[i] == ((u32 *)LOAD_ORDER)[j];
	/* By chance a tenth of them is hot again. */
	assert_in_range(same, PAGES / 200, PAGES / 50);
	run("move-6s", 23);
	memcpy(before, (void *)LOAD_ORDER, sizeof(before));
	run("move-6s", 22);
	assert_memory_equal(before, (void *)LOAD_ORDER, sizeof(before));
}

static void night_is_like_the_night_before(void **state)
{
	static u32 before[PAGES];

	(void)state;
	run("day-night", 12);
	memcpy(before, (void *)LOAD_ORDER, sizeof(before));
	run("day-night", 24);
	assert_memory_not_equal(before, (void *)LOAD_ORDER, sizeof(before));
	run("day-night", 36);
	assert_memory_equal(before, (void *)LOAD_ORDER, sizeof(before));
}

static void skew_is_inside_each_chunk(void **state)
{
	const u32 *order = (const u32 *)LOAD_ORDER;
	u32 parts[PAGES / 512] = {0};

	(void)state;
	run("skew-16", 0);
	assert_near(share(PAGES / 512 * 16), 900, 4);
	for (u32 i = 0; i < PAGES / 512 * 16; i++)
		parts[order[i] / 512]++;
	for (u32 i = 0; i < PAGES / 512; i++)
		assert_int_equal(parts[i], 16);
}

static void a_loop_is_larger_than_fast_memory(void **state)
{
	u32 touched = 0;

	(void)state;
	run("loop", 0);
	for (u32 i = 0; i < FAST * 3 / 2; i++)
		touched += counts[i] > 50;
	assert_int_equal(touched, FAST * 3 / 2);
	for (u32 i = FAST * 3 / 2; i < PAGES; i++)
		assert_true(counts[i] < 20);
}

static void what_grows_is_hot_where_it_is_new(void **state)
{
	(void)state;
	run("growth", 20);
	assert_near(share(PAGES / 10), 900, 20);
	assert_int_equal(((u32 *)LOAD_ORDER)[0], PAGES / 4 + PAGES * 3 / 8 - 1);
	assert_int_equal(counts[PAGES - 1], 0);
}

static void a_stream_takes_its_part(void **state)
{
	u32 touched = 0;

	(void)state;
	run("scan-hot", 0);
	/* 90 % of what is drawn, and a tenth of the scan. */
	assert_near(share(PAGES / 10), 660, 5);
	for (u32 i = 0; i < PAGES; i++)
		touched += counts[i] > 0;
	assert_int_equal(touched, PAGES);
}

static int map(void **state)
{
	void *at =
		mmap((void *)LOAD_ORDER, LOAD_MAX_PAGES * sizeof(u32),
		     PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	(void)state;
	return at == (void *)LOAD_ORDER ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_page_has_one_rank),
		cmocka_unit_test(quantiles_never_fall),
		cmocka_unit_test(a_hot_tenth_gets_nine_of_ten),
		cmocka_unit_test(zipf_follows_its_law),
		cmocka_unit_test(the_hot_set_moves_when_it_should),
		cmocka_unit_test(night_is_like_the_night_before),
		cmocka_unit_test(skew_is_inside_each_chunk),
		cmocka_unit_test(a_loop_is_larger_than_fast_memory),
		cmocka_unit_test(what_grows_is_hot_where_it_is_new),
		cmocka_unit_test(a_stream_takes_its_part),
	};

	return cmocka_run_group_tests(tests, map, NULL);
}
