// SPDX-License-Identifier: GPL-2.0-only
/* commands: the one table that registers the sub-commands. */
#include <string.h>

#include "ctl.h"

const struct ctl_command *const ctl_commands[] = {
	&cmd_status,	 &cmd_list, &cmd_attach, &cmd_detach,  &cmd_set,
	&cmd_stats,	 &cmd_get,  &cmd_heat,	 &cmd_plan,    &cmd_pages,
	&cmd_record,	 &cmd_pool, &cmd_tier,	 &cmd_monitor, &cmd_doctor,
	&cmd_completion, NULL,
};

/**
 * ctl_find() - the command of a name
 * @name: as typed
 *
 * Return: the command, or NULL.
 */
const struct ctl_command *ctl_find(const char *name)
{
	for (size_t i = 0; ctl_commands[i]; i++)
		if (!strcmp(ctl_commands[i]->name, name))
			return ctl_commands[i];
	return NULL;
}
