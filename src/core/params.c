// SPDX-License-Identifier: GPL-2.0-only
/*
 * params: the settings of a VM, by a table. A new setting is a row here and a
 * member of the struct that reads it; its numbers stand in vtmm/limits.h.
 */
#include <vtmm/params.h>

#define VTMM_PLAN_SKIP	3	/* windows left out after a plan below the floor */
#define VTMM_PAGE_BYTES	4096

/**
 * struct vtmm_param_row - a setting
 * @name: on a command line
 * @at: offset of its member in struct vtmm_params
 * @size: bytes of its member: 1, 2, 4 or 8
 * @urgent: a change is felt at once
 * @min: the least
 * @max: the most
 * @def: what it is when nobody sets it
 */
struct vtmm_param_row {
	const char *name;
	u16 at;
	u8 size;
	bool urgent;
	u64 min;
	u64 max;
	u64 def;
};

#define VTMM_AT(_member)	offsetof(struct vtmm_params, _member)
#define VTMM_SIZE(_member)	sizeof(((struct vtmm_params){ .set.mode = 0 })._member)

/* A setting, the place and size of its member, and whether it is urgent. */
#define VTMM_ROW(_param, _at, _size, _urgent) {				\
	.name = VTMM_##_param##_NAME,					\
	.at = (_at),							\
	.size = (_size),						\
	.urgent = (_urgent),						\
	.min = VTMM_##_param##_MIN,					\
	.max = VTMM_##_param##_MAX,					\
	.def = VTMM_##_param##_DEFAULT,					\
}

static const struct vtmm_param_row vtmm_param_rows[VTMM_NR_PARAMS] = {
	[VTMM_PARAM_MODE] = VTMM_ROW(MODE,
		VTMM_AT(set.mode), VTMM_SIZE(set.mode), false),
	[VTMM_PARAM_PERIOD_MS] = VTMM_ROW(PERIOD_MS,
		VTMM_AT(set.period_ms), VTMM_SIZE(set.period_ms), true),
	[VTMM_PARAM_BUDGET_PERMILLE] = VTMM_ROW(BUDGET_PERMILLE,
		VTMM_AT(set.budget_permille), VTMM_SIZE(set.budget_permille), true),
	[VTMM_PARAM_FAST_MIN] = VTMM_ROW(FAST_MIN,
		VTMM_AT(terms.fast_min), VTMM_SIZE(terms.fast_min), false),
	[VTMM_PARAM_FAST_MAX] = VTMM_ROW(FAST_MAX,
		VTMM_AT(terms.fast_max), VTMM_SIZE(terms.fast_max), false),
	[VTMM_PARAM_SHARES] = VTMM_ROW(SHARES,
		VTMM_AT(terms.shares), VTMM_SIZE(terms.shares), false),
	[VTMM_PARAM_RATE_BYTES] = VTMM_ROW(RATE_BYTES,
		VTMM_AT(set.rate_bytes), VTMM_SIZE(set.rate_bytes), false),
	[VTMM_PARAM_WINDOW] = VTMM_ROW(WINDOW,
		VTMM_AT(set.heat.window), VTMM_SIZE(set.heat.window), false),
	[VTMM_PARAM_READ_WEIGHT] = VTMM_ROW(READ_WEIGHT,
		VTMM_AT(set.heat.read_weight), VTMM_SIZE(set.heat.read_weight), false),
	[VTMM_PARAM_WRITE_WEIGHT] = VTMM_ROW(WRITE_WEIGHT,
		VTMM_AT(set.heat.write_weight), VTMM_SIZE(set.heat.write_weight), false),
	[VTMM_PARAM_HOT_PERMILLE] = VTMM_ROW(HOT_PERMILLE,
		VTMM_AT(set.plan.hot_permille), VTMM_SIZE(set.plan.hot_permille), false),
	[VTMM_PARAM_HYSTERESIS] = VTMM_ROW(HYSTERESIS,
		VTMM_AT(set.plan.hysteresis), VTMM_SIZE(set.plan.hysteresis), false),
	[VTMM_PARAM_COOLDOWN] = VTMM_ROW(COOLDOWN,
		VTMM_AT(set.plan.cooldown), VTMM_SIZE(set.plan.cooldown), false),
	[VTMM_PARAM_FLOOR] = VTMM_ROW(FLOOR,
		VTMM_AT(set.plan.floor), VTMM_SIZE(set.plan.floor), false),
	[VTMM_PARAM_QUEUE] = VTMM_ROW(QUEUE,
		VTMM_AT(set.heat.queue), VTMM_SIZE(set.heat.queue), false),
};

/**
 * vtmm_param_name() - what a setting is called on a command line
 * @p: the setting
 *
 * Return: its name.
 */
const char *vtmm_param_name(enum vtmm_param p)
{
	return vtmm_param_rows[p].name;
}

/**
 * vtmm_param_is_urgent() - is a change felt at once?
 * @p: the setting
 *
 * Return: false when the next round or plan goes by it.
 */
bool vtmm_param_is_urgent(enum vtmm_param p)
{
	return vtmm_param_rows[p].urgent;
}

/**
 * vtmm_param_get() - the value of a setting
 * @all: settings
 * @p: which of them
 *
 * Return: the value, in the unit of its attribute.
 */
u64 vtmm_param_get(const struct vtmm_params *all, enum vtmm_param p)
{
	const void *at = (const u8 *)all + vtmm_param_rows[p].at;

	switch (vtmm_param_rows[p].size) {
	case sizeof(u8):
		return *(const u8 *)at;
	case sizeof(u16):
		return *(const u16 *)at;
	case sizeof(u32):
		return *(const u32 *)at;
	default:
		return *(const u64 *)at;
	}
}

static void vtmm_param_store(struct vtmm_params *all, enum vtmm_param p, u64 value)
{
	void *at = (u8 *)all + vtmm_param_rows[p].at;

	switch (vtmm_param_rows[p].size) {
	case sizeof(u8):
		*(u8 *)at = value;
		break;
	case sizeof(u16):
		*(u16 *)at = value;
		break;
	case sizeof(u32):
		*(u32 *)at = value;
		break;
	default:
		*(u64 *)at = value;
	}
}

/**
 * vtmm_param_set() - change a setting
 * @all: settings
 * @p: which of them
 * @value: in the unit of its attribute
 *
 * Return: false, and nothing is changed, when @value is beyond its limits.
 */
bool vtmm_param_set(struct vtmm_params *all, enum vtmm_param p, u64 value)
{
	if (value < vtmm_param_rows[p].min || value > vtmm_param_rows[p].max)
		return false;
	vtmm_param_store(all, p, value);
	return true;
}

/**
 * vtmm_params_init() - the settings of a VM of which nothing is known
 * @all: out
 */
void vtmm_params_init(struct vtmm_params *all)
{
	unsigned int p;

	*all = (struct vtmm_params) {
		.set.plan = {
			.skip = VTMM_PLAN_SKIP,
			.warmup = VTMM_WINDOW_MAX,
		},
	};
	for (p = 0; p < VTMM_NR_PARAMS; p++)
		vtmm_param_store(all, p, vtmm_param_rows[p].def);
}

/**
 * vtmm_settings_fit() - settle what depends on the size of the VM
 * @set: settings; a floor of VTMM_FLOOR_DEFAULT means that nobody set one
 * @pages: of the VM
 */
void vtmm_settings_fit(struct vtmm_settings *set, u64 pages)
{
	u64 part = pages / (100 / VTMM_FLOOR_PERCENT);
	u64 whole = VTMM_FLOOR_BYTES / VTMM_PAGE_BYTES;

	if (set->plan.floor == VTMM_FLOOR_DEFAULT)
		set->plan.floor = part < whole ? part : whole;
}
