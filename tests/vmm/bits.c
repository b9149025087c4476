// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bitmaps with one bit per page. Pure.
 */
#include "bits.h"

void bits_to_ranges(struct ranges *out, u64 gfn, u64 nr, const u64 *read,
		    const u64 *written)
{
	u64 i;

	for (i = 0; i < nr; i++) {
		u32 mode;

		/* Most of a big slot is untouched: skip it by the word. */
		if (i % 64 == 0 && !(read[i / 64] | written[i / 64])) {
			i += 63;
			continue;
		}
		mode = (bits_test(read, i) ? RUN_READ : 0) |
		       (bits_test(written, i) ? RUN_WRITE : 0);
		if (mode)
			ranges_add(out, gfn + i, 1, mode);
	}
}
