/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ranges of pages with a mode, as the truth is reported: text form, sorting,
 * merging and comparison. Must never need KVM.
 *
 * Text form, one range per line: <gfn, hex> <count, decimal> r|w|rw
 */
#ifndef VMM_RANGES_H
#define VMM_RANGES_H

#include "util.h"

/* @mode: RUN_READ | RUN_WRITE */
struct range {
	u64 gfn;
	u64 count;
	u32 mode;
};

/* Ranges; zeroed is empty. After ranges_normalise() sorted and disjoint. */
struct ranges {
	struct range *r;
	size_t nr;
};

/**
 * ranges_add() - append pages, joined to the last range where possible
 */
void ranges_add(struct ranges *rs, u64 gfn, u64 count, u32 mode);

void ranges_free(struct ranges *rs);

/**
 * ranges_normalise() - sort, split overlaps, join the modes of each page
 */
void ranges_normalise(struct ranges *rs);

/**
 * ranges_clip() - keep only the pages from @gfn on, @count of them
 */
void ranges_clip(struct ranges *rs, u64 gfn, u64 count);

/**
 * ranges_to_chunks() - widen every range to whole 2 MiB chunks
 */
void ranges_to_chunks(struct ranges *rs);

/**
 * ranges_parse_line() - add the range that a line of text holds
 *
 * Empty lines and lines that begin with '#' or "ok" hold none.
 * Return: 0, or -1 with a reason.
 */
int ranges_parse_line(struct ranges *rs, const char *line, struct err *err);

/* "r", "w", "rw" or "-" */
const char *mode_name(u32 mode);

/* Pages that differ; each page counts once per field that it belongs to. */
struct range_diff {
	u64 pages;	  /* pages of the truth */
	u64 missing;	  /* touched in truth, not in the answer */
	u64 invented;	  /* in the answer, not touched in truth */
	u64 read_missing; /* in both, but the read is missing */
	u64 read_invented;
	u64 write_missing;
	u64 write_invented;
	struct ranges examples; /* ranges that differ, with the truth's mode */
};

/**
 * ranges_compare() - compare normalised ranges with the truth
 * @truth: what happened
 * @answer: what is claimed
 * @diff: out, zeroed by the caller
 */
void ranges_compare(const struct ranges *truth, const struct ranges *answer,
		    struct range_diff *diff);

#endif
