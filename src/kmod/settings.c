// SPDX-License-Identifier: GPL-2.0-only
/*
 * settings: what a VM gets when nothing is said.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/vtmm.h>
#include <vtmm/pool.h>
#include "settings.h"

#define VTMM_FLOOR_BYTES	100000000	/* the paper's; or 1 % of a small VM */

static bool queue = true;
module_param(queue, bool, 0444);
MODULE_PARM_DESC(queue, "re-arm steadily hot pages less often, by a multi-level queue (default: yes)");

/**
 * vtmm_settings_default() - the settings of a VM of which nothing is known
 * @set: out
 * @terms: out
 */
void vtmm_settings_default(struct vtmm_settings *set, struct vtmm_terms *terms)
{
	*terms = (struct vtmm_terms) {
		.shares = VTMM_SHARES_DEFAULT,
		.fast_max = U64_MAX,
	};
	*set = (struct vtmm_settings) {
		.mode = VTMM_MODE_MANAGE,
		.period_ms = VTMM_PERIOD_MS_DEFAULT,
		.budget_permille = VTMM_BUDGET_DEFAULT,
		.heat = {
			.window = VTMM_WINDOW_MAX,
			.read_weight = 1,
			.write_weight = 3,
			.queue = queue,
		},
		.plan = {
			.hot_permille = 900,
			.hysteresis = 2,
			.cooldown = 20,
			.floor = U64_MAX,
			.skip = 3,
			.warmup = VTMM_WINDOW_MAX,
		},
	};
}

/**
 * vtmm_settings_fit() - settle what depends on the size of the VM
 * @set: settings; a floor of U64_MAX means that nobody set one
 * @pages: of the VM
 *
 * Below the floor nothing moves: 100 MB, or 1 % of the VM if that is less.
 */
void vtmm_settings_fit(struct vtmm_settings *set, u64 pages)
{
	if (set->plan.floor == U64_MAX)
		set->plan.floor = min_t(u64, pages / 100, VTMM_FLOOR_BYTES >> PAGE_SHIFT);
}
