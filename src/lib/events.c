// SPDX-License-Identifier: GPL-2.0-only
/*
 * events: what the module tells unasked. A client that has joined must not be
 * used for requests: events that come between would be dropped.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/genl/genl.h>

#include "client.h"

/**
 * vtmm_events_join() - ask to be told of events
 * @c: the client, connected
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_events_join(struct vtmm_client *c)
{
	int err;

	if (!c->group)
		return vtmm_fail(c, VTMM_BAD_ANSWER,
				 "the module has no group of events");
	err = c->transport->join(c->ctx, c->group);
	return err ? vtmm_fail_errno(c, "join the group of events", err)
		   : VTMM_OK;
}

static bool is_event(const struct vtmm_client *c, struct nlmsghdr *nlh,
		     ssize_t len)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);

	return nlmsg_ok(nlh, (int)len) && nlh->nlmsg_type == c->family &&
	       nlmsg_datalen(nlh) >= (int)GENL_HDRLEN &&
	       genl->cmd == VTMM_CMD_EVENT;
}

static enum vtmm_status take_event(struct vtmm_client *c, struct nlmsghdr *nlh,
				   struct vtmm_event_info *event)
{
	enum vtmm_status ret;

	memset(event, 0, sizeof(*event));
	ret = vtmm_decode_answer(c, nlh, &vtmm_set_event, event);
	if (!ret && !VTMM_HAS(event, VTMM_A_EVENT_KIND))
		ret = vtmm_fail(
			c, VTMM_BAD_ANSWER,
			"the module sent an event without its kind; report this as a bug");
	return ret;
}

/**
 * vtmm_event_next() - wait for an event
 * @c: the client, joined; the kernel sends one event in a datagram
 * @timeout_ms: how long, -1 for ever
 * @event: the event
 *
 * Return: VTMM_OK; VTMM_TIMEOUT; VTMM_INTERRUPTED by a signal; VTMM_LOST when
 * the next event is still to come but some before it are lost; or a failure.
 */
enum vtmm_status vtmm_event_next(struct vtmm_client *c, int timeout_ms,
				 struct vtmm_event_info *event)
{
	enum vtmm_status ret = VTMM_TIMEOUT;
	void *buf = NULL;
	ssize_t len = c->transport->recv(c->ctx, &buf, timeout_ms);

	if (len == -ENOBUFS)
		return vtmm_fail(c, VTMM_LOST,
				 "events came too fast, some are lost");
	if (len < 0)
		return vtmm_fail_errno(c, "receive", (int)len);
	if (is_event(c, buf, len))
		ret = take_event(c, buf, event);
	free(buf);
	return ret;
}
