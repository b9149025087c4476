// SPDX-License-Identifier: GPL-2.0-only
/*
 * settings: the settings of a VM from messages and into them, by the core's table
 * of settings and the generated table of their attributes. What a request says has
 * passed the policy, whose limits are those of the table.
 */
#include <vtmm/params.h>
#include "netlink/internal.h"
#include "netlink/policy.h"
#include "pool/pool.h"

static u64 vtmm_nl_number(const struct nlattr *attr)
{
	switch (nla_len(attr)) {
	case sizeof(u8):
		return nla_get_u8(attr);
	case sizeof(u32):
		return nla_get_u32(attr);
	default:
		return nla_get_u64(attr);
	}
}

/**
 * vtmm_nl_parse_settings() - lay what a request says over settings
 * @info: the request, of attribute set vm
 * @set: in and out
 * @terms: in and out
 *
 * Context: any; who shares them guards them.
 */
void vtmm_nl_parse_settings(struct genl_info *info, struct vtmm_settings *set,
			    struct vtmm_terms *terms)
{
	struct vtmm_params all = { .set = *set, .terms = *terms };
	unsigned int p;

	for (p = 0; p < VTMM_NR_PARAMS; p++) {
		const struct nlattr *attr = info->attrs[vtmm_param_attr[p]];

		if (attr)
			WARN_ON_ONCE(!vtmm_param_set(&all, p, vtmm_nl_number(attr)));
	}
	*set = all.set;
	*terms = all.terms;
}

/**
 * vtmm_nl_settings_urgent() - does a request change what is felt at once?
 * @info: the request, of attribute set vm
 *
 * Context: any.
 * Return: true when the next round may have to come earlier, or later.
 */
bool vtmm_nl_settings_urgent(struct genl_info *info)
{
	unsigned int p;

	for (p = 0; p < VTMM_NR_PARAMS; p++)
		if (info->attrs[vtmm_param_attr[p]] && vtmm_param_is_urgent(p))
			return true;
	return false;
}

static int vtmm_nl_put_number(struct sk_buff *skb, int attr, u64 value)
{
	switch (vtmm_vm_policy[attr].type) {
	case NLA_U8:
		return nla_put_u8(skb, attr, value);
	case NLA_U32:
		return nla_put_u32(skb, attr, value);
	default:
		return vtmm_put_u64(skb, attr, value);
	}
}

/**
 * vtmm_nl_put_settings() - write a VM's settings; fast-max is absent without limit
 * @skb: message
 * @vm: the VM
 *
 * Context: vtmm_vms_lock held, without which they do not change.
 * Return: 0 or -EMSGSIZE.
 */
int vtmm_nl_put_settings(struct sk_buff *skb, struct vtmm_vm *vm)
{
	struct vtmm_params all = { .set = vm->set };
	unsigned int p;

	lockdep_assert_held(&vtmm_vms_lock);
	vtmm_pool_get_terms(vm, &all.terms);
	for (p = 0; p < VTMM_NR_PARAMS; p++) {
		u64 value = vtmm_param_get(&all, p);

		if (p == VTMM_PARAM_FAST_MAX && value == U64_MAX)
			continue;
		if (vtmm_nl_put_number(skb, vtmm_param_attr[p], value))
			return -EMSGSIZE;
	}
	return 0;
}
