/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * vtmm: the generic-netlink family "vtmm", version 1.
 *
 * This header and docs/netlink/vtmm.yaml say the same thing; a test compares
 * them. Never renumber, never reuse a number: append.
 *
 * Every command needs CAP_NET_ADMIN in the initial user namespace. Sizes are
 * in pages of 4 KiB unless the name says bytes; times are in the unit that
 * the name ends in. A VM is named by VTMM_A_VM_ID or by VTMM_A_VM_PID (with
 * VTMM_A_VM_FD when the process has several VMs).
 *
 * An answer carries the number of the command that it answers.
 *
 * Commands, their attributes (each from the set named) and their answers:
 *
 *  INFO_GET     do    -                       -> info
 *  TIER_SET     do    info: TIER (ID, NODE…)  -> ack. Refused while VMs are attached.
 *  POOL_GET     do    -                       -> pool
 *  POOL_SET     do    pool: SIZE | AUTO=1, RATE_BYTES -> ack
 *  VM_ATTACH    do    vm: PID [FD] [NAME] [MODE] [PERIOD_MS] [FAST_MIN] [FAST_MAX]
 *                     [SHARES] [RATE_BYTES] and the settings from WINDOW on -> vm
 *  VM_DETACH    do    vm: ID | PID [FD]       -> ack
 *  VM_GET       do    vm: ID | PID [FD]       -> vm
 *               dump  -                       -> vm, one message for each
 *  VM_SET       do    vm: ID | PID [FD], and what VM_ATTACH can set -> ack
 *  HEAT_GET     do    heat: VM_ID             -> heat: the histogram
 *  HEATMAP_GET  dump  heatmap: VM_ID [START_GFN] [END_GFN] -> heatmap, chunks in ascending order
 *  PLAN_GET     do    plan: VM_ID             -> plan: what the next window would move, and why
 *  EVENT        multicast group "events"      -> event
 *  PAGES_GET    dump  pages: VM_ID [START_GFN] [END_GFN] -> pages, runs in ascending order
 */
#ifndef _UAPI_LINUX_VTMM_H
#define _UAPI_LINUX_VTMM_H

#define VTMM_FAMILY_NAME	"vtmm"
#define VTMM_FAMILY_VERSION	1
#define VTMM_MCGRP_EVENTS	"events"

/* Meaning of the family changed incompatibly: tools of another ABI refuse. */
#define VTMM_ABI		1

/* Temperatures are 0…30: ten rounds, at most 3 each. */
#define VTMM_NR_BUCKETS		31

enum vtmm_cmd {
	VTMM_CMD_UNSPEC,
	VTMM_CMD_INFO_GET,
	VTMM_CMD_TIER_SET,
	VTMM_CMD_POOL_GET,
	VTMM_CMD_POOL_SET,
	VTMM_CMD_VM_ATTACH,
	VTMM_CMD_VM_DETACH,
	VTMM_CMD_VM_GET,
	VTMM_CMD_VM_SET,
	VTMM_CMD_HEAT_GET,
	VTMM_CMD_HEATMAP_GET,
	VTMM_CMD_PLAN_GET,
	VTMM_CMD_EVENT,
	VTMM_CMD_PAGES_GET,

	/* private: count */
	__VTMM_CMD_MAX,
	VTMM_CMD_MAX = __VTMM_CMD_MAX - 1
};

/**
 * enum vtmm_tier - which kind of memory
 * @VTMM_TIER_FAST: the nodes that hot pages belong in
 * @VTMM_TIER_SLOW: the nodes that the rest belongs in
 */
enum vtmm_tier {
	VTMM_TIER_FAST,
	VTMM_TIER_SLOW,
};

/**
 * enum vtmm_mode - what vtmm does with a VM
 * @VTMM_MODE_MANAGE: track and move pages
 * @VTMM_MODE_OBSERVE: track, never move
 * @VTMM_MODE_OFF: stay attached, do nothing
 */
enum vtmm_mode {
	VTMM_MODE_MANAGE,
	VTMM_MODE_OBSERVE,
	VTMM_MODE_OFF,
};

/**
 * enum vtmm_event_kind - what happened
 * @VTMM_EVENT_ATTACH: a VM was attached
 * @VTMM_EVENT_DETACH: a VM was detached by command, or by unload
 * @VTMM_EVENT_EXIT: a VM went away by itself
 * @VTMM_EVENT_REBALANCE: the pool gave a VM another allotment
 * @VTMM_EVENT_PLAN_DONE: the moves of a window are done
 * @VTMM_EVENT_DEGRADED: something works less well than it could; see TEXT
 * @VTMM_EVENT_ERROR: something failed; see TEXT
 */
enum vtmm_event_kind {
	VTMM_EVENT_ATTACH,
	VTMM_EVENT_DETACH,
	VTMM_EVENT_EXIT,
	VTMM_EVENT_REBALANCE,
	VTMM_EVENT_PLAN_DONE,
	VTMM_EVENT_DEGRADED,
	VTMM_EVENT_ERROR,
};

/* info: what the module is and what it found on this host */
enum {
	VTMM_A_INFO_UNSPEC,
	VTMM_A_INFO_VERSION,	/* string: the module's version */
	VTMM_A_INFO_ABI,	/* u32: VTMM_ABI of the module */
	VTMM_A_INFO_FEATURE,	/* nest of feature, multi: trackers first */
	VTMM_A_INFO_TIER,	/* nest of tier, multi */
	VTMM_A_INFO_NR_VMS,	/* u32: VMs attached */
	VTMM_A_INFO_ADVICE,	/* string, multi: what on this host works against tiering */

	/* private: count */
	__VTMM_A_INFO_MAX,
	VTMM_A_INFO_MAX = __VTMM_A_INFO_MAX - 1
};

/* feature: one capability, and why it is missing when it is */
enum {
	VTMM_A_FEATURE_UNSPEC,
	VTMM_A_FEATURE_NAME,	/* string: "ad-bits", "pml", "migrate", … */
	VTMM_A_FEATURE_KIND,	/* string: "tracker", "engine" */
	VTMM_A_FEATURE_AVAILABLE, /* u8: 0 or 1 */
	VTMM_A_FEATURE_REASON,	/* string: why not; absent when available */

	/* private: count */
	__VTMM_A_FEATURE_MAX,
	VTMM_A_FEATURE_MAX = __VTMM_A_FEATURE_MAX - 1
};

/* tier: a set of NUMA nodes */
enum {
	VTMM_A_TIER_UNSPEC,
	VTMM_A_TIER_ID,		/* u32: enum vtmm_tier */
	VTMM_A_TIER_NODE,	/* u32, multi */
	VTMM_A_TIER_TOTAL_BYTES, /* u64 */
	VTMM_A_TIER_FREE_BYTES,	/* u64 */
	VTMM_A_TIER_GUESSED,	/* u8: 1 when nobody named the tier */

	/* private: count */
	__VTMM_A_TIER_MAX,
	VTMM_A_TIER_MAX = __VTMM_A_TIER_MAX - 1
};

/* pool: the fast memory that VMs share */
enum {
	VTMM_A_POOL_UNSPEC,
	VTMM_A_POOL_SIZE,	/* u64: pages in the pool */
	VTMM_A_POOL_FREE,	/* u64: pages allotted to nobody */
	VTMM_A_POOL_AUTO,	/* u8: 1 when the size follows the fast tier */
	VTMM_A_POOL_RATE_BYTES,	/* u64: bytes/s that may move on this host; 0 = no limit */
	VTMM_A_POOL_MEMBER,	/* nest of vm, multi: what concerns the pool */

	/* private: count */
	__VTMM_A_POOL_MAX,
	VTMM_A_POOL_MAX = __VTMM_A_POOL_MAX - 1
};

/* vm: an attached VM: its settings, then its state */
enum {
	VTMM_A_VM_UNSPEC,
	VTMM_A_VM_ID,		/* u32: given at attach, never reused while loaded */
	VTMM_A_VM_PID,		/* u32: the VMM's process (thread group) */
	VTMM_A_VM_FD,		/* u32: the VM's file descriptor in that process */
	VTMM_A_VM_NAME,		/* string, at most 63 bytes: default is the VMM's comm */
	VTMM_A_VM_MODE,		/* u32: enum vtmm_mode */
	VTMM_A_VM_PERIOD_MS,	/* u32, 10…60000: period asked for */
	VTMM_A_VM_FAST_MIN,	/* u64: fast pages guaranteed */
	VTMM_A_VM_FAST_MAX,	/* u64: fast pages at most; absent or ~0 = no limit */
	VTMM_A_VM_SHARES,	/* u32, 1…10000: claim on the pool */
	VTMM_A_VM_RATE_BYTES,	/* u64: bytes/s that may move; 0 = no limit */
	VTMM_A_VM_TRACKER,	/* string: the tracker in use */
	VTMM_A_VM_TRACKER_WHY,	/* string: why not a better one; absent when it is the best */
	VTMM_A_VM_ROUND,	/* u64: rounds finished */
	VTMM_A_VM_AGE_US,	/* u64: since the last round ended */
	VTMM_A_VM_MEM,		/* u64: pages in the VM's memslots */
	VTMM_A_VM_DEMAND,	/* u64 */
	VTMM_A_VM_ALLOTMENT,	/* u64 */
	VTMM_A_VM_PAGES_FAST,	/* u64: pages known to be in the fast tier */
	VTMM_A_VM_PAGES_SLOW,	/* u64 */
	VTMM_A_VM_HEAT_BYTES,	/* u64: kernel memory that tracking this VM takes */
	VTMM_A_VM_IDLE_WHY,	/* string: why nothing moves now; absent when something does */
	VTMM_A_VM_STATS,	/* nest of stats */
	VTMM_A_VM_ATTACHED_US,	/* u64: since attach */
	VTMM_A_VM_ROUND_NOW,	/* flag: VM_SET only, begin the next round at once */
	VTMM_A_VM_WINDOW,	/* u32: rounds that temperature looks back over, 2…10 */
	VTMM_A_VM_READ_WEIGHT,	/* u32: heat of a round in which a page was read, 0…3 */
	VTMM_A_VM_WRITE_WEIGHT,	/* u32: heat of a round in which it was written, 0…3 */
	VTMM_A_VM_HOT_PERMILLE,	/* u32: share of the accessed pages that is hot, 1…1000 */
	VTMM_A_VM_HYSTERESIS,	/* u32: degrees that a page must be above the one it replaces */
	VTMM_A_VM_COOLDOWN,	/* u32: rounds for which a page that moved stays, 0…255 */
	VTMM_A_VM_FLOOR,	/* u64: pages below which nothing moves */
	VTMM_A_VM_QUEUE,	/* u8: 1 to re-arm steadily hot pages less often */
	VTMM_A_VM_BUDGET_PERMILLE, /* u32, 0…1000: of one CPU for rounds; 0 = no limit */
	VTMM_A_VM_PML_HOOK,	/* string: where the log is read; absent without a log */

	/* private: count */
	__VTMM_A_VM_MAX,
	VTMM_A_VM_MAX = __VTMM_A_VM_MAX - 1
};

/* stats: counters since attach, all u64; the names are ABI */
enum {
	VTMM_A_STATS_UNSPEC,
	VTMM_A_STATS_ROUNDS,
	VTMM_A_STATS_PERIOD_US,
	VTMM_A_STATS_ROUND_US_TOTAL,
	VTMM_A_STATS_SPTES_VISITED,
	VTMM_A_STATS_ACCESSES_SEEN,
	VTMM_A_STATS_WRITES_SEEN,
	VTMM_A_STATS_PML_RECORDS,
	VTMM_A_STATS_PML_FULL_EXITS,
	VTMM_A_STATS_TLB_FLUSHES,
	VTMM_A_STATS_WINDOWS,
	VTMM_A_STATS_PROMOTED,
	VTMM_A_STATS_DEMOTED,
	VTMM_A_STATS_PROMOTE_FAILED,
	VTMM_A_STATS_DEMOTE_FAILED,
	VTMM_A_STATS_FAILED_PINNED,
	VTMM_A_STATS_FAILED_BUSY,
	VTMM_A_STATS_FAILED_NOMEM,
	VTMM_A_STATS_FAILED_RACED,
	VTMM_A_STATS_FAILED_UNSUPPORTED,
	VTMM_A_STATS_BATCHES,
	VTMM_A_STATS_MIGRATE_US_TOTAL,
	VTMM_A_STATS_BYTES_COPIED,
	VTMM_A_STATS_PAGES_PREFILLED,
	VTMM_A_STATS_TRAPS_AFTER_MIGRATION,
	VTMM_A_STATS_CHUNKS_SPLIT,
	VTMM_A_STATS_CHUNKS_MERGED,
	VTMM_A_STATS_ROUNDS_SKIPPED,
	VTMM_A_STATS_LEAVES_REARMED,
	VTMM_A_STATS_PML_LOST,
	VTMM_A_STATS_HOLD_SPTES,
	VTMM_A_STATS_HOLD_NS,
	VTMM_A_STATS_NESTED_SEEN,
	VTMM_A_STATS_POSTPONED,
	VTMM_A_STATS_COPIED_PLAIN,
	VTMM_A_STATS_COPIED_AHEAD,
	VTMM_A_STATS_COPIED_AGAIN,

	/* private: count */
	__VTMM_A_STATS_MAX,
	VTMM_A_STATS_MAX = __VTMM_A_STATS_MAX - 1
};

/* heat: the histogram of a VM */
enum {
	VTMM_A_HEAT_UNSPEC,
	VTMM_A_HEAT_VM_ID,	/* u32 */
	VTMM_A_HEAT_ROUND,	/* u64: rounds that it covers up to */
	VTMM_A_HEAT_AGE_US,	/* u64: since that round ended */
	VTMM_A_HEAT_HOT_TEMP,	/* u32: pages at or above it count as hot */
	VTMM_A_HEAT_BUCKET,	/* nest of bucket, multi: VTMM_NR_BUCKETS of them, coldest first */

	/* private: count */
	__VTMM_A_HEAT_MAX,
	VTMM_A_HEAT_MAX = __VTMM_A_HEAT_MAX - 1
};

/* bucket: the pages of one temperature */
enum {
	VTMM_A_BUCKET_UNSPEC,
	VTMM_A_BUCKET_TEMP,	/* u32 */
	VTMM_A_BUCKET_FAST,	/* u64: pages of that temperature in fast memory */
	VTMM_A_BUCKET_SLOW,	/* u64 */

	/* private: count */
	__VTMM_A_BUCKET_MAX,
	VTMM_A_BUCKET_MAX = __VTMM_A_BUCKET_MAX - 1
};

/* heatmap: temperature and residency chunk by chunk */
enum {
	VTMM_A_HEATMAP_UNSPEC,
	VTMM_A_HEATMAP_VM_ID,	/* u32 */
	VTMM_A_HEATMAP_START_GFN, /* u64: filter, default 0 */
	VTMM_A_HEATMAP_END_GFN,	/* u64: filter, exclusive, default all */
	VTMM_A_HEATMAP_ROUND,	/* u64 */
	VTMM_A_HEATMAP_AGE_US,	/* u64 */
	VTMM_A_HEATMAP_CHUNK,	/* nest of chunk, multi */

	/* private: count */
	__VTMM_A_HEATMAP_MAX,
	VTMM_A_HEATMAP_MAX = __VTMM_A_HEATMAP_MAX - 1
};

/* chunk: 2 MiB of guest memory */
enum {
	VTMM_A_CHUNK_UNSPEC,
	VTMM_A_CHUNK_GFN,	/* u64: its first gfn */
	VTMM_A_CHUNK_FAST,	/* u32: pages in fast memory */
	VTMM_A_CHUNK_SLOW,	/* u32 */
	VTMM_A_CHUNK_TOUCHED,	/* u32: pages of temperature above 0 */
	VTMM_A_CHUNK_TEMP_MAX,	/* u32: the hottest page's */
	VTMM_A_CHUNK_TEMP_SUM,	/* u32: of all pages */
	VTMM_A_CHUNK_HUGE,	/* u8: 1 when mapped as one 2 MiB page */

	/* private: count */
	__VTMM_A_CHUNK_MAX,
	VTMM_A_CHUNK_MAX = __VTMM_A_CHUNK_MAX - 1
};

/* pages: what is remembered of each page, alike neighbours as one run */
enum {
	VTMM_A_PAGES_UNSPEC,
	VTMM_A_PAGES_VM_ID,	/* u32 */
	VTMM_A_PAGES_START_GFN,	/* u64: filter, default 0 */
	VTMM_A_PAGES_END_GFN,	/* u64: filter, exclusive, default all */
	VTMM_A_PAGES_ROUND,	/* u64: last round in the history below */
	VTMM_A_PAGES_AGE_US,	/* u64 */
	VTMM_A_PAGES_RUN,	/* nest of run, multi */

	/* private: count */
	__VTMM_A_PAGES_MAX,
	VTMM_A_PAGES_MAX = __VTMM_A_PAGES_MAX - 1
};

/* run: neighbouring pages with the same record */
enum {
	VTMM_A_RUN_UNSPEC,
	VTMM_A_RUN_GFN,		/* u64: the first */
	VTMM_A_RUN_COUNT,	/* u32: how many */
	VTMM_A_RUN_READ,	/* u32: rounds in which accessed; bit 0 is the last round */
	VTMM_A_RUN_WRITTEN,	/* u32: rounds in which written */
	VTMM_A_RUN_TIER,	/* u32: enum vtmm_tier; absent when not known to be mapped */
	VTMM_A_RUN_LEVEL,	/* u32: in the multi-level queue */
	VTMM_A_RUN_HUGE,	/* u8: 1 when one 2 MiB leaf maps the chunk */
	VTMM_A_RUN_SAMPLED,	/* u8: 1 when the log named these pages of it as written */

	/* private: count */
	__VTMM_A_RUN_MAX,
	VTMM_A_RUN_MAX = __VTMM_A_RUN_MAX - 1
};

/* plan: what would move now */
enum {
	VTMM_A_PLAN_UNSPEC,
	VTMM_A_PLAN_VM_ID,	/* u32 */
	VTMM_A_PLAN_ROUND,	/* u64 */
	VTMM_A_PLAN_AGE_US,	/* u64 */
	VTMM_A_PLAN_PROMOTE,	/* u64: pages */
	VTMM_A_PLAN_DEMOTE,	/* u64: pages */
	VTMM_A_PLAN_PROMOTE_TEMP, /* u32: promoted at or above it */
	VTMM_A_PLAN_DEMOTE_TEMP, /* u32: demoted at or below it */
	VTMM_A_PLAN_HOT,	/* u64: pages above the threshold, in both tiers */
	VTMM_A_PLAN_REASON,	/* string: why nothing, or not more, moves */

	/* private: count */
	__VTMM_A_PLAN_MAX,
	VTMM_A_PLAN_MAX = __VTMM_A_PLAN_MAX - 1
};

/* event: something happened */
enum {
	VTMM_A_EVENT_UNSPEC,
	VTMM_A_EVENT_KIND,	/* u32: enum vtmm_event_kind */
	VTMM_A_EVENT_VM_ID,	/* u32 */
	VTMM_A_EVENT_PID,	/* u32 */
	VTMM_A_EVENT_NAME,	/* string: the VM's */
	VTMM_A_EVENT_ROUND,	/* u64 */
	VTMM_A_EVENT_TIME_NS,	/* u64: CLOCK_REALTIME */
	VTMM_A_EVENT_PROMOTED,	/* u64: pages (PLAN_DONE) */
	VTMM_A_EVENT_DEMOTED,	/* u64: pages (PLAN_DONE) */
	VTMM_A_EVENT_ALLOTMENT,	/* u64: pages (REBALANCE) */
	VTMM_A_EVENT_TEXT,	/* string: a sentence */

	/* private: count */
	__VTMM_A_EVENT_MAX,
	VTMM_A_EVENT_MAX = __VTMM_A_EVENT_MAX - 1
};

#endif /* _UAPI_LINUX_VTMM_H */
