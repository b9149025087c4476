// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether two jobs may run at once. Pure.
 */
#include "conflict.h"
#include "ranges.h"

/* Whether the job changes whole pages or looks at them. */
static bool whole_pages(const struct job *job)
{
	return job->op == OP_FILL || job->op == OP_VERIFY ||
	       job->op == OP_WRITER;
}

static bool changes(const struct job *job, const struct run *run)
{
	if (job->op == OP_TOUCH)
		return run->mode & RUN_WRITE;
	return job->op == OP_FILL || job->op == OP_WRITER;
}

static void add_run(struct ranges *rs, const struct run *run, u32 mode)
{
	u64 k;

	if (run->stride == 1) {
		ranges_add(rs, run->gfn, run->count, mode);
		return;
	}
	for (k = 0; k < run->count; k++)
		ranges_add(rs, run->gfn + k * run->stride, 1, mode);
}

/* Pages whose content the job changes ("w") or relies on ("r"). */
static struct ranges pages_of(const struct job *job, u32 tag)
{
	struct ranges rs = {0};
	u64 i;

	for (i = 0; i < job->nr_runs; i++) {
		const struct run *run = &job->runs[i];
		bool changed = changes(job, run);

		if (job->op == OP_TOUCH && (!changed || run->tag == tag))
			continue;
		add_run(&rs, run, changed ? RUN_WRITE : RUN_READ);
	}
	ranges_normalise(&rs);
	return rs;
}

static bool meet(const struct ranges *a, const struct ranges *b, u64 *gfn)
{
	size_t i = 0, k = 0;

	while (i < a->nr && k < b->nr) {
		const struct range *x = &a->r[i], *y = &b->r[k];

		*gfn = MAX(x->gfn, y->gfn);
		if (*gfn < MIN(x->gfn + x->count, y->gfn + y->count) &&
		    (x->mode | y->mode) & RUN_WRITE)
			return true;
		if (x->gfn + x->count < y->gfn + y->count)
			i++;
		else
			k++;
	}
	return false;
}

bool jobs_conflict(const struct job *a, const struct job *b, u64 *gfn)
{
	/* Among plain writes the tag of the other's first run is harmless. */
	bool plain = !whole_pages(a) && !whole_pages(b);
	struct ranges ra, rb;
	bool ret;

	if (!a->nr_runs || !b->nr_runs)
		return false;
	ra = pages_of(a, plain ? b->runs[0].tag : 0);
	rb = pages_of(b, plain ? a->runs[0].tag : 0);
	ret = meet(&ra, &rb, gfn);
	ranges_free(&ra);
	ranges_free(&rb);
	return ret;
}
