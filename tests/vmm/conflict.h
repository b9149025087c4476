/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether two jobs may run at once: pages that one of them writes must not
 * change under the other's eyes, or nobody knows what they must hold.
 */
#ifndef VMM_CONFLICT_H
#define VMM_CONFLICT_H

#include "job.h"

/**
 * jobs_conflict() - look for pages that two jobs must not both access
 * @a: a job
 * @b: another job of the same VM
 * @gfn: out: such a page
 *
 * Reads hurt nobody, and plain writes with the same tag may meet.
 */
bool jobs_conflict(const struct job *a, const struct job *b, u64 *gfn);

#endif
