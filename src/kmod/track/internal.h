/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * internal: what the files of this folder share: the trackers, the scan that
 * they share, and what they keep for a VM.
 */
#ifndef _VTMM_TRACK_INTERNAL_H
#define _VTMM_TRACK_INTERNAL_H

#include <linux/xarray.h>
#include "track/track.h"

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
 * @vm: whose tables
 * @round: that is being made
 * @buf: leaves of one hold of mmu_lock
 * @touched: chunks touched last round [0] and this round [1]
 * @tables: shadow tables in which bits were set, likewise; never followed
 * @lost: the list of this round is not complete: next round must not prune
 * @generation: of the memory slots that heat was last compared with
 * @counted: the first pass, which counts every mapped page, is done
 */
struct vtmm_scan {
	struct vtmm_vm *vm;
	u32 round;
	struct vtmm_access *buf;
	struct vtmm_chunks touched[2];
	struct vtmm_chunks tables[2];
	u64 generation;
	bool lost;
	bool counted;
};

/**
 * struct vtmm_pace - when rounds come (lock; flags may be read without it)
 * @total_ns: CPU time that rounds took
 * @cost_ns: of one round, averaged over the last few
 * @exits: of all vCPUs, as the last round began
 * @forced: the next round comes even if no vCPU has run
 * @idle: the last round was skipped
 */
struct vtmm_pace {
	u64 total_ns;
	u64 cost_ns;
	u64 exits;
	bool forced;
	bool idle;
};

struct vtmm_young_chunk;

/**
 * struct vtmm_young - accesses that rounds have seen and reclaim has not
 * @chunks: of struct vtmm_young_chunk, by number; read without a lock
 * @last: the one that was used last (vm->lock)
 * @last_cn: its number (vm->lock)
 * @bytes: memory held
 */
struct vtmm_young {
	struct xarray chunks;
	struct vtmm_young_chunk *last;
	u64 last_cn;
	u64 bytes;
};

/**
 * struct vtmm_track - what this folder keeps for a VM
 * @ops: the tracker in use
 * @why: why not a better one, or NULL
 * @nested_why: what is not seen of nested guests, or NULL; as of the last round
 * @data: the tracker's own
 * @scan_bytes: memory that its scans hold
 * @log_bytes: ... and its log
 * @pace: when rounds come
 * @young: what reclaim is owed
 */
struct vtmm_track {
	const struct vtmm_tracker_ops *ops;
	const char *why;
	const char *nested_why;
	void *data;
	u64 scan_bytes;
	u64 log_bytes;
	struct vtmm_pace pace;
	struct vtmm_young young;
};

int vtmm_scan_init(struct vtmm_scan *s, struct vtmm_vm *vm);
void vtmm_scan_exit(struct vtmm_scan *s);
int vtmm_scan_round(struct vtmm_scan *s, u32 round);

void vtmm_young_init(struct vtmm_young *y);
void vtmm_young_exit(struct vtmm_young *y);
void vtmm_young_note(struct vtmm_vm *vm, const struct vtmm_access *a);

extern const struct vtmm_tracker_ops vtmm_tracker_ad;
extern const struct vtmm_tracker_ops vtmm_tracker_pml;

#endif /* _VTMM_TRACK_INTERNAL_H */
