// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl: generic netlink for test programs. The kernel handles a request before
 * send() returns, so what is not there to be read then does not come.
 */
#include "nl.h"

#include <err.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/**
 * nl_open() - a socket of generic netlink
 *
 * Return: the descriptor; it ends the program if there is none.
 */
int nl_open(void)
{
	struct sockaddr_nl to = {.nl_family = AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)))
		err(2, "a netlink socket");
	return fd;
}

/* Begins a request; flags are those beside NLM_F_REQUEST. */
void nl_begin(struct nl_msg *m, uint16_t family, uint16_t flags, uint8_t cmd)
{
	struct genlmsghdr *g = (struct genlmsghdr *)(m->raw + NLMSG_HDRLEN);

	m->len = NLMSG_HDRLEN + GENL_HDRLEN;
	memset(m->raw, 0, m->len);
	m->hdr.nlmsg_type = family;
	m->hdr.nlmsg_flags = NLM_F_REQUEST | flags;
	g->cmd = cmd;
	g->version = 1;
}

/**
 * nl_put() - append an attribute
 * @m: message
 * @type: its type, with whatever flags
 * @data: payload, or NULL for zeros
 * @len: of the payload
 *
 * Return: the payload; NULL if there is no room, then nothing was appended.
 */
void *nl_put(struct nl_msg *m, uint16_t type, const void *data, size_t len)
{
	struct nlattr *a = (struct nlattr *)(m->raw + m->len);
	size_t size = NLA_ALIGN(NLA_HDRLEN + len);

	if (m->len + size > NL_ROOM)
		return NULL;
	memset(a, 0, size);
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	if (data)
		memcpy((uint8_t *)a + NLA_HDRLEN, data, len);
	m->len += size;
	return (uint8_t *)a + NLA_HDRLEN;
}

void nl_put_u32(struct nl_msg *m, uint16_t type, uint32_t value)
{
	nl_put(m, type, &value, sizeof(value));
}

/* Returns where the nest begins, for nl_nest_end(); 0 if there is no room. */
size_t nl_nest(struct nl_msg *m, uint16_t type)
{
	size_t nest = m->len;

	return nl_put(m, type | NLA_F_NESTED, NULL, 0) ? nest : 0;
}

void nl_nest_end(struct nl_msg *m, size_t nest)
{
	struct nlattr *a = (struct nlattr *)(m->raw + nest);

	a->nla_len = m->len - nest;
}

/* Returns 0 or an errno. A length that was set already is left as it is. */
int nl_send(int fd, struct nl_msg *m)
{
	if (!m->hdr.nlmsg_len)
		m->hdr.nlmsg_len = m->len;
	return send(fd, m->raw, m->len, 0) < 0 ? errno : 0;
}

static void nl_one(const struct nlmsghdr *hdr, nl_seen seen, void *ctx,
		   struct nl_answer *answer)
{
	const struct nlmsgerr *e = NLMSG_DATA(hdr);

	if (hdr->nlmsg_type == NLMSG_ERROR || hdr->nlmsg_type == NLMSG_DONE) {
		/* Both begin with the error. An old dump may end only now. */
		if (hdr->nlmsg_seq == answer->seq)
			answer->error = -e->error;
		return;
	}
	answer->nr++;
	if (hdr->nlmsg_flags & NLM_F_MULTI)
		answer->nr_dump++;
	if (seen)
		seen(ctx, hdr);
}

/**
 * nl_read() - take what has come
 * @fd: socket
 * @most: datagrams to take
 * @seen: called for each message that is no ack, or NULL
 * @ctx: for @seen
 * @answer: whose answer is meant; out: what it was
 *
 * Return: 0, or the errno that reading ended with, other than EAGAIN.
 */
int nl_read(int fd, unsigned int most, nl_seen seen, void *ctx,
	    struct nl_answer *answer)
{
	static _Thread_local union {
		struct nlmsghdr hdr;
		uint8_t raw[1 << 16];
	} buffer;
	const struct nlmsghdr *h;
	ssize_t got;
	size_t left;

	answer->error = -1;
	answer->nr = 0;
	answer->nr_dump = 0;
	while (most--) {
		got = recv(fd, buffer.raw, sizeof(buffer.raw), MSG_DONTWAIT);
		if (got < 0)
			return errno == EAGAIN ? 0 : errno;
		left = got;
		for (h = &buffer.hdr; NLMSG_OK(h, left);
		     h = NLMSG_NEXT(h, left))
			nl_one(h, seen, ctx, answer);
	}
	return 0;
}

/* Sends a request and takes its answer. Returns 0 or an errno. */
int nl_ask(int fd, struct nl_msg *m, nl_seen seen, void *ctx)
{
	static _Thread_local uint32_t seq;
	struct nl_answer answer = {.error = -1};
	int ret;

	answer.seq = ++seq;
	m->hdr.nlmsg_seq = answer.seq;
	m->hdr.nlmsg_flags |= NLM_F_ACK;
	ret = nl_send(fd, m);
	if (!ret)
		ret = nl_read(fd, ~0u, seen, ctx, &answer);
	if (!ret && answer.error < 0)
		ret = ENOMSG;
	return ret ? ret : answer.error;
}

static const struct nlattr *nl_among(const uint8_t *at, const uint8_t *end,
				     uint16_t type)
{
	while (at + NLA_HDRLEN <= end) {
		const struct nlattr *a = (const struct nlattr *)at;

		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		at += NLA_ALIGN(a->nla_len);
	}
	return NULL;
}

/* The first attribute of that type in a message of generic netlink, or NULL. */
const struct nlattr *nl_find(const struct nlmsghdr *hdr, uint16_t type)
{
	const uint8_t *at = (const uint8_t *)hdr;

	return nl_among(at + NLMSG_HDRLEN + GENL_HDRLEN, at + hdr->nlmsg_len,
			type);
}

/* The first attribute of that type in a nest, or NULL. */
const struct nlattr *nl_find_in(const struct nlattr *nest, uint16_t type)
{
	const uint8_t *at = (const uint8_t *)nest;

	return nl_among(at + NLA_HDRLEN, at + nest->nla_len, type);
}

struct nl_found {
	uint16_t family;
	uint32_t group;
};

/* The first group of the family is the only one that vtmm has. */
static void nl_family_seen(void *ctx, const struct nlmsghdr *hdr)
{
	const struct nlattr *id = nl_find(hdr, CTRL_ATTR_FAMILY_ID);
	const struct nlattr *groups = nl_find(hdr, CTRL_ATTR_MCAST_GROUPS);
	const struct nlattr *group = NULL;
	struct nl_found *found = ctx;

	if (id)
		memcpy(&found->family, id + 1, sizeof(found->family));
	/* A nest of nests, whose types count from 1. */
	if (groups)
		group = nl_find_in(groups, 1);
	if (group)
		group = nl_find_in(group, CTRL_ATTR_MCAST_GRP_ID);
	if (group)
		memcpy(&found->group, group + 1, sizeof(found->group));
}

/**
 * nl_family() - find a family
 * @name: its name
 * @group: out: the id of its multicast group, 0 if it has none
 *
 * Return: its id; 0 if there is no such family.
 */
uint16_t nl_family(const char *name, uint32_t *group)
{
	struct nl_found found = {0};
	int fd = nl_open();
	struct nl_msg m;

	nl_begin(&m, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
	nl_put(&m, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	nl_ask(fd, &m, nl_family_seen, &found);
	close(fd);
	*group = found.group;
	return found.family;
}
