/* SPDX-License-Identifier: GPL-2.0-only */
/* heat_sum: a histogram in a few numbers. */
#ifndef VTMMCTL_HEAT_SUM_H
#define VTMMCTL_HEAT_SUM_H

#include "../lib/vtmm.h"

/* Pages that count as hot, by tier. */
struct heat_sum {
	uint64_t hot_fast;
	uint64_t hot_slow;
};

struct heat_sum heat_sum(const struct vtmm_heat_info *heat);

#endif /* VTMMCTL_HEAT_SUM_H */
