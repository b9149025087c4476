// SPDX-License-Identifier: GPL-2.0-only
/* run: vtmmctl with a fake family. */
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "test.h"

#define MAX_WORDS 32

const char *run_root = "/nonexistent";
unsigned int run_width;
bool run_utf8;

/* Runs "vtmmctl LINE"; the words of the line are split at blanks. */
enum ctl_exit run_into(struct fake *f, const char *line, FILE *out, FILE *err)
{
	char name[] = "vtmmctl", *words[MAX_WORDS] = {name}, *copy, *rest;
	struct ctl ctl = {
		.out = out,
		.err = err,
		.utf8 = run_utf8,
		.width = run_width,
		.root = run_root,
		.transport = &fake_transport,
		.transport_ctx = f,
	};
	enum ctl_exit status;
	int argc = 1;

	copy = strdup(line);
	for (char *w = strtok_r(copy, " ", &rest); w;
	     w = strtok_r(NULL, " ", &rest))
		words[argc++] = w;
	words[argc] = NULL;
	status = ctl_run(&ctl, argc, words);
	free(copy);
	f->joined = 0;
	f->next_event = 0;
	return status;
}

/* The same; what it prints is the caller's. */
struct result run(struct fake *f, const char *line)
{
	struct result r = {0};
	size_t out_size, err_size;
	FILE *out = open_memstream(&r.out, &out_size);
	FILE *err = open_memstream(&r.err, &err_size);

	r.status = run_into(f, line, out, err);
	fclose(out);
	fclose(err);
	return r;
}

/* What stands for the arguments that commands name in their usage. */
static const struct {
	const char *name;
	const char *value;
} words[] = {
	{"PID", "100"},
	{"VM", "db"},
	{"bash", "bash"},
	{"VM|pool|info", "db"},
};

/* Options without which a command does nothing that could be printed. */
static const struct {
	const char *command;
	const char *options;
} options[] = {
	{"record", "-o /dev/null -t 1ms"},
	{"set", "--shares 5"},
};

/* What stands for the argument that @arg begins with. */
static const char *word_for(const struct ctl_command *cmd, const char *arg)
{
	size_t len = strcspn(arg, " ");

	for (size_t i = 0; i < COUNT(words); i++)
		if (strlen(words[i].name) == len &&
		    !strncmp(words[i].name, arg, len))
			return words[i].value;
	fail_msg("%s: say above what stands for '%s'", cmd->name, arg);
	return NULL;
}

/* A line by which a command of the table does its work and says so. */
void run_line_of(const struct ctl_command *cmd, const char *global, char *line,
		 size_t size)
{
	size_t used = snprintf(line, size, "%s %s", cmd->name, global);
	const char *arg = cmd->args;

	for (int i = 0; i < cmd->min_args; i++) {
		used += snprintf(line + used, size - used, " %s",
				 word_for(cmd, arg));
		arg += strcspn(arg, " ");
		arg += *arg == ' ';
	}
	for (size_t i = 0; i < COUNT(options); i++)
		if (!strcmp(options[i].command, cmd->name))
			snprintf(line + used, size - used, " %s",
				 options[i].options);
}

void result_free(struct result *r)
{
	free(r->out);
	free(r->err);
}

void check_run(struct fake *f, const char *line, enum ctl_exit status,
	       const char *out, const char *err)
{
	struct result r = run(f, line);

	assert_string_equal(r.err, err);
	assert_string_equal(r.out, out);
	assert_int_equal(r.status, status);
	result_free(&r);
}

/* Fails with one sentence on stderr that holds @part, and nothing on stdout. */
void check_error(struct fake *f, const char *line, enum ctl_exit status,
		 const char *part)
{
	struct result r = run(f, line);

	if (!strstr(r.err, part))
		fail_msg("'%s' said '%s', not '%s'", line, r.err, part);
	assert_int_equal(strncmp(r.err, "vtmmctl: ", 9), 0);
	assert_ptr_equal(strchr(r.err, '\n'), r.err + strlen(r.err) - 1);
	assert_string_equal(r.out, "");
	assert_int_equal(r.status, status);
	result_free(&r);
}
