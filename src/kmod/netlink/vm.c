// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm: the commands that attach, change, show and detach VMs. Showing a
 * VM must never wait for its worker: only counters and snapshots are read.
 */
#include "kvm/kvm.h"
#include "move/move.h"
#include "netlink/internal.h"
#include "pool/pool.h"
#include "round.h"
#include "track/track.h"
#include "vm.h"

static struct vtmm_vm *vtmm_vm_by_pid(struct genl_info *info, u32 pid)
{
	struct nlattr *fd = info->attrs[VTMM_A_VM_FD];
	struct vtmm_vm *vm, *found = NULL;

	list_for_each_entry(vm, &vtmm_vms, node) {
		if (vm->pid != pid || (fd && vm->fd != nla_get_u32(fd)))
			continue;
		if (found) {
			NL_SET_ERR_MSG(info->extack,
				       "the process has several VMs: name one by id or descriptor");
			return ERR_PTR(-EINVAL);
		}
		found = vm;
	}
	return found;
}

/**
 * vtmm_nl_find_vm() - the VM that a request names
 * @info: the request, of attribute set vm
 *
 * Context: vtmm_vms_lock held.
 * Return: the VM, or an ERR_PTR with the extack set.
 */
struct vtmm_vm *vtmm_nl_find_vm(struct genl_info *info)
{
	struct nlattr *id = info->attrs[VTMM_A_VM_ID];
	struct nlattr *pid = info->attrs[VTMM_A_VM_PID];
	struct vtmm_vm *vm;

	lockdep_assert_held(&vtmm_vms_lock);
	if (!id == !pid) {
		NL_SET_ERR_MSG(info->extack, "name the VM by its id or by the pid of its VMM");
		return ERR_PTR(-EINVAL);
	}
	vm = id ? vtmm_vm_by_id(nla_get_u32(id)) :
		  vtmm_vm_by_pid(info, nla_get_u32(pid));
	if (!vm) {
		NL_SET_ERR_MSG_ATTR(info->extack, id ?: pid, "no such VM is attached");
		return ERR_PTR(-ENOENT);
	}
	return vm;
}

static int vtmm_put_stats(struct sk_buff *skb, struct vtmm_vm *vm)
{
	struct nlattr *nest = nla_nest_start(skb, VTMM_A_VM_STATS);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 1; i < VTMM_NR_STATS; i++)
		if (vtmm_put_u64(skb, i, READ_ONCE(vm->stats[i])))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int vtmm_put_tracker(struct sk_buff *skb, struct vtmm_vm *vm)
{
	struct vtmm_track_info t;

	vtmm_track_info(vm, &t);
	if (nla_put_string(skb, VTMM_A_VM_TRACKER, t.name) ||
	    (t.why && nla_put_string(skb, VTMM_A_VM_TRACKER_WHY, t.why)) ||
	    (t.hook && nla_put_string(skb, VTMM_A_VM_PML_HOOK, t.hook)))
		return -EMSGSIZE;
	return 0;
}

/* Why nothing moves now: no round, or the reason of the last window's plan. */
static int vtmm_put_idle(struct sk_buff *skb, struct vtmm_vm *vm)
{
	static const char stands_still[] = "the VM does not run: it is paused or idle";
	enum vtmm_plan_reason reason = vtmm_snapshot_reason(vm);
	struct vtmm_track_info t;

	vtmm_track_info(vm, &t);
	if (!vtmm_vm_managed(vm))
		reason = VTMM_PLAN_OBSERVE;
	else if (t.idle)
		return nla_put_string(skb, VTMM_A_VM_IDLE_WHY, stands_still);
	if (reason == VTMM_PLAN_OK)
		return 0;
	return nla_put_string(skb, VTMM_A_VM_IDLE_WHY, vtmm_plan_reason_text(reason));
}

/* All that grows with the VM, and what each VM takes whatever its size. */
static u64 vtmm_vm_bytes(const struct vtmm_vm *vm)
{
	struct vtmm_track_info t;

	vtmm_track_info(vm, &t);
	return READ_ONCE(vm->heat.bytes) + t.bytes + vtmm_mover_bytes();
}

static int vtmm_put_in_tier(struct sk_buff *skb, struct vtmm_vm *vm)
{
	static const int attr[VTMM_NR_TIERS] = {
		[VTMM_TIER_FAST] = VTMM_A_VM_PAGES_FAST,
		[VTMM_TIER_SLOW] = VTMM_A_VM_PAGES_SLOW,
	};
	int t, ret = 0;

	for (t = 0; t < VTMM_NR_TIERS && !ret; t++)
		ret = vtmm_put_u64(skb, attr[t], vtmm_vm_pages(vm, t));
	return ret;
}

static int vtmm_put_residency(struct sk_buff *skb, struct vtmm_vm *vm)
{
	struct vtmm_pool_member m;

	vtmm_pool_get_member(vm, &m);
	if (vtmm_put_u64(skb, VTMM_A_VM_MEM, vtmm_kvm_pages(vm->kvm)) ||
	    vtmm_put_u64(skb, VTMM_A_VM_DEMAND, m.demand) ||
	    vtmm_put_u64(skb, VTMM_A_VM_ALLOTMENT, m.allotment) ||
	    vtmm_put_in_tier(skb, vm) ||
	    vtmm_put_u64(skb, VTMM_A_VM_HEAT_BYTES, vtmm_vm_bytes(vm)))
		return -EMSGSIZE;
	return 0;
}

/**
 * vtmm_nl_put_vm() - write all of a VM
 * @skb: message
 * @vm: the VM
 *
 * Context: vtmm_vms_lock held.
 * Return: 0 or -EMSGSIZE.
 */
int vtmm_nl_put_vm(struct sk_buff *skb, struct vtmm_vm *vm)
{
	lockdep_assert_held(&vtmm_vms_lock);
	if (nla_put_u32(skb, VTMM_A_VM_ID, vm->id) ||
	    nla_put_u32(skb, VTMM_A_VM_PID, vm->pid) ||
	    nla_put_u32(skb, VTMM_A_VM_FD, vm->fd) ||
	    nla_put_string(skb, VTMM_A_VM_NAME, vm->name) ||
	    vtmm_nl_put_settings(skb, vm) ||
	    vtmm_put_tracker(skb, vm) ||
	    vtmm_put_u64(skb, VTMM_A_VM_ROUND, READ_ONCE(vm->round)) ||
	    vtmm_put_u64(skb, VTMM_A_VM_AGE_US,
			 vtmm_nl_age_us(READ_ONCE(vm->round_end))) ||
	    vtmm_put_u64(skb, VTMM_A_VM_ATTACHED_US, vtmm_nl_age_us(vm->attached)) ||
	    vtmm_put_residency(skb, vm) ||
	    vtmm_put_idle(skb, vm) ||
	    vtmm_put_stats(skb, vm))
		return -EMSGSIZE;
	return 0;
}

/**
 * vtmm_nl_put_member() - write what the pool knows of a VM
 * @skb: message
 * @vm: the VM
 *
 * Context: vtmm_vms_lock held, between vtmm_pool_begin() and vtmm_pool_end().
 * Return: 0 or -EMSGSIZE.
 */
int vtmm_nl_put_member(struct sk_buff *skb, struct vtmm_vm *vm)
{
	const struct vtmm_pool_member *m = vtmm_pool_member(vm);

	lockdep_assert_held(&vtmm_vms_lock);
	if (nla_put_u32(skb, VTMM_A_VM_ID, vm->id) ||
	    nla_put_string(skb, VTMM_A_VM_NAME, vm->name) ||
	    vtmm_put_u64(skb, VTMM_A_VM_FAST_MIN, m->min) ||
	    (m->max != U64_MAX && vtmm_put_u64(skb, VTMM_A_VM_FAST_MAX, m->max)) ||
	    nla_put_u32(skb, VTMM_A_VM_SHARES, m->shares) ||
	    vtmm_put_u64(skb, VTMM_A_VM_DEMAND, m->demand) ||
	    vtmm_put_u64(skb, VTMM_A_VM_ALLOTMENT, m->allotment) ||
	    vtmm_put_u64(skb, VTMM_A_VM_PAGES_FAST,
			 vtmm_vm_pages(vm, VTMM_TIER_FAST)))
		return -EMSGSIZE;
	return 0;
}

static int vtmm_reply_vm(struct genl_info *info, struct vtmm_vm *vm)
{
	struct vtmm_nl_reply r;
	int ret;

	ret = vtmm_nl_reply_begin(&r, info, NLMSG_GOODSIZE);
	if (ret)
		return ret;
	return vtmm_nl_reply_end(&r, info, vtmm_nl_put_vm(r.skb, vm));
}

/* Lays what the request says over @order; @name has room for a name in it. */
static void vtmm_parse_order(struct genl_info *info, struct vtmm_order *order,
			     char name[VTMM_NAME_LEN])
{
	vtmm_nl_parse_settings(info, &order->set, &order->terms);
	if (!info->attrs[VTMM_A_VM_NAME])
		return;
	nla_strscpy(name, info->attrs[VTMM_A_VM_NAME], VTMM_NAME_LEN);
	order->name = name;
}

int vtmm_nl_vm_attach(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct vtmm_order order = {};
	struct vtmm_nl_reply r;
	struct vtmm_vm *vm;
	char name[VTMM_NAME_LEN];
	int ret;

	if (!a[VTMM_A_VM_PID]) {
		NL_SET_ERR_MSG(info->extack, "give the pid of the VMM");
		return -EINVAL;
	}
	vtmm_settings_default(&order.set, &order.terms);
	vtmm_parse_order(info, &order, name);
	/* First: who is told of an error must find nothing attached. */
	ret = vtmm_nl_reply_begin(&r, info, NLMSG_GOODSIZE);
	if (ret)
		return ret;
	mutex_lock(&vtmm_vms_lock);
	vm = vtmm_vm_attach(nla_get_u32(a[VTMM_A_VM_PID]),
			    a[VTMM_A_VM_FD] ? nla_get_u32(a[VTMM_A_VM_FD]) : -1,
			    &order, info->extack);
	ret = IS_ERR(vm) ? PTR_ERR(vm) : vtmm_nl_put_vm(r.skb, vm);
	mutex_unlock(&vtmm_vms_lock);
	return vtmm_nl_reply_end(&r, info, ret);
}

int vtmm_nl_vm_detach(struct sk_buff *skb, struct genl_info *info)
{
	struct vtmm_vm *vm;

	mutex_lock(&vtmm_vms_lock);
	vm = vtmm_nl_find_vm(info);
	if (!IS_ERR(vm))
		vtmm_vm_detach(vm, VTMM_EVENT_DETACH);
	mutex_unlock(&vtmm_vms_lock);
	return PTR_ERR_OR_ZERO(vm);
}

int vtmm_nl_vm_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vtmm_vm *vm;
	int ret;

	mutex_lock(&vtmm_vms_lock);
	vm = vtmm_nl_find_vm(info);
	ret = IS_ERR(vm) ? PTR_ERR(vm) : vtmm_reply_vm(info, vm);
	mutex_unlock(&vtmm_vms_lock);
	return ret;
}

/* cb->args[0]: the last id that was sent. Ids only grow, the list is in order. */
int vtmm_nl_vm_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vtmm_vm *vm;
	void *hdr;

	mutex_lock(&vtmm_vms_lock);
	list_for_each_entry(vm, &vtmm_vms, node) {
		if (vm->id <= cb->args[0])
			continue;
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq, &vtmm_family, NLM_F_MULTI,
				  VTMM_CMD_VM_GET);
		if (!hdr)
			break;
		if (vtmm_nl_put_vm(skb, vm)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		cb->args[0] = vm->id;
	}
	mutex_unlock(&vtmm_vms_lock);
	return skb->len;
}

static int vtmm_nl_change(struct vtmm_vm *vm, struct genl_info *info)
{
	struct vtmm_order order = { .set = vm->set };
	struct nlattr **a = info->attrs;
	char name[VTMM_NAME_LEN];
	int ret;

	vtmm_pool_get_terms(vm, &order.terms);
	vtmm_parse_order(info, &order, name);
	ret = vtmm_vm_change(vm, &order, info->extack);
	if (ret)
		return ret;
	if (a[VTMM_A_VM_ROUND_NOW] || vtmm_nl_settings_urgent(info))
		vtmm_round_kick(vm, a[VTMM_A_VM_ROUND_NOW]);
	return 0;
}

int vtmm_nl_vm_set(struct sk_buff *skb, struct genl_info *info)
{
	struct vtmm_vm *vm;
	int ret;

	mutex_lock(&vtmm_vms_lock);
	vm = vtmm_nl_find_vm(info);
	ret = IS_ERR(vm) ? PTR_ERR(vm) : vtmm_nl_change(vm, info);
	mutex_unlock(&vtmm_vms_lock);
	return ret;
}
