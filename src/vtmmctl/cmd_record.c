// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl record: write what a VM's rounds see to a file, for vtmm-sim. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "ctl.h"
#include "json.h"
#include "record.h"

#define POLL_MS_MAX 200

struct record_options {
	const char *output;
	uint64_t rounds;
	uint64_t timeout_ms;
};

/* One recording. */
struct recording {
	struct ctl *ctl;
	const struct record_options *o;
	struct trace_file trace;
	struct vtmm_vm_info vm;
	uint64_t poll_ms;
	uint64_t idle_ms;
	bool gone;
};

static volatile sig_atomic_t stopped;

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

static const char *set_output(void *options, const char *arg)
{
	((struct record_options *)options)->output = arg;
	return *arg ? NULL : "is no name of a file";
}

static const char *set_rounds(void *options, const char *arg)
{
	return parse_number(arg, 1, UINT32_MAX,
			    &((struct record_options *)options)->rounds);
}

static const char *set_timeout(void *options, const char *arg)
{
	uint64_t *ms = &((struct record_options *)options)->timeout_ms;
	const char *problem = parse_time(arg, ms);

	return problem || *ms ? problem : "is out of range";
}

static const struct ctl_option options[] = {
	{"output", 'o', "FILE", "the file to write", set_output},
	{"rounds", 'r', "N", "end after N rounds (default: never)", set_rounds},
	{"timeout", 't', "TIME",
	 "end when no round comes for so long (default: never)", set_timeout},
	{NULL, 0, NULL, NULL, NULL},
};

/*
 * The pages of the VM, all as of one round: *same is false when a round ended
 * in between. A VM that has left ends the recording.
 */
static enum ctl_exit look(struct recording *r, struct vtmm_pages_info *pages,
			  bool *same)
{
	struct vtmm_pages_info wish = {.vm_id = r->vm.id};
	enum vtmm_status status;
	uint32_t id = r->vm.id;

	memset(pages, 0, sizeof(*pages));
	VTMM_SET(&wish, VTMM_A_PAGES_VM_ID);
	*same = false;
	status = vtmm_vm_get(r->ctl->client, id, &r->vm);
	if (!status && r->vm.round == r->trace.round && r->trace.f)
		return CTL_OK;
	if (!status)
		status = vtmm_pages_get(r->ctl->client, &wish, pages);
	if (status == VTMM_REFUSED && r->trace.f) {
		r->gone = true;
		return CTL_OK;
	}
	*same = !status && pages->round == r->vm.round;
	return ctl_status(r->ctl, status);
}

static enum ctl_exit wrote(struct recording *r, bool done)
{
	if (done)
		return CTL_OK;
	return ctl_fail(r->ctl, "%s: %s", r->o->output, r->trace.problem);
}

/* The head and the map: the first look at the VM. */
static enum ctl_exit begin(struct recording *r, FILE *f)
{
	struct vtmm_pages_info pages;
	struct trace_head head = {0};
	enum ctl_exit ret;
	bool same;

	do {
		ret = look(r, &pages, &same);
		if (!same)
			vtmm_pages_info_free(&pages);
	} while (!ret && !same && !stopped);
	if (!same)
		return ret;
	head.flags = r->vm.queue ? TRACE_QUEUE : 0;
	head.period_ms = r->vm.period_ms;
	head.window = r->vm.window;
	head.mem = r->vm.mem;
	head.round = pages.round;
	ret = wrote(r, trace_begin(&r->trace, f, &head));
	if (!ret)
		ret = wrote(r, record_map(&r->trace, &pages));
	vtmm_pages_info_free(&pages);
	return ret;
}

static uint64_t rounds_left(const struct recording *r)
{
	return r->o->rounds ? r->o->rounds - r->trace.rounds : UINT64_MAX;
}

/* What has come since; the module remembers ten rounds, so no look is urgent.
 */
static enum ctl_exit go_on(struct recording *r)
{
	struct vtmm_pages_info pages;
	enum ctl_exit ret;
	bool same;

	ret = look(r, &pages, &same);
	if (!ret && same) {
		ret = wrote(r,
			    record_rounds(&r->trace, &pages, rounds_left(r)));
		r->idle_ms = 0;
	}
	vtmm_pages_info_free(&pages);
	return ret;
}

static bool over(const struct recording *r)
{
	const struct record_options *o = r->o;

	return stopped || r->gone ||
	       (o->rounds && r->trace.rounds >= o->rounds) ||
	       (o->timeout_ms && r->idle_ms >= o->timeout_ms);
}

static enum ctl_exit watch(struct recording *r)
{
	struct timespec pause = {.tv_nsec = (long)r->poll_ms * 1000000};
	enum ctl_exit ret = CTL_OK;

	while (!ret && !over(r)) {
		nanosleep(&pause, NULL);
		r->idle_ms += r->poll_ms;
		ret = go_on(r);
	}
	return ret;
}

static void report(const struct recording *r)
{
	struct json_object *doc;

	if (r->ctl->json) {
		doc = json_object_new_object();
		json_add_number(doc, "rounds", r->trace.rounds);
		json_add_number(doc, "missed", r->trace.missed);
		json_print(r->ctl->out, doc);
		return;
	}
	fprintf(r->ctl->out, "%llu rounds recorded, %llu missed\n",
		(unsigned long long)r->trace.rounds,
		(unsigned long long)r->trace.missed);
}

static enum ctl_exit record_to(struct recording *r, FILE *f)
{
	enum ctl_exit ret = begin(r, f);

	r->poll_ms = r->vm.period_ms / 4 + 1;
	if (r->poll_ms > POLL_MS_MAX)
		r->poll_ms = POLL_MS_MAX;
	if (!ret)
		ret = watch(r);
	if (!ret && r->trace.f)
		ret = wrote(r, trace_finish(&r->trace));
	if (!ret)
		report(r);
	return ret;
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct recording r = {.ctl = ctl, .o = opts};
	enum ctl_exit ret;
	FILE *f;

	if (!r.o->output)
		return ctl_usage(ctl, "record needs --output FILE");
	ret = ctl_select(ctl, argc ? argv[0] : NULL, &r.vm);
	if (ret)
		return ret;
	f = fopen(r.o->output, "wb");
	if (!f)
		return ctl_fail(ctl, "%s: %s", r.o->output, strerror(errno));
	stopped = 0;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	ret = record_to(&r, f);
	if (fclose(f) && !ret)
		ret = ctl_fail(ctl, "%s: %s", r.o->output, strerror(errno));
	return ret;
}

const struct ctl_command cmd_record = {
	.name = "record",
	.args = "[VM]",
	.summary = "Write what the rounds of a VM see to a file",
	.details =
		"Ends when interrupted, when the VM leaves, or as the options say. The file can\n"
		"be replayed by vtmm-sim --replay, under other settings.",
	.max_args = 1,
	.options = options,
	.options_size = sizeof(struct record_options),
	.run = run,
};
