// SPDX-License-Identifier: GPL-2.0-only
/*
 * settings: what a VM gets when nothing is said: the core's defaults, and what was
 * said at load.
 */
#include <linux/moduleparam.h>
#include "vtmm.h"

static bool queue = VTMM_QUEUE_DEFAULT;
module_param(queue, bool, 0444);
MODULE_PARM_DESC(queue, "re-arm steadily hot pages less often, by a multi-level queue (default: yes)");

/**
 * vtmm_settings_default() - the settings of a VM of which nothing is known
 * @set: out
 */
void vtmm_settings_default(struct vtmm_settings *set)
{
	vtmm_settings_init(set);
	set->heat.queue = queue;
}
