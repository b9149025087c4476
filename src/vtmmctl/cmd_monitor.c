// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl monitor: events as they come. */
#include <signal.h>
#include <time.h>

#include "ctl.h"
#include "json.h"
#include "text.h"

struct monitor_options {
	uint64_t count;
	uint64_t timeout_ms;
};

static const char *set_count(void *options, const char *arg)
{
	return parse_number(arg, 1, UINT32_MAX,
			    &((struct monitor_options *)options)->count);
}

static const char *set_timeout(void *options, const char *arg)
{
	uint64_t *ms = &((struct monitor_options *)options)->timeout_ms;
	const char *problem = parse_time(arg, ms);

	if (problem)
		return problem;
	return *ms && *ms <= INT32_MAX ? NULL : "is out of range";
}

static const struct ctl_option options[] = {
	{"count", 'c', "N", "end after N events (default: never)", set_count},
	{"timeout", 't', "TIME",
	 "end when nothing comes for so long (default: never)", set_timeout},
	{NULL, 0, NULL, NULL, NULL},
};

static void print_time(struct ctl *ctl, uint64_t ns)
{
	time_t seconds = ns / 1000000000;
	char text[16] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%H:%M:%S", &tm);
	fprintf(ctl->out, "%s.%03u", text, (unsigned int)(ns / 1000000 % 1000));
}

static void print_text(struct ctl *ctl, const struct vtmm_event_info *e)
{
	print_time(ctl, e->time_ns);
	fprintf(ctl->out, "  %-9s", vtmm_enum_name(vtmm_event_names, e->kind));
	if (VTMM_HAS(e, VTMM_A_EVENT_VM_ID))
		fprintf(ctl->out, "  VM %u ", e->vm_id);
	text_put(ctl->out, e->name, ctl->utf8);
	if (VTMM_HAS(e, VTMM_A_EVENT_PID))
		fprintf(ctl->out, "  pid %u", e->pid);
	if (VTMM_HAS(e, VTMM_A_EVENT_PROMOTED))
		fprintf(ctl->out, "  promoted %s", text_pages(e->promoted).s);
	if (VTMM_HAS(e, VTMM_A_EVENT_DEMOTED))
		fprintf(ctl->out, "  demoted %s", text_pages(e->demoted).s);
	if (VTMM_HAS(e, VTMM_A_EVENT_ALLOTMENT))
		fprintf(ctl->out, "  allotment %s", text_pages(e->allotment).s);
	if (VTMM_HAS(e, VTMM_A_EVENT_TEXT)) {
		fputs("  ", ctl->out);
		text_put(ctl->out, e->text, ctl->utf8);
	}
	fputc('\n', ctl->out);
}

static void print_event(struct ctl *ctl, const struct vtmm_event_info *e)
{
	if (ctl->json)
		json_print_line(ctl->out, json_of(&vtmm_set_event, e));
	else
		print_text(ctl, e);
	/* Somebody may be waiting at the other end of a pipe. */
	fflush(ctl->out);
}

static void on_signal(int sig)
{
	(void)sig;
}

/* Ctrl-C and termination end the waiting, and with it the command, in order. */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static enum ctl_exit watch(struct ctl *ctl, const struct monitor_options *o)
{
	int timeout = o->timeout_ms ? (int)o->timeout_ms : -1;
	struct vtmm_event_info event;
	uint64_t seen = 0;

	while ((!o->count || seen < o->count) && !ferror(ctl->out)) {
		switch (vtmm_event_next(ctl->client, timeout, &event)) {
		case VTMM_OK:
			print_event(ctl, &event);
			seen++;
			break;
		case VTMM_LOST:
			ctl_fail(ctl, "%s", vtmm_error(ctl->client));
			break;
		case VTMM_TIMEOUT:
			if (timeout >= 0)
				return CTL_OK;
			break;
		case VTMM_INTERRUPTED:
			return CTL_OK;
		default:
			return ctl_fail(ctl, "%s", vtmm_error(ctl->client));
		}
	}
	return CTL_OK;
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	enum ctl_exit ret = ctl_status(ctl, vtmm_events_join(ctl->client));

	(void)argc;
	(void)argv;
	if (ret)
		return ret;
	catch_signals();
	return watch(ctl, opts);
}

const struct ctl_command cmd_monitor = {
	.name = "monitor",
	.args = "",
	.summary = "Print events as they come, one line each",
	.details = "With --json each line is one object.",
	.options = options,
	.options_size = sizeof(struct monitor_options),
	.run = run,
};
