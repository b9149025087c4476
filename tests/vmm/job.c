// SPDX-License-Identifier: GPL-2.0-only
/*
 * Jobs: feeding the guest and accounting for what it did. The truth about
 * pages is written here and nowhere else.
 */
#include <stdlib.h>
#include <string.h>

#include "bits.h"
#include "job.h"

void job_add_run(struct job *job, const struct run *run)
{
	job->runs = grow(job->runs, job->nr_runs, sizeof(*run));
	job->runs[job->nr_runs++] = *run;
}

void job_add_set(struct job *job, const struct pageset *set, u32 mode,
		 u32 version, u32 tag)
{
	size_t i;

	for (i = 0; i < set->nr; i++) {
		struct run run = {
			.gfn = set->r[i].gfn,
			.count = (u32)set->r[i].count,
			.stride = (u32)set->r[i].stride,
			.version = version,
			.tag = tag,
			.mode = mode,
		};

		job_add_run(job, &run);
	}
}

/* Add one page, joined to the last run when both hold the same content. */
static void add_known_page(struct job *job, u64 gfn, const struct page_rec *rec)
{
	struct run *last = job->nr_runs ? &job->runs[job->nr_runs - 1] : NULL;
	struct run run = {
		.gfn = gfn,
		.count = 1,
		.stride = 1,
		.mode = RUN_READ,
		.version = rec->version,
		.tag = rec->tag,
	};

	if (last && last->gfn + last->count == gfn &&
	    last->version == rec->version && last->tag == rec->tag)
		last->count++;
	else
		job_add_run(job, &run);
}

void job_add_known(struct job *job, const struct pageset *set)
{
	size_t i;
	u64 k;

	for (i = 0; i < set->nr; i++) {
		for (k = 0; k < set->r[i].count; k++) {
			u64 gfn = set->r[i].gfn + k * set->r[i].stride;
			struct slot *s = vm_slot_of(job->vm, gfn);

			add_known_page(job, gfn, &s->rec[gfn - s->gfn]);
		}
	}
}

void job_free(struct job *job)
{
	if (!job)
		return;
	free(job->runs);
	free(job->refill_data);
	free(job);
}

static bool has_runs(const struct job *job)
{
	return job->op < OP_SPIN;
}

u64 job_passes(const struct job *job)
{
	/* A finished job has added its last window already. */
	if (!has_runs(job) || job->nr != job->nr_runs || !job->in_window)
		return job->passes;
	return job->passes + job->last.pass;
}

/* Go to the window after this one; false when the job is complete. */
static bool next_window(struct job *job)
{
	job->in_window = false;
	job->start += job->nr;
	if (job->start < job->nr_runs)
		return true;
	job->start = 0;
	if (job->nr)
		job->passes += job->nr == job->nr_runs ? job->window_passes : 1;
	if (job->passes < job->times)
		return true;
	if (!job->refill || !job->refill(job))
		return false;
	job->passes = 0;
	return true;
}

bool job_feed(struct job *job, struct mailbox *m, struct run *runs,
	      u64 runs_gpa)
{
	if (!has_runs(job)) {
		if (job->window_passes)
			return false;
		job->window_passes = job->times;
	} else {
		if (!next_window(job))
			return false;
		job->nr = MIN(job->nr_runs - job->start, WINDOW_RUNS);
		job->window_passes = job->nr == job->nr_runs ? job->times : 1;
		memcpy(runs, job->runs + job->start, job->nr * sizeof(*runs));
	}
	job->in_window = true;
	job->last = (struct guest_pos){0};
	job->window_epoch = 0;
	job->done_before = job->accesses;
	*m = (struct mailbox){
		.op = job->op,
		.runs = runs_gpa,
		.nr_runs = job->nr,
		.passes = job->window_passes,
		.exit_every = job->exit_every,
		.seed = job->vm->seed,
		.gaps = job->gaps,
	};
	return true;
}

/* The content of a page after @visits visits by this run. */
static void set_content(struct job *job, const struct run *run,
			struct page_rec *rec, u64 visits)
{
	if (job->op == OP_TOUCH && run->mode & RUN_WRITE)
		rec->tag = run->tag;
	else if (job->op == OP_FILL)
		*rec = (struct page_rec){.version = run->version};
	else if (job->op == OP_WRITER)
		*rec = (struct page_rec){run->version + (u32)visits, 0};
}

static u32 truth_mode(const struct job *job, const struct run *run)
{
	if (job->op == OP_TOUCH)
		return run->mode;
	if (job->op == OP_FILL)
		return RUN_WRITE;
	return job->op == OP_WRITER ? RUN_READ | RUN_WRITE : RUN_READ;
}

/* Record pages @from..@to-1 of a run, each visited @visits times by now. */
static void mark_run(struct job *job, const struct run *run, u64 from, u64 to,
		     u64 visits)
{
	u32 mode = truth_mode(job, run);
	struct slot *s = NULL;
	u64 k;

	for (k = from; k < to; k++) {
		u64 gfn = run->gfn + k * run->stride;

		if (!s || gfn - s->gfn >= s->pages)
			s = vm_slot_of(job->vm, gfn);
		if (!s)
			continue;
		if (mode & RUN_READ)
			bits_set(s->read, gfn - s->gfn);
		if (mode & RUN_WRITE)
			bits_set(s->written, gfn - s->gfn);
		set_content(job, run, &s->rec[gfn - s->gfn], visits);
	}
}

/* Record what lies between two positions of the same pass. */
static void mark_between(struct job *job, struct guest_pos from,
			 struct guest_pos to, u64 visits)
{
	u64 i;

	for (i = from.run; i <= to.run && i < job->nr; i++) {
		const struct run *run = &job->runs[job->start + i];

		mark_run(job, run, i == from.run ? from.off : 0,
			 i == to.run ? to.off : run->count, visits);
	}
}

static bool at_or_after(const struct guest_pos *a, const struct guest_pos *b)
{
	return a->run > b->run || (a->run == b->run && a->off >= b->off);
}

static void mark_progress(struct job *job, struct guest_pos now)
{
	struct guest_pos begin = {.pass = now.pass};
	struct guest_pos end = {.run = job->nr};
	struct guest_pos *last = &job->last;
	bool whole = now.pass > last->pass + 1 ||
		     (now.pass > last->pass && at_or_after(&now, last));

	if (job->op != OP_WRITER && job->window_epoch == job->vm->epoch)
		return;
	if (now.pass == last->pass) {
		mark_between(job, *last, now, now.pass + 1);
		return;
	}
	/* Pages from here on were last visited in the pass before. */
	if (whole)
		mark_between(job, now, end, now.pass);
	else
		mark_between(job, *last, end, now.pass);
	mark_between(job, begin, now, now.pass + 1);
	if (whole)
		job->window_epoch = job->vm->epoch;
}

/* Pages and the sum of their addresses up to a position of one pass. */
static void sum_before(const struct job *job, const struct guest_pos *pos,
		       u64 *pages, u64 *sum)
{
	u64 i;

	*pages = 0;
	*sum = 0;
	for (i = 0; i < job->nr && i <= pos->run; i++) {
		const struct run *run = &job->runs[job->start + i];
		u64 n = i == pos->run ? pos->off : run->count;

		*pages += n;
		*sum += n * run->gfn + run->stride * (n * (n - 1) / 2);
	}
	*sum <<= PAGE_SHIFT;
}

/*
 * The guest counts and sums its accesses by itself: they must be those that
 * its position stands for, else the truth would not be true.
 */
static void check_guest(struct job *job, const struct mailbox *m,
			const struct guest_pos *now)
{
	struct guest_pos end = {.run = job->nr};
	u64 pages, sum, all_pages, all_sum;

	sum_before(job, now, &pages, &sum);
	sum_before(job, &end, &all_pages, &all_sum);
	pages += now->pass * all_pages;
	sum += now->pass * all_sum;
	if (pages != m->accesses || sum != m->page_sum) {
		job->errors++;
		err_set(&job->failure,
			"the guest counts %lu accesses, expected are %lu",
			m->accesses, pages);
	}
}

static void copy_results(struct job *job, const struct mailbox *m)
{
	int i;

	if (m->errors && !job->errors)
		job->bad_gfn = m->bad_gfn;
	job->accesses = job->done_before + m->accesses;
	job->gap_max = MAX(job->gap_max, m->gap_max);
	for (i = 0; i < GAP_BUCKETS; i++)
		job->gap_hist[i] += m->gap_hist[i];
}

/* The next pass over this window finds what this one has written. */
static void age_window(struct job *job)
{
	u64 i;

	for (i = 0; i < job->nr; i++) {
		struct run *run = &job->runs[job->start + i];

		run->version += (u32)job->window_passes;
		run->tag = 0;
	}
}

void job_account(struct job *job, const struct mailbox *m, bool done)
{
	struct guest_pos now = m->pos;

	if (done)
		now = (struct guest_pos){.pass = job->window_passes};
	copy_results(job, m);
	if (!has_runs(job)) {
		job->passes = now.pass;
		return;
	}
	check_guest(job, m, &now);
	mark_progress(job, now);
	job->last = now;
	if (done && job->op == OP_WRITER)
		age_window(job);
}
