/* SPDX-License-Identifier: GPL-2.0-only */
/* options: the command line against the tables of options. */
#ifndef VTMMCTL_OPTIONS_H
#define VTMMCTL_OPTIONS_H

#include "ctl.h"

/* What the options that every command has said. */
struct global_options {
	bool json;
	bool help;
	bool version;
};

enum ctl_exit options_parse(struct ctl *ctl, const struct ctl_command *cmd,
			    void *options, struct global_options *global,
			    int argc, char **argv, int *used);

#endif /* VTMMCTL_OPTIONS_H */
