// SPDX-License-Identifier: GPL-2.0-only
/*
 * events: tells the multicast group what happened. Nobody listening costs
 * nothing; an event that can't be sent is lost, never waited for.
 */
#include <linux/ktime.h>
#include "netlink/netlink.h"

static int vtmm_event_put(struct sk_buff *skb, struct vtmm_vm *vm,
			  enum vtmm_event_kind kind)
{
	if (nla_put_u32(skb, VTMM_A_EVENT_KIND, kind) ||
	    nla_put_u32(skb, VTMM_A_EVENT_VM_ID, vm->id) ||
	    nla_put_u32(skb, VTMM_A_EVENT_PID, vm->pid) ||
	    nla_put_string(skb, VTMM_A_EVENT_NAME, vm->name) ||
	    vtmm_put_u64(skb, VTMM_A_EVENT_ROUND, READ_ONCE(vm->round)) ||
	    vtmm_put_u64(skb, VTMM_A_EVENT_TIME_NS, ktime_get_real_ns()))
		return -EMSGSIZE;
	return 0;
}

static int vtmm_event_begin(struct vtmm_nl_reply *r, struct vtmm_vm *vm,
			    enum vtmm_event_kind kind)
{
	if (!genl_has_listeners(&vtmm_family, &init_net, 0))
		return -ESRCH;
	r->skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!r->skb)
		return -ENOMEM;
	r->hdr = genlmsg_put(r->skb, 0, 0, &vtmm_family, 0, VTMM_CMD_EVENT);
	if (!r->hdr || vtmm_event_put(r->skb, vm, kind)) {
		nlmsg_free(r->skb);
		return -EMSGSIZE;
	}
	return 0;
}

static void vtmm_event_end(struct vtmm_nl_reply *r, int err)
{
	if (err) {
		nlmsg_free(r->skb);
		return;
	}
	genlmsg_end(r->skb, r->hdr);
	genlmsg_multicast(&vtmm_family, r->skb, 0, 0, GFP_KERNEL);
}

/**
 * vtmm_event() - something happened to a VM
 * @vm: to which
 * @kind: what
 * @text: a sentence, or NULL
 *
 * Context: process context; may sleep.
 */
void vtmm_event(struct vtmm_vm *vm, enum vtmm_event_kind kind, const char *text)
{
	struct vtmm_nl_reply r;

	if (vtmm_event_begin(&r, vm, kind))
		return;
	vtmm_event_end(&r, text ? nla_put_string(r.skb, VTMM_A_EVENT_TEXT, text) : 0);
}

/**
 * vtmm_event_moves() - the moves of a window are done
 * @vm: whose
 * @promoted: pages
 * @demoted: pages
 *
 * Context: process context; may sleep.
 */
void vtmm_event_moves(struct vtmm_vm *vm, u64 promoted, u64 demoted)
{
	struct vtmm_nl_reply r;

	if (vtmm_event_begin(&r, vm, VTMM_EVENT_PLAN_DONE))
		return;
	vtmm_event_end(&r, vtmm_put_u64(r.skb, VTMM_A_EVENT_PROMOTED, promoted) ?:
			   vtmm_put_u64(r.skb, VTMM_A_EVENT_DEMOTED, demoted));
}

/**
 * vtmm_event_allotment() - the pool gave a VM another allotment
 * @vm: to which
 * @allotment: pages
 *
 * Context: process context; may sleep.
 */
void vtmm_event_allotment(struct vtmm_vm *vm, u64 allotment)
{
	struct vtmm_nl_reply r;

	if (vtmm_event_begin(&r, vm, VTMM_EVENT_REBALANCE))
		return;
	vtmm_event_end(&r, vtmm_put_u64(r.skb, VTMM_A_EVENT_ALLOTMENT, allotment));
}
