// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that make the guest access memory, and those that steer it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "random.h"
#include "ranges.h"

#define DEFAULT_EXIT 20000 /* accesses between two exits */
#define JOB_KEYS " times exit vcpu vm"
#define JOB_FLAGS " loop bg gaps"

static int job_result(struct call *c, const struct vcpu *v)
{
	const struct job *job = v->job;

	if (!job)
		return reply(c, "vcpu=%d state=%s", v->index,
			     vcpu_state_name(v->state));
	if (*job->failure.msg)
		return err_set(&c->err, "vCPU %d: %s", v->index,
			       job->failure.msg);
	if (job->errors)
		return err_set(&c->err,
			       "vCPU %d: %lu wrong words, the first in gfn %lx",
			       v->index, job->errors, job->bad_gfn);
	return reply(c, "vcpu=%d state=%s passes=%lu accesses=%lu errors=0",
		     v->index, vcpu_state_name(v->state), job_passes(job),
		     job->accesses);
}

/* A job with the options that all jobs have. */
static struct job *new_job(struct call *c, u32 op)
{
	struct job *job = zalloc(1, sizeof(*job));

	job->vm = c->vm;
	job->op = op;
	job->gaps = line_flag(&c->line, "gaps");
	if (line_num(&c->line, "times", 1, &job->times, &c->err) ||
	    line_num(&c->line, "exit", DEFAULT_EXIT, &job->exit_every,
		     &c->err)) {
		job_free(job);
		return NULL;
	}
	if (line_flag(&c->line, "loop"))
		job->times = FOR_EVER;
	if (!job->exit_every)
		job->exit_every = FOR_EVER;
	return job;
}

static int start_background(struct call *c, struct job *job)
{
	struct vcpu *v = call_vcpu(c);

	if (!v) {
		job_free(job);
		return -1;
	}
	if (vcpu_start(v, job, &c->err))
		return -1;
	return reply(c, "vcpu=%d started", v->index);
}

/* Start the job; wait for its end unless it is to run in the background. */
static int start(struct call *c, struct job *job)
{
	struct vcpu *v;

	if (start_background(c, job))
		return -1;
	if (line_flag(&c->line, "bg") || line_flag(&c->line, "loop"))
		return 0;
	v = call_vcpu(c);
	vcpu_wait(v);
	return job_result(c, v);
}

/* rand=N or rand=P%: keep a random part of the set. */
static int sample(struct call *c, struct pageset *set)
{
	const char *text = line_opt(&c->line, "rand");
	u64 n = pageset_count(set), seed;
	double part;
	char *end;

	if (line_num(&c->line, "seed", 1, &seed, &c->err))
		return -1;
	if (!text)
		return 0;
	part = strtod(text, &end);
	if (*end == '%')
		part = round(part * n / 100);
	if (end == text || (*end && strcmp(end, "%")) || part < 1 || part > n)
		return err_set(&c->err, "rand=%s selects none of %lu pages",
			       text, n);
	pageset_sample(set, (u64)part, seed);
	return 0;
}

static int shuffle(struct call *c, struct pageset *set)
{
	u64 n = pageset_count(set), state, i, *list;

	if (!line_flag(&c->line, "shuffle"))
		return 0;
	if (line_num(&c->line, "seed", 1, &state, &c->err))
		return -1;
	list = pageset_list(set);
	random_shuffle(&state, list, n);
	pageset_free(set);
	for (i = 0; i < n; i++)
		pageset_add(set, list[i], 1, 1);
	free(list);
	return 0;
}

static int touch(struct call *c, u32 mode)
{
	struct pageset set = {0};
	struct job *job = NULL;
	u64 tag;

	if (call_set(c, 0, &set) || sample(c, &set) || shuffle(c, &set) ||
	    line_num(&c->line, "tag", 1, &tag, &c->err))
		goto out;
	job = new_job(c, OP_TOUCH);
	if (job)
		job_add_set(job, &set, mode, 0, (u32)tag & 0xffffff);
out:
	pageset_free(&set);
	return job ? start(c, job) : -1;
}

static int run_read(struct call *c)
{
	return touch(c, RUN_READ);
}

static int run_write(struct call *c)
{
	return touch(c, RUN_WRITE);
}

static int run_rw(struct call *c)
{
	return touch(c, RUN_READ | RUN_WRITE);
}

struct zipf_spec {
	u64 n;
	u64 seed;
	double s;
	double write; /* percent */
};

static void add_zipf(struct job *job, u64 *pages, u64 nr,
		     const struct zipf_spec *spec)
{
	u64 state = spec->seed, i;
	struct zipf z;

	/* The hottest pages are anywhere, not at the front. */
	random_shuffle(&state, pages, nr);
	zipf_init(&z, nr, spec->s);
	for (i = 0; i < spec->n; i++) {
		bool write =
			random_below(&state, 1000000) < spec->write * 10000;
		struct run run = {
			.gfn = pages[zipf_draw(&z, &state)],
			.count = 1,
			.stride = 1,
			.tag = 1,
			.mode = write ? RUN_WRITE : RUN_READ,
		};

		job_add_run(job, &run);
	}
	zipf_free(&z);
}

static int run_zipf(struct call *c)
{
	struct zipf_spec spec;
	struct pageset set = {0};
	struct job *job = NULL;
	u64 *pages;

	if (call_set(c, 0, &set) ||
	    line_num(&c->line, "n", 100000, &spec.n, &c->err) ||
	    line_num(&c->line, "seed", 1, &spec.seed, &c->err) ||
	    line_real(&c->line, "s", 0.99, &spec.s, &c->err) ||
	    line_real(&c->line, "write", 0, &spec.write, &c->err))
		goto out;
	job = new_job(c, OP_TOUCH);
	if (!job)
		goto out;
	pages = pageset_list(&set);
	add_zipf(job, pages, pageset_count(&set), &spec);
	free(pages);
out:
	pageset_free(&set);
	return job ? start(c, job) : -1;
}

/* A hot set of @size neighbours that moves on by @step, @moves times. */
struct hot {
	u64 base;
	u64 size;
	u64 step;
	u64 moves;
	u64 n;
	u32 mode;
	u64 pages[];
};

static void hot_runs(struct job *job, const struct hot *hot)
{
	u64 i;

	job->nr_runs = 0;
	for (i = 0; i < hot->size; i++) {
		struct run run = {
			.gfn = hot->pages[(hot->base + i) % hot->n],
			.count = 1,
			.stride = 1,
			.tag = 1,
			.mode = hot->mode,
		};
		struct run *last =
			job->nr_runs ? &job->runs[job->nr_runs - 1] : NULL;

		if (last && last->gfn + last->count == run.gfn)
			last->count++;
		else
			job_add_run(job, &run);
	}
}

static bool hot_refill(struct job *job)
{
	struct hot *hot = job->refill_data;

	if (!hot->moves)
		return false;
	if (hot->moves != FOR_EVER)
		hot->moves--;
	hot->base = (hot->base + hot->step) % hot->n;
	hot_runs(job, hot);
	return true;
}

static int hot_mode(struct call *c, u32 *mode)
{
	const char *text = line_opt(&c->line, "mode");

	for (*mode = RUN_READ; *mode <= (RUN_READ | RUN_WRITE); (*mode)++)
		if (!strcmp(text ? text : "r", mode_name(*mode)))
			return 0;
	return err_set(&c->err, "mode=%s is not r, w or rw", text);
}

static int hot_options(struct call *c, struct hot *hot)
{
	if (line_num(&c->line, "size", MAX(hot->n / 10, 1UL), &hot->size,
		     &c->err) ||
	    line_num(&c->line, "step", MAX(hot->size / 10, 1UL), &hot->step,
		     &c->err) ||
	    line_num(&c->line, "moves", 0, &hot->moves, &c->err) ||
	    hot_mode(c, &hot->mode))
		return -1;
	if (line_flag(&c->line, "loop") && !hot->moves)
		hot->moves = FOR_EVER;
	if (!hot->size || hot->size > hot->n)
		return err_set(&c->err, "size=%lu of %lu pages", hot->size,
			       hot->n);
	return 0;
}

static int run_hot(struct call *c)
{
	struct pageset set = {0};
	struct job *job = NULL;
	struct hot *hot = NULL;
	u64 *pages, n;

	if (call_set(c, 0, &set))
		goto out;
	n = pageset_count(&set);
	hot = zalloc(1, sizeof(*hot) + n * sizeof(*pages));
	pages = pageset_list(&set);
	memcpy(hot->pages, pages, n * sizeof(*pages));
	free(pages);
	hot->n = n;
	if (!hot_options(c, hot))
		job = new_job(c, OP_TOUCH);
	if (!job || line_num(&c->line, "every", 10, &job->times, &c->err)) {
		free(hot);
		job_free(job);
		job = NULL;
		goto out;
	}
	job->refill = hot_refill;
	job->refill_data = hot;
	hot_runs(job, hot);
out:
	pageset_free(&set);
	return job ? start(c, job) : -1;
}

static int run_spin(struct call *c)
{
	struct job *job = new_job(c, OP_SPIN);

	return job ? start(c, job) : -1;
}

static int run_crash(struct call *c)
{
	struct job *job = new_job(c, OP_CRASH);

	return job ? start(c, job) : -1;
}

static int run_halt(struct call *c)
{
	struct job *job = new_job(c, OP_HALT);

	if (!job)
		return -1;
	job->times = FOR_EVER;
	return start_background(c, job);
}

static int run_writer(struct call *c)
{
	struct pageset set = {0};
	struct job *job = NULL;

	if (call_set(c, 0, &set))
		goto out;
	pageset_sort(&set);
	job = new_job(c, OP_WRITER);
	if (job)
		job_add_known(job, &set);
out:
	pageset_free(&set);
	return job ? start(c, job) : -1;
}

static int run_wait(struct call *c)
{
	struct vcpu *v = call_vcpu(c);

	if (!v)
		return -1;
	vcpu_wait(v);
	return job_result(c, v);
}

static int run_stop(struct call *c)
{
	struct vcpu *v = call_vcpu(c);

	if (!v)
		return -1;
	vcpu_stop(v);
	return job_result(c, v);
}

/* One vCPU with vcpu=N, else all of them. */
static int for_vcpus(struct call *c, void (*one)(struct vcpu *v),
		     void (*all)(struct vm *vm))
{
	struct vcpu *v;

	if (!line_opt(&c->line, "vcpu")) {
		all(c->vm);
		return 0;
	}
	v = call_vcpu(c);
	if (v)
		one(v);
	return v ? 0 : -1;
}

static int run_pause(struct call *c)
{
	return for_vcpus(c, vcpu_pause, vm_pause);
}

static int run_resume(struct call *c)
{
	return for_vcpus(c, vcpu_resume, vm_resume);
}

static int run_gaps(struct call *c)
{
	struct vcpu *v = call_vcpu(c);
	int i;

	if (!v || !v->job)
		return v ? err_set(&c->err, "vCPU %d had no job", v->index)
			 : -1;
	say(c, "max %lu", v->job->gap_max);
	for (i = 0; i < GAP_BUCKETS; i++)
		if (v->job->gap_hist[i])
			say(c, "%lu %lu", 1UL << i, v->job->gap_hist[i]);
	return 0;
}

#define TOUCH_KEYS "rand seed tag" JOB_KEYS
#define TOUCH_FLAGS "shuffle" JOB_FLAGS

const struct command access_commands[] = {
	{{"read", 0, 1, TOUCH_KEYS, TOUCH_FLAGS},
	 run_read,
	 "[SET] [rand=N|P%] [seed=] [shuffle] [times=N|loop] [exit=N]"},
	{{"write", 0, 1, TOUCH_KEYS, TOUCH_FLAGS},
	 run_write,
	 "the same, writing one word of each page (tag=N: its value)"},
	{{"rw", 0, 1, TOUCH_KEYS, TOUCH_FLAGS},
	 run_rw,
	 "the same, reading, then writing"},
	{{"zipf", 0, 1, "n s seed write" JOB_KEYS, JOB_FLAGS},
	 run_zipf,
	 "[SET] [n=100000] [s=0.99] [seed=] [write=PERCENT] [times=]"},
	{{"hot", 0, 1, "size step every moves mode" JOB_KEYS, JOB_FLAGS},
	 run_hot,
	 "[SET] [size=] [step=] [every=PASSES] [moves=] [mode=r|w|rw]"},
	{{"spin", 0, 0, JOB_KEYS, JOB_FLAGS},
	 run_spin,
	 "[times=N|loop] [exit=N]: run without touching data"},
	{{"halt", 0, 0, "vcpu vm", ""},
	 run_halt,
	 "[vcpu=]: sleep inside KVM until stopped (--irqchip)"},
	{{"crash", 0, 0, "vcpu vm", ""},
	 run_crash,
	 "[vcpu=]: meet an exception; the vCPU is dead then"},
	{{"writer", 0, 1, JOB_KEYS, JOB_FLAGS},
	 run_writer,
	 "[SET] [times=N|loop]: check each page, write its next version"},
	{{"wait", 0, 0, "vcpu vm", ""},
	 run_wait,
	 "[vcpu=]: wait for the job's end"},
	{{"stop", 0, 0, "vcpu vm", ""},
	 run_stop,
	 "[vcpu=]: end the job at the next access"},
	{{"pause", 0, 0, "vcpu vm", ""},
	 run_pause,
	 "[vcpu=]: bring all vCPUs (or one) out of KVM"},
	{{"resume", 0, 0, "vcpu vm", ""},
	 run_resume,
	 "[vcpu=]: let them go on"},
	{{"gaps", 0, 0, "vcpu vm", ""},
	 run_gaps,
	 "[vcpu=]: TSC ticks between accesses: '<from> <count>'"},
	{},
};
