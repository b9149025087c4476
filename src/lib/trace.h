/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace: files of what a VM's rounds saw; docs/trace.md has the format. Stands
 * alone, for the simulator too: no netlink, and nothing of the module.
 */
#ifndef VTMM_TRACE_H
#define VTMM_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Tracked with the multi-level queue: sleeping pages count as accessed. */
#define TRACE_QUEUE 0x1

/* gfns of a VM have so many bits. */
#define TRACE_GFN_BITS 40

/**
 * struct trace_head - what a trace begins with
 * @flags: TRACE_*
 * @period_ms: period of a round, as set
 * @window: rounds of a window, as set
 * @mem: pages of the VM
 * @round: the last round before the trace
 */
struct trace_head {
	uint32_t flags;
	uint32_t period_ms;
	uint32_t window;
	uint64_t mem;
	uint64_t round;
};

/**
 * struct trace_run - neighbouring pages of which the same is told
 * @gfn: the first
 * @count: how many, at least 1
 * @mark: in a map: in slow memory; in a round: written, not only read
 * @huge: mapped by leaves of 2 MiB
 */
struct trace_run {
	uint64_t gfn;
	uint64_t count;
	bool mark;
	bool huge;
};

enum trace_kind {
	TRACE_MAP,
	TRACE_ROUND,
	TRACE_END,
};

/**
 * struct trace_record - a part of a trace
 * @kind: TRACE_MAP: the pages that are mapped; TRACE_ROUND: those that were
 *	accessed in @round; TRACE_END: the trace is complete
 * @round: its number
 * @missed: rounds before it that nobody recorded; at the end: all of them
 * @runs: in ascending order; to be freed by trace_record_free()
 * @nr: how many
 */
struct trace_record {
	enum trace_kind kind;
	uint64_t round;
	uint64_t missed;
	struct trace_run *runs;
	size_t nr;
};

/**
 * struct trace_file - a trace that is read or written
 * @f: the stream
 * @round: the last round
 * @rounds: rounds so far
 * @missed: rounds that are missing so far
 * @ended: the end was read
 * @problem: a sentence once something failed, else NULL
 */
struct trace_file {
	FILE *f;
	uint64_t round;
	uint64_t rounds;
	uint64_t missed;
	bool ended;
	const char *problem;
};

bool trace_begin(struct trace_file *t, FILE *f, const struct trace_head *head);
bool trace_put(struct trace_file *t, const struct trace_record *rec);
bool trace_finish(struct trace_file *t);

bool trace_open(struct trace_file *t, FILE *f, struct trace_head *head);
bool trace_next(struct trace_file *t, struct trace_record *rec);
void trace_record_free(struct trace_record *rec);

#endif /* VTMM_TRACE_H */
