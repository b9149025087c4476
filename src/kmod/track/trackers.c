// SPDX-License-Identifier: GPL-2.0-only
/*
 * trackers: the trackers that there are, best first.
 */
#include "track/internal.h"

static const struct vtmm_tracker_ops * const vtmm_trackers[] = {
	&vtmm_tracker_pml,
	&vtmm_tracker_ad,
};

/**
 * vtmm_tracker_at() - list the trackers
 * @i: 0 for the best, and so on
 *
 * Return: the tracker, or NULL when there are no more.
 */
const struct vtmm_tracker_ops *vtmm_tracker_at(int i)
{
	return i < ARRAY_SIZE(vtmm_trackers) ? vtmm_trackers[i] : NULL;
}

/**
 * vtmm_tracker_best() - the best tracker that this host can run
 * @why_not_better: out: why the best of all is not it, or NULL
 *
 * Return: the tracker, or NULL when none can run.
 */
const struct vtmm_tracker_ops *vtmm_tracker_best(const char **why_not_better)
{
	const char *why;
	int i;

	*why_not_better = NULL;
	for (i = 0; i < ARRAY_SIZE(vtmm_trackers); i++) {
		why = vtmm_trackers[i]->missing();
		if (!why)
			return vtmm_trackers[i];
		if (!*why_not_better)
			*why_not_better = why;
	}
	return NULL;
}
