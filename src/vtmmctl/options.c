// SPDX-License-Identifier: GPL-2.0-only
/*
 * options: the command line against the tables of options, by getopt_long().
 */
#include <getopt.h>
#include <string.h>

#include "options.h"
#include "settings.h"

#define MAX_OPTIONS 32

/* The tables, put together as getopt wants them. */
struct getopt_tables {
	struct option longs[MAX_OPTIONS];
	const struct ctl_option *from[MAX_OPTIONS];
	char shorts[2 * MAX_OPTIONS + 3];
	size_t nr;
};

static const char *set_json(void *options, const char *arg)
{
	(void)arg;
	((struct global_options *)options)->json = true;
	return NULL;
}

static const char *set_help(void *options, const char *arg)
{
	(void)arg;
	((struct global_options *)options)->help = true;
	return NULL;
}

static const char *set_version(void *options, const char *arg)
{
	(void)arg;
	((struct global_options *)options)->version = true;
	return NULL;
}

const struct ctl_option ctl_global_options[] = {
	{"json", 'j', NULL, "print JSON", set_json},
	{"help", 'h', NULL, "explain the command", set_help},
	{"version", 'V', NULL, "versions of tool, module and ABI", set_version},
	{NULL, 0, NULL, NULL, NULL},
};

static void add(struct getopt_tables *t, const struct ctl_option *o)
{
	char *s = t->shorts + strlen(t->shorts);

	for (; o && o->name && t->nr < MAX_OPTIONS - 1; o++) {
		t->longs[t->nr] = (struct option){
			o->name, o->arg ? required_argument : no_argument, NULL,
			256 + (int)t->nr};
		t->from[t->nr++] = o;
		if (o->letter)
			*s++ = o->letter;
		if (o->letter && o->arg)
			*s++ = ':';
	}
}

/* Which option getopt found: a long one by its number, or a letter. */
static const struct ctl_option *found(const struct getopt_tables *t, int c)
{
	if (c >= 256)
		return t->from[c - 256];
	for (size_t i = 0; i < t->nr; i++)
		if (t->from[i]->letter == c)
			return t->from[i];
	return NULL;
}

static bool is_global(const struct ctl_option *o)
{
	return o >= ctl_global_options && o < ctl_global_options + 3;
}

/* Notes an option; NULL, or what is wrong with its argument. */
static const char *note(const struct ctl_option *o, void *options,
			struct global_options *global, const char *arg)
{
	if (o->setting)
		return settings_note(options, o->setting, arg);
	return o->set(is_global(o) ? (void *)global : options, arg);
}

static enum ctl_exit unknown(struct ctl *ctl, int c, char **argv)
{
	if (c == ':')
		return ctl_usage(ctl, "%s needs an argument", argv[optind - 1]);
	if (optopt && optopt < 256)
		return ctl_usage(ctl, "there is no option -%c", optopt);
	return ctl_usage(ctl, "there is no option %s", argv[optind - 1]);
}

/**
 * options_parse() - take the options off a command line
 * @ctl: the run
 * @cmd: the command whose options they are; NULL for what stands before one
 * @options: the struct of the command's options
 * @global: the options that every command has
 * @argc: words, the first being the name of the program or command
 * @argv: the words; put in order, arguments last, when @cmd is given
 * @used: set to the number of words taken
 *
 * Return: CTL_OK, or CTL_USAGE after having told why.
 */
enum ctl_exit options_parse(struct ctl *ctl, const struct ctl_command *cmd,
			    void *options, struct global_options *global,
			    int argc, char **argv, int *used)
{
	/* '+': before the command, stop at it. ':': tell what is missing. */
	struct getopt_tables t = {.shorts = "+:"};
	const struct ctl_option *o;
	const char *problem;
	int c;

	if (cmd)
		strcpy(t.shorts, ":");
	add(&t, ctl_global_options);
	add(&t, cmd ? cmd->options : NULL);
	add(&t, cmd ? cmd->shared_options : NULL);
	opterr = 0;
	optind = 0; /* start over, also within the same process */
	while ((c = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1) {
		o = c == '?' || c == ':' ? NULL : found(&t, c);
		if (!o)
			return unknown(ctl, c, argv);
		problem = note(o, options, global, optarg);
		if (problem)
			return ctl_usage(ctl, "--%s: '%s' %s", o->name, optarg,
					 problem);
	}
	*used = optind;
	return CTL_OK;
}
