// SPDX-License-Identifier: GPL-2.0-only
/*
 * settings: what a VM gets when nothing is said: the core's defaults, and what was
 * said at load.
 */
#include <linux/moduleparam.h>
#include "settings.h"

static bool queue = VTMM_QUEUE_DEFAULT;
module_param(queue, bool, 0444);
MODULE_PARM_DESC(queue, "re-arm steadily hot pages less often, by a multi-level queue (default: yes)");

/**
 * vtmm_settings_default() - the settings of a VM of which nothing is known
 * @set: out
 * @terms: out
 */
void vtmm_settings_default(struct vtmm_settings *set, struct vtmm_terms *terms)
{
	struct vtmm_params all;

	vtmm_params_init(&all);
	*set = all.set;
	*terms = all.terms;
	set->heat.queue = queue;
}
