// SPDX-License-Identifier: GPL-2.0-only
/*
 * shape: messages as the specification has them, and everything that can be
 * wrong with one. It knows of each message whether the specification forbids
 * it.
 */
#include <string.h>

#include "nlfuzz.h"

static size_t width_of(enum spec_kind kind)
{
	switch (kind) {
	case SPEC_U8:
		return 1;
	case SPEC_U32:
		return 4;
	case SPEC_U64:
		return 8;
	default:
		return 0;
	}
}

/* A VMM seldom: to attach and to detach takes long. */
static uint64_t some_pid(struct aim *aim)
{
	unsigned int others = aim->nr_pids - aim->nr_vmms;

	if (!others || !(rnd(&aim->rnd) % 32))
		return aim->pid[rnd(&aim->rnd) % aim->nr_vmms];
	return aim->pid[aim->nr_vmms + rnd(&aim->rnd) % others];
}

/* Mostly near the limits, and always what fits into the attribute. */
static uint64_t some_number(struct aim *aim, const struct spec_attr *a)
{
	uint64_t top = width_of(a->kind) == 8
			       ? ~0ull
			       : (1ull << 8 * width_of(a->kind)) - 1;
	uint64_t pick[] = {
		a->min,
		a->max,
		a->min - 1,
		a->max + 1,
		0,
		1,
		top,
		top >> 1,
		(top >> 1) + 1,
		rnd(&aim->rnd),
		1ull << rnd(&aim->rnd) % 64,
		a->min + rnd(&aim->rnd) %
				 (a->max - a->min ? a->max - a->min : 1),
	};

	if (!strcmp(a->name, "pid") && rnd(&aim->rnd) % 8)
		return some_pid(aim);
	if ((!strcmp(a->name, "id") || !strcmp(a->name, "vm-id")) &&
	    a->max > 1 && rnd(&aim->rnd) % 8)
		return (aim->id + rnd(&aim->rnd) % 4 - 1) & top;
	return pick[rnd(&aim->rnd) % (sizeof(pick) / sizeof(*pick))] & top;
}

static void noise(struct aim *aim, uint8_t *to, size_t len)
{
	while (len--)
		*to++ = rnd(&aim->rnd);
}

static void put_number(struct nl_msg *m, struct shape *s, struct aim *aim,
		       const struct spec_attr *a)
{
	uint64_t n = some_number(aim, a);

	nl_put(m, a->id, &n, width_of(a->kind));
	if (n < a->min || n > a->max) {
		s->forbidden = 1;
		s->why = "a number beyond its limits";
	}
}

/* Text that steers terminals and formats, too long now and then. */
static void put_string(struct nl_msg *m, struct shape *s, struct aim *aim,
		       const struct spec_attr *a)
{
	static const char nasty[] = "\033]0;%s%n\a\033[2J\r\n\"\\\xff\xc2\x9b";
	size_t len = rnd(&aim->rnd) % ((a->len ? a->len : 64) + 4);
	char text[512];

	for (size_t i = 0; i < len; i++)
		text[i] = nasty[rnd(&aim->rnd) % (sizeof(nasty) - 1)];
	text[len] = '\0';
	nl_put(m, a->id, text, len + 1);
	if (a->len && len > a->len) {
		s->forbidden = 1;
		s->why = "a string that is too long";
	}
}

static void put_sound(struct nl_msg *m, struct shape *s, struct aim *aim,
		      const struct spec_attr *a)
{
	size_t nest;

	if (a->kind == SPEC_FLAG) {
		nl_put(m, a->id, NULL, 0);
	} else if (a->kind == SPEC_STRING) {
		put_string(m, s, aim, a);
	} else if (a->kind != SPEC_NEST) {
		put_number(m, s, aim, a);
	} else {
		nest = nl_nest(m, a->id);
		for (unsigned int i = 0; i < a->in->nr; i++)
			if (a->in->attr[i].asked && rnd(&aim->rnd) % 4)
				put_sound(m, s, aim, &a->in->attr[i]);
		nl_nest_end(m, nest);
	}
}

/* A length that no number of its kind has; flags have none, strings an end. */
static void put_wrong_length(struct nl_msg *m, struct shape *s, struct aim *aim,
			     const struct spec_attr *a)
{
	static const uint8_t lengths[] = {0, 1, 2, 3, 5, 7, 9, 16, 255};
	size_t len = lengths[rnd(&aim->rnd) % sizeof(lengths)];
	uint8_t *at = nl_put(m, a->id, NULL, len);

	s->why = "an attribute of a wrong length";
	if (a->kind == SPEC_NEST)
		return;
	if (a->kind == SPEC_STRING) {
		if (at)
			memset(at, 'x', len);
		s->forbidden = 1;
	} else if (len != width_of(a->kind)) {
		s->forbidden = 1;
	}
}

/* Nests in nests, then bytes; a number is no nest either. */
static void put_nest(struct nl_msg *m, struct shape *s, struct aim *aim,
		     const struct spec_attr *a)
{
	size_t nest[40], depth = 1 + rnd(&aim->rnd) % 40;
	uint8_t bytes[64];

	for (size_t i = 0; i < depth; i++)
		nest[i] = nl_nest(m, i ? rnd(&aim->rnd) & 0x3fff : a->id);
	noise(aim, bytes, sizeof(bytes));
	nl_put(m, rnd(&aim->rnd), bytes, rnd(&aim->rnd) % sizeof(bytes));
	while (depth--)
		nl_nest_end(m, nest[depth]);
	s->why = "a nest full of noise";
	if (a->kind != SPEC_NEST)
		s->forbidden = 1;
}

/* An attribute that no set has, or that says of itself that it is longer. */
static void put_stranger(struct nl_msg *m, struct shape *s, struct aim *aim)
{
	uint8_t bytes[32];

	noise(aim, bytes, sizeof(bytes));
	if (rnd(&aim->rnd) & 1) {
		nl_put(m, s->op->set->nr + 1 + rnd(&aim->rnd) % 2000, bytes,
		       rnd(&aim->rnd) % sizeof(bytes));
		s->why = "an attribute that the set does not have";
	} else {
		struct nlattr *a = (struct nlattr *)(m->raw + m->len);

		if (!nl_put(m, 1, bytes, 4))
			return;
		a->nla_len = 9 + rnd(&aim->rnd) % 60000;
		s->why = "an attribute that ends after its message";
	}
	s->forbidden = 1;
}

static void put_one(struct nl_msg *m, struct shape *s, struct aim *aim,
		    const struct spec_attr *a, int harm)
{
	if (!a->asked) {
		s->forbidden = 1;
		s->why = "an attribute that is for answers only";
	}
	switch (harm) {
	case 1:
		put_wrong_length(m, s, aim, a);
		break;
	case 2:
		put_nest(m, s, aim, a);
		break;
	case 3:
		put_sound(m, s, aim, a);
		put_sound(m, s, aim, a);
		break;
	default:
		put_sound(m, s, aim, a);
	}
}

/* Any of the attributes that the set asks with, most of the time unharmed. */
static void put_all(struct nl_msg *m, struct shape *s, struct aim *aim)
{
	const struct spec_set *set = s->op->set;
	unsigned int often = 1 + rnd(&aim->rnd) % 8;

	for (unsigned int i = 0; i < set->nr; i++) {
		const struct spec_attr *a = &set->attr[i];

		/* Who is meant comes more often than what is wanted. */
		if (rnd(&aim->rnd) % (i < 2 ? 2 : often * 4))
			continue;
		if (!a->asked && rnd(&aim->rnd) % 32)
			continue;
		put_one(m, s, aim, a, rnd(&aim->rnd) % 24);
	}
	if (!(rnd(&aim->rnd) % 16))
		put_stranger(m, s, aim);
}

/* Bytes behind the header, a header that lies, or a command that is not there.
 */
static void spoil(struct nl_msg *m, struct shape *s, struct aim *aim)
{
	struct genlmsghdr *g = (struct genlmsghdr *)(m->raw + NLMSG_HDRLEN);
	size_t len = rnd(&aim->rnd) % 200;

	s->forbidden = 0;
	s->sound = 0;
	s->why = "noise";
	switch (rnd(&aim->rnd) % 4) {
	case 0:
		m->hdr.nlmsg_len = rnd(&aim->rnd) % (2 * m->len);
		break;
	case 1:
		m->hdr.nlmsg_flags = rnd(&aim->rnd);
		break;
	case 2:
		g->cmd = VTMM_CMD_MAX + 1 +
			 rnd(&aim->rnd) % (255 - VTMM_CMD_MAX);
		s->forbidden = 1;
		s->why = "a command that is not there";
		break;
	default:
		if (m->len + len < NL_ROOM) {
			noise(aim, m->raw + m->len, len);
			m->len += len;
		}
	}
}

/**
 * shape_message() - the next message
 * @m: out: the message
 * @s: out: what it is
 * @aim: what it is aimed at
 * @family: whom it is for
 */
void shape_message(struct nl_msg *m, struct shape *s, struct aim *aim,
		   uint16_t family)
{
	uint16_t flags = NLM_F_ACK;

	*s = (struct shape){
		.op = &spec_ops[rnd(&aim->rnd) % spec_nr_ops],
		.sound = 1,
		.why = "sound",
	};
	if (s->op->can_dump && (!s->op->can_do || (rnd(&aim->rnd) & 1)))
		flags |= NLM_F_DUMP;
	else if (!(rnd(&aim->rnd) % 64))
		flags |= NLM_F_DUMP;
	nl_begin(m, family, flags, s->op->cmd);
	m->hdr.nlmsg_seq = rnd(&aim->rnd);
	aim->id = rnd(&aim->rnd) % 32 ? aim->id : rnd(&aim->rnd) % 64;
	put_all(m, s, aim);
	if (!(rnd(&aim->rnd) % 24))
		spoil(m, s, aim);
}
