/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fake: a family "vtmm" without a kernel, behind the transport of the library.
 * It answers as the module does, from the structs that a test fills in; it can
 * be absent, refuse, speak another ABI, or send what a test wrote by hand.
 */
#ifndef TOOLS_FAKE_H
#define TOOLS_FAKE_H

#include <netlink/msg.h>

#include "../../src/lib/fields.h"
#include "../../src/lib/vtmm.h"

#define FAKE_VMS 4
#define FAKE_QUEUE 64
#define FAKE_EVENTS 4

/* What the fake says no with. */
struct fake_refusal {
	uint8_t cmd;	  /* which command is refused; 0: none */
	int err;	  /* positive errno */
	const char *text; /* extended ack, or NULL */
	uint32_t offset;  /* of the attribute in the request, or 0 */
	uint32_t missing; /* attribute that is missing, or 0 */
	bool whole;	  /* send the whole request back, not its head */
};

struct fake;

/**
 * struct fake_faults - what goes wrong between the family and the library
 * @open: negative errno of opening, or 0
 * @join: negative errno of joining, or 0
 * @recv: negative errno that the next receiving ends with, or 0
 * @recv_later: not before all events have come
 * @no_group: the family has no group of events
 * @other_group: it has one of another name before that
 * @twice: every object is sent twice
 * @unanswered: requests are acknowledged, and that is all
 * @other_cmd: the command that answers are given, or 0
 * @parts: messages that a dump of memory comes in; 0 is 1
 * @packed: the messages of an answer come in one datagram
 * @cut: the end of a dump does not come
 * @end: what a dump ends with, when its err is not 0
 */
struct fake_faults {
	int open;
	int join;
	int recv;
	bool recv_later;
	bool no_group;
	bool other_group;
	bool twice;
	bool unanswered;
	uint8_t other_cmd;
	unsigned int parts;
	bool packed;
	bool cut;
	struct fake_refusal end;
};

/**
 * struct fake - the family and what it was asked
 * @absent: the module is not loaded
 * @info: what info-get says
 * @pool: what pool-get says
 * @vms: attached VMs
 * @nr_vms: how many
 * @heat: histogram of every VM
 * @map: heat map of every VM
 * @pages: pages of every VM
 * @plan: plan of every VM
 * @events: what comes after joining
 * @nr_events: how many
 * @refusal: what is refused
 * @raw_cmd: the command that is answered by @raw instead; 0: none
 * @raw: attributes, as they are
 * @raw_len: bytes
 * @raw_type: type of the message that carries @raw; 0: that of the family
 * @raw_flags: flags of that message
 * @raw_event: @raw comes as an event, and no other does
 * @lose: events are lost before the first one comes
 * @faults: what goes wrong on the way
 * @asked: called before a request of the family is answered, or NULL
 * @waited: called before the library is given an event, or NULL
 * @ctx: for tests
 * @last: the last request of the family, whole
 * @last_len: its bytes
 * @joined: the group that was joined
 * @requests: requests so far, without those to the controller
 */
struct fake {
	bool absent;
	struct vtmm_host_info info;
	struct vtmm_pool_info pool;
	struct vtmm_vm_info vms[FAKE_VMS];
	size_t nr_vms;
	struct vtmm_heat_info heat;
	struct vtmm_heatmap_info map;
	struct vtmm_pages_info pages;
	struct vtmm_plan_info plan;
	struct vtmm_event_info events[FAKE_EVENTS];
	size_t nr_events;
	struct fake_refusal refusal;
	uint8_t raw_cmd;
	const void *raw;
	size_t raw_len;
	uint16_t raw_type;
	uint16_t raw_flags;
	bool raw_event;
	bool lose;
	struct fake_faults faults;
	void (*asked)(struct fake *f, uint8_t cmd);
	void (*waited)(struct fake *f);
	void *ctx;
	uint32_t last[1024];
	size_t last_len;
	uint32_t joined;
	unsigned int requests;

	/* private: datagrams that wait */
	struct nl_msg *queue[FAKE_QUEUE];
	size_t head;
	size_t tail;
	size_t next_event;
};

extern const struct vtmm_transport fake_transport;

void fake_init(struct fake *f);
void fake_free(struct fake *f);
void fake_add_vm(struct fake *f, uint32_t id, uint32_t pid, const char *name);
void fake_request(const struct fake *f, const struct vtmm_set *set, void *obj);
uint8_t fake_last_cmd(const struct fake *f);

#endif /* TOOLS_FAKE_H */
