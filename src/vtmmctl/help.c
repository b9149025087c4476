// SPDX-License-Identifier: GPL-2.0-only
/* help: what --help prints, made from the tables alone. */
#include "ctl.h"

static void put_option(FILE *out, const struct ctl_option *o)
{
	char left[64];

	snprintf(left, sizeof(left), "%c%c%c --%s%s%s", o->letter ? '-' : ' ',
		 o->letter ? o->letter : ' ', o->letter ? ',' : ' ', o->name,
		 o->arg ? " " : "", o->arg ? o->arg : "");
	fprintf(out, "  %-24s %s\n", left, o->help);
}

static void put_options(FILE *out, const struct ctl_option *o)
{
	for (; o && o->name; o++)
		put_option(out, o);
}

/**
 * ctl_help() - explain the tool
 * @out: where to
 */
void ctl_help(FILE *out)
{
	fputs("usage: vtmmctl [OPTION...] [COMMAND [ARGUMENT...]]\n"
	      "Manages the tiered memory of KVM guests; without a command, shows its status.\n"
	      "\nCommands:\n",
	      out);
	for (size_t i = 0; ctl_commands[i]; i++)
		fprintf(out, "  %-12s %s\n", ctl_commands[i]->name,
			ctl_commands[i]->summary);
	fputs("\nOptions of every command:\n", out);
	put_options(out, ctl_global_options);
	fputs("\nA VM is named by pid, id or name: 1234, pid:1234, id:1, name:db, db.\n"
	      "Exit status: 0 done, 1 failed, 2 wrong usage, 3 module not loaded.\n",
	      out);
}

/**
 * ctl_command_help() - explain a command
 * @out: where to
 * @cmd: the command
 */
void ctl_command_help(FILE *out, const struct ctl_command *cmd)
{
	fprintf(out, "usage: vtmmctl %s%s%s%s\n%s.\n", cmd->name,
		cmd->options ? " [OPTION...]" : "", *cmd->args ? " " : "",
		cmd->args, cmd->summary);
	if (cmd->details)
		fprintf(out, "%s\n", cmd->details);
	fputs("\nOptions:\n", out);
	put_options(out, cmd->options);
	put_options(out, cmd->shared_options);
	put_options(out, ctl_global_options);
}
