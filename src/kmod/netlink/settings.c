// SPDX-License-Identifier: GPL-2.0-only
/*
 * settings: a VM's settings as attributes: read from a request, written to an
 * answer.
 */
#include "netlink/internal.h"
#include "pool/pool.h"

/* The part that says how heat is counted and plans are made. */
static void vtmm_parse_policy(struct nlattr **a, struct vtmm_settings *set)
{
	if (a[VTMM_A_VM_WINDOW])
		set->heat.window = nla_get_u32(a[VTMM_A_VM_WINDOW]);
	if (a[VTMM_A_VM_READ_WEIGHT])
		set->heat.read_weight = nla_get_u32(a[VTMM_A_VM_READ_WEIGHT]);
	if (a[VTMM_A_VM_WRITE_WEIGHT])
		set->heat.write_weight = nla_get_u32(a[VTMM_A_VM_WRITE_WEIGHT]);
	if (a[VTMM_A_VM_QUEUE])
		set->heat.queue = nla_get_u8(a[VTMM_A_VM_QUEUE]);
	if (a[VTMM_A_VM_HOT_PERMILLE])
		set->plan.hot_permille = nla_get_u32(a[VTMM_A_VM_HOT_PERMILLE]);
	if (a[VTMM_A_VM_HYSTERESIS])
		set->plan.hysteresis = nla_get_u32(a[VTMM_A_VM_HYSTERESIS]);
	if (a[VTMM_A_VM_COOLDOWN])
		set->plan.cooldown = nla_get_u32(a[VTMM_A_VM_COOLDOWN]);
	if (a[VTMM_A_VM_FLOOR])
		set->plan.floor = nla_get_u64(a[VTMM_A_VM_FLOOR]);
}

/**
 * vtmm_nl_parse_settings() - lay what a request says over settings
 * @info: the request, of attribute set vm
 * @set: in and out
 * @terms: in and out
 */
void vtmm_nl_parse_settings(struct genl_info *info, struct vtmm_settings *set,
			    struct vtmm_terms *terms)
{
	struct nlattr **a = info->attrs;

	if (a[VTMM_A_VM_MODE])
		set->mode = nla_get_u32(a[VTMM_A_VM_MODE]);
	if (a[VTMM_A_VM_PERIOD_MS])
		set->period_ms = nla_get_u32(a[VTMM_A_VM_PERIOD_MS]);
	if (a[VTMM_A_VM_BUDGET_PERMILLE])
		set->budget_permille = nla_get_u32(a[VTMM_A_VM_BUDGET_PERMILLE]);
	if (a[VTMM_A_VM_SHARES])
		terms->shares = nla_get_u32(a[VTMM_A_VM_SHARES]);
	if (a[VTMM_A_VM_FAST_MIN])
		terms->fast_min = nla_get_u64(a[VTMM_A_VM_FAST_MIN]);
	if (a[VTMM_A_VM_FAST_MAX])
		terms->fast_max = nla_get_u64(a[VTMM_A_VM_FAST_MAX]);
	if (a[VTMM_A_VM_RATE_BYTES])
		set->rate_bytes = nla_get_u64(a[VTMM_A_VM_RATE_BYTES]);
	vtmm_parse_policy(a, set);
}

static int vtmm_put_claim(struct sk_buff *skb, struct vtmm_vm *vm)
{
	struct vtmm_terms terms;

	vtmm_pool_get_terms(vm, &terms);
	if (nla_put_u32(skb, VTMM_A_VM_MODE, READ_ONCE(vm->set.mode)) ||
	    nla_put_u32(skb, VTMM_A_VM_PERIOD_MS, READ_ONCE(vm->set.period_ms)) ||
	    nla_put_u32(skb, VTMM_A_VM_BUDGET_PERMILLE,
			READ_ONCE(vm->set.budget_permille)) ||
	    vtmm_put_u64(skb, VTMM_A_VM_FAST_MIN, terms.fast_min) ||
	    (terms.fast_max != U64_MAX &&
	     vtmm_put_u64(skb, VTMM_A_VM_FAST_MAX, terms.fast_max)) ||
	    nla_put_u32(skb, VTMM_A_VM_SHARES, terms.shares) ||
	    vtmm_put_u64(skb, VTMM_A_VM_RATE_BYTES, READ_ONCE(vm->set.rate_bytes)))
		return -EMSGSIZE;
	return 0;
}

static int vtmm_put_policy(struct sk_buff *skb, struct vtmm_vm *vm)
{
	if (nla_put_u32(skb, VTMM_A_VM_WINDOW, READ_ONCE(vm->set.heat.window)) ||
	    nla_put_u32(skb, VTMM_A_VM_READ_WEIGHT, READ_ONCE(vm->set.heat.read_weight)) ||
	    nla_put_u32(skb, VTMM_A_VM_WRITE_WEIGHT, READ_ONCE(vm->set.heat.write_weight)) ||
	    nla_put_u8(skb, VTMM_A_VM_QUEUE, READ_ONCE(vm->set.heat.queue)) ||
	    nla_put_u32(skb, VTMM_A_VM_HOT_PERMILLE, READ_ONCE(vm->set.plan.hot_permille)) ||
	    nla_put_u32(skb, VTMM_A_VM_HYSTERESIS, READ_ONCE(vm->set.plan.hysteresis)) ||
	    nla_put_u32(skb, VTMM_A_VM_COOLDOWN, READ_ONCE(vm->set.plan.cooldown)) ||
	    vtmm_put_u64(skb, VTMM_A_VM_FLOOR, READ_ONCE(vm->set.plan.floor)))
		return -EMSGSIZE;
	return 0;
}

/**
 * vtmm_nl_put_settings() - write a VM's settings
 * @skb: message
 * @vm: the VM
 *
 * Context: vtmm_vms_lock held; each is a single word, read without vm->lock.
 * Return: 0 or -EMSGSIZE.
 */
int vtmm_nl_put_settings(struct sk_buff *skb, struct vtmm_vm *vm)
{
	lockdep_assert_held(&vtmm_vms_lock);
	return vtmm_put_claim(skb, vm) ?: vtmm_put_policy(skb, vm);
}
