// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the settings: every row of the table has a member of its own that
 * holds all that the setting may be.
 */
#include <string.h>

#include <vtmm/params.h>

#include "unit.h"

/* Limits by number, as the generated header has them. */
struct limits {
	u64 min;
	u64 max;
	u64 def;
};

#define LIMITS(p) \
	[VTMM_PARAM_##p] = {VTMM_##p##_MIN, VTMM_##p##_MAX, VTMM_##p##_DEFAULT}

static const struct limits limits[VTMM_NR_PARAMS] = {
	LIMITS(MODE),	      LIMITS(PERIOD_MS),    LIMITS(BUDGET_PERMILLE),
	LIMITS(FAST_MIN),     LIMITS(FAST_MAX),	    LIMITS(SHARES),
	LIMITS(RATE_BYTES),   LIMITS(WINDOW),	    LIMITS(READ_WEIGHT),
	LIMITS(WRITE_WEIGHT), LIMITS(HOT_PERMILLE), LIMITS(HYSTERESIS),
	LIMITS(COOLDOWN),     LIMITS(FLOOR),	    LIMITS(QUEUE),
};

/* All but @except are as they were. */
static void assert_others(const struct vtmm_params *all,
			  const struct vtmm_params *before, unsigned int except)
{
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++)
		if (p != except)
			assert_true(vtmm_param_get(all, p) ==
				    vtmm_param_get(before, p));
	assert_int_equal(all->set.plan.skip, before->set.plan.skip);
	assert_int_equal(all->set.plan.warmup, before->set.plan.warmup);
}

static void holds(struct vtmm_params *all, unsigned int p, u64 value)
{
	struct vtmm_params before = *all;

	assert_true(vtmm_param_set(all, p, value));
	assert_true(vtmm_param_get(all, p) == value);
	assert_others(all, &before, p);
}

static void every_setting_holds_its_limits(void **state)
{
	struct vtmm_params all;

	(void)state;
	vtmm_params_init(&all);
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++) {
		holds(&all, p, limits[p].max);
		holds(&all, p, limits[p].min);
		holds(&all, p, limits[p].def);
	}
}

static void beyond_the_limits_nothing_changes(void **state)
{
	struct vtmm_params all, before;

	(void)state;
	vtmm_params_init(&all);
	before = all;
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++) {
		if (limits[p].max != ~0ull)
			assert_false(
				vtmm_param_set(&all, p, limits[p].max + 1));
		if (limits[p].min)
			assert_false(
				vtmm_param_set(&all, p, limits[p].min - 1));
		assert_others(&all, &before, VTMM_NR_PARAMS);
	}
}

static void all_begin_with_their_defaults(void **state)
{
	struct vtmm_params all;

	(void)state;
	memset(&all, 0xa5, sizeof(all));
	vtmm_params_init(&all);
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++)
		assert_true(vtmm_param_get(&all, p) == limits[p].def);
	assert_int_equal(all.set.plan.warmup, VTMM_WINDOW_MAX);
	assert_int_not_equal(all.set.plan.skip, 0);
}

static void the_members_are_those_that_are_meant(void **state)
{
	struct vtmm_params all;

	(void)state;
	vtmm_params_init(&all);
	vtmm_param_set(&all, VTMM_PARAM_PERIOD_MS, 1234);
	vtmm_param_set(&all, VTMM_PARAM_FAST_MAX, 1ull << 40);
	vtmm_param_set(&all, VTMM_PARAM_WINDOW, 7);
	vtmm_param_set(&all, VTMM_PARAM_HOT_PERMILLE, 321);
	vtmm_param_set(&all, VTMM_PARAM_QUEUE, 0);
	assert_int_equal(all.set.period_ms, 1234);
	assert_true(all.terms.fast_max == 1ull << 40);
	assert_int_equal(all.set.heat.window, 7);
	assert_int_equal(all.set.plan.hot_permille, 321);
	assert_false(all.set.heat.queue);
}

static void names_differ(void **state)
{
	(void)state;
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++)
		for (unsigned int q = 0; q < p; q++)
			assert_string_not_equal(vtmm_param_name(p),
						vtmm_param_name(q));
	assert_string_equal(vtmm_param_name(VTMM_PARAM_HOT_PERMILLE), "hot");
}

static void pace_is_felt_at_once(void **state)
{
	(void)state;
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++)
		assert_int_equal(vtmm_param_is_urgent(p),
				 p == VTMM_PARAM_PERIOD_MS ||
					 p == VTMM_PARAM_BUDGET_PERMILLE);
}

static u64 floor_of(u64 pages, u64 set_to)
{
	struct vtmm_params all;

	vtmm_params_init(&all);
	if (set_to)
		vtmm_param_set(&all, VTMM_PARAM_FLOOR, set_to);
	vtmm_settings_fit(&all.set, pages);
	return all.set.plan.floor;
}

static void the_floor_fits_the_vm(void **state)
{
	(void)state;
	assert_int_equal(floor_of(1000, 0), 10);
	assert_int_equal(floor_of(0, 0), 0);
	assert_int_equal(floor_of(1ull << 40, 0), VTMM_FLOOR_BYTES / 4096);
	assert_int_equal(floor_of(1000, 500), 500);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_setting_holds_its_limits),
		cmocka_unit_test(beyond_the_limits_nothing_changes),
		cmocka_unit_test(all_begin_with_their_defaults),
		cmocka_unit_test(the_members_are_those_that_are_meant),
		cmocka_unit_test(names_differ),
		cmocka_unit_test(pace_is_felt_at_once),
		cmocka_unit_test(the_floor_fits_the_vm),
	};

	return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
