/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ctl: what the files of vtmmctl share. A sub-command is one file with one
 * struct ctl_command, named in the table of commands.c; help, completion and
 * the tests of the man page come from that table.
 */
#ifndef VTMMCTL_CTL_H
#define VTMMCTL_CTL_H

#include <stdio.h>

#include "../lib/vtmm.h"
#include "parse.h"

/* Exit statuses: part of the interface. */
enum ctl_exit {
	CTL_OK,
	CTL_FAILED,
	CTL_USAGE,
	CTL_NO_MODULE,
};

/**
 * struct ctl - one run of the tool
 * @out: what was asked for
 * @err: why it could not be had
 * @json: as JSON
 * @colour: in colour
 * @utf8: with characters outside ASCII
 * @width: columns of the terminal, 0 when the output goes to none
 * @root: put before paths of /proc and /sys; "" but in tests
 * @transport: how to reach the module
 * @transport_ctx: of @transport
 * @client: connected when a command needs it, else NULL
 */
struct ctl {
	FILE *out;
	FILE *err;
	bool json;
	bool colour;
	bool utf8;
	unsigned int width;
	const char *root;
	const struct vtmm_transport *transport;
	void *transport_ctx;
	struct vtmm_client *client;
};

struct setting;

/**
 * struct ctl_option - an option of a command
 * @name: after "--"; NULL ends a table
 * @letter: after "-", or 0
 * @arg: what its argument is called, NULL without argument
 * @help: one line: unit, range, default
 * @set: notes it in the options of the command; NULL, or what is wrong with it
 * @setting: of a VM, which it is; instead of @set
 */
struct ctl_option {
	const char *name;
	char letter;
	const char *arg;
	const char *help;
	const char *(*set)(void *options, const char *arg);
	const struct setting *setting;
};

/**
 * struct ctl_command - a sub-command
 * @name: on the command line
 * @args: what its arguments are called, "" without any
 * @summary: one line, no full stop
 * @details: more for --help, or NULL
 * @min_args: arguments that must be there
 * @max_args: arguments that may be there
 * @options: its options
 * @shared_options: options that it shares with other commands
 * @options_size: of the struct that they are noted in; it is zeroed before
 * @words: prints what may stand for its arguments, a blank before each; or NULL
 * @offline: works without the module
 * @run: does it
 */
struct ctl_command {
	const char *name;
	const char *args;
	const char *summary;
	const char *details;
	int min_args;
	int max_args;
	const struct ctl_option *options;
	const struct ctl_option *shared_options;
	size_t options_size;
	void (*words)(FILE *out);
	bool offline;
	enum ctl_exit (*run)(struct ctl *ctl, void *options, int argc,
			     char **argv);
};

extern const struct ctl_command *const ctl_commands[];
extern const struct ctl_option ctl_global_options[];
extern const struct ctl_command cmd_status, cmd_list, cmd_attach, cmd_detach;
extern const struct ctl_command cmd_set, cmd_stats, cmd_heat, cmd_plan;
extern const struct ctl_command cmd_pool, cmd_tier, cmd_monitor, cmd_doctor;
extern const struct ctl_command cmd_pages, cmd_record, cmd_completion;
extern const struct ctl_command cmd_get;

enum ctl_exit ctl_run(struct ctl *ctl, int argc, char **argv);
const struct ctl_command *ctl_find(const char *name);
void ctl_help(FILE *out);
void ctl_command_help(FILE *out, const struct ctl_command *cmd);

/* Failing: one sentence on ctl->err, escaped. */
enum ctl_exit ctl_fail(struct ctl *ctl, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
enum ctl_exit ctl_usage(struct ctl *ctl, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
enum ctl_exit ctl_status(struct ctl *ctl, enum vtmm_status status);

/* Naming VMs. */
enum ctl_exit ctl_select(struct ctl *ctl, const char *text,
			 struct vtmm_vm_info *vm);

#endif /* VTMMCTL_CTL_H */
