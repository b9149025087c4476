// SPDX-License-Identifier: GPL-2.0-only
/*
 * host: the commands that speak of the host: info, tiers, pool.
 */
#include "kvm/kvm.h"
#include "move/move.h"
#include "netlink/internal.h"
#include "pool/pool.h"
#include "tiers.h"
#include "track/track.h"

static int vtmm_put_feature(struct sk_buff *skb, const char *name,
			    const char *kind, const char *missing)
{
	struct nlattr *nest = nla_nest_start(skb, VTMM_A_INFO_FEATURE);

	if (!nest ||
	    nla_put_string(skb, VTMM_A_FEATURE_NAME, name) ||
	    nla_put_string(skb, VTMM_A_FEATURE_KIND, kind) ||
	    nla_put_u8(skb, VTMM_A_FEATURE_AVAILABLE, !missing) ||
	    (missing && nla_put_string(skb, VTMM_A_FEATURE_REASON, missing)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* A tracker, and the hook that it would use. */
static int vtmm_put_tracker_features(struct sk_buff *skb,
				     const struct vtmm_tracker_ops *t)
{
	const char *missing = t->missing();
	int ret;

	ret = vtmm_put_feature(skb, t->name, "tracker", missing);
	if (ret || missing || !t->hook)
		return ret;
	return vtmm_put_feature(skb, t->hook(), "PML hook", NULL);
}

static int vtmm_put_features(struct sk_buff *skb)
{
	const struct vtmm_tracker_ops *t;
	int i, ret;

	for (i = 0; (t = vtmm_tracker_at(i)); i++) {
		ret = vtmm_put_tracker_features(skb, t);
		if (ret)
			return ret;
	}
	ret = vtmm_put_feature(skb, "migrate", "engine", vtmm_migrate_missing());
	ret = ret ?: vtmm_put_feature(skb, "batch-zap", "engine", vtmm_kvm_zap_missing());
	if (!ret && vtmm_ahead_wanted())
		ret = vtmm_put_feature(skb, "copy-ahead", "engine", vtmm_ahead_missing());
	return ret ?: vtmm_put_feature(skb, "prefill", "engine", vtmm_prefill_missing());
}

static int vtmm_put_tier(struct sk_buff *skb, enum vtmm_tier tier)
{
	struct nlattr *nest = nla_nest_start(skb, VTMM_A_INFO_TIER);
	nodemask_t nodes;
	int nid;

	vtmm_tier_nodes(tier, &nodes);
	if (!nest || nla_put_u32(skb, VTMM_A_TIER_ID, tier))
		return -EMSGSIZE;
	for_each_node_mask(nid, nodes)
		if (nla_put_u32(skb, VTMM_A_TIER_NODE, nid))
			return -EMSGSIZE;
	if (vtmm_put_u64(skb, VTMM_A_TIER_TOTAL_BYTES,
			 vtmm_tier_total(tier) << PAGE_SHIFT) ||
	    vtmm_put_u64(skb, VTMM_A_TIER_FREE_BYTES,
			 vtmm_tier_free(tier) << PAGE_SHIFT) ||
	    nla_put_u8(skb, VTMM_A_TIER_GUESSED, vtmm_tiers_guessed()))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int vtmm_put_tiers(struct sk_buff *skb)
{
	int t, ret = 0;

	for (t = 0; t < VTMM_NR_TIERS && !ret; t++)
		ret = vtmm_put_tier(skb, t);
	return ret;
}

static int vtmm_put_advice(struct sk_buff *skb)
{
	nodemask_t nodes;
	int t;

	for (t = VTMM_TIER_FAST + 1; t < VTMM_NR_TIERS; t++) {
		vtmm_tier_nodes(t, &nodes);
		if (!nodes_empty(nodes))
			return 0;
	}
	return nla_put_string(skb, VTMM_A_INFO_ADVICE,
			      "no slow tier, so nothing moves: name its nodes (vtmmctl tier)");
}

static int vtmm_put_info(struct sk_buff *skb)
{
	struct vtmm_vm *vm;
	u32 n = 0;

	list_for_each_entry(vm, &vtmm_vms, node)
		n++;
	if (nla_put_string(skb, VTMM_A_INFO_VERSION, VTMM_VERSION) ||
	    nla_put_u32(skb, VTMM_A_INFO_ABI, VTMM_ABI) ||
	    vtmm_put_features(skb) ||
	    vtmm_put_tiers(skb) ||
	    nla_put_u32(skb, VTMM_A_INFO_NR_VMS, n) ||
	    vtmm_put_advice(skb))
		return -EMSGSIZE;
	return 0;
}

/* 8 bytes for each node that the kernel could have, and room for the rest. */
int vtmm_nl_info_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vtmm_nl_reply r;
	int ret;

	ret = vtmm_nl_reply_begin(&r, info, NLMSG_GOODSIZE + 8 * num_online_nodes());
	if (ret)
		return ret;
	mutex_lock(&vtmm_vms_lock);
	ret = vtmm_put_info(r.skb);
	mutex_unlock(&vtmm_vms_lock);
	return vtmm_nl_reply_end(&r, info, ret);
}

static int vtmm_parse_tier(struct nlattr *nest, nodemask_t tier[VTMM_NR_TIERS],
			   bool named[VTMM_NR_TIERS], struct netlink_ext_ack *extack)
{
	struct nlattr *attr;
	int rem, id = -1;

	nla_for_each_nested(attr, nest, rem)
		if (nla_type(attr) == VTMM_A_TIER_ID)
			id = nla_get_u32(attr);
	if (id < 0) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "a tier lacks its id");
		return -EINVAL;
	}
	named[id] = true;
	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != VTMM_A_TIER_NODE)
			continue;
		if (nla_get_u32(attr) >= MAX_NUMNODES) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "no such NUMA node");
			return -EINVAL;
		}
		node_set(nla_get_u32(attr), tier[id]);
	}
	return 0;
}

int vtmm_nl_tier_set(struct sk_buff *skb, struct genl_info *info)
{
	nodemask_t tier[VTMM_NR_TIERS] = {};
	bool named[VTMM_NR_TIERS] = {};
	struct nlattr *attr;
	int rem, ret;

	if (GENL_REQ_ATTR_CHECK(info, VTMM_A_INFO_TIER)) {
		NL_SET_ERR_MSG(info->extack, "a tier must be named");
		return -EINVAL;
	}
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != VTMM_A_INFO_TIER)
			continue;
		ret = vtmm_parse_tier(attr, tier, named, info->extack);
		if (ret)
			return ret;
	}
	vtmm_tiers_complete(tier, named);
	mutex_lock(&vtmm_vms_lock);
	ret = vtmm_tiers_set(tier, info->extack);
	mutex_unlock(&vtmm_vms_lock);
	return ret;
}

static int vtmm_put_members(struct sk_buff *skb)
{
	struct vtmm_vm *vm;
	struct nlattr *nest;

	list_for_each_entry(vm, &vtmm_vms, node) {
		nest = nla_nest_start(skb, VTMM_A_POOL_MEMBER);
		if (!nest || vtmm_nl_put_member(skb, vm))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int vtmm_put_pool(struct sk_buff *skb)
{
	struct vtmm_pool_info pool;
	int ret = -EMSGSIZE;

	vtmm_pool_begin(&pool);
	if (!vtmm_put_u64(skb, VTMM_A_POOL_SIZE, pool.size) &&
	    !vtmm_put_u64(skb, VTMM_A_POOL_FREE, pool.free) &&
	    !nla_put_u8(skb, VTMM_A_POOL_AUTO, pool.automatic) &&
	    !vtmm_put_u64(skb, VTMM_A_POOL_RATE_BYTES, vtmm_host_rate_get()))
		ret = vtmm_put_members(skb);
	vtmm_pool_end();
	return ret;
}

int vtmm_nl_pool_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vtmm_nl_reply r;
	struct vtmm_vm *vm;
	size_t n = 0;
	int ret;

	mutex_lock(&vtmm_vms_lock);
	list_for_each_entry(vm, &vtmm_vms, node)
		n++;
	ret = vtmm_nl_reply_begin(&r, info, NLMSG_GOODSIZE + n * 256);
	if (!ret)
		ret = vtmm_nl_reply_end(&r, info, vtmm_put_pool(r.skb));
	mutex_unlock(&vtmm_vms_lock);
	return ret;
}

int vtmm_nl_pool_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *size = info->attrs[VTMM_A_POOL_SIZE];
	struct nlattr *follow = info->attrs[VTMM_A_POOL_AUTO];
	struct nlattr *rate = info->attrs[VTMM_A_POOL_RATE_BYTES];
	int ret = 0;

	if (size && follow) {
		NL_SET_ERR_MSG_ATTR(info->extack, follow,
				    "the pool has a size or follows the fast tier, not both");
		return -EINVAL;
	}
	if (!size && !follow && !rate) {
		NL_SET_ERR_MSG(info->extack, "nothing to set: give a size, auto or a rate");
		return -EINVAL;
	}
	if (follow && !nla_get_u8(follow)) {
		NL_SET_ERR_MSG_ATTR(info->extack, follow,
				    "auto can only be switched on: give the pool a size instead");
		return -ERANGE;
	}
	if (size && !nla_get_u64(size)) {
		NL_SET_ERR_MSG_ATTR(info->extack, size, "the pool can't have size 0");
		return -EINVAL;
	}
	if (size || follow)
		ret = vtmm_pool_set_size(size ? nla_get_u64(size) : 0, info->extack);
	if (!ret && rate)
		vtmm_host_rate_set(nla_get_u64(rate));
	return ret;
}
