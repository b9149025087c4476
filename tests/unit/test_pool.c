// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the pool: examples, and random pools that must be divided fairly, to
 * the page.
 */
#include "unit.h"

#define MAX 12
#define MEMBER(min_, max_, shares_, demand_, hot_, mem_)           \
	{                                                          \
		.min = (min_), .max = (max_), .shares = (shares_), \
		.demand = (demand_), .hot = (hot_), .mem = (mem_)  \
	}

static void contents_everybody_when_there_is_enough(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(0, ~0ull, 100, 300, 300, 1000),
		MEMBER(0, ~0ull, 100, 200, 200, 1000),
	};

	(void)state;
	assert_int_equal(vtmm_pool_divide(500, m, 2), 0);
	assert_int_equal(m[0].allotment, 300);
	assert_int_equal(m[1].allotment, 200);
}

static void shares_weigh_what_is_short(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(0, ~0ull, 300, 1000, 1000, 5000),
		MEMBER(0, ~0ull, 100, 1000, 1000, 5000),
	};

	(void)state;
	assert_int_equal(vtmm_pool_divide(800, m, 2), 0);
	assert_int_equal(m[0].allotment, 600);
	assert_int_equal(m[1].allotment, 200);
}

static void who_needs_less_lends_and_gets_back(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(100, ~0ull, 100, 0, 0, 5000),
		MEMBER(100, ~0ull, 100, 5000, 5000, 5000),
	};

	(void)state;
	vtmm_pool_divide(1000, m, 2);
	assert_int_equal(m[0].allotment, 100);
	assert_int_equal(m[1].allotment, 900);
	m[0].demand = 5000;
	vtmm_pool_divide(1000, m, 2);
	assert_int_equal(m[0].allotment, 500);
	assert_int_equal(m[1].allotment, 500);
}

static void who_is_left_alone_claims_what_it_holds(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(300, ~0ull, 900, 4000, 4000, 5000),
		MEMBER(0, ~0ull, 100, 5000, 5000, 5000),
	};

	(void)state;
	vtmm_pool_divide(1000, m, 2);
	assert_int_equal(m[0].allotment, 930);
	vtmm_pool_rest(&m[0], 120);
	assert_int_equal(vtmm_pool_divide(1000, m, 2), 0);
	assert_int_equal(m[0].allotment, 120);
	assert_int_equal(m[1].allotment, 880);
	/* nothing is left over for it either, and it makes nobody short */
	m[1].demand = 100;
	assert_int_equal(vtmm_pool_divide(1000, m, 2), 0);
	assert_int_equal(m[0].allotment, 120);
	assert_false(vtmm_pool_contended(m, 2));
	vtmm_pool_rest(&m[0], 0);
	assert_int_equal(vtmm_pool_divide(1000, m, 2), 0);
	assert_int_equal(m[1].allotment, 1000);
}

/* It may have more than its allotment; nobody's guarantee pays for that. */
static void guarantees_come_before_what_is_held(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(0, 100, 100, 900, 900, 1000),
		MEMBER(600, ~0ull, 100, 5000, 5000, 5000),
	};

	(void)state;
	vtmm_pool_rest(&m[0], 700);
	assert_int_equal(vtmm_pool_check(1000, m, 2), -EBUSY);
	assert_int_equal(vtmm_pool_bound(m, 2), 1300);
	assert_int_equal(vtmm_pool_divide(1000, m, 2), 0);
	assert_int_equal(m[0].allotment, 400);
	assert_int_equal(m[1].allotment, 600);
	m[1].min = 300;
	assert_int_equal(vtmm_pool_check(1000, m, 2), 0);
	assert_int_equal(vtmm_pool_divide(1000, m, 2), 0);
	/* its max is no reason to give what nobody takes from it */
	assert_int_equal(m[0].allotment, 700);
	assert_int_equal(m[1].allotment, 300);
	assert_true(vtmm_pool_contended(m, 2));
	vtmm_pool_rouse(&m[0]);
	assert_int_equal(vtmm_pool_divide(1000, m, 2), 0);
	assert_int_equal(m[0].allotment, 100);
}

static void who_rests_keeps_its_guarantee_for_later(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(600, ~0ull, 100, 0, 0, 1000),
		MEMBER(500, ~0ull, 100, 5000, 5000, 5000),
	};

	(void)state;
	vtmm_pool_rest(&m[0], 10);
	assert_int_equal(vtmm_pool_check(1000, m, 2), -ENOSPC);
	m[1].min = 400;
	assert_int_equal(vtmm_pool_check(1000, m, 2), 0);
	assert_int_equal(vtmm_pool_bound(m, 2), 1000);
	m[0].held = ~0ull;
	assert_int_equal(vtmm_pool_check(1000, m, 2), -EBUSY);
	assert_true(vtmm_pool_bound(m, 2) == ~0ull);
	/* a pool may be smaller than what is held while nobody is guaranteed it
	 */
	m[1].min = 0;
	m[0].held = 2000;
	assert_int_equal(vtmm_pool_check(1000, m, 2), 0);
	assert_int_equal(vtmm_pool_divide(1000, m, 2), 0);
	assert_int_equal(m[0].allotment, 1000);
}

static void contended_is_who_gets_less_than_it_wants(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(0, ~0ull, 100, 600, 600, 1000),
		MEMBER(0, 300, 100, 900, 900, 1000),
	};

	(void)state;
	vtmm_pool_divide(900, m, 2);
	assert_false(vtmm_pool_contended(m, 2));
	vtmm_pool_divide(899, m, 2);
	assert_true(vtmm_pool_contended(m, 2));
}

static void guarantees_come_first(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(700, ~0ull, 1, 10, 10, 5000),
		MEMBER(0, ~0ull, 10000, 5000, 5000, 5000),
	};

	(void)state;
	vtmm_pool_divide(1000, m, 2);
	assert_int_equal(m[0].allotment, 700);
	assert_int_equal(m[1].allotment, 300);
}

static void left_over_goes_where_it_is_hot(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(0, ~0ull, 100, 10, 10, 5000),
		MEMBER(0, ~0ull, 100, 90, 90, 5000),
		MEMBER(0, ~0ull, 100, 0, 0, 5000),
	};

	(void)state;
	assert_int_equal(vtmm_pool_divide(1100, m, 3), 0);
	assert_int_equal(m[0].allotment, 110);
	assert_int_equal(m[1].allotment, 990);
	assert_int_equal(m[2].allotment, 0);
}

/* A million times as much beside it is no reason to get nothing. */
static void left_over_goes_to_small_vms_too(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(0, ~0ull, 100, 1 << 30, 1 << 30, 1ull << 40),
		MEMBER(0, ~0ull, 100, 512, 512, 1ull << 40),
	};

	(void)state;
	assert_int_equal(vtmm_pool_divide((1 << 30) + (1 << 23), m, 2), 0);
	assert_true(m[1].allotment > 512);
	assert_true(m[1].allotment < 512 + 64);
}

static void nothing_lies_idle_that_a_vm_could_hold(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(0, 400, 100, 0, 0, 5000),
		MEMBER(0, ~0ull, 100, 0, 0, 300),
	};

	(void)state;
	assert_int_equal(vtmm_pool_divide(1000, m, 2), 300);
	assert_int_equal(m[0].allotment, 400);
	assert_int_equal(m[1].allotment, 300);
	assert_int_equal(vtmm_pool_divide(1000, m, 0), 1000);
	assert_int_equal(vtmm_pool_divide(0, m, 2), 0);
}

static void impossible_pools_are_refused(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(600, 900, 100, 0, 0, 5000),
		MEMBER(400, 500, 100, 0, 0, 5000),
	};

	(void)state;
	assert_int_equal(vtmm_pool_check(1000, m, 2), 0);
	assert_int_equal(vtmm_pool_check(999, m, 2), -ENOSPC);
	m[1].min = 501;
	assert_int_equal(vtmm_pool_check(10000, m, 2), -EINVAL);
	m[1].min = ~0ull;
	m[1].max = ~0ull;
	assert_int_equal(vtmm_pool_check(1000, m, 2), -ENOSPC);
	m[1].min = 0;
	m[1].shares = 0;
	assert_int_equal(vtmm_pool_check(1000, m, 2), -EINVAL);
	m[1].shares = VTMM_SHARES_MAX;
	m[1].min = 400;
	m[1].max = 400;
	assert_int_equal(vtmm_pool_check(1000, m, 2), 0);
	m[1].shares = VTMM_SHARES_MAX + 1;
	assert_int_equal(vtmm_pool_check(1000, m, 2), -EINVAL);
}

static u64 least(u64 a, u64 b)
{
	return a < b ? a : b;
}

static u64 guarantee(const struct vtmm_pool_member *m)
{
	return least(m->min, least(m->max, m->mem));
}

static void random_member(struct vtmm_pool_member *m, u64 *seed)
{
	vtmm_pool_rouse(m);
	m->mem = unit_below(seed, 900);
	m->max = unit_below(seed, 3) ? ~0ull : unit_below(seed, 900);
	m->min = least(m->max, unit_below(seed, 3) ? 0 : unit_below(seed, 200));
	m->shares = 1 + unit_below(seed, unit_below(seed, 4) ? 4 : 10000);
	m->demand = unit_below(seed, 4) ? unit_below(seed, 1200) : 0;
	m->hot = least(m->demand, unit_below(seed, 1200));
}

static u64 cap(const struct vtmm_pool_member *m)
{
	return least(m->max, m->mem);
}

/* What a VM has before others lend to it: guarantee and demand. */
static u64 claim(const struct vtmm_pool_member *m)
{
	u64 demand = least(m->demand, cap(m));

	return demand > guarantee(m) ? demand : guarantee(m);
}

/**
 * struct flood - one step of the division
 * @from: what each member had before it
 * @to: what it can get in it at most
 * @weight: what it is weighed by
 */
struct flood {
	u64 from[MAX];
	u64 to[MAX];
	u64 weight[MAX];
};

/* Is anybody left short who takes part? */
static bool is_short(const struct flood *f, const struct vtmm_pool_member *m,
		     size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (f->weight[i] && m[i].allotment < f->to[i])
			return true;
	return false;
}

/*
 * Who is left short has got no less for its weight than any other, but for the
 * page that cannot be split; who weighs nothing gets nothing, and no page is
 * free.
 */
static void assert_fair(const struct flood *f, const struct vtmm_pool_member *m,
			size_t n, u64 free)
{
	u64 got, other;
	size_t i, k;

	assert_int_equal(free, 0);
	for (i = 0; i < n; i++) {
		got = m[i].allotment - f->from[i];
		assert_true(m[i].allotment >= f->from[i]);
		assert_true(!got ||
			    (f->weight[i] && m[i].allotment <= f->to[i]));
		if (!f->weight[i] || m[i].allotment >= f->to[i])
			continue;
		for (k = 0; k < n; k++) {
			other = m[k].allotment - f->from[k];
			if (other)
				assert_true((other - 1) * f->weight[i] <
					    (got + 1) * f->weight[k]);
		}
	}
}

/* The first step that leaves anybody short is the last that gives anything. */
static void check_division(const struct vtmm_pool_member *m, size_t n, u64 free,
			   u64 *ended)
{
	struct flood f;
	size_t i;
	int step;

	for (step = 0; step < 3; step++) {
		for (i = 0; i < n; i++) {
			f.from[i] = step ? claim(&m[i]) : guarantee(&m[i]);
			f.to[i] = step ? cap(&m[i]) : claim(&m[i]);
			f.weight[i] = step == 1 ? m[i].hot : m[i].shares;
			if (step == 2 && m[i].hot)
				f.from[i] = f.to[i];
		}
		if (!is_short(&f, m, n))
			continue;
		ended[step]++;
		assert_fair(&f, m, n, free);
		return;
	}
	ended[3]++;
	for (i = 0; i < n; i++)
		assert_int_equal(m[i].allotment, cap(&m[i]));
}

static void random_pools_are_divided_fairly(void **state)
{
	struct vtmm_pool_member m[MAX];
	u64 seed = 77, size, sum, free, ended[4] = {0};
	size_t n, i, turn;

	(void)state;
	for (turn = 0; turn < 20000; turn++) {
		n = unit_below(&seed, MAX + 1);
		for (i = sum = 0; i < n; i++) {
			random_member(&m[i], &seed);
			sum += guarantee(&m[i]);
		}
		size = sum + unit_below(&seed, 5000);
		free = vtmm_pool_divide(size, m, n);
		for (i = 0, sum = free; i < n; i++) {
			sum += m[i].allotment;
			assert_true(m[i].allotment >= guarantee(&m[i]));
			assert_true(m[i].allotment <= cap(&m[i]));
		}
		assert_int_equal(sum, size);
		check_division(m, n, free, ended);
	}
	/* in each step, and with enough for all */
	for (i = 0; i < 4; i++)
		assert_true(ended[i] > 300);
}

/* Some of the VMs rest, with more or less than they were ever allotted. */
static void random_rests_violate_no_guarantee(void **state)
{
	struct vtmm_pool_member m[MAX];
	u64 seed = 78, size, sum, mins;
	size_t n, i, turn;
	bool lacks;

	(void)state;
	for (turn = 0; turn < 4000; turn++) {
		n = unit_below(&seed, MAX + 1);
		for (i = mins = 0; i < n; i++) {
			random_member(&m[i], &seed);
			if (unit_below(&seed, 3))
				mins += guarantee(&m[i]);
			else
				vtmm_pool_rest(&m[i], unit_below(&seed, 1000));
		}
		size = mins + unit_below(&seed, 3000);
		sum = vtmm_pool_divide(size, m, n);
		for (i = 0, lacks = false; i < n; i++) {
			sum += m[i].allotment;
			if (m[i].rests)
				assert_true(m[i].allotment <= m[i].held);
			else
				assert_true(m[i].allotment >= guarantee(&m[i]));
			lacks |= m[i].rests && m[i].allotment < m[i].held;
		}
		/* only guarantees come before what a VM holds that rests */
		for (i = 0; lacks && i < n; i++)
			assert_true(m[i].rests ||
				    m[i].allotment == guarantee(&m[i]));
		assert_int_equal(sum, size);
	}
}

static void big_numbers_do_not_overflow(void **state)
{
	struct vtmm_pool_member m[MAX];
	u64 seed = 5, size, sum;
	size_t i, turn;

	(void)state;
	for (turn = 0; turn < 2000; turn++) {
		size = unit_random(&seed) >> unit_below(&seed, 30);
		for (i = 0; i < MAX; i++) {
			random_member(&m[i], &seed);
			m[i].min = 0;
			m[i].mem = unit_random(&seed) >> unit_below(&seed, 40);
			m[i].demand =
				unit_random(&seed) >> unit_below(&seed, 40);
			m[i].hot = unit_random(&seed) >> unit_below(&seed, 60);
		}
		sum = vtmm_pool_divide(size, m, MAX);
		for (i = 0; i < MAX; i++) {
			assert_true(m[i].allotment <=
				    least(m[i].max, m[i].mem));
			sum += m[i].allotment;
		}
		assert_true(sum == size);
	}
}

static void big_pools_are_divided_fairly(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(0, ~0ull, 7500, 1ull << 62, 1, 1ull << 62),
		MEMBER(0, ~0ull, 2500, 1ull << 62, 1, 1ull << 62),
	};

	(void)state;
	assert_int_equal(vtmm_pool_divide(1ull << 61, m, 2), 0);
	assert_true(m[0].allotment == 3 * (1ull << 59));
	assert_true(m[1].allotment == 1ull << 59);
}

static void many_hot_pages_weigh_in_proportion(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(0, ~0ull, 100, 0, 1ull << 40, 1ull << 62),
		MEMBER(0, ~0ull, 100, 0, 3ull << 40, 1ull << 62),
	};

	(void)state;
	assert_int_equal(vtmm_pool_divide(5ull << 41, m, 2), 0);
	assert_true(m[0].allotment == 5ull << 39);
	assert_true(m[1].allotment == 15ull << 39);
}

static void guarantees_that_do_not_fit_lose_no_page(void **state)
{
	struct vtmm_pool_member m[] = {
		MEMBER(600, 900, 100, 0, 0, 5000),
		MEMBER(600, 900, 100, 0, 0, 5000),
	};

	(void)state;
	assert_int_equal(vtmm_pool_divide(1000, m, 2), 0);
	assert_int_equal(m[0].allotment + m[1].allotment, 1000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(contents_everybody_when_there_is_enough),
		cmocka_unit_test(shares_weigh_what_is_short),
		cmocka_unit_test(who_needs_less_lends_and_gets_back),
		cmocka_unit_test(who_is_left_alone_claims_what_it_holds),
		cmocka_unit_test(guarantees_come_before_what_is_held),
		cmocka_unit_test(who_rests_keeps_its_guarantee_for_later),
		cmocka_unit_test(contended_is_who_gets_less_than_it_wants),
		cmocka_unit_test(guarantees_come_first),
		cmocka_unit_test(left_over_goes_where_it_is_hot),
		cmocka_unit_test(left_over_goes_to_small_vms_too),
		cmocka_unit_test(nothing_lies_idle_that_a_vm_could_hold),
		cmocka_unit_test(impossible_pools_are_refused),
		cmocka_unit_test(random_pools_are_divided_fairly),
		cmocka_unit_test(random_rests_violate_no_guarantee),
		cmocka_unit_test(big_numbers_do_not_overflow),
		cmocka_unit_test(big_pools_are_divided_fairly),
		cmocka_unit_test(many_hot_pages_weigh_in_proportion),
		cmocka_unit_test(guarantees_that_do_not_fit_lose_no_page),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
