/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the bench's VMM and its guest agree on: which page is accessed next,
 * how, and how much of it makes a phase. Included by both sides, so it must
 * never need a libc header or a call.
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "../../tests/vmm/guest_abi.h"

/* Guest-physical addresses. The guest maps its memory at the same addresses. */
#define LOAD_DESCRIPTORS 0x0UL
#define LOAD_CODE 0x1000UL
#define LOAD_MAILBOX \
	0x10000UL /* a struct mailbox, for exceptions; the stack above */
#define LOAD_STRUCT 0x14000UL
#define LOAD_ORDER 0x20000UL
#define LOAD_MAX_PAGES (1UL << 18)
#define LOAD_TABLES (LOAD_ORDER + LOAD_MAX_PAGES * sizeof(u32))
#define LOAD_DATA 0x40000000UL

/* The meter sees these no-ops: nopl with the mark as displacement. */
#define MARK_BASE 0x7e110000
#define MARK_BEGIN (MARK_BASE + 1) /* a phase begins */
#define MARK_END (MARK_BASE + 2)
/* ... and this prefix (DS:, which long mode ignores) before a data access */
#define MARK_PREFIX 0x3e

#define QUANTILES 1024

/**
 * struct load - one phase of the guest's work
 * @accesses: in this phase
 * @idle: turns of an empty loop between two of them
 * @mix: of 65536 accesses so many come from the stream, the others are drawn
 * @write: of 65536 drawn accesses so many are writes
 * @stream_write: of 65536 accesses of the stream so many are writes
 * @stream_first: first page of the stream
 * @stream_pages: pages of the stream; it begins again after the last one
 * @stream_lines: cache lines that the stream touches of a page
 * @stream_at: where it is, in touches; goes on over phases
 * @rng: state of the random numbers; never 0; goes on over phases
 * @quantile: rank at each 1/QUANTILES of the drawn accesses, in 1/256
 *
 * A drawn access picks a rank by @quantile, linear in between, and the page
 * that stands at that rank in the order (LOAD_ORDER).
 */
struct load {
	u64 accesses;
	u64 idle;
	u32 mix;
	u32 write;
	u32 stream_write;
	u32 stream_first;
	u32 stream_pages;
	u32 stream_lines;
	u64 stream_at;
	u64 rng;
	u32 quantile[QUANTILES + 1];
};

#endif
