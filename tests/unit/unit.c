// SPDX-License-Identifier: GPL-2.0-only
/*
 * unit: what the tests of src/core share.
 */
#include <stdlib.h>

#include "unit.h"

static void *unit_zalloc(void *ctx, size_t size)
{
	struct unit_mem *m = ctx;

	m->calls++;
	if (m->fail_all || m->calls == m->fail_at)
		return NULL;
	m->bytes += size;
	return calloc(1, size);
}

static void unit_free(void *ctx, void *p, size_t size)
{
	struct unit_mem *m = ctx;

	assert_non_null(p);
	assert_true(m->bytes >= size);
	m->bytes -= size;
	free(p);
}

/* What core is given as its memory. */
struct vtmm_mem unit_mem(struct unit_mem *m)
{
	return (struct vtmm_mem){unit_zalloc, unit_free, m};
}

/* An empty heat with the default parameters. */
void unit_heat(struct vtmm_heat *h, struct unit_mem *m, bool queue)
{
	struct vtmm_heat_params p = {10, 1, 3, queue};
	struct vtmm_mem mem = unit_mem(m);

	assert_int_equal(vtmm_heat_init(h, &p, &mem), 0);
}

/* A number of the splitmix64 sequence. */
u64 unit_random(u64 *seed)
{
	u64 z = *seed += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

u64 unit_below(u64 *seed, u64 n)
{
	return unit_random(seed) % n;
}

int unit_note(struct vtmm_heat *h, u32 round, u64 gfn, u8 flags, u8 tier)
{
	struct vtmm_access a = {.gfn = gfn, .flags = flags, .tier = tier};

	return vtmm_heat_record(h, round, &a);
}

/* Sees an access as a tracker does: re-arms it if it is due. Was it? */
bool unit_see(struct vtmm_heat *h, u32 round, u64 gfn, u8 flags)
{
	bool due = vtmm_heat_due(h, gfn, round);

	if (!due)
		flags |= VTMM_ACC_SLEPT;
	assert_int_equal(unit_note(h, round, gfn, flags, SLOW), 0);
	return due;
}
