// SPDX-License-Identifier: GPL-2.0-only
/*
 * events: tells the multicast group what happened. Nobody listening costs
 * nothing; an event that can't be sent is lost, never waited for.
 */
#include <linux/ktime.h>
#include <net/genetlink.h>
#include "events.h"
#include "vtmm.h"

/**
 * struct vtmm_event_msg - an event being written
 * @skb: the message
 * @hdr: its generic-netlink header
 */
struct vtmm_event_msg {
	struct sk_buff *skb;
	void *hdr;
};

/* Set once, before any VM is attached. */
static struct genl_family *vtmm_events_family;

/* 64-bit values need no padding on x86, where attribute 0 is never emitted. */
static int vtmm_event_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, 0);
}

static int vtmm_event_put(struct sk_buff *skb, struct vtmm_vm *vm,
			  enum vtmm_event_kind kind)
{
	if (nla_put_u32(skb, VTMM_A_EVENT_KIND, kind) ||
	    nla_put_u32(skb, VTMM_A_EVENT_VM_ID, vm->id) ||
	    nla_put_u32(skb, VTMM_A_EVENT_PID, vm->pid) ||
	    nla_put_string(skb, VTMM_A_EVENT_NAME, vm->name) ||
	    vtmm_event_u64(skb, VTMM_A_EVENT_ROUND, READ_ONCE(vm->round)) ||
	    vtmm_event_u64(skb, VTMM_A_EVENT_TIME_NS, ktime_get_real_ns()))
		return -EMSGSIZE;
	return 0;
}

static int vtmm_event_begin(struct vtmm_event_msg *r, struct vtmm_vm *vm,
			    enum vtmm_event_kind kind)
{
	if (!genl_has_listeners(vtmm_events_family, &init_net, 0))
		return -ESRCH;
	r->skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!r->skb)
		return -ENOMEM;
	r->hdr = genlmsg_put(r->skb, 0, 0, vtmm_events_family, 0, VTMM_CMD_EVENT);
	if (!r->hdr || vtmm_event_put(r->skb, vm, kind)) {
		nlmsg_free(r->skb);
		return -EMSGSIZE;
	}
	return 0;
}

static void vtmm_event_end(struct vtmm_event_msg *r, int err)
{
	if (err) {
		nlmsg_free(r->skb);
		return;
	}
	genlmsg_end(r->skb, r->hdr);
	genlmsg_multicast(vtmm_events_family, r->skb, 0, 0, GFP_KERNEL);
}

/**
 * vtmm_events_open() - say by which family events are sent
 * @family: registered; until the module is unloaded
 *
 * Context: module init.
 */
void vtmm_events_open(struct genl_family *family)
{
	vtmm_events_family = family;
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
	struct vtmm_event_msg r;

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
	struct vtmm_event_msg r;

	if (vtmm_event_begin(&r, vm, VTMM_EVENT_PLAN_DONE))
		return;
	vtmm_event_end(&r, vtmm_event_u64(r.skb, VTMM_A_EVENT_PROMOTED, promoted) ?:
			   vtmm_event_u64(r.skb, VTMM_A_EVENT_DEMOTED, demoted));
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
	struct vtmm_event_msg r;

	if (vtmm_event_begin(&r, vm, VTMM_EVENT_REBALANCE))
		return;
	vtmm_event_end(&r, vtmm_event_u64(r.skb, VTMM_A_EVENT_ALLOTMENT, allotment));
}
