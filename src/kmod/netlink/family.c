// SPDX-License-Identifier: GPL-2.0-only
/*
 * family: the generic-netlink family "vtmm": its commands, and how answers are
 * begun and ended. What requests may hold stands in policy.c. Every command needs
 * CAP_NET_ADMIN in the initial user namespace, readers too: heat tells what a guest
 * does.
 */
#include "events.h"
#include "netlink/internal.h"
#include "netlink/netlink.h"
#include "netlink/policy.h"

#define VTMM_OP(_cmd, _policy, _max)					\
	.cmd = (_cmd), .flags = GENL_ADMIN_PERM,			\
	.policy = (_policy), .maxattr = (_max)

static const struct genl_ops vtmm_ops[] = {
	{ VTMM_OP(VTMM_CMD_INFO_GET, vtmm_info_policy, VTMM_A_INFO_MAX),
	  .doit = vtmm_nl_info_get },
	{ VTMM_OP(VTMM_CMD_TIER_SET, vtmm_info_policy, VTMM_A_INFO_MAX),
	  .doit = vtmm_nl_tier_set },
	{ VTMM_OP(VTMM_CMD_POOL_GET, vtmm_pool_policy, VTMM_A_POOL_MAX),
	  .doit = vtmm_nl_pool_get },
	{ VTMM_OP(VTMM_CMD_POOL_SET, vtmm_pool_policy, VTMM_A_POOL_MAX),
	  .doit = vtmm_nl_pool_set },
	{ VTMM_OP(VTMM_CMD_VM_ATTACH, vtmm_vm_policy, VTMM_A_VM_MAX),
	  .doit = vtmm_nl_vm_attach },
	{ VTMM_OP(VTMM_CMD_VM_DETACH, vtmm_vm_policy, VTMM_A_VM_MAX),
	  .doit = vtmm_nl_vm_detach },
	{ VTMM_OP(VTMM_CMD_VM_GET, vtmm_vm_policy, VTMM_A_VM_MAX),
	  .doit = vtmm_nl_vm_get, .dumpit = vtmm_nl_vm_dump },
	{ VTMM_OP(VTMM_CMD_VM_SET, vtmm_vm_policy, VTMM_A_VM_MAX),
	  .doit = vtmm_nl_vm_set },
	{ VTMM_OP(VTMM_CMD_HEAT_GET, vtmm_heat_policy, VTMM_A_HEAT_MAX),
	  .doit = vtmm_nl_heat_get },
	{ VTMM_OP(VTMM_CMD_HEATMAP_GET, vtmm_heatmap_policy, VTMM_A_HEATMAP_MAX),
	  .start = vtmm_nl_map_start, .dumpit = vtmm_nl_map_dump },
	{ VTMM_OP(VTMM_CMD_PLAN_GET, vtmm_plan_policy, VTMM_A_PLAN_MAX),
	  .doit = vtmm_nl_plan_get },
	{ VTMM_OP(VTMM_CMD_PAGES_GET, vtmm_pages_policy, VTMM_A_PAGES_MAX),
	  .start = vtmm_nl_pages_start, .dumpit = vtmm_nl_pages_dump },
};

static const struct genl_multicast_group vtmm_mcgrps[] = {
	{ .name = VTMM_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

struct genl_family vtmm_family __ro_after_init = {
	.name		= VTMM_FAMILY_NAME,
	.version	= VTMM_FAMILY_VERSION,
	.module		= THIS_MODULE,
	.ops		= vtmm_ops,
	.n_ops		= ARRAY_SIZE(vtmm_ops),
	.resv_start_op	= 1,
	.mcgrps		= vtmm_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(vtmm_mcgrps),
};

/**
 * vtmm_nl_age_us() - microseconds since a point in time
 * @since: the point
 */
u64 vtmm_nl_age_us(ktime_t since)
{
	return max_t(s64, ktime_us_delta(ktime_get(), since), 0);
}

/**
 * vtmm_nl_reply_begin() - begin the answer to a command
 * @r: out: the answer
 * @info: the request
 * @size: bytes of attributes
 *
 * Return: 0 or -ENOMEM.
 */
int vtmm_nl_reply_begin(struct vtmm_nl_reply *r, struct genl_info *info, size_t size)
{
	r->skb = genlmsg_new(size, GFP_KERNEL);
	if (!r->skb)
		return -ENOMEM;
	r->hdr = genlmsg_put_reply(r->skb, info, &vtmm_family, 0,
				   info->genlhdr->cmd);
	if (!r->hdr) {
		nlmsg_free(r->skb);
		return -EMSGSIZE;
	}
	return 0;
}

/**
 * vtmm_nl_reply_end() - send the answer, or drop it
 * @r: begun
 * @info: the request
 * @err: 0 to send, else why not
 *
 * Return: @err, or how sending went.
 */
int vtmm_nl_reply_end(struct vtmm_nl_reply *r, struct genl_info *info, int err)
{
	if (err) {
		nlmsg_free(r->skb);
		return err;
	}
	genlmsg_end(r->skb, r->hdr);
	return genlmsg_reply(r->skb, info);
}

/**
 * vtmm_netlink_init() - register the family
 *
 * Return: 0 or an error.
 */
int __init vtmm_netlink_init(void)
{
	vtmm_events_open(&vtmm_family);
	return genl_register_family(&vtmm_family);
}

/**
 * vtmm_netlink_exit() - unregister it: no command runs after this returns
 */
void vtmm_netlink_exit(void)
{
	genl_unregister_family(&vtmm_family);
}
