/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nl: generic netlink for test programs that send what no library would: a
 * message is built byte by byte and may be wrong. It must never correct one.
 */
#ifndef NL_H
#define NL_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

#define NL_ROOM 8192 /* bytes of a message at most */

/* A message being written: the netlink header, the generic one, attributes. */
struct nl_msg {
	size_t len;
	union {
		struct nlmsghdr hdr;
		uint8_t raw[NL_ROOM];
	};
};

/* What came back for one message. */
struct nl_answer {
	uint32_t seq;	 /* in: of the message; other acks are not its own */
	int error;	 /* errno of the ack, 0 for success, -1: none came */
	unsigned int nr; /* messages of the family */
	unsigned int nr_dump; /* those that were parts of a dump */
};

typedef void (*nl_seen)(void *ctx, const struct nlmsghdr *hdr);

int nl_open(void);
uint16_t nl_family(const char *name, uint32_t *group);
void nl_begin(struct nl_msg *m, uint16_t family, uint16_t flags, uint8_t cmd);
void *nl_put(struct nl_msg *m, uint16_t type, const void *data, size_t len);
void nl_put_u32(struct nl_msg *m, uint16_t type, uint32_t value);
size_t nl_nest(struct nl_msg *m, uint16_t type);
void nl_nest_end(struct nl_msg *m, size_t nest);
int nl_send(int fd, struct nl_msg *m);
int nl_read(int fd, unsigned int most, nl_seen seen, void *ctx,
	    struct nl_answer *answer);
int nl_ask(int fd, struct nl_msg *m, nl_seen seen, void *ctx);
const struct nlattr *nl_find(const struct nlmsghdr *hdr, uint16_t type);
const struct nlattr *nl_find_in(const struct nlattr *nest, uint16_t type);

#endif
