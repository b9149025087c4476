/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracker: the back-ends, for trackers.c to list, and the scan that they share.
 */
#ifndef _VTMM_TRACKER_H
#define _VTMM_TRACKER_H

#include "vtmm.h"

/**
 * struct vtmm_chunks - a growing list of chunks
 * @gfn: first gfn of each
 * @nr: how many
 * @room: for how many there is memory
 */
struct vtmm_chunks {
	u64 *gfn;
	size_t nr;
	size_t room;
};

/**
 * struct vtmm_scan - what scans remember from round to round
 * @buf: leaves of one hold of mmu_lock
 * @touched: chunks touched last round [0] and this round [1]
 * @tables: shadow tables in which bits were set, likewise; never followed
 * @lost: the list of this round is not complete: next round must not prune
 * @generation: of the memory slots that heat was last compared with
 * @counted: the first pass, which counts every mapped page, is done
 */
struct vtmm_scan {
	struct vtmm_access *buf;
	struct vtmm_chunks touched[2];
	struct vtmm_chunks tables[2];
	u64 generation;
	bool lost;
	bool counted;
};

int vtmm_scan_init(struct vtmm_scan *s);
void vtmm_scan_exit(struct vtmm_scan *s);
int vtmm_scan_round(struct vtmm_vm *vm, struct vtmm_scan *s, u32 round);

extern const struct vtmm_tracker_ops vtmm_tracker_ad;
extern const struct vtmm_tracker_ops vtmm_tracker_pml;

#endif /* _VTMM_TRACKER_H */
