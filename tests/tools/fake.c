// SPDX-License-Identifier: GPL-2.0-only
/* fake: a family "vtmm" without a kernel, behind the transport of the library.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>
#include <netlink/genl/genl.h>

#include "../../src/lib/codec.h"
#include "fake.h"
#include "test.h"

#define FAMILY 0x23
#define GROUP 7

static void push(struct fake *f, struct nl_msg *msg)
{
	if (f->head == f->tail) {
		f->head = 0;
		f->tail = 0;
	}
	assert_true(f->tail < FAKE_QUEUE);
	f->queue[f->tail++] = msg;
}

static struct nl_msg *new_message(const struct nlmsghdr *request, int type,
				  int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(1 << 16);
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = request ? request->nlmsg_seq : 0;
	return msg;
}

static struct nl_msg *new_answer(const struct nlmsghdr *request, uint8_t cmd,
				 int flags)
{
	struct nl_msg *msg = new_message(request, FAMILY, flags);
	struct genlmsghdr genl = {.cmd = cmd, .version = 1};

	nlmsg_append(msg, &genl, sizeof(genl), NLMSG_ALIGNTO);
	return msg;
}

static void answer(struct fake *f, const struct nlmsghdr *request,
		   const struct vtmm_set *set, const void *obj, int flags)
{
	const struct genlmsghdr *genl = nlmsg_data(request);
	uint8_t cmd = f->faults.other_cmd ? f->faults.other_cmd : genl->cmd;
	struct nl_msg *msg;

	if (f->faults.unanswered)
		return;
	for (int times = f->faults.twice ? 2 : 1; times; times--) {
		msg = new_answer(request, cmd, flags);
		assert_int_equal(vtmm_encode(set, obj, msg), 0);
		push(f, msg);
	}
}

static void put_extack(struct nl_msg *msg, const struct fake_refusal *r)
{
	if (r->text)
		nla_put_string(msg, NLMSGERR_ATTR_MSG, r->text);
	if (r->offset)
		nla_put_u32(msg, NLMSGERR_ATTR_OFFS, r->offset);
	if (r->missing)
		nla_put_u32(msg, NLMSGERR_ATTR_MISS_TYPE, r->missing);
}

static void ack(struct fake *f, const struct nlmsghdr *request, int err,
		const struct fake_refusal *r)
{
	int flags = (r && (r->text || r->missing) ? NLM_F_ACK_TLVS : 0) |
		    (r && r->whole ? 0 : NLM_F_CAPPED);
	struct nl_msg *msg = new_message(request, NLMSG_ERROR, flags);
	struct nlmsgerr e = {.error = -err, .msg = *request};

	nlmsg_append(msg, &e, sizeof(e), NLMSG_ALIGNTO);
	if (r && r->whole)
		nlmsg_append(msg, nlmsg_data(request), nlmsg_datalen(request),
			     NLMSG_ALIGNTO);
	if (r)
		put_extack(msg, r);
	push(f, msg);
}

static void done(struct fake *f, const struct nlmsghdr *request)
{
	const struct fake_refusal *end = &f->faults.end;
	int flags = NLM_F_MULTI | (end->text ? NLM_F_ACK_TLVS : 0);
	struct nl_msg *msg;
	int err = -end->err;

	if (f->faults.cut)
		return;
	msg = new_message(request, NLMSG_DONE, flags);
	nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
	put_extack(msg, end);
	push(f, msg);
}

static void put_group(struct nl_msg *msg, int index, const char *name,
		      uint32_t id)
{
	struct nlattr *group = nla_nest_start(msg, index);

	nla_put_string(msg, CTRL_ATTR_MCAST_GRP_NAME, name);
	nla_put_u32(msg, CTRL_ATTR_MCAST_GRP_ID, id);
	nla_nest_end(msg, group);
}

static void put_groups(const struct fake *f, struct nl_msg *msg)
{
	struct nlattr *groups = nla_nest_start(msg, CTRL_ATTR_MCAST_GROUPS);

	if (!f->faults.no_group)
		put_group(msg, 1, VTMM_MCGRP_EVENTS, GROUP);
	if (f->faults.other_group)
		put_group(msg, 2, "others", GROUP + 1);
	nla_nest_end(msg, groups);
}

static void controller(struct fake *f, const struct nlmsghdr *request)
{
	struct genlmsghdr genl = {.cmd = CTRL_CMD_NEWFAMILY, .version = 2};
	struct nl_msg *msg;

	if (f->absent) {
		ack(f, request, ENOENT, NULL);
		return;
	}
	msg = new_message(request, GENL_ID_CTRL, 0);
	nlmsg_append(msg, &genl, sizeof(genl), NLMSG_ALIGNTO);
	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, VTMM_FAMILY_NAME);
	nla_put_u16(msg, CTRL_ATTR_FAMILY_ID, FAMILY);
	put_groups(f, msg);
	push(f, msg);
	ack(f, request, 0, NULL);
}

static bool refused(struct fake *f, const struct nlmsghdr *request, uint8_t cmd)
{
	struct nl_msg *msg;

	if (f->refusal.cmd == cmd) {
		ack(f, request, f->refusal.err, &f->refusal);
		return true;
	}
	if (f->raw_cmd != cmd)
		return false;
	msg = f->raw_type ? new_message(request, f->raw_type, f->raw_flags)
			  : new_answer(request, cmd, 0);
	nlmsg_append(msg, (void *)f->raw, f->raw_len, 0);
	push(f, msg);
	if (!f->raw_type)
		ack(f, request, 0, NULL);
	return true;
}

static const struct vtmm_vm_info *vm_of(const struct fake *f)
{
	struct vtmm_vm_info key = {0};

	fake_request(f, &vtmm_set_vm, &key);
	for (size_t i = 0; i < f->nr_vms; i++)
		if (VTMM_HAS(&key, VTMM_A_VM_ID) ? f->vms[i].id == key.id
						 : f->vms[i].pid == key.pid)
			return &f->vms[i];
	return NULL;
}

/* Where part @i of @parts begins, of @nr things. */
static size_t part_at(size_t nr, unsigned int i, unsigned int parts)
{
	return nr * i / parts;
}

static void dump_map(struct fake *f, const struct nlmsghdr *request)
{
	unsigned int parts = f->faults.parts ? f->faults.parts : 1;
	struct vtmm_heatmap_info part = f->map;

	for (unsigned int i = 0; i < parts; i++) {
		size_t from = part_at(f->map.nr_chunks, i, parts);

		part.chunks = f->map.chunks + from;
		part.nr_chunks = part_at(f->map.nr_chunks, i + 1, parts) - from;
		answer(f, request, &vtmm_set_heatmap, &part, NLM_F_MULTI);
	}
}

static void dump_pages(struct fake *f, const struct nlmsghdr *request)
{
	unsigned int parts = f->faults.parts ? f->faults.parts : 1;
	struct vtmm_pages_info part = f->pages;

	for (unsigned int i = 0; i < parts; i++) {
		size_t from = part_at(f->pages.nr_runs, i, parts);

		part.runs = f->pages.runs + from;
		part.nr_runs = part_at(f->pages.nr_runs, i + 1, parts) - from;
		answer(f, request, &vtmm_set_pages, &part, NLM_F_MULTI);
	}
}

static void dump(struct fake *f, const struct nlmsghdr *request, uint8_t cmd)
{
	if (cmd == VTMM_CMD_VM_GET)
		for (size_t i = 0; i < f->nr_vms; i++)
			answer(f, request, &vtmm_set_vm, &f->vms[i],
			       NLM_F_MULTI);
	else if (cmd == VTMM_CMD_HEATMAP_GET)
		dump_map(f, request);
	else
		dump_pages(f, request);
	done(f, request);
}

static void get(struct fake *f, const struct nlmsghdr *request, uint8_t cmd)
{
	switch (cmd) {
	case VTMM_CMD_INFO_GET:
		answer(f, request, &vtmm_set_info, &f->info, 0);
		break;
	case VTMM_CMD_POOL_GET:
		answer(f, request, &vtmm_set_pool, &f->pool, 0);
		break;
	case VTMM_CMD_VM_ATTACH:
	case VTMM_CMD_VM_GET:
		assert_non_null(vm_of(f));
		answer(f, request, &vtmm_set_vm, vm_of(f), 0);
		break;
	case VTMM_CMD_HEAT_GET:
		answer(f, request, &vtmm_set_heat, &f->heat, 0);
		break;
	case VTMM_CMD_PLAN_GET:
		answer(f, request, &vtmm_set_plan, &f->plan, 0);
		break;
	}
	ack(f, request, 0, NULL);
}

static int fake_open(void *ctx)
{
	return ((struct fake *)ctx)->faults.open;
}

static void fake_close(void *ctx)
{
	struct fake *f = ctx;

	for (; f->head < f->tail; f->head++)
		nlmsg_free(f->queue[f->head]);
	f->head = 0;
	f->tail = 0;
}

static int fake_send(void *ctx, const void *buf, size_t len)
{
	const struct nlmsghdr *request = buf;
	const struct genlmsghdr *genl = nlmsg_data(request);
	struct fake *f = ctx;

	assert_int_equal(request->nlmsg_len, len);
	assert_true(len <= sizeof(f->last));
	if (request->nlmsg_type == GENL_ID_CTRL) {
		controller(f, request);
		return 0;
	}
	assert_int_equal(request->nlmsg_type, FAMILY);
	memcpy(f->last, buf, len);
	f->last_len = len;
	f->requests++;
	if (f->asked)
		f->asked(f, genl->cmd);
	if (refused(f, request, genl->cmd))
		return 0;
	if ((request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP)
		dump(f, request, genl->cmd);
	else
		get(f, request, genl->cmd);
	return 0;
}

/* A copy of exactly its size: the sanitizer sees every byte too far. */
static ssize_t hand_over(struct nl_msg *msg, void **buf)
{
	ssize_t len = nlmsg_hdr(msg)->nlmsg_len;

	*buf = malloc(len);
	memcpy(*buf, nlmsg_hdr(msg), len);
	nlmsg_free(msg);
	return len;
}

/* All that waits, as the kernel packs the messages of a dump. */
static ssize_t hand_over_all(struct fake *f, void **buf)
{
	size_t len = 0, used = 0;
	char *all;

	for (size_t i = f->head; i < f->tail; i++)
		len += NLMSG_ALIGN(nlmsg_hdr(f->queue[i])->nlmsg_len);
	all = calloc(1, len);
	for (; f->head < f->tail; f->head++) {
		struct nlmsghdr *nlh = nlmsg_hdr(f->queue[f->head]);

		memcpy(all + used, nlh, nlh->nlmsg_len);
		used += NLMSG_ALIGN(nlh->nlmsg_len);
		nlmsg_free(f->queue[f->head]);
	}
	*buf = all;
	return (ssize_t)len;
}

static ssize_t fake_event(struct fake *f, void **buf)
{
	struct nl_msg *msg;

	if (f->waited)
		f->waited(f);
	if (f->lose) {
		f->lose = false;
		return -ENOBUFS;
	}
	if (f->next_event == f->nr_events)
		return f->faults.recv ? f->faults.recv : -EINTR;
	msg = new_answer(NULL, f->raw_event ? f->raw_cmd : VTMM_CMD_EVENT, 0);
	if (f->raw_event)
		nlmsg_append(msg, (void *)f->raw, f->raw_len, 0);
	else
		vtmm_encode(&vtmm_set_event, &f->events[f->next_event], msg);
	f->next_event++;
	return hand_over(msg, buf);
}

static ssize_t fake_recv(void *ctx, void **buf, int timeout_ms)
{
	struct fake *f = ctx;
	int err = f->faults.recv;

	(void)timeout_ms;
	if (err && !f->faults.recv_later && !f->joined) {
		f->faults.recv = 0;
		return err;
	}
	if (f->head == f->tail)
		return f->joined ? fake_event(f, buf) : -EAGAIN;
	if (f->faults.packed)
		return hand_over_all(f, buf);
	return hand_over(f->queue[f->head++], buf);
}

static int fake_join(void *ctx, uint32_t group)
{
	struct fake *f = ctx;

	assert_int_equal(group, GROUP);
	if (!f->faults.join)
		f->joined = group;
	return f->faults.join;
}

const struct vtmm_transport fake_transport = {
	.open = fake_open,
	.close = fake_close,
	.send = fake_send,
	.recv = fake_recv,
	.join = fake_join,
};

/* Decodes the last request: what did the tool really ask for? */
void fake_request(const struct fake *f, const struct vtmm_set *set, void *obj)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)f->last;
	struct vtmm_fault fault;

	assert_int_equal(vtmm_decode(set, nlmsg_attrdata(nlh, GENL_HDRLEN),
				     nlmsg_attrlen(nlh, GENL_HDRLEN), obj,
				     &fault),
			 0);
}

uint8_t fake_last_cmd(const struct fake *f)
{
	const struct genlmsghdr *genl = nlmsg_data((struct nlmsghdr *)f->last);

	return genl->cmd;
}

void fake_free(struct fake *f)
{
	fake_close(f);
	free(f->heat.buckets);
	free(f->map.chunks);
	free(f->pages.runs);
	free(f->info.tiers);
	free(f->info.features);
	free(f->info.advice);
	free(f->pool.members);
}
