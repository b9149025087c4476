// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl completion: a completion script, made from the tables. */
#include <string.h>

#include "ctl.h"

static void put_options(FILE *out, const struct ctl_option *o)
{
	for (; o && o->name; o++)
		fprintf(out, " --%s", o->name);
}

static void put_case(FILE *out, const struct ctl_command *cmd)
{
	fprintf(out, "\t%s) words='", cmd->name);
	put_options(out, cmd->options);
	put_options(out, cmd->shared_options);
	put_options(out, ctl_global_options);
	if (cmd->words)
		cmd->words(out);
	fputs("' ;;\n", out);
}

/* The commands whose arguments name a VM, as a pattern of the shell. */
static void put_vm_commands(FILE *out)
{
	const char *between = "\tesac\n\tcase $command in\n\t";

	for (size_t i = 0; ctl_commands[i]; i++) {
		if (!strstr(ctl_commands[i]->args, "VM"))
			continue;
		fprintf(out, "%s%s", between, ctl_commands[i]->name);
		between = " | ";
	}
}

/* VMs by pid: the names are untrusted and have no place in a shell. */
static const char head[] =
	"# bash completion for vtmmctl, made by: vtmmctl completion bash\n"
	"_vtmmctl()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} words= i command=\n\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tcase ${COMP_WORDS[i]} in\n"
	"\t\t-*) ;;\n"
	"\t\t*) command=${COMP_WORDS[i]}; break ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tcase $command in\n";

static const char tail[] =
	")\n"
	"\t\twords+=\" $(vtmmctl list -j 2>/dev/null |\n"
	"\t\t\tsed -n 's/^      \"pid\": *\\([0-9]*\\),*$/\\1/p')\" ;;\n"
	"\tesac\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	"}\n"
	"complete -F _vtmmctl vtmmctl\n";

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	(void)opts;
	(void)argc;
	if (strcmp(argv[0], "bash") != 0)
		return ctl_usage(ctl, "completion: only for bash, not '%s'",
				 argv[0]);
	fputs(head, ctl->out);
	fputs("\t'') words='", ctl->out);
	for (size_t i = 0; ctl_commands[i]; i++)
		fprintf(ctl->out, "%s ", ctl_commands[i]->name);
	put_options(ctl->out, ctl_global_options);
	fputs("' ;;\n", ctl->out);
	for (size_t i = 0; ctl_commands[i]; i++)
		put_case(ctl->out, ctl_commands[i]);
	put_vm_commands(ctl->out);
	fputs(tail, ctl->out);
	return CTL_OK;
}

const struct ctl_command cmd_completion = {
	.name = "completion",
	.args = "bash",
	.summary = "Print a completion script for the shell",
	.min_args = 1,
	.max_args = 1,
	.offline = true,
	.run = run,
};
