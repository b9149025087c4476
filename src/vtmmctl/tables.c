// SPDX-License-Identifier: GPL-2.0-only
/* Generated from docs/netlink/vtmm.yaml by: make generate. Do not edit. */
/*
 * tables: the settings of a VM as options and rows, and the rows of its
 * counters.
 */
/* clang-format off */
#include "tables.h"

const struct ctl_option setting_options[] = {
	{.name = "name", .letter = 'n', .arg = "NAME",
	 .help =
		"name for people, at most 63 bytes (default the VMM's)",
	 .setting = &(const struct setting){
		VTMM_A_VM_NAME, SETTING_NAME, 0, 63, "settings",
		"name", "is longer than 63 bytes"}},
	{.name = "mode", .arg = "MODE",
	 .help =
		"what vtmm does with the VM: manage, observe or off (default manage)",
	 .setting = &(const struct setting){
		VTMM_A_VM_MODE, SETTING_ENUM, 0, 2ull, "settings",
		"mode", "is not manage, observe or off"}},
	{.name = "period", .arg = "TIME",
	 .help =
		"length of a round, 10ms..60s (default 600ms)",
	 .setting = &(const struct setting){
		VTMM_A_VM_PERIOD_MS, SETTING_TIME, 10, 60000ull, "settings",
		"period", "is out of range, 10ms..60s"}},
	{.name = "budget", .arg = "PERCENT",
	 .help =
		"part of one CPU for tracking, else rounds are rarer, 0.1%..100% or none (default 2%)",
	 .setting = &(const struct setting){
		VTMM_A_VM_BUDGET_PERMILLE, SETTING_PERCENT, 0, 1000ull, "settings",
		"CPU budget", "is out of range, 0.1%..100% or none"}},
	{.name = "min", .arg = "SIZE",
	 .help =
		"fast memory guaranteed: 64M, or 10% of the pool (default 0)",
	 .setting = &(const struct setting){
		VTMM_A_VM_FAST_MIN, SETTING_GUARANTEE, 0, 18446744073709551615ull, "settings",
		"fast memory, at least", "is out of range"}},
	{.name = "max", .arg = "SIZE",
	 .help =
		"fast memory at most: 4G, 80% of the pool, none (default none)",
	 .setting = &(const struct setting){
		VTMM_A_VM_FAST_MAX, SETTING_LIMIT, 0, 18446744073709551615ull, "settings",
		"fast memory, at most", "is out of range"}},
	{.name = "shares", .arg = "N",
	 .help =
		"claim on the pool beyond fast-min, 1..10000 (default 100)",
	 .setting = &(const struct setting){
		VTMM_A_VM_SHARES, SETTING_NUMBER, 1, 10000ull, "settings",
		"shares", "is out of range, 1..10000"}},
	{.name = "rate", .arg = "RATE",
	 .help =
		"bytes/s that may move: 100M, none (default none)",
	 .setting = &(const struct setting){
		VTMM_A_VM_RATE_BYTES, SETTING_RATE, 0, 18446744073709551615ull, "settings",
		"rate limit", "is out of range"}},
	{.name = "window", .arg = "N",
	 .help =
		"rounds that temperature looks back over, 2..10 (default 10)",
	 .setting = &(const struct setting){
		VTMM_A_VM_WINDOW, SETTING_NUMBER, 2, 10ull, "policy",
		"window, rounds", "is out of range, 2..10"}},
	{.name = "read-weight", .arg = "N",
	 .help =
		"heat of a round with reads only, 0..3 (default 1)",
	 .setting = &(const struct setting){
		VTMM_A_VM_READ_WEIGHT, SETTING_NUMBER, 0, 3ull, "policy",
		"weight of a read", "is out of range, 0..3"}},
	{.name = "write-weight", .arg = "N",
	 .help =
		"heat of a round with writes, 0..3 (default 3)",
	 .setting = &(const struct setting){
		VTMM_A_VM_WRITE_WEIGHT, SETTING_NUMBER, 0, 3ull, "policy",
		"weight of a write", "is out of range, 0..3"}},
	{.name = "hot", .arg = "PERCENT",
	 .help =
		"part of the accessed pages that is hot, 0.1%..100% (default 90%)",
	 .setting = &(const struct setting){
		VTMM_A_VM_HOT_PERMILLE, SETTING_PERCENT, 1, 1000ull, "policy",
		"hot part of accessed", "is out of range, 0.1%..100%"}},
	{.name = "hysteresis", .arg = "N",
	 .help =
		"degrees above the page that it replaces, 0..30 (default 2)",
	 .setting = &(const struct setting){
		VTMM_A_VM_HYSTERESIS, SETTING_NUMBER, 0, 30ull, "policy",
		"hysteresis, degrees", "is out of range, 0..30"}},
	{.name = "cooldown", .arg = "N",
	 .help =
		"rounds for which a moved page stays, 0..255 (default 20)",
	 .setting = &(const struct setting){
		VTMM_A_VM_COOLDOWN, SETTING_NUMBER, 0, 255ull, "policy",
		"cool-down, rounds", "is out of range, 0..255"}},
	{.name = "floor", .arg = "SIZE",
	 .help =
		"less than that does not move (default 100 MB or 1 % of the VM)",
	 .setting = &(const struct setting){
		VTMM_A_VM_FLOOR, SETTING_SIZE, 0, 18446744073709551615ull, "policy",
		"floor of a plan", "is out of range"}},
	{.name = "queue", .arg = "on|off",
	 .help =
		"re-arm steadily hot pages less often (default on)",
	 .setting = &(const struct setting){
		VTMM_A_VM_QUEUE, SETTING_SWITCH, 0, 1ull, "policy",
		"queue", "is not on or off"}},
	{.name = NULL},
};

const struct row tracking_rows[] = {
	{VTMM_A_STATS_ROUNDS, ROW_COUNT, "rounds"},
	{VTMM_A_STATS_ROUNDS_SKIPPED, ROW_COUNT, "rounds not needed"},
	{VTMM_A_STATS_PERIOD_US, ROW_US, "period now"},
	{VTMM_A_STATS_ROUND_US_TOTAL, ROW_US, "time spent"},
	{VTMM_A_STATS_SPTES_VISITED, ROW_COUNT, "entries visited"},
	{VTMM_A_STATS_LEAVES_REARMED, ROW_COUNT, "leaves re-armed"},
	{VTMM_A_STATS_HOLD_SPTES, ROW_COUNT, "most in one lock hold"},
	{VTMM_A_STATS_HOLD_NS, ROW_NS, "longest lock hold"},
	{VTMM_A_STATS_ACCESSES_SEEN, ROW_COUNT, "accesses seen"},
	{VTMM_A_STATS_WRITES_SEEN, ROW_COUNT, "writes seen"},
	{VTMM_A_STATS_NESTED_SEEN, ROW_COUNT, "accesses of nested guests"},
	{VTMM_A_STATS_PML_RECORDS, ROW_COUNT, "PML records"},
	{VTMM_A_STATS_PML_LOST, ROW_COUNT, "PML records lost"},
	{VTMM_A_STATS_PML_FULL_EXITS, ROW_COUNT, "PML-full exits"},
	{VTMM_A_STATS_TLB_FLUSHES, ROW_COUNT, "TLB flushes"},
	{0, ROW_COUNT, NULL},
};

const struct row moving_rows[] = {
	{VTMM_A_STATS_WINDOWS, ROW_COUNT, "windows"},
	{VTMM_A_STATS_PROMOTED, ROW_COUNT, "pages promoted"},
	{VTMM_A_STATS_DEMOTED, ROW_COUNT, "pages demoted"},
	{VTMM_A_STATS_PROMOTE_FAILED, ROW_COUNT, "promotions failed"},
	{VTMM_A_STATS_DEMOTE_FAILED, ROW_COUNT, "demotions failed"},
	{VTMM_A_STATS_FAILED_PINNED, ROW_COUNT, "  page pinned"},
	{VTMM_A_STATS_FAILED_BUSY, ROW_COUNT, "  page busy"},
	{VTMM_A_STATS_FAILED_NOMEM, ROW_COUNT, "  no memory"},
	{VTMM_A_STATS_FAILED_RACED, ROW_COUNT, "  page changed meanwhile"},
	{VTMM_A_STATS_FAILED_UNSUPPORTED, ROW_COUNT, "  page cannot move"},
	{VTMM_A_STATS_BATCHES, ROW_COUNT, "batches"},
	{VTMM_A_STATS_POSTPONED, ROW_COUNT, "postponed"},
	{VTMM_A_STATS_BYTES_COPIED, ROW_BYTES, "copied"},
	{VTMM_A_STATS_COPIED_PLAIN, ROW_COUNT, "  copied while unmapped"},
	{VTMM_A_STATS_COPIED_AHEAD, ROW_COUNT, "  copied while the guest ran"},
	{VTMM_A_STATS_COPIED_AGAIN, ROW_COUNT, "  copied so, and again"},
	{VTMM_A_STATS_MIGRATE_US_TOTAL, ROW_US, "time spent"},
	{VTMM_A_STATS_PAGES_PREFILLED, ROW_COUNT, "pages prefilled"},
	{VTMM_A_STATS_CHUNKS_SPLIT, ROW_COUNT, "chunks split"},
	{VTMM_A_STATS_CHUNKS_MERGED, ROW_COUNT, "chunks merged"},
	{0, ROW_COUNT, NULL},
};
