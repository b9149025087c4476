/* SPDX-License-Identifier: GPL-2.0-only */
/* settings: the options that attach and set have in common. */
#ifndef VTMMCTL_SETTINGS_H
#define VTMMCTL_SETTINGS_H

#include "ctl.h"

/**
 * struct settings - settings of a VM as they were typed
 * @vm: what is known at once
 * @min: fast memory guaranteed; meant when @has_min
 * @max: fast memory at most; meant when @has_max
 * @has_min: @min was given
 * @has_max: @max was given
 */
struct settings {
	struct vtmm_vm_info vm;
	struct amount min;
	struct amount max;
	bool has_min;
	bool has_max;
};

const char *setting_name(void *options, const char *arg);
const char *setting_min(void *options, const char *arg);
const char *setting_max(void *options, const char *arg);
const char *setting_shares(void *options, const char *arg);
const char *setting_period(void *options, const char *arg);
const char *setting_mode(void *options, const char *arg);
const char *setting_rate(void *options, const char *arg);

#define SETTING_OPTIONS                                                     \
	{"name", 'n', "NAME", "name for people, at most 63 bytes",          \
	 setting_name},                                                     \
		{"min", 0, "SIZE",                                          \
		 "fast memory guaranteed: 64M, or 10% of the pool",         \
		 setting_min},                                              \
		{"max", 0, "SIZE",                                          \
		 "fast memory at most: 4G, 80% of the pool, none",          \
		 setting_max},                                              \
		{"shares", 0, "N",                                          \
		 "claim on the pool beyond min, 1..10000 (default 100)",    \
		 setting_shares},                                           \
		{"period", 0, "TIME",                                       \
		 "length of a round, 10ms..60s (default 600ms)",            \
		 setting_period},                                           \
		{"mode", 0, "MODE",                                         \
		 "manage, observe (never move) or off (default manage)",    \
		 setting_mode},                                             \
	{                                                                   \
		"rate", 0, "RATE",                                          \
			"bytes/s that may move: 100M, none (default none)", \
			setting_rate                                        \
	}

enum ctl_exit settings_resolve(struct ctl *ctl, struct settings *s);

#endif /* VTMMCTL_SETTINGS_H */
