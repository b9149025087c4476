/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * internal: what the files that answer netlink commands share.
 */
#ifndef _VTMM_NETLINK_INTERNAL_H
#define _VTMM_NETLINK_INTERNAL_H

#include <net/genetlink.h>
#include "vtmm.h"

extern struct genl_family vtmm_family;

/* 64-bit values need no padding on x86, where attribute 0 is never emitted. */
static inline int vtmm_put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, 0);
}

u64 vtmm_nl_age_us(ktime_t since);
struct vtmm_vm *vtmm_nl_find_vm(struct genl_info *info);
void vtmm_nl_parse_settings(struct genl_info *info, struct vtmm_settings *set,
			    struct vtmm_terms *terms);
bool vtmm_nl_settings_urgent(struct genl_info *info);
int vtmm_nl_put_settings(struct sk_buff *skb, struct vtmm_vm *vm);
int vtmm_nl_put_vm(struct sk_buff *skb, struct vtmm_vm *vm);
int vtmm_nl_put_member(struct sk_buff *skb, struct vtmm_vm *vm);

int vtmm_nl_info_get(struct sk_buff *skb, struct genl_info *info);
int vtmm_nl_tier_set(struct sk_buff *skb, struct genl_info *info);
int vtmm_nl_pool_get(struct sk_buff *skb, struct genl_info *info);
int vtmm_nl_pool_set(struct sk_buff *skb, struct genl_info *info);
int vtmm_nl_vm_attach(struct sk_buff *skb, struct genl_info *info);
int vtmm_nl_vm_detach(struct sk_buff *skb, struct genl_info *info);
int vtmm_nl_vm_get(struct sk_buff *skb, struct genl_info *info);
int vtmm_nl_vm_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vtmm_nl_vm_set(struct sk_buff *skb, struct genl_info *info);
int vtmm_nl_heat_get(struct sk_buff *skb, struct genl_info *info);
int vtmm_nl_plan_get(struct sk_buff *skb, struct genl_info *info);
int vtmm_nl_map_start(struct netlink_callback *cb);
int vtmm_nl_map_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vtmm_nl_pages_start(struct netlink_callback *cb);
int vtmm_nl_pages_dump(struct sk_buff *skb, struct netlink_callback *cb);

/**
 * struct vtmm_nl_reply - an answer being written
 * @skb: the message
 * @hdr: its generic-netlink header
 */
struct vtmm_nl_reply {
	struct sk_buff *skb;
	void *hdr;
};

int vtmm_nl_reply_begin(struct vtmm_nl_reply *r, struct genl_info *info, size_t size);
int vtmm_nl_reply_end(struct vtmm_nl_reply *r, struct genl_info *info, int err);

#endif /* _VTMM_NETLINK_INTERNAL_H */
