/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unit: what the tests of src/core share: memory that counts and fails on
 * demand, repeatable random numbers, short ways to note accesses.
 */
#ifndef _VTMM_TESTS_UNIT_H
#define _VTMM_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <vtmm/heat.h>
#include <vtmm/plan.h>
#include <vtmm/pool.h>

#define FAST 0
#define SLOW 1

/**
 * struct unit_mem - memory for core, watched
 * @bytes: held now
 * @calls: of zalloc so far
 * @fail_at: the call, counted from 1, that fails; 0: none
 * @fail_all: every call fails
 */
struct unit_mem {
	u64 bytes;
	u64 calls;
	u64 fail_at;
	bool fail_all;
};

struct vtmm_mem unit_mem(struct unit_mem *m);
void unit_heat(struct vtmm_heat *h, struct unit_mem *m, bool queue);

u64 unit_random(u64 *seed);
u64 unit_below(u64 *seed, u64 n);

int unit_note(struct vtmm_heat *h, u32 round, u64 gfn, u8 flags, u8 tier);
bool unit_see(struct vtmm_heat *h, u32 round, u64 gfn, u8 flags);

#endif /* _VTMM_TESTS_UNIT_H */
