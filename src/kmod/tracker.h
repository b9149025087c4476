/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracker: the back-ends, for tracker.c to list.
 */
#ifndef _VTMM_TRACKER_H
#define _VTMM_TRACKER_H

#include "vtmm.h"

extern const struct vtmm_tracker_ops vtmm_tracker_ad;

#endif /* _VTMM_TRACKER_H */
