// SPDX-License-Identifier: GPL-2.0-only
/*
 * fields: the tables that say which attribute goes into which member.
 * Data only; a new attribute is one line here and one member in vtmm.h.
 */
#include "fields.h"

/* Each table defines S, the struct that it is about. */
#define PLAIN(m, attr, kind)                                \
	{                                                   \
#m, attr, VTMM_FIELD_##kind, offsetof(S, m) \
	}
#define BOOL(m, attr) PLAIN(m, attr, BOOL)
#define U32(m, attr) PLAIN(m, attr, U32)
#define U64(m, attr) PLAIN(m, attr, U64)
#define ENUM(m, attr, values)                                              \
	{                                                                  \
#m, attr, VTMM_FIELD_ENUM, offsetof(S, m), .names = values \
	}
#define STRING(m, attr)                                      \
	{                                                    \
#m, attr, VTMM_FIELD_STRING, offsetof(S, m), \
			sizeof(((S *)0)->m)                  \
	}
#define NEST(m, attr, nested)                                               \
	{                                                                   \
#m, attr, VTMM_FIELD_NEST, offsetof(S, m), .set = &(nested) \
	}
#define LIST(m, attr, kind, nested)                               \
	{                                                         \
#m, attr, VTMM_FIELD_LIST_##kind, offsetof(S, m), \
			offsetof(S, nr_##m), nested               \
	}
#define LIST_U32(m, attr) LIST(m, attr, U32, NULL)
#define LIST_STRING(m, attr) LIST(m, attr, STRING, NULL)
#define LIST_NEST(m, attr, nested) LIST(m, attr, NEST, &(nested))
#define SET(set)                                 \
	const struct vtmm_set vtmm_set_##set = { \
		#set, sizeof(S), set##_fields,   \
		sizeof(set##_fields) / sizeof(set##_fields[0])}

const char *const vtmm_tier_names[] = {"fast", "slow", NULL};
const char *const vtmm_mode_names[] = {"manage", "observe", "off", NULL};
const char *const vtmm_event_names[] = {"attach",    "detach",	  "exit",
					"rebalance", "plan-done", "degraded",
					"error",     NULL};

/**
 * vtmm_enum_name() - the name of a value of an enum
 * @names: of the enum, NULL at the end
 * @value: what the kernel sent
 *
 * Return: the name, or "unknown" for a value that a newer module may know.
 */
const char *vtmm_enum_name(const char *const *names, uint32_t value)
{
	for (uint32_t i = 0; names[i]; i++)
		if (i == value)
			return names[i];
	return "unknown";
}

#define S struct vtmm_stats_info
static const struct vtmm_field stats_fields[] = {
	U64(rounds, VTMM_A_STATS_ROUNDS),
	U64(period_us, VTMM_A_STATS_PERIOD_US),
	U64(round_us_total, VTMM_A_STATS_ROUND_US_TOTAL),
	U64(sptes_visited, VTMM_A_STATS_SPTES_VISITED),
	U64(accesses_seen, VTMM_A_STATS_ACCESSES_SEEN),
	U64(writes_seen, VTMM_A_STATS_WRITES_SEEN),
	U64(pml_records, VTMM_A_STATS_PML_RECORDS),
	U64(pml_full_exits, VTMM_A_STATS_PML_FULL_EXITS),
	U64(tlb_flushes, VTMM_A_STATS_TLB_FLUSHES),
	U64(windows, VTMM_A_STATS_WINDOWS),
	U64(promoted, VTMM_A_STATS_PROMOTED),
	U64(demoted, VTMM_A_STATS_DEMOTED),
	U64(promote_failed, VTMM_A_STATS_PROMOTE_FAILED),
	U64(demote_failed, VTMM_A_STATS_DEMOTE_FAILED),
	U64(failed_pinned, VTMM_A_STATS_FAILED_PINNED),
	U64(failed_busy, VTMM_A_STATS_FAILED_BUSY),
	U64(failed_nomem, VTMM_A_STATS_FAILED_NOMEM),
	U64(failed_raced, VTMM_A_STATS_FAILED_RACED),
	U64(failed_unsupported, VTMM_A_STATS_FAILED_UNSUPPORTED),
	U64(batches, VTMM_A_STATS_BATCHES),
	U64(migrate_us_total, VTMM_A_STATS_MIGRATE_US_TOTAL),
	U64(bytes_copied, VTMM_A_STATS_BYTES_COPIED),
	U64(pages_prefilled, VTMM_A_STATS_PAGES_PREFILLED),
	U64(traps_after_migration, VTMM_A_STATS_TRAPS_AFTER_MIGRATION),
	U64(chunks_split, VTMM_A_STATS_CHUNKS_SPLIT),
	U64(chunks_merged, VTMM_A_STATS_CHUNKS_MERGED),
	U64(rounds_skipped, VTMM_A_STATS_ROUNDS_SKIPPED),
	U64(leaves_rearmed, VTMM_A_STATS_LEAVES_REARMED),
	U64(pml_lost, VTMM_A_STATS_PML_LOST),
	U64(hold_sptes, VTMM_A_STATS_HOLD_SPTES),
	U64(hold_ns, VTMM_A_STATS_HOLD_NS),
	U64(nested_seen, VTMM_A_STATS_NESTED_SEEN),
	U64(postponed, VTMM_A_STATS_POSTPONED),
	U64(copied_plain, VTMM_A_STATS_COPIED_PLAIN),
	U64(copied_ahead, VTMM_A_STATS_COPIED_AHEAD),
	U64(copied_again, VTMM_A_STATS_COPIED_AGAIN),
};

SET(stats);
#undef S

#define S struct vtmm_feature_info
static const struct vtmm_field feature_fields[] = {
	STRING(name, VTMM_A_FEATURE_NAME),
	STRING(kind, VTMM_A_FEATURE_KIND),
	BOOL(available, VTMM_A_FEATURE_AVAILABLE),
	STRING(reason, VTMM_A_FEATURE_REASON),
};

SET(feature);
#undef S

#define S struct vtmm_tier_info
static const struct vtmm_field tier_fields[] = {
	ENUM(id, VTMM_A_TIER_ID, vtmm_tier_names),
	LIST_U32(nodes, VTMM_A_TIER_NODE),
	U64(total_bytes, VTMM_A_TIER_TOTAL_BYTES),
	U64(free_bytes, VTMM_A_TIER_FREE_BYTES),
	BOOL(guessed, VTMM_A_TIER_GUESSED),
};

SET(tier);
#undef S

#define S struct vtmm_host_info
static const struct vtmm_field info_fields[] = {
	STRING(version, VTMM_A_INFO_VERSION),
	U32(abi, VTMM_A_INFO_ABI),
	LIST_NEST(features, VTMM_A_INFO_FEATURE, vtmm_set_feature),
	LIST_NEST(tiers, VTMM_A_INFO_TIER, vtmm_set_tier),
	U32(nr_vms, VTMM_A_INFO_NR_VMS),
	LIST_STRING(advice, VTMM_A_INFO_ADVICE),
};

SET(info);
#undef S

#define S struct vtmm_vm_info
static const struct vtmm_field vm_fields[] = {
	U32(id, VTMM_A_VM_ID),
	U32(pid, VTMM_A_VM_PID),
	U32(fd, VTMM_A_VM_FD),
	STRING(name, VTMM_A_VM_NAME),
	ENUM(mode, VTMM_A_VM_MODE, vtmm_mode_names),
	U32(period_ms, VTMM_A_VM_PERIOD_MS),
	U64(fast_min, VTMM_A_VM_FAST_MIN),
	U64(fast_max, VTMM_A_VM_FAST_MAX),
	U32(shares, VTMM_A_VM_SHARES),
	U64(rate_bytes, VTMM_A_VM_RATE_BYTES),
	STRING(tracker, VTMM_A_VM_TRACKER),
	STRING(tracker_why, VTMM_A_VM_TRACKER_WHY),
	U64(round, VTMM_A_VM_ROUND),
	U64(age_us, VTMM_A_VM_AGE_US),
	U64(mem, VTMM_A_VM_MEM),
	U64(demand, VTMM_A_VM_DEMAND),
	U64(allotment, VTMM_A_VM_ALLOTMENT),
	U64(pages_fast, VTMM_A_VM_PAGES_FAST),
	U64(pages_slow, VTMM_A_VM_PAGES_SLOW),
	U64(heat_bytes, VTMM_A_VM_HEAT_BYTES),
	STRING(idle_why, VTMM_A_VM_IDLE_WHY),
	NEST(stats, VTMM_A_VM_STATS, vtmm_set_stats),
	U64(attached_us, VTMM_A_VM_ATTACHED_US),
	PLAIN(round_now, VTMM_A_VM_ROUND_NOW, FLAG),
	U32(window, VTMM_A_VM_WINDOW),
	U32(read_weight, VTMM_A_VM_READ_WEIGHT),
	U32(write_weight, VTMM_A_VM_WRITE_WEIGHT),
	U32(hot_permille, VTMM_A_VM_HOT_PERMILLE),
	U32(hysteresis, VTMM_A_VM_HYSTERESIS),
	U32(cooldown, VTMM_A_VM_COOLDOWN),
	U64(floor, VTMM_A_VM_FLOOR),
	BOOL(queue, VTMM_A_VM_QUEUE),
	U32(budget_permille, VTMM_A_VM_BUDGET_PERMILLE),
	STRING(pml_hook, VTMM_A_VM_PML_HOOK),
};

SET(vm);

/* What the ledger of the pool says about a VM: a part of the set above. */
static const struct vtmm_field member_fields[] = {
	U32(id, VTMM_A_VM_ID),
	STRING(name, VTMM_A_VM_NAME),
	U64(fast_min, VTMM_A_VM_FAST_MIN),
	U64(fast_max, VTMM_A_VM_FAST_MAX),
	U32(shares, VTMM_A_VM_SHARES),
	U64(demand, VTMM_A_VM_DEMAND),
	U64(allotment, VTMM_A_VM_ALLOTMENT),
	U64(pages_fast, VTMM_A_VM_PAGES_FAST),
};

SET(member);
#undef S

#define S struct vtmm_pool_info
static const struct vtmm_field pool_fields[] = {
	U64(size, VTMM_A_POOL_SIZE),
	U64(free, VTMM_A_POOL_FREE),
	{"auto", VTMM_A_POOL_AUTO, VTMM_FIELD_BOOL, offsetof(S, automatic)},
	U64(rate_bytes, VTMM_A_POOL_RATE_BYTES),
	LIST_NEST(members, VTMM_A_POOL_MEMBER, vtmm_set_member),
};

SET(pool);
#undef S

#define S struct vtmm_bucket_info
static const struct vtmm_field bucket_fields[] = {
	U32(temp, VTMM_A_BUCKET_TEMP),
	U64(fast, VTMM_A_BUCKET_FAST),
	U64(slow, VTMM_A_BUCKET_SLOW),
};

SET(bucket);
#undef S

#define S struct vtmm_heat_info
static const struct vtmm_field heat_fields[] = {
	U32(vm_id, VTMM_A_HEAT_VM_ID),
	U64(round, VTMM_A_HEAT_ROUND),
	U64(age_us, VTMM_A_HEAT_AGE_US),
	U32(hot_temp, VTMM_A_HEAT_HOT_TEMP),
	LIST_NEST(buckets, VTMM_A_HEAT_BUCKET, vtmm_set_bucket),
};

SET(heat);
#undef S

#define S struct vtmm_chunk_info
static const struct vtmm_field chunk_fields[] = {
	U64(gfn, VTMM_A_CHUNK_GFN),
	U32(fast, VTMM_A_CHUNK_FAST),
	U32(slow, VTMM_A_CHUNK_SLOW),
	U32(touched, VTMM_A_CHUNK_TOUCHED),
	U32(temp_max, VTMM_A_CHUNK_TEMP_MAX),
	U32(temp_sum, VTMM_A_CHUNK_TEMP_SUM),
	BOOL(huge, VTMM_A_CHUNK_HUGE),
};

SET(chunk);
#undef S

#define S struct vtmm_heatmap_info
static const struct vtmm_field heatmap_fields[] = {
	U32(vm_id, VTMM_A_HEATMAP_VM_ID),
	U64(start_gfn, VTMM_A_HEATMAP_START_GFN),
	U64(end_gfn, VTMM_A_HEATMAP_END_GFN),
	U64(round, VTMM_A_HEATMAP_ROUND),
	U64(age_us, VTMM_A_HEATMAP_AGE_US),
	LIST_NEST(chunks, VTMM_A_HEATMAP_CHUNK, vtmm_set_chunk),
};

SET(heatmap);
#undef S

#define S struct vtmm_run_info
static const struct vtmm_field run_fields[] = {
	U64(gfn, VTMM_A_RUN_GFN),
	U32(count, VTMM_A_RUN_COUNT),
	U32(read, VTMM_A_RUN_READ),
	U32(written, VTMM_A_RUN_WRITTEN),
	ENUM(tier, VTMM_A_RUN_TIER, vtmm_tier_names),
	U32(level, VTMM_A_RUN_LEVEL),
	BOOL(huge, VTMM_A_RUN_HUGE),
	BOOL(sampled, VTMM_A_RUN_SAMPLED),
};

SET(run);
#undef S

#define S struct vtmm_pages_info
static const struct vtmm_field pages_fields[] = {
	U32(vm_id, VTMM_A_PAGES_VM_ID),
	U64(start_gfn, VTMM_A_PAGES_START_GFN),
	U64(end_gfn, VTMM_A_PAGES_END_GFN),
	U64(round, VTMM_A_PAGES_ROUND),
	U64(age_us, VTMM_A_PAGES_AGE_US),
	LIST_NEST(runs, VTMM_A_PAGES_RUN, vtmm_set_run),
};

SET(pages);
#undef S

#define S struct vtmm_plan_info
static const struct vtmm_field plan_fields[] = {
	U32(vm_id, VTMM_A_PLAN_VM_ID),
	U64(round, VTMM_A_PLAN_ROUND),
	U64(age_us, VTMM_A_PLAN_AGE_US),
	U64(promote, VTMM_A_PLAN_PROMOTE),
	U64(demote, VTMM_A_PLAN_DEMOTE),
	U32(promote_temp, VTMM_A_PLAN_PROMOTE_TEMP),
	U32(demote_temp, VTMM_A_PLAN_DEMOTE_TEMP),
	U64(hot, VTMM_A_PLAN_HOT),
	STRING(reason, VTMM_A_PLAN_REASON),
};

SET(plan);
#undef S

#define S struct vtmm_event_info
static const struct vtmm_field event_fields[] = {
	ENUM(kind, VTMM_A_EVENT_KIND, vtmm_event_names),
	U32(vm_id, VTMM_A_EVENT_VM_ID),
	U32(pid, VTMM_A_EVENT_PID),
	STRING(name, VTMM_A_EVENT_NAME),
	U64(round, VTMM_A_EVENT_ROUND),
	U64(time_ns, VTMM_A_EVENT_TIME_NS),
	U64(promoted, VTMM_A_EVENT_PROMOTED),
	U64(demoted, VTMM_A_EVENT_DEMOTED),
	U64(allotment, VTMM_A_EVENT_ALLOTMENT),
	STRING(text, VTMM_A_EVENT_TEXT),
};

SET(event);
#undef S
