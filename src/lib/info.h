/* SPDX-License-Identifier: GPL-2.0-only */
/* Generated from docs/netlink/vtmm.yaml by: make generate. Do not edit. */
/*
 * info: what the module says, a struct for each attribute set. A bit of
 * "present" says of each attribute (BIT of VTMM_A_*) whether it is there.
 */
/* clang-format off */
#ifndef VTMM_INFO_H
#define VTMM_INFO_H

#include <stddef.h>
#include <stdint.h>

#define VTMM_NAME_SIZE		64
#define VTMM_TEXT_SIZE		256

/* Rounds that the module keeps for each page: as many as a window may have. */
#define VTMM_HISTORY_ROUNDS	10

/* One capability, and why it is missing when it is (VTMM_A_FEATURE_*). */
struct vtmm_feature_info {
	uint64_t present;
	char name[VTMM_NAME_SIZE];
	char kind[VTMM_NAME_SIZE];
	uint8_t available;
	char reason[VTMM_TEXT_SIZE];
};

/* A set of NUMA nodes (VTMM_A_TIER_*). */
struct vtmm_tier_info {
	uint64_t present;
	uint32_t id;
	uint32_t *nodes;
	size_t nr_nodes;
	uint64_t total_bytes;
	uint64_t free_bytes;
	uint8_t guessed;
};

/* What the module is and what it found on this host (VTMM_A_INFO_*). */
struct vtmm_host_info {
	uint64_t present;
	char version[VTMM_NAME_SIZE];
	uint32_t abi;
	struct vtmm_feature_info *features;
	size_t nr_features;
	struct vtmm_tier_info *tiers;
	size_t nr_tiers;
	uint32_t nr_vms;
	char **advice;
	size_t nr_advice;
};

/* The fast memory that VMs share (VTMM_A_POOL_*). */
struct vtmm_pool_info {
	uint64_t present;
	uint64_t size;
	uint64_t free;
	uint8_t automatic;
	uint64_t rate_bytes;
	struct vtmm_vm_info *members;
	size_t nr_members;
};

/* Counters since attach (VTMM_A_STATS_*). */
struct vtmm_stats_info {
	uint64_t present;
	uint64_t rounds;
	uint64_t period_us;
	uint64_t round_us_total;
	uint64_t sptes_visited;
	uint64_t accesses_seen;
	uint64_t writes_seen;
	uint64_t pml_records;
	uint64_t pml_full_exits;
	uint64_t tlb_flushes;
	uint64_t windows;
	uint64_t promoted;
	uint64_t demoted;
	uint64_t promote_failed;
	uint64_t demote_failed;
	uint64_t failed_pinned;
	uint64_t failed_busy;
	uint64_t failed_nomem;
	uint64_t failed_raced;
	uint64_t failed_unsupported;
	uint64_t batches;
	uint64_t migrate_us_total;
	uint64_t bytes_copied;
	uint64_t pages_prefilled;
	uint64_t traps_after_migration;
	uint64_t chunks_split;
	uint64_t chunks_merged;
	uint64_t rounds_skipped;
	uint64_t leaves_rearmed;
	uint64_t pml_lost;
	uint64_t hold_sptes;
	uint64_t hold_ns;
	uint64_t nested_seen;
	uint64_t postponed;
	uint64_t copied_plain;
	uint64_t copied_ahead;
	uint64_t copied_again;
};

/* An attached VM, its settings first, then its state (VTMM_A_VM_*). */
struct vtmm_vm_info {
	uint64_t present;
	uint32_t id;
	uint32_t pid;
	uint32_t fd;
	char name[VTMM_NAME_SIZE];
	uint32_t mode;
	uint32_t period_ms;
	uint64_t fast_min;
	uint64_t fast_max;
	uint32_t shares;
	uint64_t rate_bytes;
	char tracker[VTMM_NAME_SIZE];
	char tracker_why[VTMM_TEXT_SIZE];
	uint64_t round;
	uint64_t age_us;
	uint64_t mem;
	uint64_t demand;
	uint64_t allotment;
	uint64_t pages_fast;
	uint64_t pages_slow;
	uint64_t heat_bytes;
	char idle_why[VTMM_TEXT_SIZE];
	struct vtmm_stats_info stats;
	uint64_t attached_us;
	uint8_t round_now;
	uint32_t window;
	uint32_t read_weight;
	uint32_t write_weight;
	uint32_t hot_permille;
	uint32_t hysteresis;
	uint32_t cooldown;
	uint64_t floor;
	uint8_t queue;
	uint32_t budget_permille;
	char pml_hook[VTMM_NAME_SIZE];
};

/* The pages of one temperature (VTMM_A_BUCKET_*). */
struct vtmm_bucket_info {
	uint64_t present;
	uint32_t temp;
	uint64_t fast;
	uint64_t slow;
};

/* The histogram of a VM, pages by temperature and tier (VTMM_A_HEAT_*). */
struct vtmm_heat_info {
	uint64_t present;
	uint32_t vm_id;
	uint64_t round;
	uint64_t age_us;
	uint32_t hot_temp;
	struct vtmm_bucket_info *buckets;
	size_t nr_buckets;
};

/* 2 MiB of guest memory (VTMM_A_CHUNK_*). */
struct vtmm_chunk_info {
	uint64_t present;
	uint64_t gfn;
	uint32_t fast;
	uint32_t slow;
	uint32_t touched;
	uint32_t temp_max;
	uint32_t temp_sum;
	uint8_t huge;
};

/* Temperature and residency chunk by chunk (VTMM_A_HEATMAP_*). */
struct vtmm_heatmap_info {
	uint64_t present;
	uint32_t vm_id;
	uint64_t start_gfn;
	uint64_t end_gfn;
	uint64_t round;
	uint64_t age_us;
	struct vtmm_chunk_info *chunks;
	size_t nr_chunks;
};

/* What would move now (VTMM_A_PLAN_*). */
struct vtmm_plan_info {
	uint64_t present;
	uint32_t vm_id;
	uint64_t round;
	uint64_t age_us;
	uint64_t promote;
	uint64_t demote;
	uint32_t promote_temp;
	uint32_t demote_temp;
	uint64_t hot;
	char reason[VTMM_TEXT_SIZE];
};

/* Neighbouring pages with the same record (VTMM_A_RUN_*). */
struct vtmm_run_info {
	uint64_t present;
	uint64_t gfn;
	uint32_t count;
	uint32_t read;
	uint32_t written;
	uint32_t tier;
	uint32_t level;
	uint8_t huge;
	uint8_t sampled;
};

/* What is remembered of each page; alike neighbours are one run (VTMM_A_PAGES_*). */
struct vtmm_pages_info {
	uint64_t present;
	uint32_t vm_id;
	uint64_t start_gfn;
	uint64_t end_gfn;
	uint64_t round;
	uint64_t age_us;
	struct vtmm_run_info *runs;
	size_t nr_runs;
};

/* Something happened (VTMM_A_EVENT_*). */
struct vtmm_event_info {
	uint64_t present;
	uint32_t kind;
	uint32_t vm_id;
	uint32_t pid;
	char name[VTMM_NAME_SIZE];
	uint64_t round;
	uint64_t time_ns;
	uint64_t promoted;
	uint64_t demoted;
	uint64_t allotment;
	char text[VTMM_TEXT_SIZE];
};

#endif /* VTMM_INFO_H */
