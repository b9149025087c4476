/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bench's workloads: what the guest accesses in each phase. Pure
 * arithmetic on the load and the order of pages; knows nothing of KVM.
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include <stdbool.h>

#include "load.h"

#define PHASE_MS 500

/**
 * struct work - a workload as it runs
 * @pages: of the VM
 * @fast: of fast memory, for what depends on it
 * @seed: of its order of pages
 * @load: the next phase
 * @order: page at each rank
 */
struct work {
	u32 pages;
	u32 fast;
	u64 seed;
	struct load *load;
	u32 *order;
};

/**
 * struct workload - one of the table
 * @name: what it is called
 * @prepare: fills @load and @order for phase @phase; called before each
 * @arg: for @prepare
 * @populated: pages of 1024 that are populated before the first phase
 * @what: it in a few words
 */
struct workload {
	const char *name;
	void (*prepare)(struct work *w, u32 phase, u32 arg);
	u32 arg;
	u32 populated;
	const char *what;
};

extern const struct workload workloads[];

/* NULL if there is none of that name. */
const struct workload *workload_named(const char *name);

#endif
