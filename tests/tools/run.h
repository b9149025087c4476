/* SPDX-License-Identifier: GPL-2.0-only */
/* run: vtmmctl with a fake family: a command line in, texts and status out. */
#ifndef TOOLS_RUN_H
#define TOOLS_RUN_H

#include "../../src/vtmmctl/ctl.h"
#include "fake.h"

/* What one run printed and how it ended. */
struct result {
	char *out;
	char *err;
	enum ctl_exit status;
};

/* Put before paths of /proc and /sys: nothing is there. */
extern const char *run_root;
/* Columns of the terminal; 0: there is none. */
extern unsigned int run_width;
/* The terminal shows UTF-8. */
extern bool run_utf8;

struct result run(struct fake *f, const char *line);
void result_free(struct result *r);
enum ctl_exit run_into(struct fake *f, const char *line, FILE *out, FILE *err);

void run_line_of(const struct ctl_command *cmd, const char *global, char *line,
		 size_t size);

void check_run(struct fake *f, const char *line, enum ctl_exit status,
	       const char *out, const char *err);
void check_error(struct fake *f, const char *line, enum ctl_exit status,
		 const char *part);

#endif /* TOOLS_RUN_H */
