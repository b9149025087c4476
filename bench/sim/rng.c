// SPDX-License-Identifier: GPL-2.0-only
/*
 * rng: repeatable random numbers, and choice by weight in constant time
 * (Walker's alias method).
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim.h"

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p) {
		fprintf(stderr, "vtmm-sim: out of memory\n");
		exit(1);
	}
	return p;
}

/* The splitmix64 sequence. */
u64 rng_next(u64 *seed)
{
	u64 z = *seed += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

double rng_unit(u64 *seed)
{
	return (double)(rng_next(seed) >> 11) / 9007199254740992.0;
}

static double sum_of(const double *weight, u32 n)
{
	double sum = 0;

	for (u32 i = 0; i < n; i++)
		sum += weight[i];
	return sum;
}

/* Pairs columns that have too little with ones that have too much. */
static void alias_pair(struct alias *a, u32 *small, u32 ns, u32 *large, u32 nl)
{
	while (ns && nl) {
		u32 s = small[--ns], l = large[nl - 1];

		a->other[s] = l;
		a->keep[l] -= 1 - a->keep[s];
		if (a->keep[l] < 1) {
			nl--;
			small[ns++] = l;
		}
	}
	while (ns)
		a->keep[small[--ns]] = 1;
	while (nl)
		a->keep[large[--nl]] = 1;
}

void alias_build(struct alias *a, const double *weight, u32 n)
{
	u32 *small = xcalloc(n, sizeof(*small));
	u32 *large = xcalloc(n, sizeof(*large));
	double sum = sum_of(weight, n);
	u32 ns = 0, nl = 0;

	alias_free(a);
	a->n = n;
	a->other = xcalloc(n, sizeof(*a->other));
	a->keep = xcalloc(n, sizeof(*a->keep));
	for (u32 i = 0; i < n; i++) {
		a->keep[i] = weight[i] * n / sum;
		if (a->keep[i] < 1)
			small[ns++] = i;
		else
			large[nl++] = i;
	}
	alias_pair(a, small, ns, large, nl);
	free(small);
	free(large);
}

u32 alias_draw(const struct alias *a, u64 *seed)
{
	u64 r = rng_next(seed);
	u32 i = (r >> 32) * a->n >> 32;

	return (double)(u32)r / 4294967296.0 < a->keep[i] ? i : a->other[i];
}

void alias_free(struct alias *a)
{
	free(a->other);
	free(a->keep);
	a->other = NULL;
	a->keep = NULL;
}
