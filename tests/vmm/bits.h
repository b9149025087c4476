/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bitmaps with one bit per page. Pure.
 */
#ifndef VMM_BITS_H
#define VMM_BITS_H

#include "ranges.h"

static inline u64 bits_bytes(u64 n)
{
	return (n + 63) / 64 * sizeof(u64);
}

static inline void bits_set(u64 *map, u64 i)
{
	map[i / 64] |= 1UL << i % 64;
}

static inline bool bits_test(const u64 *map, u64 i)
{
	return map[i / 64] >> i % 64 & 1;
}

/**
 * bits_to_ranges() - the pages of two bitmaps as ranges
 * @out: ranges are appended
 * @gfn: page of bit 0
 * @nr: bits in each
 * @read: bits of pages that were read
 * @written: bits of pages that were written
 */
void bits_to_ranges(struct ranges *out, u64 gfn, u64 nr, const u64 *read,
		    const u64 *written);

#endif
