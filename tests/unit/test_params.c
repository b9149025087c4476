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
static void assert_others(const struct vtmm_settings *set,
			  const struct vtmm_settings *before,
			  unsigned int except)
{
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++)
		if (p != except)
			assert_true(vtmm_param_get(set, p) ==
				    vtmm_param_get(before, p));
	assert_int_equal(set->plan.skip, before->plan.skip);
	assert_int_equal(set->plan.warmup, before->plan.warmup);
}

static void holds(struct vtmm_settings *set, unsigned int p, u64 value)
{
	struct vtmm_settings before = *set;

	assert_true(vtmm_param_set(set, p, value));
	assert_true(vtmm_param_get(set, p) == value);
	assert_others(set, &before, p);
}

static void every_setting_holds_its_limits(void **state)
{
	struct vtmm_settings set;

	(void)state;
	vtmm_settings_init(&set);
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++) {
		holds(&set, p, limits[p].max);
		holds(&set, p, limits[p].min);
		holds(&set, p, limits[p].def);
	}
}

static void beyond_the_limits_nothing_changes(void **state)
{
	struct vtmm_settings set, before;

	(void)state;
	vtmm_settings_init(&set);
	before = set;
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++) {
		if (limits[p].max != ~0ull)
			assert_false(
				vtmm_param_set(&set, p, limits[p].max + 1));
		if (limits[p].min)
			assert_false(
				vtmm_param_set(&set, p, limits[p].min - 1));
		assert_others(&set, &before, VTMM_NR_PARAMS);
	}
}

static void all_begin_with_their_defaults(void **state)
{
	struct vtmm_settings set;

	(void)state;
	memset(&set, 0xa5, sizeof(set));
	vtmm_settings_init(&set);
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++)
		assert_true(vtmm_param_get(&set, p) == limits[p].def);
	assert_int_equal(set.plan.warmup, VTMM_WINDOW_MAX);
	assert_int_not_equal(set.plan.skip, 0);
}

static void the_members_are_those_that_are_meant(void **state)
{
	struct vtmm_settings set;

	(void)state;
	vtmm_settings_init(&set);
	vtmm_param_set(&set, VTMM_PARAM_PERIOD_MS, 1234);
	vtmm_param_set(&set, VTMM_PARAM_FAST_MAX, 1ull << 40);
	vtmm_param_set(&set, VTMM_PARAM_WINDOW, 7);
	vtmm_param_set(&set, VTMM_PARAM_HOT_PERMILLE, 321);
	vtmm_param_set(&set, VTMM_PARAM_QUEUE, 0);
	assert_int_equal(set.period_ms, 1234);
	assert_true(set.fast_max == 1ull << 40);
	assert_int_equal(set.heat.window, 7);
	assert_int_equal(set.plan.hot_permille, 321);
	assert_false(set.heat.queue);
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
	struct vtmm_settings set;

	vtmm_settings_init(&set);
	if (set_to)
		vtmm_param_set(&set, VTMM_PARAM_FLOOR, set_to);
	vtmm_settings_fit(&set, pages);
	return set.plan.floor;
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
