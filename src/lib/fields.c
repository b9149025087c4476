// SPDX-License-Identifier: GPL-2.0-only
/* Generated from docs/netlink/vtmm.yaml by: make generate. Do not edit. */
/*
 * fields: the tables that say which attribute goes into which member.
 */
/* clang-format off */
#include "fields.h"

const char *const vtmm_tier_names[] = {
	"fast", "slow", NULL
};

const char *const vtmm_mode_names[] = {
	"manage", "observe", "off", NULL
};

const char *const vtmm_event_names[] = {
	"attach", "detach", "exit", "rebalance", "plan-done", "degraded", "error", NULL
};

static const struct vtmm_field feature_fields[] = {
	{"name", VTMM_A_FEATURE_NAME,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_feature_info, name),
	 sizeof(((struct vtmm_feature_info *)0)->name)},
	{"kind", VTMM_A_FEATURE_KIND,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_feature_info, kind),
	 sizeof(((struct vtmm_feature_info *)0)->kind)},
	{"available", VTMM_A_FEATURE_AVAILABLE,
	 VTMM_FIELD_BOOL, offsetof(struct vtmm_feature_info, available)},
	{"reason", VTMM_A_FEATURE_REASON,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_feature_info, reason),
	 sizeof(((struct vtmm_feature_info *)0)->reason)},
};

const struct vtmm_set vtmm_set_feature = {
	"feature", sizeof(struct vtmm_feature_info), feature_fields,
	sizeof(feature_fields) / sizeof(feature_fields[0])
};

static const struct vtmm_field tier_fields[] = {
	{"id", VTMM_A_TIER_ID,
	 VTMM_FIELD_ENUM, offsetof(struct vtmm_tier_info, id), .names = vtmm_tier_names},
	{"nodes", VTMM_A_TIER_NODE,
	 VTMM_FIELD_LIST_U32, offsetof(struct vtmm_tier_info, nodes),
	 offsetof(struct vtmm_tier_info, nr_nodes)},
	{"total_bytes", VTMM_A_TIER_TOTAL_BYTES,
	 VTMM_FIELD_U64, offsetof(struct vtmm_tier_info, total_bytes)},
	{"free_bytes", VTMM_A_TIER_FREE_BYTES,
	 VTMM_FIELD_U64, offsetof(struct vtmm_tier_info, free_bytes)},
	{"guessed", VTMM_A_TIER_GUESSED,
	 VTMM_FIELD_BOOL, offsetof(struct vtmm_tier_info, guessed)},
};

const struct vtmm_set vtmm_set_tier = {
	"tier", sizeof(struct vtmm_tier_info), tier_fields,
	sizeof(tier_fields) / sizeof(tier_fields[0])
};

static const struct vtmm_field info_fields[] = {
	{"version", VTMM_A_INFO_VERSION,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_host_info, version),
	 sizeof(((struct vtmm_host_info *)0)->version)},
	{"abi", VTMM_A_INFO_ABI,
	 VTMM_FIELD_U32, offsetof(struct vtmm_host_info, abi)},
	{"features", VTMM_A_INFO_FEATURE,
	 VTMM_FIELD_LIST_NEST, offsetof(struct vtmm_host_info, features),
	 offsetof(struct vtmm_host_info, nr_features), .set = &vtmm_set_feature},
	{"tiers", VTMM_A_INFO_TIER,
	 VTMM_FIELD_LIST_NEST, offsetof(struct vtmm_host_info, tiers),
	 offsetof(struct vtmm_host_info, nr_tiers), .set = &vtmm_set_tier},
	{"nr_vms", VTMM_A_INFO_NR_VMS,
	 VTMM_FIELD_U32, offsetof(struct vtmm_host_info, nr_vms)},
	{"advice", VTMM_A_INFO_ADVICE,
	 VTMM_FIELD_LIST_STRING, offsetof(struct vtmm_host_info, advice),
	 offsetof(struct vtmm_host_info, nr_advice)},
};

const struct vtmm_set vtmm_set_info = {
	"info", sizeof(struct vtmm_host_info), info_fields,
	sizeof(info_fields) / sizeof(info_fields[0])
};

static const struct vtmm_field member_fields[] = {
	{"id", VTMM_A_VM_ID,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, id)},
	{"name", VTMM_A_VM_NAME,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_vm_info, name),
	 sizeof(((struct vtmm_vm_info *)0)->name)},
	{"fast_min", VTMM_A_VM_FAST_MIN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, fast_min)},
	{"fast_max", VTMM_A_VM_FAST_MAX,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, fast_max)},
	{"shares", VTMM_A_VM_SHARES,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, shares)},
	{"demand", VTMM_A_VM_DEMAND,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, demand)},
	{"allotment", VTMM_A_VM_ALLOTMENT,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, allotment)},
	{"pages_fast", VTMM_A_VM_PAGES_FAST,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, pages_fast)},
};

const struct vtmm_set vtmm_set_member = {
	"member", sizeof(struct vtmm_vm_info), member_fields,
	sizeof(member_fields) / sizeof(member_fields[0])
};

static const struct vtmm_field pool_fields[] = {
	{"size", VTMM_A_POOL_SIZE,
	 VTMM_FIELD_U64, offsetof(struct vtmm_pool_info, size)},
	{"free", VTMM_A_POOL_FREE,
	 VTMM_FIELD_U64, offsetof(struct vtmm_pool_info, free)},
	{"auto", VTMM_A_POOL_AUTO,
	 VTMM_FIELD_BOOL, offsetof(struct vtmm_pool_info, automatic)},
	{"rate_bytes", VTMM_A_POOL_RATE_BYTES,
	 VTMM_FIELD_U64, offsetof(struct vtmm_pool_info, rate_bytes)},
	{"members", VTMM_A_POOL_MEMBER,
	 VTMM_FIELD_LIST_NEST, offsetof(struct vtmm_pool_info, members),
	 offsetof(struct vtmm_pool_info, nr_members), .set = &vtmm_set_member},
};

const struct vtmm_set vtmm_set_pool = {
	"pool", sizeof(struct vtmm_pool_info), pool_fields,
	sizeof(pool_fields) / sizeof(pool_fields[0])
};

static const struct vtmm_field stats_fields[] = {
	{"rounds", VTMM_A_STATS_ROUNDS,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, rounds)},
	{"period_us", VTMM_A_STATS_PERIOD_US,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, period_us)},
	{"round_us_total", VTMM_A_STATS_ROUND_US_TOTAL,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, round_us_total)},
	{"sptes_visited", VTMM_A_STATS_SPTES_VISITED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, sptes_visited)},
	{"accesses_seen", VTMM_A_STATS_ACCESSES_SEEN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, accesses_seen)},
	{"writes_seen", VTMM_A_STATS_WRITES_SEEN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, writes_seen)},
	{"pml_records", VTMM_A_STATS_PML_RECORDS,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, pml_records)},
	{"pml_full_exits", VTMM_A_STATS_PML_FULL_EXITS,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, pml_full_exits)},
	{"tlb_flushes", VTMM_A_STATS_TLB_FLUSHES,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, tlb_flushes)},
	{"windows", VTMM_A_STATS_WINDOWS,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, windows)},
	{"promoted", VTMM_A_STATS_PROMOTED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, promoted)},
	{"demoted", VTMM_A_STATS_DEMOTED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, demoted)},
	{"promote_failed", VTMM_A_STATS_PROMOTE_FAILED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, promote_failed)},
	{"demote_failed", VTMM_A_STATS_DEMOTE_FAILED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, demote_failed)},
	{"failed_pinned", VTMM_A_STATS_FAILED_PINNED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, failed_pinned)},
	{"failed_busy", VTMM_A_STATS_FAILED_BUSY,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, failed_busy)},
	{"failed_nomem", VTMM_A_STATS_FAILED_NOMEM,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, failed_nomem)},
	{"failed_raced", VTMM_A_STATS_FAILED_RACED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, failed_raced)},
	{"failed_unsupported", VTMM_A_STATS_FAILED_UNSUPPORTED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, failed_unsupported)},
	{"batches", VTMM_A_STATS_BATCHES,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, batches)},
	{"migrate_us_total", VTMM_A_STATS_MIGRATE_US_TOTAL,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, migrate_us_total)},
	{"bytes_copied", VTMM_A_STATS_BYTES_COPIED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, bytes_copied)},
	{"pages_prefilled", VTMM_A_STATS_PAGES_PREFILLED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, pages_prefilled)},
	{"traps_after_migration", VTMM_A_STATS_TRAPS_AFTER_MIGRATION,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, traps_after_migration)},
	{"chunks_split", VTMM_A_STATS_CHUNKS_SPLIT,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, chunks_split)},
	{"chunks_merged", VTMM_A_STATS_CHUNKS_MERGED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, chunks_merged)},
	{"rounds_skipped", VTMM_A_STATS_ROUNDS_SKIPPED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, rounds_skipped)},
	{"leaves_rearmed", VTMM_A_STATS_LEAVES_REARMED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, leaves_rearmed)},
	{"pml_lost", VTMM_A_STATS_PML_LOST,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, pml_lost)},
	{"hold_sptes", VTMM_A_STATS_HOLD_SPTES,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, hold_sptes)},
	{"hold_ns", VTMM_A_STATS_HOLD_NS,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, hold_ns)},
	{"nested_seen", VTMM_A_STATS_NESTED_SEEN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, nested_seen)},
	{"postponed", VTMM_A_STATS_POSTPONED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, postponed)},
	{"copied_plain", VTMM_A_STATS_COPIED_PLAIN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, copied_plain)},
	{"copied_ahead", VTMM_A_STATS_COPIED_AHEAD,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, copied_ahead)},
	{"copied_again", VTMM_A_STATS_COPIED_AGAIN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_stats_info, copied_again)},
};

const struct vtmm_set vtmm_set_stats = {
	"stats", sizeof(struct vtmm_stats_info), stats_fields,
	sizeof(stats_fields) / sizeof(stats_fields[0])
};

static const struct vtmm_field vm_fields[] = {
	{"id", VTMM_A_VM_ID,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, id)},
	{"pid", VTMM_A_VM_PID,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, pid)},
	{"fd", VTMM_A_VM_FD,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, fd)},
	{"name", VTMM_A_VM_NAME,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_vm_info, name),
	 sizeof(((struct vtmm_vm_info *)0)->name)},
	{"mode", VTMM_A_VM_MODE,
	 VTMM_FIELD_ENUM, offsetof(struct vtmm_vm_info, mode), .names = vtmm_mode_names},
	{"period_ms", VTMM_A_VM_PERIOD_MS,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, period_ms)},
	{"fast_min", VTMM_A_VM_FAST_MIN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, fast_min)},
	{"fast_max", VTMM_A_VM_FAST_MAX,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, fast_max)},
	{"shares", VTMM_A_VM_SHARES,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, shares)},
	{"rate_bytes", VTMM_A_VM_RATE_BYTES,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, rate_bytes)},
	{"tracker", VTMM_A_VM_TRACKER,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_vm_info, tracker),
	 sizeof(((struct vtmm_vm_info *)0)->tracker)},
	{"tracker_why", VTMM_A_VM_TRACKER_WHY,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_vm_info, tracker_why),
	 sizeof(((struct vtmm_vm_info *)0)->tracker_why)},
	{"round", VTMM_A_VM_ROUND,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, round)},
	{"age_us", VTMM_A_VM_AGE_US,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, age_us)},
	{"mem", VTMM_A_VM_MEM,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, mem)},
	{"demand", VTMM_A_VM_DEMAND,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, demand)},
	{"allotment", VTMM_A_VM_ALLOTMENT,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, allotment)},
	{"pages_fast", VTMM_A_VM_PAGES_FAST,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, pages_fast)},
	{"pages_slow", VTMM_A_VM_PAGES_SLOW,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, pages_slow)},
	{"heat_bytes", VTMM_A_VM_HEAT_BYTES,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, heat_bytes)},
	{"idle_why", VTMM_A_VM_IDLE_WHY,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_vm_info, idle_why),
	 sizeof(((struct vtmm_vm_info *)0)->idle_why)},
	{"stats", VTMM_A_VM_STATS,
	 VTMM_FIELD_NEST, offsetof(struct vtmm_vm_info, stats), .set = &vtmm_set_stats},
	{"attached_us", VTMM_A_VM_ATTACHED_US,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, attached_us)},
	{"round_now", VTMM_A_VM_ROUND_NOW,
	 VTMM_FIELD_FLAG, offsetof(struct vtmm_vm_info, round_now)},
	{"window", VTMM_A_VM_WINDOW,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, window)},
	{"read_weight", VTMM_A_VM_READ_WEIGHT,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, read_weight)},
	{"write_weight", VTMM_A_VM_WRITE_WEIGHT,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, write_weight)},
	{"hot_permille", VTMM_A_VM_HOT_PERMILLE,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, hot_permille)},
	{"hysteresis", VTMM_A_VM_HYSTERESIS,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, hysteresis)},
	{"cooldown", VTMM_A_VM_COOLDOWN,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, cooldown)},
	{"floor", VTMM_A_VM_FLOOR,
	 VTMM_FIELD_U64, offsetof(struct vtmm_vm_info, floor)},
	{"queue", VTMM_A_VM_QUEUE,
	 VTMM_FIELD_BOOL, offsetof(struct vtmm_vm_info, queue)},
	{"budget_permille", VTMM_A_VM_BUDGET_PERMILLE,
	 VTMM_FIELD_U32, offsetof(struct vtmm_vm_info, budget_permille)},
	{"pml_hook", VTMM_A_VM_PML_HOOK,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_vm_info, pml_hook),
	 sizeof(((struct vtmm_vm_info *)0)->pml_hook)},
};

const struct vtmm_set vtmm_set_vm = {
	"vm", sizeof(struct vtmm_vm_info), vm_fields,
	sizeof(vm_fields) / sizeof(vm_fields[0])
};

static const struct vtmm_field bucket_fields[] = {
	{"temp", VTMM_A_BUCKET_TEMP,
	 VTMM_FIELD_U32, offsetof(struct vtmm_bucket_info, temp)},
	{"fast", VTMM_A_BUCKET_FAST,
	 VTMM_FIELD_U64, offsetof(struct vtmm_bucket_info, fast)},
	{"slow", VTMM_A_BUCKET_SLOW,
	 VTMM_FIELD_U64, offsetof(struct vtmm_bucket_info, slow)},
};

const struct vtmm_set vtmm_set_bucket = {
	"bucket", sizeof(struct vtmm_bucket_info), bucket_fields,
	sizeof(bucket_fields) / sizeof(bucket_fields[0])
};

static const struct vtmm_field heat_fields[] = {
	{"vm_id", VTMM_A_HEAT_VM_ID,
	 VTMM_FIELD_U32, offsetof(struct vtmm_heat_info, vm_id)},
	{"round", VTMM_A_HEAT_ROUND,
	 VTMM_FIELD_U64, offsetof(struct vtmm_heat_info, round)},
	{"age_us", VTMM_A_HEAT_AGE_US,
	 VTMM_FIELD_U64, offsetof(struct vtmm_heat_info, age_us)},
	{"hot_temp", VTMM_A_HEAT_HOT_TEMP,
	 VTMM_FIELD_U32, offsetof(struct vtmm_heat_info, hot_temp)},
	{"buckets", VTMM_A_HEAT_BUCKET,
	 VTMM_FIELD_LIST_NEST, offsetof(struct vtmm_heat_info, buckets),
	 offsetof(struct vtmm_heat_info, nr_buckets), .set = &vtmm_set_bucket},
};

const struct vtmm_set vtmm_set_heat = {
	"heat", sizeof(struct vtmm_heat_info), heat_fields,
	sizeof(heat_fields) / sizeof(heat_fields[0])
};

static const struct vtmm_field chunk_fields[] = {
	{"gfn", VTMM_A_CHUNK_GFN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_chunk_info, gfn)},
	{"fast", VTMM_A_CHUNK_FAST,
	 VTMM_FIELD_U32, offsetof(struct vtmm_chunk_info, fast)},
	{"slow", VTMM_A_CHUNK_SLOW,
	 VTMM_FIELD_U32, offsetof(struct vtmm_chunk_info, slow)},
	{"touched", VTMM_A_CHUNK_TOUCHED,
	 VTMM_FIELD_U32, offsetof(struct vtmm_chunk_info, touched)},
	{"temp_max", VTMM_A_CHUNK_TEMP_MAX,
	 VTMM_FIELD_U32, offsetof(struct vtmm_chunk_info, temp_max)},
	{"temp_sum", VTMM_A_CHUNK_TEMP_SUM,
	 VTMM_FIELD_U32, offsetof(struct vtmm_chunk_info, temp_sum)},
	{"huge", VTMM_A_CHUNK_HUGE,
	 VTMM_FIELD_BOOL, offsetof(struct vtmm_chunk_info, huge)},
};

const struct vtmm_set vtmm_set_chunk = {
	"chunk", sizeof(struct vtmm_chunk_info), chunk_fields,
	sizeof(chunk_fields) / sizeof(chunk_fields[0])
};

static const struct vtmm_field heatmap_fields[] = {
	{"vm_id", VTMM_A_HEATMAP_VM_ID,
	 VTMM_FIELD_U32, offsetof(struct vtmm_heatmap_info, vm_id)},
	{"start_gfn", VTMM_A_HEATMAP_START_GFN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_heatmap_info, start_gfn)},
	{"end_gfn", VTMM_A_HEATMAP_END_GFN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_heatmap_info, end_gfn)},
	{"round", VTMM_A_HEATMAP_ROUND,
	 VTMM_FIELD_U64, offsetof(struct vtmm_heatmap_info, round)},
	{"age_us", VTMM_A_HEATMAP_AGE_US,
	 VTMM_FIELD_U64, offsetof(struct vtmm_heatmap_info, age_us)},
	{"chunks", VTMM_A_HEATMAP_CHUNK,
	 VTMM_FIELD_LIST_NEST, offsetof(struct vtmm_heatmap_info, chunks),
	 offsetof(struct vtmm_heatmap_info, nr_chunks), .set = &vtmm_set_chunk},
};

const struct vtmm_set vtmm_set_heatmap = {
	"heatmap", sizeof(struct vtmm_heatmap_info), heatmap_fields,
	sizeof(heatmap_fields) / sizeof(heatmap_fields[0])
};

static const struct vtmm_field plan_fields[] = {
	{"vm_id", VTMM_A_PLAN_VM_ID,
	 VTMM_FIELD_U32, offsetof(struct vtmm_plan_info, vm_id)},
	{"round", VTMM_A_PLAN_ROUND,
	 VTMM_FIELD_U64, offsetof(struct vtmm_plan_info, round)},
	{"age_us", VTMM_A_PLAN_AGE_US,
	 VTMM_FIELD_U64, offsetof(struct vtmm_plan_info, age_us)},
	{"promote", VTMM_A_PLAN_PROMOTE,
	 VTMM_FIELD_U64, offsetof(struct vtmm_plan_info, promote)},
	{"demote", VTMM_A_PLAN_DEMOTE,
	 VTMM_FIELD_U64, offsetof(struct vtmm_plan_info, demote)},
	{"promote_temp", VTMM_A_PLAN_PROMOTE_TEMP,
	 VTMM_FIELD_U32, offsetof(struct vtmm_plan_info, promote_temp)},
	{"demote_temp", VTMM_A_PLAN_DEMOTE_TEMP,
	 VTMM_FIELD_U32, offsetof(struct vtmm_plan_info, demote_temp)},
	{"hot", VTMM_A_PLAN_HOT,
	 VTMM_FIELD_U64, offsetof(struct vtmm_plan_info, hot)},
	{"reason", VTMM_A_PLAN_REASON,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_plan_info, reason),
	 sizeof(((struct vtmm_plan_info *)0)->reason)},
};

const struct vtmm_set vtmm_set_plan = {
	"plan", sizeof(struct vtmm_plan_info), plan_fields,
	sizeof(plan_fields) / sizeof(plan_fields[0])
};

static const struct vtmm_field run_fields[] = {
	{"gfn", VTMM_A_RUN_GFN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_run_info, gfn)},
	{"count", VTMM_A_RUN_COUNT,
	 VTMM_FIELD_U32, offsetof(struct vtmm_run_info, count)},
	{"read", VTMM_A_RUN_READ,
	 VTMM_FIELD_U32, offsetof(struct vtmm_run_info, read)},
	{"written", VTMM_A_RUN_WRITTEN,
	 VTMM_FIELD_U32, offsetof(struct vtmm_run_info, written)},
	{"tier", VTMM_A_RUN_TIER,
	 VTMM_FIELD_ENUM, offsetof(struct vtmm_run_info, tier), .names = vtmm_tier_names},
	{"level", VTMM_A_RUN_LEVEL,
	 VTMM_FIELD_U32, offsetof(struct vtmm_run_info, level)},
	{"huge", VTMM_A_RUN_HUGE,
	 VTMM_FIELD_BOOL, offsetof(struct vtmm_run_info, huge)},
	{"sampled", VTMM_A_RUN_SAMPLED,
	 VTMM_FIELD_BOOL, offsetof(struct vtmm_run_info, sampled)},
};

const struct vtmm_set vtmm_set_run = {
	"run", sizeof(struct vtmm_run_info), run_fields,
	sizeof(run_fields) / sizeof(run_fields[0])
};

static const struct vtmm_field pages_fields[] = {
	{"vm_id", VTMM_A_PAGES_VM_ID,
	 VTMM_FIELD_U32, offsetof(struct vtmm_pages_info, vm_id)},
	{"start_gfn", VTMM_A_PAGES_START_GFN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_pages_info, start_gfn)},
	{"end_gfn", VTMM_A_PAGES_END_GFN,
	 VTMM_FIELD_U64, offsetof(struct vtmm_pages_info, end_gfn)},
	{"round", VTMM_A_PAGES_ROUND,
	 VTMM_FIELD_U64, offsetof(struct vtmm_pages_info, round)},
	{"age_us", VTMM_A_PAGES_AGE_US,
	 VTMM_FIELD_U64, offsetof(struct vtmm_pages_info, age_us)},
	{"runs", VTMM_A_PAGES_RUN,
	 VTMM_FIELD_LIST_NEST, offsetof(struct vtmm_pages_info, runs),
	 offsetof(struct vtmm_pages_info, nr_runs), .set = &vtmm_set_run},
};

const struct vtmm_set vtmm_set_pages = {
	"pages", sizeof(struct vtmm_pages_info), pages_fields,
	sizeof(pages_fields) / sizeof(pages_fields[0])
};

static const struct vtmm_field event_fields[] = {
	{"kind", VTMM_A_EVENT_KIND,
	 VTMM_FIELD_ENUM, offsetof(struct vtmm_event_info, kind), .names = vtmm_event_names},
	{"vm_id", VTMM_A_EVENT_VM_ID,
	 VTMM_FIELD_U32, offsetof(struct vtmm_event_info, vm_id)},
	{"pid", VTMM_A_EVENT_PID,
	 VTMM_FIELD_U32, offsetof(struct vtmm_event_info, pid)},
	{"name", VTMM_A_EVENT_NAME,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_event_info, name),
	 sizeof(((struct vtmm_event_info *)0)->name)},
	{"round", VTMM_A_EVENT_ROUND,
	 VTMM_FIELD_U64, offsetof(struct vtmm_event_info, round)},
	{"time_ns", VTMM_A_EVENT_TIME_NS,
	 VTMM_FIELD_U64, offsetof(struct vtmm_event_info, time_ns)},
	{"promoted", VTMM_A_EVENT_PROMOTED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_event_info, promoted)},
	{"demoted", VTMM_A_EVENT_DEMOTED,
	 VTMM_FIELD_U64, offsetof(struct vtmm_event_info, demoted)},
	{"allotment", VTMM_A_EVENT_ALLOTMENT,
	 VTMM_FIELD_U64, offsetof(struct vtmm_event_info, allotment)},
	{"text", VTMM_A_EVENT_TEXT,
	 VTMM_FIELD_STRING, offsetof(struct vtmm_event_info, text),
	 sizeof(((struct vtmm_event_info *)0)->text)},
};

const struct vtmm_set vtmm_set_event = {
	"event", sizeof(struct vtmm_event_info), event_fields,
	sizeof(event_fields) / sizeof(event_fields[0])
};
