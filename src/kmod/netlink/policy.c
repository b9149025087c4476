// SPDX-License-Identifier: GPL-2.0-only
/* Generated from docs/netlink/vtmm.yaml by: make generate. Do not edit. */
/*
 * policy: what requests to the family may hold, one policy for all commands of
 * an attribute set, and which attribute is which setting.
 */
#include "policy.h"

static const struct nla_policy vtmm_tier_policy[VTMM_A_TIER_MAX + 1] = {
	[VTMM_A_TIER_ID] = NLA_POLICY_MAX(NLA_U32, 1),
	[VTMM_A_TIER_NODE] = { .type = NLA_U32 },
};

const struct nla_policy vtmm_info_policy[VTMM_A_INFO_MAX + 1] = {
	[VTMM_A_INFO_TIER] = NLA_POLICY_NESTED(vtmm_tier_policy),
};

const struct nla_policy vtmm_pool_policy[VTMM_A_POOL_MAX + 1] = {
	[VTMM_A_POOL_SIZE] = { .type = NLA_U64 },
	[VTMM_A_POOL_AUTO] = NLA_POLICY_MAX(NLA_U8, 1),
	[VTMM_A_POOL_RATE_BYTES] = { .type = NLA_U64 },
};

static struct netlink_range_validation vtmm_a_vm_pid_range = {
	.min = 1, .max = 2147483647,
};

static struct netlink_range_validation vtmm_a_vm_fd_range = {
	.max = 2147483647,
};

static struct netlink_range_validation vtmm_a_vm_period_ms_range = {
	.min = 10, .max = 60000,
};

const struct nla_policy vtmm_vm_policy[VTMM_A_VM_MAX + 1] = {
	[VTMM_A_VM_ID] = { .type = NLA_U32 },
	[VTMM_A_VM_PID] = NLA_POLICY_FULL_RANGE(NLA_U32, &vtmm_a_vm_pid_range),
	[VTMM_A_VM_FD] = NLA_POLICY_FULL_RANGE(NLA_U32, &vtmm_a_vm_fd_range),
	[VTMM_A_VM_NAME] = { .type = NLA_NUL_STRING, .len = 63 },
	[VTMM_A_VM_MODE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VTMM_A_VM_PERIOD_MS] = NLA_POLICY_FULL_RANGE(NLA_U32, &vtmm_a_vm_period_ms_range),
	[VTMM_A_VM_FAST_MIN] = { .type = NLA_U64 },
	[VTMM_A_VM_FAST_MAX] = { .type = NLA_U64 },
	[VTMM_A_VM_SHARES] = NLA_POLICY_RANGE(NLA_U32, 1, 10000),
	[VTMM_A_VM_RATE_BYTES] = { .type = NLA_U64 },
	[VTMM_A_VM_ROUND_NOW] = { .type = NLA_FLAG },
	[VTMM_A_VM_WINDOW] = NLA_POLICY_RANGE(NLA_U32, 2, 10),
	[VTMM_A_VM_READ_WEIGHT] = NLA_POLICY_MAX(NLA_U32, 3),
	[VTMM_A_VM_WRITE_WEIGHT] = NLA_POLICY_MAX(NLA_U32, 3),
	[VTMM_A_VM_HOT_PERMILLE] = NLA_POLICY_RANGE(NLA_U32, 1, 1000),
	[VTMM_A_VM_HYSTERESIS] = NLA_POLICY_MAX(NLA_U32, 30),
	[VTMM_A_VM_COOLDOWN] = NLA_POLICY_MAX(NLA_U32, 255),
	[VTMM_A_VM_FLOOR] = { .type = NLA_U64 },
	[VTMM_A_VM_QUEUE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VTMM_A_VM_BUDGET_PERMILLE] = NLA_POLICY_MAX(NLA_U32, 1000),
};

const struct nla_policy vtmm_heat_policy[VTMM_A_HEAT_MAX + 1] = {
	[VTMM_A_HEAT_VM_ID] = { .type = NLA_U32 },
};

const struct nla_policy vtmm_heatmap_policy[VTMM_A_HEATMAP_MAX + 1] = {
	[VTMM_A_HEATMAP_VM_ID] = { .type = NLA_U32 },
	[VTMM_A_HEATMAP_START_GFN] = { .type = NLA_U64 },
	[VTMM_A_HEATMAP_END_GFN] = { .type = NLA_U64 },
};

const struct nla_policy vtmm_plan_policy[VTMM_A_PLAN_MAX + 1] = {
	[VTMM_A_PLAN_VM_ID] = { .type = NLA_U32 },
};

const struct nla_policy vtmm_pages_policy[VTMM_A_PAGES_MAX + 1] = {
	[VTMM_A_PAGES_VM_ID] = { .type = NLA_U32 },
	[VTMM_A_PAGES_START_GFN] = { .type = NLA_U64 },
	[VTMM_A_PAGES_END_GFN] = { .type = NLA_U64 },
};

const u8 vtmm_param_attr[VTMM_NR_PARAMS] = {
	[VTMM_PARAM_MODE] = VTMM_A_VM_MODE,
	[VTMM_PARAM_PERIOD_MS] = VTMM_A_VM_PERIOD_MS,
	[VTMM_PARAM_BUDGET_PERMILLE] = VTMM_A_VM_BUDGET_PERMILLE,
	[VTMM_PARAM_FAST_MIN] = VTMM_A_VM_FAST_MIN,
	[VTMM_PARAM_FAST_MAX] = VTMM_A_VM_FAST_MAX,
	[VTMM_PARAM_SHARES] = VTMM_A_VM_SHARES,
	[VTMM_PARAM_RATE_BYTES] = VTMM_A_VM_RATE_BYTES,
	[VTMM_PARAM_WINDOW] = VTMM_A_VM_WINDOW,
	[VTMM_PARAM_READ_WEIGHT] = VTMM_A_VM_READ_WEIGHT,
	[VTMM_PARAM_WRITE_WEIGHT] = VTMM_A_VM_WRITE_WEIGHT,
	[VTMM_PARAM_HOT_PERMILLE] = VTMM_A_VM_HOT_PERMILLE,
	[VTMM_PARAM_HYSTERESIS] = VTMM_A_VM_HYSTERESIS,
	[VTMM_PARAM_COOLDOWN] = VTMM_A_VM_COOLDOWN,
	[VTMM_PARAM_FLOOR] = VTMM_A_VM_FLOOR,
	[VTMM_PARAM_QUEUE] = VTMM_A_VM_QUEUE,
};
