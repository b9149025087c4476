// SPDX-License-Identifier: GPL-2.0-only
/* record: what is remembered of pages becomes records of a trace. */
#include <stdlib.h>

#include "record.h"

/* Behind the last run, or as a part of it. */
static void add(struct trace_record *rec, const struct vtmm_run_info *run,
		bool mark)
{
	struct trace_run *last = rec->runs + rec->nr - 1;

	if (rec->nr && last->gfn + last->count == run->gfn &&
	    last->mark == mark && last->huge == run->huge) {
		last->count += run->count;
		return;
	}
	rec->runs[rec->nr++] = (struct trace_run){
		.gfn = run->gfn,
		.count = run->count,
		.mark = mark,
		.huge = run->huge,
	};
}

static bool put(struct trace_file *t, struct trace_record *rec)
{
	bool done = trace_put(t, rec);

	trace_record_free(rec);
	return done;
}

static bool room_for(struct trace_file *t, struct trace_record *rec, size_t nr)
{
	rec->runs = calloc(nr ? nr : 1, sizeof(*rec->runs));
	if (!rec->runs)
		t->problem = "there is no memory for the trace";
	return rec->runs;
}

/**
 * record_map() - write which pages are mapped, and in which tier
 * @t: the trace
 * @pages: of the VM
 *
 * Return: false if it failed, with @t->problem set.
 */
bool record_map(struct trace_file *t, const struct vtmm_pages_info *pages)
{
	struct trace_record rec = {.kind = TRACE_MAP};

	if (!room_for(t, &rec, pages->nr_runs))
		return false;
	for (size_t i = 0; i < pages->nr_runs; i++)
		if (VTMM_HAS(&pages->runs[i], VTMM_A_RUN_TIER))
			add(&rec, &pages->runs[i],
			    pages->runs[i].tier == VTMM_TIER_SLOW);
	return put(t, &rec);
}

/* One round, @ago rounds before the last that @pages knows of. */
static bool record_round(struct trace_file *t,
			 const struct vtmm_pages_info *pages, unsigned int ago)
{
	struct trace_record rec = {.kind = TRACE_ROUND,
				   .round = pages->round - ago};

	if (!room_for(t, &rec, pages->nr_runs))
		return false;
	for (size_t i = 0; i < pages->nr_runs; i++) {
		const struct vtmm_run_info *run = &pages->runs[i];

		if ((run->read | run->written) >> ago & 1)
			add(&rec, run, run->written >> ago & 1);
	}
	return put(t, &rec);
}

/**
 * record_rounds() - write the rounds since the last that was written
 * @t: the trace
 * @pages: of the VM, all as of the same round
 * @most: that many rounds at most, the oldest ones
 *
 * Rounds longer ago than the module remembers become a gap.
 *
 * Return: false if it failed, with @t->problem set.
 */
bool record_rounds(struct trace_file *t, const struct vtmm_pages_info *pages,
		   uint64_t most)
{
	uint64_t n = pages->round > t->round ? pages->round - t->round : 0;

	if (n > VTMM_HISTORY_ROUNDS)
		n = VTMM_HISTORY_ROUNDS;
	while (n && most--)
		if (!record_round(t, pages, (unsigned int)--n))
			return false;
	return true;
}
