// SPDX-License-Identifier: GPL-2.0-only
/* settings: the options that change vtmm's own policy, by name. */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

struct option_range {
	const char *name;
	u64 min;
	u64 max;
};

/* The names and ranges of vtmmctl; --hot is per mille, --floor in pages. */
static const struct option_range ranges[] = {
	{"window", 2, VTMM_WINDOW_MAX}, {"read-weight", 0, 3},
	{"write-weight", 0, 3},		{"hot", 1, 1000},
	{"hysteresis", 0, 30},		{"cooldown", 0, 255},
	{"floor", 0, 1ull << 40},	{"skip", 0, 255},
	{"rate", 1, 1ull << 40},
};

static void set(unsigned int i, u64 x)
{
	switch (i) {
	case 0:
		settings.heat.window = x;
		break;
	case 1:
		settings.heat.read_weight = x;
		break;
	case 2:
		settings.heat.write_weight = x;
		break;
	case 3:
		settings.plan.hot_permille = x;
		break;
	case 4:
		settings.plan.hysteresis = x;
		break;
	case 5:
		settings.plan.cooldown = x;
		break;
	case 6:
		settings.plan.floor = x;
		break;
	case 7:
		settings.plan.skip = x;
		break;
	case 8:
		settings.rate = x;
		break;
	}
}

/**
 * settings_set() - change a setting
 * @name: of the setting
 * @value: a number
 *
 * Return: NULL, or what is wrong.
 */
const char *settings_set(const char *name, const char *value)
{
	unsigned int i;
	char *end;
	u64 x;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (!strcmp(ranges[i].name, name))
			break;
	if (i == sizeof(ranges) / sizeof(ranges[0]))
		return "there is no such setting";
	x = strtoull(value, &end, 0);
	if (!*value || *end || x < ranges[i].min || x > ranges[i].max)
		return "is out of range";
	set(i, x);
	return NULL;
}
