/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spec: the netlink family as its specification has it. spec_table.py writes
 * the tables when the tests are built.
 */
#ifndef SPEC_H
#define SPEC_H

#include <stddef.h>
#include <stdint.h>

enum spec_kind {
	SPEC_U8,
	SPEC_U32,
	SPEC_U64,
	SPEC_STRING,
	SPEC_FLAG,
	SPEC_NEST,
};

struct spec_set;

struct spec_attr {
	const char *name;
	uint16_t id;
	enum spec_kind kind;
	uint64_t min, max;	   /* of a number */
	size_t len;		   /* of a string, without its NUL; 0: any */
	int asked;		   /* may be in a request of the set */
	const struct spec_set *in; /* of a nest */
};

struct spec_set {
	const char *name;
	const struct spec_attr *attr;
	unsigned int nr;
};

struct spec_op {
	const char *name;
	uint8_t cmd;
	int can_do, can_dump;
	const struct spec_set *set;
};

extern const struct spec_op spec_ops[];
extern const unsigned int spec_nr_ops;

#endif
