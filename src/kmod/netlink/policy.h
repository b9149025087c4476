/* SPDX-License-Identifier: GPL-2.0-only */
/* Generated from docs/netlink/vtmm.yaml by: make generate. Do not edit. */
/*
 * policy: what requests to the family may hold, one policy for all commands of
 * an attribute set, and which attribute is which setting.
 */
#ifndef _VTMM_NETLINK_POLICY_H
#define _VTMM_NETLINK_POLICY_H

#include <net/netlink.h>
#include <linux/vtmm.h>
#include <vtmm/limits.h>

extern const struct nla_policy vtmm_info_policy[VTMM_A_INFO_MAX + 1];
extern const struct nla_policy vtmm_pool_policy[VTMM_A_POOL_MAX + 1];
extern const struct nla_policy vtmm_vm_policy[VTMM_A_VM_MAX + 1];
extern const struct nla_policy vtmm_heat_policy[VTMM_A_HEAT_MAX + 1];
extern const struct nla_policy vtmm_heatmap_policy[VTMM_A_HEATMAP_MAX + 1];
extern const struct nla_policy vtmm_plan_policy[VTMM_A_PLAN_MAX + 1];
extern const struct nla_policy vtmm_pages_policy[VTMM_A_PAGES_MAX + 1];

/* The attribute of each setting: VTMM_A_VM_* by VTMM_PARAM_*. */
extern const u8 vtmm_param_attr[VTMM_NR_PARAMS];

#endif /* _VTMM_NETLINK_POLICY_H */
