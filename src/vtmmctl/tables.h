/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tables: what the settings of a VM are called, what they take and how they are
 * shown, and the rows of its counters. tables.c is generated.
 */
#ifndef VTMMCTL_TABLES_H
#define VTMMCTL_TABLES_H

#include "ctl.h"

/* How a setting is typed and shown. */
enum setting_kind {
	SETTING_NAME,
	SETTING_ENUM,
	SETTING_TIME,	   /* ms */
	SETTING_PERCENT,   /* 1/1000; where it may be 0, that is "none" */
	SETTING_RATE,	   /* bytes/s; 0 is "none" */
	SETTING_GUARANTEE, /* pages, or a part of the pool */
	SETTING_LIMIT,	   /* the same, or "none" */
	SETTING_SIZE,	   /* pages */
	SETTING_SWITCH,
	SETTING_NUMBER,
};

/**
 * struct setting - a setting of a VM
 * @attr: VTMM_A_VM_*
 * @kind: how it is typed and shown
 * @min: the least
 * @max: the most; of a name the bytes
 * @part: under which heading it is shown
 * @label: what it is called there
 * @refusal: what is wrong with a value that is beyond the limits
 */
struct setting {
	int attr;
	enum setting_kind kind;
	uint64_t min;
	uint64_t max;
	const char *part;
	const char *label;
	const char *refusal;
};

enum row_unit {
	ROW_COUNT,
	ROW_US,
	ROW_NS,
	ROW_BYTES,
};

/**
 * struct row - a counter of a VM as it is shown
 * @attr: VTMM_A_STATS_*
 * @unit: of the counter
 * @label: what it is called; NULL ends a table
 */
struct row {
	int attr;
	enum row_unit unit;
	const char *label;
};

extern const struct ctl_option setting_options[];
extern const struct row tracking_rows[];
extern const struct row moving_rows[];

#endif /* VTMMCTL_TABLES_H */
