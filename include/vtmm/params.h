/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * params: the settings of a VM. One table says of each setting in which member it
 * is, what it may be, and what it is when nobody sets it; module, simulator and
 * tests go by that table. The numbers come from docs/netlink/vtmm.yaml.
 *
 * Nothing here locks: whoever shares settings guards them.
 */
#ifndef _VTMM_PARAMS_H
#define _VTMM_PARAMS_H

#include <vtmm/heat.h>
#include <vtmm/limits.h>
#include <vtmm/plan.h>

/**
 * struct vtmm_settings - how a VM is treated
 * @mode: enum vtmm_mode
 * @period_ms: time between rounds
 * @budget_permille: of one CPU for rounds, or 0 for no limit
 * @rate_bytes: bytes/s that may move, 0 for no limit
 * @heat: how heat is counted
 * @plan: how plans are made
 */
struct vtmm_settings {
	u32 mode;
	u32 period_ms;
	u32 budget_permille;
	u64 rate_bytes;
	struct vtmm_heat_params heat;
	struct vtmm_plan_params plan;
};

/**
 * struct vtmm_terms - what a VM may have of the pool; the pool keeps it
 * @shares: claim beyond @fast_min
 * @fast_min: fast pages guaranteed
 * @fast_max: fast pages at most, ~0 for no limit
 */
struct vtmm_terms {
	u32 shares;
	u64 fast_min;
	u64 fast_max;
};

/**
 * struct vtmm_params - all settings of a VM
 * @set: how it is treated
 * @terms: what it may have of the pool
 */
struct vtmm_params {
	struct vtmm_settings set;
	struct vtmm_terms terms;
};

/* What a setting is called on a command line: "hot", "period". */
const char *vtmm_param_name(enum vtmm_param p);

/* Is a change felt at once? Else the next round or plan goes by it. */
bool vtmm_param_is_urgent(enum vtmm_param p);

/* The value of a setting, in the unit of its attribute. */
u64 vtmm_param_get(const struct vtmm_params *all, enum vtmm_param p);

/* Changes a setting. False, and nothing is changed, when @value is beyond its limits. */
bool vtmm_param_set(struct vtmm_params *all, enum vtmm_param p, u64 value);

/* The settings of a VM of which nothing is known. Its floor is settled by vtmm_settings_fit(). */
void vtmm_params_init(struct vtmm_params *all);

/* Settles what depends on the size of the VM, @pages, if nobody has set it: the floor. */
void vtmm_settings_fit(struct vtmm_settings *set, u64 pages);

#endif /* _VTMM_PARAMS_H */
