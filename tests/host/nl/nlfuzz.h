/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nlfuzz: what the parts of the fuzzer share.
 */
#ifndef NLFUZZ_H
#define NLFUZZ_H

#include <linux/vtmm.h>

#include "nl.h"
#include "spec.h"

#define MAX_PIDS 16

/* Random numbers: xorshift64*, the same for the same seed. */
struct rnd {
	uint64_t state;
};

static inline uint64_t rnd(struct rnd *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return (r->state * 2685821657736338717ull) >> 16;
}

static inline void rnd_seed(struct rnd *r, uint64_t seed)
{
	r->state = seed * 0x9e3779b97f4a7c15ull | 1;
}

/* What messages are aimed at. */
struct aim {
	struct rnd rnd;
	uint32_t pid[MAX_PIDS];
	unsigned int nr_pids, nr_vmms; /* the first of them have VMs */
	uint32_t id;		       /* a VM's, of late */
};

/* What a message is. */
struct shape {
	const struct spec_op *op;
	int forbidden;	 /* the specification does not allow it */
	int sound;	 /* whole enough for an answer of some kind */
	const char *why; /* what was done to it */
};

void shape_message(struct nl_msg *m, struct shape *s, struct aim *aim,
		   uint16_t family);
const char *answer_wrong(const struct nlmsghdr *hdr, uint16_t family);
int refused_main(uint16_t family, uint32_t group, uint32_t pid);

#endif
