/* SPDX-License-Identifier: GPL-2.0-only */
/* Generated from docs/netlink/vtmm.yaml by: make generate. Do not edit. */
/*
 * limits: what the settings of a VM are numbered, and their limits and
 * defaults. Numbers only: core includes it.
 */
#ifndef _VTMM_LIMITS_H
#define _VTMM_LIMITS_H

enum vtmm_param {
	VTMM_PARAM_MODE,
	VTMM_PARAM_PERIOD_MS,
	VTMM_PARAM_BUDGET_PERMILLE,
	VTMM_PARAM_FAST_MIN,
	VTMM_PARAM_FAST_MAX,
	VTMM_PARAM_SHARES,
	VTMM_PARAM_RATE_BYTES,
	VTMM_PARAM_WINDOW,
	VTMM_PARAM_READ_WEIGHT,
	VTMM_PARAM_WRITE_WEIGHT,
	VTMM_PARAM_HOT_PERMILLE,
	VTMM_PARAM_HYSTERESIS,
	VTMM_PARAM_COOLDOWN,
	VTMM_PARAM_FLOOR,
	VTMM_PARAM_QUEUE,
	VTMM_NR_PARAMS,
	/* From here on they are the policy's. */
	VTMM_PARAM_POLICY = VTMM_PARAM_WINDOW
};

/* Bytes of the name of a VM, with its NUL. */
#define VTMM_NAME_LEN		64

/* mode: what vtmm does with the VM */
#define VTMM_MODE_NAME		"mode"
#define VTMM_MODE_MIN		0
#define VTMM_MODE_MAX		2
#define VTMM_MODE_DEFAULT	0

/* period: length of a round, in ms, as it is asked for */
#define VTMM_PERIOD_MS_NAME	"period"
#define VTMM_PERIOD_MS_MIN	10
#define VTMM_PERIOD_MS_MAX	60000
#define VTMM_PERIOD_MS_DEFAULT	600

/* CPU budget: part of one CPU for tracking, else rounds are rarer, in 1/1000; 0 for no limit */
#define VTMM_BUDGET_PERMILLE_NAME	"budget"
#define VTMM_BUDGET_PERMILLE_MIN	0
#define VTMM_BUDGET_PERMILLE_MAX	1000
#define VTMM_BUDGET_PERMILLE_DEFAULT	20

/* fast memory, at least: fast memory guaranteed, in pages */
#define VTMM_FAST_MIN_NAME	"min"
#define VTMM_FAST_MIN_MIN	0
#define VTMM_FAST_MIN_MAX	(~0ULL)
#define VTMM_FAST_MIN_DEFAULT	0

/* fast memory, at most: fast memory at most, in pages; absent or ~0 for no limit */
#define VTMM_FAST_MAX_NAME	"max"
#define VTMM_FAST_MAX_MIN	0
#define VTMM_FAST_MAX_MAX	(~0ULL)
#define VTMM_FAST_MAX_DEFAULT	(~0ULL)

/* shares: claim on the pool beyond fast-min; relative to other VMs */
#define VTMM_SHARES_NAME	"shares"
#define VTMM_SHARES_MIN		1
#define VTMM_SHARES_MAX		10000
#define VTMM_SHARES_DEFAULT	100

/* rate limit: bytes/s that may move; 0 for no limit */
#define VTMM_RATE_BYTES_NAME	"rate"
#define VTMM_RATE_BYTES_MIN	0
#define VTMM_RATE_BYTES_MAX	(~0ULL)
#define VTMM_RATE_BYTES_DEFAULT	0

/* window, rounds: rounds that temperature looks back over */
#define VTMM_WINDOW_NAME	"window"
#define VTMM_WINDOW_MIN		2
#define VTMM_WINDOW_MAX		10
#define VTMM_WINDOW_DEFAULT	10

/* weight of a read: heat of a round with reads only */
#define VTMM_READ_WEIGHT_NAME	"read-weight"
#define VTMM_READ_WEIGHT_MIN	0
#define VTMM_READ_WEIGHT_MAX	3
#define VTMM_READ_WEIGHT_DEFAULT	1

/* weight of a write: heat of a round with writes */
#define VTMM_WRITE_WEIGHT_NAME	"write-weight"
#define VTMM_WRITE_WEIGHT_MIN	0
#define VTMM_WRITE_WEIGHT_MAX	3
#define VTMM_WRITE_WEIGHT_DEFAULT	3

/* hot part of accessed: part of the accessed pages that is hot, in 1/1000 */
#define VTMM_HOT_PERMILLE_NAME	"hot"
#define VTMM_HOT_PERMILLE_MIN	1
#define VTMM_HOT_PERMILLE_MAX	1000
#define VTMM_HOT_PERMILLE_DEFAULT	900

/* hysteresis, degrees: degrees above the page that it replaces; of a slow page, at least */
#define VTMM_HYSTERESIS_NAME	"hysteresis"
#define VTMM_HYSTERESIS_MIN	0
#define VTMM_HYSTERESIS_MAX	30
#define VTMM_HYSTERESIS_DEFAULT	2

/* cool-down, rounds: rounds for which a moved page stays */
#define VTMM_COOLDOWN_NAME	"cooldown"
#define VTMM_COOLDOWN_MIN	0
#define VTMM_COOLDOWN_MAX	255
#define VTMM_COOLDOWN_DEFAULT	20

/* floor of a plan: less than that does not move, in pages */
#define VTMM_FLOOR_NAME		"floor"
#define VTMM_FLOOR_MIN		0
#define VTMM_FLOOR_MAX		(~0ULL)
#define VTMM_FLOOR_DEFAULT	(~0ULL)

/* queue: re-arm steadily hot pages less often; 0 or 1 */
#define VTMM_QUEUE_NAME		"queue"
#define VTMM_QUEUE_MIN		0
#define VTMM_QUEUE_MAX		1
#define VTMM_QUEUE_DEFAULT	1

/* 100 MB, the published method's */
#define VTMM_FLOOR_BYTES	100000000

/* Of a VM of which that is less than floor-bytes */
#define VTMM_FLOOR_PERCENT	1

#endif /* _VTMM_LIMITS_H */
