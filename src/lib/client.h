/* SPDX-License-Identifier: GPL-2.0-only */
/* client: requests and their answers; what calls.c is made of. */
#ifndef VTMM_CLIENT_H
#define VTMM_CLIENT_H

#include "codec.h"

/**
 * struct vtmm_client - a connection to the module
 * @transport: carries the messages
 * @ctx: of @transport
 * @open: @transport is open
 * @family: number of the family, 0 before vtmm_connect()
 * @group: number of the multicast group of events
 * @seq: number of the last request
 * @error: sentence about the last failure
 */
struct vtmm_client {
	const struct vtmm_transport *transport;
	void *ctx;
	bool open;
	uint16_t family;
	uint32_t group;
	uint32_t seq;
	char error[2 * VTMM_TEXT_SIZE];
};

/* Takes one message that answers; the attributes follow the genl header. */
typedef enum vtmm_status (*vtmm_answer_fn)(struct vtmm_client *c,
					   struct nlmsghdr *nlh, void *ctx);

/**
 * struct vtmm_request - what to ask and what to do with the answer
 * @cmd: VTMM_CMD_*
 * @dump: ask for all
 * @set: attribute set of @obj
 * @obj: what to send, or NULL
 * @answer: called for each message of the answer, or NULL
 * @ctx: for @answer
 */
struct vtmm_request {
	uint8_t cmd;
	bool dump;
	const struct vtmm_set *set;
	const void *obj;
	vtmm_answer_fn answer;
	void *ctx;
};

enum vtmm_status vtmm_ask(struct vtmm_client *c, const struct vtmm_request *r);
enum vtmm_status vtmm_transact(struct vtmm_client *c, struct nl_msg *msg,
			       const struct vtmm_request *r);
enum vtmm_status vtmm_decode_answer(struct vtmm_client *c, struct nlmsghdr *nlh,
				    const struct vtmm_set *set, void *obj);
enum vtmm_status vtmm_fail(struct vtmm_client *c, enum vtmm_status status,
			   const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
enum vtmm_status vtmm_fail_errno(struct vtmm_client *c, const char *what,
				 int err);
enum vtmm_status vtmm_refusal(struct vtmm_client *c, struct nlmsghdr *nlh,
			      const struct nl_msg *request,
			      const struct vtmm_set *set);

#endif /* VTMM_CLIENT_H */
