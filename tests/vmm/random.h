/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers that are the same on every machine for the same seed, and
 * the sequences of pages made from them. Must never use the C library's.
 */
#ifndef VMM_RANDOM_H
#define VMM_RANDOM_H

#include "util.h"

/**
 * random_next() - the next 64 random bits (SplitMix64, Steele et al. 2014)
 * @state: the seed at first
 */
u64 random_next(u64 *state);

/* A number in 0..limit-1; @limit is not 0. */
u64 random_below(u64 *state, u64 limit);

/* Put the array into random order. */
void random_shuffle(u64 *state, u64 *list, u64 nr);

/**
 * struct zipf - ranks 0..nr-1, rank k drawn with weight 1 / (k+1)^exponent
 */
struct zipf {
	double *sums;
	u64 nr;
};

void zipf_init(struct zipf *z, u64 nr, double exponent);
u64 zipf_draw(const struct zipf *z, u64 *state);
void zipf_free(struct zipf *z);

#endif
