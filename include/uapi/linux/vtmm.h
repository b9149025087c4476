/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Generated from docs/netlink/vtmm.yaml by: make generate. Do not edit. */
/*
 * vtmm: the generic-netlink family "vtmm", version 1. Never renumber, never
 * reuse a number: append.
 *
 * Every command needs CAP_NET_ADMIN in the initial user namespace. Sizes are in
 * pages of 4 KiB unless the name says bytes; times are in the unit that the
 * name ends in. A VM is named by VTMM_A_VM_ID or by VTMM_A_VM_PID (with
 * VTMM_A_VM_FD when the process has several VMs). An answer carries the number
 * of the command that it answers.
 */
/*
 * Commands, what they may be asked with, and their answers:
 *
 *  INFO_GET     do    - -> info
 *  TIER_SET     do    info: TIER -> ack
 *  POOL_GET     do    - -> pool
 *  POOL_SET     do    pool: SIZE, AUTO, RATE_BYTES -> ack
 *  VM_ATTACH    do    vm: PID, FD, NAME, MODE, PERIOD_MS, FAST_MIN,
 *                      FAST_MAX, SHARES, RATE_BYTES, WINDOW, READ_WEIGHT, WRITE_WEIGHT,
 *                      HOT_PERMILLE, HYSTERESIS, COOLDOWN, FLOOR, QUEUE, BUDGET_PERMILLE
 *                      -> vm
 *  VM_DETACH    do    vm: ID, PID, FD -> ack
 *  VM_GET       do    vm: ID, PID, FD -> vm
 *  VM_GET       dump  - -> vm
 *  VM_SET       do    vm: ID, PID, FD, NAME, MODE, PERIOD_MS,
 *                      FAST_MIN, FAST_MAX, SHARES, RATE_BYTES, ROUND_NOW, WINDOW,
 *                      READ_WEIGHT, WRITE_WEIGHT, HOT_PERMILLE, HYSTERESIS, COOLDOWN,
 *                      FLOOR, QUEUE, BUDGET_PERMILLE -> ack
 *  HEAT_GET     do    heat: VM_ID -> heat
 *  HEATMAP_GET  dump  heatmap: VM_ID, START_GFN, END_GFN -> heatmap
 *  PLAN_GET     do    plan: VM_ID -> plan
 *  EVENT        multicast - -> event
 *  PAGES_GET    dump  pages: VM_ID, START_GFN, END_GFN -> pages
 */
#ifndef _UAPI_LINUX_VTMM_H
#define _UAPI_LINUX_VTMM_H

#define VTMM_FAMILY_NAME	"vtmm"
#define VTMM_FAMILY_VERSION	1
#define VTMM_MCGRP_EVENTS	"events"

/* Meaning of the family; raised when it changes incompatibly. */
#define VTMM_ABI		1

/* Temperatures are 0…30, from ten rounds of at most 3 each. */
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
 * enum vtmm_tier - Which kind of memory
 * @VTMM_TIER_FAST: The nodes that hot pages belong in
 * @VTMM_TIER_SLOW: The nodes that the rest belongs in
 */
enum vtmm_tier {
	VTMM_TIER_FAST,
	VTMM_TIER_SLOW,
};

/**
 * enum vtmm_mode - What vtmm does with a VM
 * @VTMM_MODE_MANAGE: Track and move pages
 * @VTMM_MODE_OBSERVE: Track, never move
 * @VTMM_MODE_OFF: Stay attached, do nothing
 */
enum vtmm_mode {
	VTMM_MODE_MANAGE,
	VTMM_MODE_OBSERVE,
	VTMM_MODE_OFF,
};

/**
 * enum vtmm_event_kind - What happened
 * @VTMM_EVENT_ATTACH: A VM was attached
 * @VTMM_EVENT_DETACH: A VM was detached by command, or by unload
 * @VTMM_EVENT_EXIT: A VM went away by itself
 * @VTMM_EVENT_REBALANCE: The pool gave a VM another allotment
 * @VTMM_EVENT_PLAN_DONE: The moves of a window are done
 * @VTMM_EVENT_DEGRADED: Something works less well than it could; the text says what
 * @VTMM_EVENT_ERROR: Something failed; the text says what
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

/* info: What the module is and what it found on this host. */
enum {
	VTMM_A_INFO_UNSPEC,
	/* string. The module's version. */
	VTMM_A_INFO_VERSION,
	/* u32. The module's ABI number; a client of another ABI must stop here. */
	VTMM_A_INFO_ABI,
	/* nest of feature, multi. What this host can do, trackers first. */
	VTMM_A_INFO_FEATURE,
	/*
	 * nest of tier, multi. The tiers, fast first. In tier-set, the tiers as they shall be.
	 */
	VTMM_A_INFO_TIER,
	/* u32. VMs attached now. */
	VTMM_A_INFO_NR_VMS,
	/*
	 * string, multi. One sentence for each thing on this host that works against tiering.
	 */
	VTMM_A_INFO_ADVICE,

	/* private: count */
	__VTMM_A_INFO_MAX,
	VTMM_A_INFO_MAX = __VTMM_A_INFO_MAX - 1
};

/* feature: One capability, and why it is missing when it is. */
enum {
	VTMM_A_FEATURE_UNSPEC,
	/* string. Its name, such as "ad-bits", "pml", "migrate". */
	VTMM_A_FEATURE_NAME,
	/* string. What it belongs to, such as "tracker", "engine". */
	VTMM_A_FEATURE_KIND,
	/* u8, 0..1. 1 when this host has it, else 0. */
	VTMM_A_FEATURE_AVAILABLE,
	/* string. Why it is not available; absent when it is. */
	VTMM_A_FEATURE_REASON,

	/* private: count */
	__VTMM_A_FEATURE_MAX,
	VTMM_A_FEATURE_MAX = __VTMM_A_FEATURE_MAX - 1
};

/* tier: A set of NUMA nodes. */
enum {
	VTMM_A_TIER_UNSPEC,
	/* u32, enum vtmm_tier. Which tier. */
	VTMM_A_TIER_ID,
	/* u32, multi. A NUMA node that belongs to it. */
	VTMM_A_TIER_NODE,
	/* u64. Memory of its nodes. */
	VTMM_A_TIER_TOTAL_BYTES,
	/* u64. Free memory of its nodes. */
	VTMM_A_TIER_FREE_BYTES,
	/* u8, 0..1. 1 when nobody named the tier and vtmm took its best guess. */
	VTMM_A_TIER_GUESSED,

	/* private: count */
	__VTMM_A_TIER_MAX,
	VTMM_A_TIER_MAX = __VTMM_A_TIER_MAX - 1
};

/* pool: The fast memory that VMs share. */
enum {
	VTMM_A_POOL_UNSPEC,
	/* u64. Pages in the pool. */
	VTMM_A_POOL_SIZE,
	/* u64. Pages that are allotted to no VM. */
	VTMM_A_POOL_FREE,
	/* u8, 0..1. 1 when the size follows the fast tier. Only 1 can be set. */
	VTMM_A_POOL_AUTO,
	/* u64. Bytes per second that may move on this host; 0 for no limit. */
	VTMM_A_POOL_RATE_BYTES,
	/* nest of member, multi. The ledger, one entry for each VM. */
	VTMM_A_POOL_MEMBER,

	/* private: count */
	__VTMM_A_POOL_MAX,
	VTMM_A_POOL_MAX = __VTMM_A_POOL_MAX - 1
};

/* vm: An attached VM, its settings first, then its state. */
enum {
	VTMM_A_VM_UNSPEC,
	/* u32. Number of the VM, given at attach, never reused while the module is loaded. */
	VTMM_A_VM_ID,
	/* u32, 1..2147483647. Process (thread group) of the VMM. */
	VTMM_A_VM_PID,
	/* u32, 0..2147483647. File descriptor of the VM in that process. */
	VTMM_A_VM_FD,
	/*
	 * string, at most 63 bytes. Name: name for people. The default is the command name of
	 * the VMM. Untrusted text.
	 */
	VTMM_A_VM_NAME,
	/* u32, enum vtmm_mode. Mode: what vtmm does with the VM. */
	VTMM_A_VM_MODE,
	/* u32, 10..60000. Period: length of a round, in ms, as it is asked for. */
	VTMM_A_VM_PERIOD_MS,
	/* u64. Fast memory, at least: fast memory guaranteed, in pages. */
	VTMM_A_VM_FAST_MIN,
	/*
	 * u64. Fast memory, at most: fast memory at most, in pages; absent or ~0 for no limit.
	 */
	VTMM_A_VM_FAST_MAX,
	/* u32, 1..10000. Shares: claim on the pool beyond fast-min; relative to other VMs. */
	VTMM_A_VM_SHARES,
	/* u64. Rate limit: bytes/s that may move; 0 for no limit. */
	VTMM_A_VM_RATE_BYTES,
	/* string. The tracker in use. */
	VTMM_A_VM_TRACKER,
	/* string. Why not a better tracker; absent when it is the best one. */
	VTMM_A_VM_TRACKER_WHY,
	/* u64. Rounds finished. */
	VTMM_A_VM_ROUND,
	/* u64. Time since the last round ended, in µs. */
	VTMM_A_VM_AGE_US,
	/* u64. Pages in the memory slots of the VM. */
	VTMM_A_VM_MEM,
	/* u64. Fast pages that the VM would use if it could. */
	VTMM_A_VM_DEMAND,
	/* u64. Fast pages that the pool lets the VM have now. */
	VTMM_A_VM_ALLOTMENT,
	/* u64. Pages known to be in the fast tier. */
	VTMM_A_VM_PAGES_FAST,
	/* u64. Pages known to be in the slow tier. */
	VTMM_A_VM_PAGES_SLOW,
	/*
	 * u64. Kernel memory that tracking the VM takes, tables and buffers together, in bytes.
	 */
	VTMM_A_VM_HEAT_BYTES,
	/* string. Why nothing moves now; absent when something does. */
	VTMM_A_VM_IDLE_WHY,
	/* nest of stats. Counters. */
	VTMM_A_VM_STATS,
	/* u64. Time since attach, in µs. */
	VTMM_A_VM_ATTACHED_US,
	/* flag. In vm-set, begin the next round at once. */
	VTMM_A_VM_ROUND_NOW,
	/* u32, 2..10. Window, rounds: rounds that temperature looks back over. */
	VTMM_A_VM_WINDOW,
	/* u32, 0..3. Weight of a read: heat of a round with reads only. */
	VTMM_A_VM_READ_WEIGHT,
	/* u32, 0..3. Weight of a write: heat of a round with writes. */
	VTMM_A_VM_WRITE_WEIGHT,
	/*
	 * u32, 1..1000. Hot part of accessed: part of the accessed pages that is hot, in
	 * 1/1000.
	 */
	VTMM_A_VM_HOT_PERMILLE,
	/*
	 * u32, 0..30. Hysteresis, degrees: degrees above the page that it replaces; of a slow
	 * page, at least.
	 */
	VTMM_A_VM_HYSTERESIS,
	/* u32, 0..255. Cool-down, rounds: rounds for which a moved page stays. */
	VTMM_A_VM_COOLDOWN,
	/* u64. Floor of a plan: less than that does not move, in pages. */
	VTMM_A_VM_FLOOR,
	/* u8, 0..1. Queue: re-arm steadily hot pages less often; 0 or 1. */
	VTMM_A_VM_QUEUE,
	/*
	 * u32, 0..1000. CPU budget: part of one CPU for tracking, else rounds are rarer, in
	 * 1/1000; 0 for no limit.
	 */
	VTMM_A_VM_BUDGET_PERMILLE,
	/*
	 * string. Where page-modification logs are read, "tracepoint" or "kprobe"; absent
	 * without a log.
	 */
	VTMM_A_VM_PML_HOOK,

	/* private: count */
	__VTMM_A_VM_MAX,
	VTMM_A_VM_MAX = __VTMM_A_VM_MAX - 1
};

/* stats: Counters since attach. */
enum {
	VTMM_A_STATS_UNSPEC,
	/* u64. Rounds: rounds of tracking finished. */
	VTMM_A_STATS_ROUNDS,
	/*
	 * u64. Period now: length of a round, in µs; longer than asked for when the budget
	 * stretches it.
	 */
	VTMM_A_STATS_PERIOD_US,
	/* u64. Time spent: CPU time that tracking took, in µs. */
	VTMM_A_STATS_ROUND_US_TOTAL,
	/* u64. Entries visited: entries of second-level page tables looked at. */
	VTMM_A_STATS_SPTES_VISITED,
	/* u64. Accesses seen: pages seen accessed, summed over the rounds. */
	VTMM_A_STATS_ACCESSES_SEEN,
	/* u64. Writes seen: pages seen written, summed over the rounds. */
	VTMM_A_STATS_WRITES_SEEN,
	/* u64. PML records: records read from page-modification logs. */
	VTMM_A_STATS_PML_RECORDS,
	/* u64. PML-full exits: guest exits because a page-modification log was full. */
	VTMM_A_STATS_PML_FULL_EXITS,
	/* u64. TLB flushes: remote TLB flushes asked for. */
	VTMM_A_STATS_TLB_FLUSHES,
	/* u64. Windows: windows classified. */
	VTMM_A_STATS_WINDOWS,
	/* u64. Pages promoted: pages moved to fast memory. */
	VTMM_A_STATS_PROMOTED,
	/* u64. Pages demoted: pages moved to slow memory. */
	VTMM_A_STATS_DEMOTED,
	/* u64. Promotions failed: pages that should have been promoted and stayed. */
	VTMM_A_STATS_PROMOTE_FAILED,
	/* u64. Demotions failed: pages that should have been demoted and stayed. */
	VTMM_A_STATS_DEMOTE_FAILED,
	/* u64. Page pinned: pages that stayed because they are pinned. */
	VTMM_A_STATS_FAILED_PINNED,
	/* u64. Page busy: pages that stayed because the kernel was using them. */
	VTMM_A_STATS_FAILED_BUSY,
	/* u64. No memory: pages that stayed because the target tier had no free page. */
	VTMM_A_STATS_FAILED_NOMEM,
	/* u64. Page changed meanwhile: pages that stayed because they changed on the way. */
	VTMM_A_STATS_FAILED_RACED,
	/* u64. Page cannot move: pages that stayed because their kind cannot move. */
	VTMM_A_STATS_FAILED_UNSUPPORTED,
	/* u64. Batches: batches of moves. */
	VTMM_A_STATS_BATCHES,
	/* u64. Time spent: time that moving pages took, in µs. */
	VTMM_A_STATS_MIGRATE_US_TOTAL,
	/* u64. Copied: bytes copied between tiers. */
	VTMM_A_STATS_BYTES_COPIED,
	/*
	 * u64. Pages prefilled: moved pages mapped for the guest before it could trap on them.
	 */
	VTMM_A_STATS_PAGES_PREFILLED,
	/*
	 * u64. Reserved: guest traps on pages that had just moved; nobody counts them, always
	 * 0.
	 */
	VTMM_A_STATS_TRAPS_AFTER_MIGRATION,
	/* u64. Chunks split: huge pages split. */
	VTMM_A_STATS_CHUNKS_SPLIT,
	/* u64. Chunks merged: chunks merged into huge pages. */
	VTMM_A_STATS_CHUNKS_MERGED,
	/* u64. Rounds not needed: rounds left out, as no vCPU had run since the last one. */
	VTMM_A_STATS_ROUNDS_SKIPPED,
	/*
	 * u64. Leaves re-armed: leaves of second-level tables whose accessed or dirty bits were
	 * cleared.
	 */
	VTMM_A_STATS_LEAVES_REARMED,
	/* u64. PML records lost: records that found no place; scans find those writes. */
	VTMM_A_STATS_PML_LOST,
	/*
	 * u64. Most in one lock hold: most entries looked at while KVM's MMU lock was held
	 * once.
	 */
	VTMM_A_STATS_HOLD_SPTES,
	/*
	 * u64. Longest lock hold: longest hold of KVM's MMU lock, in ns; interrupts during it
	 * included.
	 */
	VTMM_A_STATS_HOLD_NS,
	/*
	 * u64. Accesses of nested guests: those of the accesses seen that guests of the VM
	 * itself made.
	 */
	VTMM_A_STATS_NESTED_SEEN,
	/*
	 * u64. Postponed: times that a page was put off as the guest was writing it; it moves
	 * after the others.
	 */
	VTMM_A_STATS_POSTPONED,
	/*
	 * u64. Copied while unmapped: pages that moved and were copied once, while they were
	 * unmapped.
	 */
	VTMM_A_STATS_COPIED_PLAIN,
	/*
	 * u64. Copied while the guest ran: pages that moved and were copied once, ahead; nobody
	 * wrote them since.
	 */
	VTMM_A_STATS_COPIED_AHEAD,
	/*
	 * u64. Copied so, and again: pages that moved and were copied ahead, and again while
	 * they were unmapped.
	 */
	VTMM_A_STATS_COPIED_AGAIN,

	/* private: count */
	__VTMM_A_STATS_MAX,
	VTMM_A_STATS_MAX = __VTMM_A_STATS_MAX - 1
};

/* heat: The histogram of a VM, pages by temperature and tier. */
enum {
	VTMM_A_HEAT_UNSPEC,
	/* u32. The VM. */
	VTMM_A_HEAT_VM_ID,
	/* u64. The last round that it covers. */
	VTMM_A_HEAT_ROUND,
	/* u64. Time since that round ended, in µs. */
	VTMM_A_HEAT_AGE_US,
	/* u32. Pages at or above this temperature count as hot; 31 when none does. */
	VTMM_A_HEAT_HOT_TEMP,
	/* nest of bucket, multi. All 31 buckets, coldest first. */
	VTMM_A_HEAT_BUCKET,

	/* private: count */
	__VTMM_A_HEAT_MAX,
	VTMM_A_HEAT_MAX = __VTMM_A_HEAT_MAX - 1
};

/* bucket: The pages of one temperature. */
enum {
	VTMM_A_BUCKET_UNSPEC,
	/* u32, 0..30. The temperature. */
	VTMM_A_BUCKET_TEMP,
	/* u64. Pages of that temperature in fast memory. */
	VTMM_A_BUCKET_FAST,
	/* u64. Pages of that temperature in slow memory. */
	VTMM_A_BUCKET_SLOW,

	/* private: count */
	__VTMM_A_BUCKET_MAX,
	VTMM_A_BUCKET_MAX = __VTMM_A_BUCKET_MAX - 1
};

/* heatmap: Temperature and residency chunk by chunk. */
enum {
	VTMM_A_HEATMAP_UNSPEC,
	/* u32. The VM. */
	VTMM_A_HEATMAP_VM_ID,
	/* u64. First guest frame number wanted. Default 0. */
	VTMM_A_HEATMAP_START_GFN,
	/* u64. First guest frame number not wanted any more. Default all. */
	VTMM_A_HEATMAP_END_GFN,
	/* u64. The last round that it covers. */
	VTMM_A_HEATMAP_ROUND,
	/* u64. Time since that round ended, in µs. */
	VTMM_A_HEATMAP_AGE_US,
	/* nest of chunk, multi. The chunks that were ever touched, in ascending order. */
	VTMM_A_HEATMAP_CHUNK,

	/* private: count */
	__VTMM_A_HEATMAP_MAX,
	VTMM_A_HEATMAP_MAX = __VTMM_A_HEATMAP_MAX - 1
};

/* chunk: 2 MiB of guest memory. */
enum {
	VTMM_A_CHUNK_UNSPEC,
	/* u64. Its first guest frame number. */
	VTMM_A_CHUNK_GFN,
	/* u32. Pages in fast memory. */
	VTMM_A_CHUNK_FAST,
	/* u32. Pages in slow memory. */
	VTMM_A_CHUNK_SLOW,
	/* u32. Pages with a temperature above 0. */
	VTMM_A_CHUNK_TOUCHED,
	/* u32. Temperature of its hottest page. */
	VTMM_A_CHUNK_TEMP_MAX,
	/* u32. Temperatures of its pages, added up. */
	VTMM_A_CHUNK_TEMP_SUM,
	/* u8, 0..1. 1 when it is mapped as one page of 2 MiB. */
	VTMM_A_CHUNK_HUGE,

	/* private: count */
	__VTMM_A_CHUNK_MAX,
	VTMM_A_CHUNK_MAX = __VTMM_A_CHUNK_MAX - 1
};

/* plan: What would move now. */
enum {
	VTMM_A_PLAN_UNSPEC,
	/* u32. The VM. */
	VTMM_A_PLAN_VM_ID,
	/* u64. The last round that it rests on. */
	VTMM_A_PLAN_ROUND,
	/* u64. Time since that round ended, in µs. */
	VTMM_A_PLAN_AGE_US,
	/* u64. Pages that would move to fast memory. */
	VTMM_A_PLAN_PROMOTE,
	/* u64. Pages that would move to slow memory. */
	VTMM_A_PLAN_DEMOTE,
	/* u32. Slow pages at or above this temperature are promoted. */
	VTMM_A_PLAN_PROMOTE_TEMP,
	/* u32. Fast pages at or below this temperature are demoted. */
	VTMM_A_PLAN_DEMOTE_TEMP,
	/* u64. Pages that count as hot, in both tiers. */
	VTMM_A_PLAN_HOT,
	/* string. Why nothing, or not more, moves. */
	VTMM_A_PLAN_REASON,

	/* private: count */
	__VTMM_A_PLAN_MAX,
	VTMM_A_PLAN_MAX = __VTMM_A_PLAN_MAX - 1
};

/* pages: What is remembered of each page; alike neighbours are one run. */
enum {
	VTMM_A_PAGES_UNSPEC,
	/* u32. The VM. */
	VTMM_A_PAGES_VM_ID,
	/* u64. First guest frame number wanted. Default 0. */
	VTMM_A_PAGES_START_GFN,
	/* u64. First guest frame number not wanted any more. Default all. */
	VTMM_A_PAGES_END_GFN,
	/* u64. The last round in the history of the runs. */
	VTMM_A_PAGES_ROUND,
	/* u64. Time since that round ended, in µs. */
	VTMM_A_PAGES_AGE_US,
	/* nest of run, multi. The runs, in ascending order. */
	VTMM_A_PAGES_RUN,

	/* private: count */
	__VTMM_A_PAGES_MAX,
	VTMM_A_PAGES_MAX = __VTMM_A_PAGES_MAX - 1
};

/* run: Neighbouring pages with the same record. */
enum {
	VTMM_A_RUN_UNSPEC,
	/* u64. The first guest frame number. */
	VTMM_A_RUN_GFN,
	/* u32. How many pages. */
	VTMM_A_RUN_COUNT,
	/* u32. Rounds in which they were accessed; bit 0 is the last round. */
	VTMM_A_RUN_READ,
	/* u32. Rounds in which they were written; bit 0 is the last round. */
	VTMM_A_RUN_WRITTEN,
	/* u32, enum vtmm_tier. Where they are; absent when not known to be mapped. */
	VTMM_A_RUN_TIER,
	/* u32. Level in the multi-level queue. */
	VTMM_A_RUN_LEVEL,
	/* u8, 0..1. 1 when one 2 MiB leaf maps the chunk. */
	VTMM_A_RUN_HUGE,
	/*
	 * u8, 0..1. 1 when the hardware's log named these pages of the leaf as written, in the
	 * last window or since.
	 */
	VTMM_A_RUN_SAMPLED,

	/* private: count */
	__VTMM_A_RUN_MAX,
	VTMM_A_RUN_MAX = __VTMM_A_RUN_MAX - 1
};

/* event: Something happened. */
enum {
	VTMM_A_EVENT_UNSPEC,
	/* u32, enum vtmm_event_kind. What happened. */
	VTMM_A_EVENT_KIND,
	/* u32. The VM that it is about; absent when it is about the host. */
	VTMM_A_EVENT_VM_ID,
	/* u32. Process of that VM's VMM. */
	VTMM_A_EVENT_PID,
	/* string. Name of that VM. Untrusted text. */
	VTMM_A_EVENT_NAME,
	/* u64. Rounds that the VM had finished. */
	VTMM_A_EVENT_ROUND,
	/* u64. When, as CLOCK_REALTIME in ns. */
	VTMM_A_EVENT_TIME_NS,
	/* u64. Pages promoted by the plan (plan-done). */
	VTMM_A_EVENT_PROMOTED,
	/* u64. Pages demoted by the plan (plan-done). */
	VTMM_A_EVENT_DEMOTED,
	/* u64. The new allotment in pages (rebalance). */
	VTMM_A_EVENT_ALLOTMENT,
	/* string. One sentence. */
	VTMM_A_EVENT_TEXT,

	/* private: count */
	__VTMM_A_EVENT_MAX,
	VTMM_A_EVENT_MAX = __VTMM_A_EVENT_MAX - 1
};

#endif /* _UAPI_LINUX_VTMM_H */
