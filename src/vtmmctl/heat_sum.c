// SPDX-License-Identifier: GPL-2.0-only
/* heat_sum: a histogram in a few numbers. */
#include "heat_sum.h"

/**
 * heat_sum() - the hot pages of a histogram
 * @heat: the histogram
 *
 * Return: pages at or above the temperature that counts as hot.
 */
struct heat_sum heat_sum(const struct vtmm_heat_info *heat)
{
	struct heat_sum sum = {0};

	for (size_t i = heat->hot_temp; i < heat->nr_buckets; i++) {
		sum.hot_fast += heat->buckets[i].fast;
		sum.hot_slow += heat->buckets[i].slow;
	}
	return sum;
}
