// SPDX-License-Identifier: GPL-2.0-only
/*
 * client: one request at a time and its answers. It knows nothing of what the
 * commands mean; calls.c does.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>
#include <netlink/genl/genl.h>

#include "client.h"

/* A module that does not answer for so long is stuck. */
#define ANSWER_TIMEOUT_MS 30000

/**
 * vtmm_client_new() - a client, not connected yet
 * @transport: what carries its messages, &vtmm_netlink on a real host
 * @ctx: of @transport; stays the caller's
 *
 * Return: the client, to be freed by vtmm_client_free(); NULL without memory.
 */
struct vtmm_client *vtmm_client_new(const struct vtmm_transport *transport,
				    void *ctx)
{
	struct vtmm_client *c = calloc(1, sizeof(*c));

	if (c) {
		c->transport = transport;
		c->ctx = ctx;
	}
	return c;
}

/**
 * vtmm_client_free() - close the connection and free the client
 * @c: the client, or NULL
 */
void vtmm_client_free(struct vtmm_client *c)
{
	if (!c)
		return;
	if (c->open)
		c->transport->close(c->ctx);
	free(c);
}

/**
 * vtmm_error() - why the last call failed
 * @c: the client
 *
 * Return: one sentence without a full stop, empty when nothing failed. Text of
 * the module may be in it: escape it before it goes to a terminal.
 */
const char *vtmm_error(const struct vtmm_client *c)
{
	return c->error;
}

/**
 * vtmm_decode_answer() - put a message into a struct
 * @c: the client
 * @nlh: the message, long enough for a generic netlink header
 * @set: its attribute set
 * @obj: the struct
 *
 * Return: VTMM_OK, VTMM_BAD_ANSWER, or VTMM_FAILED without memory; @obj must be
 * freed in any case.
 */
enum vtmm_status vtmm_decode_answer(struct vtmm_client *c, struct nlmsghdr *nlh,
				    const struct vtmm_set *set, void *obj)
{
	struct vtmm_fault fault = {0};
	int err = vtmm_decode(set, nlmsg_attrdata(nlh, GENL_HDRLEN),
			      nlmsg_attrlen(nlh, GENL_HDRLEN), obj, &fault);

	if (!err)
		return VTMM_OK;
	if (err != -EBADMSG)
		return vtmm_fail_errno(c, "read the answer", err);
	return vtmm_fail(
		c, VTMM_BAD_ANSWER,
		"the module sent what the ABI does not allow: %s%s%s %s; report this as a bug",
		fault.set->name, fault.field ? "." : "",
		fault.field ? fault.field->name : "", fault.what);
}

static bool answers(const struct nlmsghdr *nlh, const struct nl_msg *msg)
{
	const struct nlmsghdr *sent = nlmsg_hdr((struct nl_msg *)msg);
	const struct genlmsghdr *asked = nlmsg_data(sent), *got;

	if (nlh->nlmsg_type != sent->nlmsg_type ||
	    nlmsg_datalen(nlh) < (int)GENL_HDRLEN)
		return false;
	got = nlmsg_data(nlh);
	/* The controller answers with a command of its own. */
	return sent->nlmsg_type == GENL_ID_CTRL || got->cmd == asked->cmd;
}

/* One message; @done is set by the one that ends the answer. */
static enum vtmm_status take(struct vtmm_client *c, struct nlmsghdr *nlh,
			     struct nl_msg *msg, const struct vtmm_request *r,
			     bool *done)
{
	if (nlh->nlmsg_seq != c->seq)
		return VTMM_OK;
	if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
		size_t least = nlh->nlmsg_type == NLMSG_ERROR
				       ? sizeof(struct nlmsgerr)
				       : sizeof(int);

		*done = true;
		if ((size_t)nlmsg_datalen(nlh) < least)
			return vtmm_fail(c, VTMM_BAD_ANSWER,
					 "the kernel sent a torn message");
		return vtmm_refusal(c, nlh, msg, r->set);
	}
	if (!answers(nlh, msg))
		return vtmm_fail(
			c, VTMM_BAD_ANSWER,
			"the module answered another question; report this as a bug");
	return r->answer ? r->answer(c, nlh, r->ctx) : VTMM_OK;
}

/* One datagram. */
static enum vtmm_status take_all(struct vtmm_client *c, void *buf, int len,
				 struct nl_msg *msg,
				 const struct vtmm_request *r, bool *done)
{
	enum vtmm_status ret = VTMM_OK;
	struct nlmsghdr *nlh = buf;

	while (!ret && !*done && nlmsg_ok(nlh, len)) {
		ret = take(c, nlh, msg, r, done);
		nlh = nlmsg_next(nlh, &len);
	}
	return ret;
}

static enum vtmm_status receive(struct vtmm_client *c, struct nl_msg *msg,
				const struct vtmm_request *r)
{
	enum vtmm_status ret = VTMM_OK;
	bool done = false;

	while (!ret && !done) {
		void *buf = NULL;
		ssize_t len =
			c->transport->recv(c->ctx, &buf, ANSWER_TIMEOUT_MS);

		if (len < 0)
			return vtmm_fail_errno(c, "receive", (int)len);
		ret = take_all(c, buf, (int)len, msg, r, &done);
		free(buf);
	}
	return ret;
}

/**
 * vtmm_transact() - send a message and take its answer
 * @c: the client
 * @msg: the message; gets its number here
 * @r: what to do with the answer
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_transact(struct vtmm_client *c, struct nl_msg *msg,
			       const struct vtmm_request *r)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	int err;

	c->error[0] = '\0';
	nlh->nlmsg_seq = ++c->seq;
	err = c->transport->send(c->ctx, nlh, nlh->nlmsg_len);
	if (err)
		return vtmm_fail_errno(c, "send", err);
	return receive(c, msg, r);
}

/**
 * vtmm_ask() - make a request to the family and take its answer
 * @c: the client, connected
 * @r: the request
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_ask(struct vtmm_client *c, const struct vtmm_request *r)
{
	int flags = r->dump ? NLM_F_DUMP : NLM_F_ACK;
	struct nl_msg *msg = nlmsg_alloc();
	enum vtmm_status ret;

	if (!msg ||
	    !genlmsg_put(msg, 0, 0, c->family, 0, NLM_F_REQUEST | flags, r->cmd,
			 VTMM_FAMILY_VERSION) ||
	    (r->obj && vtmm_encode(r->set, r->obj, msg)))
		ret = vtmm_fail(c, VTMM_FAILED, "the request is too large");
	else
		ret = vtmm_transact(c, msg, r);
	nlmsg_free(msg);
	return ret;
}
