// SPDX-License-Identifier: GPL-2.0-only
/* settings: the options that change vtmm's own policy, by the core's table. */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

struct settings settings = {.budget = ~0ull};

/* Windows left out after a plan below the floor: no operator can set that. */
static const char skip[] = "skip";

/**
 * settings_start() - the defaults; before all else
 */
void settings_start(void)
{
	vtmm_params_init(&settings.vm);
}

/* The queue is the simulated policy's choice, and so is what is no policy. */
static bool is_option(unsigned int p)
{
	return p == VTMM_PARAM_RATE_BYTES ||
	       (p >= VTMM_PARAM_POLICY && p != VTMM_PARAM_QUEUE);
}

/**
 * settings_name() - what can be set
 * @i: 0, 1, 2...
 *
 * Return: the name of the i-th setting, or NULL behind the last one.
 */
const char *settings_name(unsigned int i)
{
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++)
		if (is_option(p) && !i--)
			return vtmm_param_name(p);
	return i ? NULL : skip;
}

static bool set(const char *name, u64 x)
{
	for (unsigned int p = 0; p < VTMM_NR_PARAMS; p++)
		if (is_option(p) && !strcmp(vtmm_param_name(p), name))
			return vtmm_param_set(&settings.vm, p, x);
	if (strcmp(name, skip) != 0 || x > UINT8_MAX)
		return false;
	settings.vm.set.plan.skip = x;
	return true;
}

/**
 * settings_set() - change a setting
 * @name: of the setting
 * @value: a number, in the unit of the attribute: per mille, pages, bytes/s
 *
 * Return: NULL, or what is wrong.
 */
const char *settings_set(const char *name, const char *value)
{
	char *end;
	u64 x = strtoull(value, &end, 0);

	return *value && !*end && set(name, x) ? NULL : "is out of range";
}
