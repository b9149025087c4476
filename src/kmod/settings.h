/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * settings: what an operator can say of a VM.
 */
#ifndef _VTMM_SETTINGS_H
#define _VTMM_SETTINGS_H

#include <vtmm/heat.h>
#include <vtmm/plan.h>

#define VTMM_PERIOD_MS_DEFAULT	600
#define VTMM_PERIOD_MS_MIN	10
#define VTMM_PERIOD_MS_MAX	60000
#define VTMM_BUDGET_DEFAULT	20	/* 1/1000 of one CPU */

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
 * @fast_max: fast pages at most, U64_MAX for no limit
 */
struct vtmm_terms {
	u32 shares;
	u64 fast_min;
	u64 fast_max;
};

void vtmm_settings_default(struct vtmm_settings *set, struct vtmm_terms *terms);
void vtmm_settings_fit(struct vtmm_settings *set, u64 pages);

#endif /* _VTMM_SETTINGS_H */
