// SPDX-License-Identifier: GPL-2.0-only
/*
 * run: from a command line to a command. The only place that connects to the
 * module and that turns failures into exit statuses.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "options.h"
#include "text.h"

static __attribute__((format(printf, 3, 0))) enum ctl_exit
say(struct ctl *ctl, enum ctl_exit status, const char *fmt, va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, args);
	fputs("vtmmctl: ", ctl->err);
	text_put(ctl->err, text, ctl->utf8);
	fputc('\n', ctl->err);
	return status;
}

/**
 * ctl_fail() - tell why a command failed
 * @ctl: the run
 * @fmt: one sentence, cause and remedy
 *
 * Return: CTL_FAILED.
 */
enum ctl_exit ctl_fail(struct ctl *ctl, const char *fmt, ...)
{
	enum ctl_exit ret;
	va_list args;

	va_start(args, fmt);
	ret = say(ctl, CTL_FAILED, fmt, args);
	va_end(args);
	return ret;
}

/**
 * ctl_usage() - tell what is wrong with the command line
 * @ctl: the run
 * @fmt: one sentence
 *
 * Return: CTL_USAGE.
 */
enum ctl_exit ctl_usage(struct ctl *ctl, const char *fmt, ...)
{
	enum ctl_exit ret;
	va_list args;

	va_start(args, fmt);
	ret = say(ctl, CTL_USAGE, fmt, args);
	va_end(args);
	return ret;
}

/**
 * ctl_status() - tell how a call of the library ended
 * @ctl: the run
 * @status: of the call
 *
 * Return: the exit status for it; nothing is told when it is CTL_OK.
 */
enum ctl_exit ctl_status(struct ctl *ctl, enum vtmm_status status)
{
	if (status == VTMM_OK)
		return CTL_OK;
	ctl_fail(ctl, "%s", vtmm_error(ctl->client));
	return status == VTMM_NO_MODULE ? CTL_NO_MODULE : CTL_FAILED;
}

/* The client is there even when it cannot connect: it knows why. */
static enum vtmm_status connect_client(struct ctl *ctl)
{
	ctl->client = vtmm_client_new(ctl->transport, ctl->transport_ctx);
	return ctl->client ? vtmm_connect(ctl->client) : VTMM_FAILED;
}

static void disconnect(struct ctl *ctl)
{
	vtmm_client_free(ctl->client);
	ctl->client = NULL;
}

static enum ctl_exit version(struct ctl *ctl)
{
	struct vtmm_host_info info = {0};
	struct json_object *doc;
	bool have;

	have = !connect_client(ctl) && !vtmm_info_get(ctl->client, &info);
	if (ctl->json) {
		doc = json_object_new_object();
		json_add_text(doc, "tool_version", VTMM_VERSION);
		json_add_number(doc, "tool_abi", VTMM_ABI);
		json_add_text(doc, "module_version",
			      have ? info.version : NULL);
		json_object_object_add(doc, "module_abi",
				       have ? json_object_new_int(info.abi)
					    : NULL);
		json_print(ctl->out, doc);
	} else {
		fprintf(ctl->out, "tool    %s, ABI %d\nmodule  ", VTMM_VERSION,
			VTMM_ABI);
		if (have)
			fprintf(ctl->out, "%s, ABI %u\n", info.version,
				info.abi);
		else
			fprintf(ctl->out, "unknown: %s\n",
				ctl->client ? vtmm_error(ctl->client)
					    : "out of memory");
	}
	vtmm_host_info_free(&info);
	return CTL_OK;
}

static enum ctl_exit check_count(struct ctl *ctl, const struct ctl_command *cmd,
				 int argc, char **argv)
{
	if (argc < cmd->min_args)
		return ctl_usage(ctl, "%s: needs %s; see: vtmmctl %s --help",
				 cmd->name, cmd->args, cmd->name);
	if (argc > cmd->max_args)
		return ctl_usage(ctl, "%s: one argument too many: '%s'",
				 cmd->name, argv[cmd->max_args]);
	return CTL_OK;
}

static enum ctl_exit connect_and_run(struct ctl *ctl,
				     const struct ctl_command *cmd,
				     void *options, int argc, char **argv)
{
	enum ctl_exit ret = check_count(ctl, cmd, argc, argv);
	enum vtmm_status status;

	if (ret)
		return ret;
	if (!cmd->offline) {
		status = connect_client(ctl);
		if (!ctl->client)
			return ctl_fail(ctl, "out of memory");
		ret = ctl_status(ctl, status);
		if (ret)
			return ret;
	}
	return cmd->run(ctl, options, argc, argv);
}

static enum ctl_exit run_command(struct ctl *ctl, const struct ctl_command *cmd,
				 struct global_options *global, int argc,
				 char **argv)
{
	void *options = calloc(1, cmd->options_size + 1);
	enum ctl_exit ret;
	int used = 1;

	if (!options)
		return ctl_fail(ctl, "out of memory");
	ret = options_parse(ctl, cmd, options, global, argc, argv, &used);
	ctl->json = global->json;
	if (!ret && global->help)
		ctl_command_help(ctl->out, cmd);
	else if (!ret && global->version)
		ret = version(ctl);
	else if (!ret)
		ret = connect_and_run(ctl, cmd, options, argc - used,
				      argv + used);
	free(options);
	return ret;
}

static enum ctl_exit dispatch(struct ctl *ctl, int argc, char **argv)
{
	struct global_options global = {0};
	const struct ctl_command *cmd = &cmd_status;
	static char *no_words[] = {"status", NULL};
	enum ctl_exit ret;
	int used = 1;

	ret = options_parse(ctl, NULL, NULL, &global, argc, argv, &used);
	if (ret)
		return ret;
	ctl->json = global.json;
	if (used >= argc && global.help) {
		ctl_help(ctl->out);
		return CTL_OK;
	}
	if (used >= argc && global.version)
		return version(ctl);
	if (used >= argc)
		return run_command(ctl, cmd, &global, 1, no_words);
	cmd = ctl_find(argv[used]);
	if (!cmd)
		return ctl_usage(ctl,
				 "there is no command '%s': see vtmmctl --help",
				 argv[used]);
	return run_command(ctl, cmd, &global, argc - used, argv + used);
}

/* A full disk or a closed pipe is a failure too, whatever else there was. */
static enum ctl_exit check_output(struct ctl *ctl)
{
	errno = 0;
	if (!fflush(ctl->out) && !ferror(ctl->out))
		return CTL_OK;
	/* When it failed before, the reason is gone. */
	return ctl_fail(ctl, "cannot write the output: %s",
			errno ? strerror(errno) : "not all of it was taken");
}

/**
 * ctl_run() - one run of the tool
 * @ctl: how to run
 * @argc: words on the command line
 * @argv: the words
 *
 * Return: the exit status.
 */
enum ctl_exit ctl_run(struct ctl *ctl, int argc, char **argv)
{
	enum ctl_exit ret = dispatch(ctl, argc, argv), full;

	disconnect(ctl);
	full = check_output(ctl);
	return ret ? ret : full;
}
