// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reproducible random numbers and the Zipf distribution. Pure.
 */
#include <math.h>
#include <stdlib.h>

#include "random.h"

u64 random_next(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15UL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
	return z ^ (z >> 31);
}

u64 random_below(u64 *state, u64 limit)
{
	/* The high half of the product: no modulo bias worth speaking of. */
	__extension__ unsigned __int128 wide = random_next(state);

	return (u64)(wide * limit >> 64);
}

void random_shuffle(u64 *state, u64 *list, u64 nr)
{
	u64 i;

	for (i = nr; i > 1; i--) {
		u64 k = random_below(state, i);
		u64 tmp = list[k];

		list[k] = list[i - 1];
		list[i - 1] = tmp;
	}
}

void zipf_init(struct zipf *z, u64 nr, double exponent)
{
	double sum = 0;
	u64 i;

	z->nr = nr;
	z->sums = zalloc(nr, sizeof(*z->sums));
	for (i = 0; i < nr; i++) {
		sum += pow(i + 1, -exponent);
		z->sums[i] = sum;
	}
}

/* Makes a number of [0, 1) of 53 random bits. */
#define UNIT (1.0 / (1UL << 53))

u64 zipf_draw(const struct zipf *z, u64 *state)
{
	double at = (random_next(state) >> 11) * UNIT * z->sums[z->nr - 1];
	u64 low = 0, high = z->nr - 1;

	while (low < high) {
		u64 mid = (low + high) / 2;

		if (z->sums[mid] > at)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

void zipf_free(struct zipf *z)
{
	free(z->sums);
	z->sums = NULL;
}
