// SPDX-License-Identifier: GPL-2.0-only
/*
 * vtmmctl doctor: does this host work with vtmm, and if not, why. Each finding
 * names the cause and the remedy.
 */
#include <stdarg.h>

#include "doctor.h"
#include "draw.h"
#include "json.h"
#include "text.h"

static const char *const words[] = {"ok", "warn", "fail"};

static void add_json(struct doctor *d, enum finding finding, const char *name,
		     const char *text)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "name", name);
	json_add_text(o, "status", words[finding]);
	json_add_text(o, "text", text);
	json_object_array_add(d->checks, o);
}

static void print(struct doctor *d, enum finding finding, const char *name,
		  const char *text)
{
	struct ctl *ctl = d->ctl;

	draw_colour(ctl, COLOUR_GOOD + finding);
	fprintf(ctl->out, "%-4s", words[finding]);
	draw_colour(ctl, COLOUR_NONE);
	fputs("  ", ctl->out);
	text_put(ctl->out, name, ctl->utf8);
	fputs(": ", ctl->out);
	text_put(ctl->out, text, ctl->utf8);
	fputc('\n', ctl->out);
}

/**
 * doctor_say() - add a finding
 * @d: the examination
 * @finding: how bad
 * @name: of what was examined; may be foreign
 * @fmt: of a sentence
 */
void doctor_say(struct doctor *d, enum finding finding, const char *name,
		const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	d->counts[finding]++;
	if (d->checks)
		add_json(d, finding, name, text);
	else
		print(d, finding, name, text);
}

static void examine(struct doctor *d)
{
	struct vtmm_host_info info = {0};

	doctor_kernel(d);
	doctor_kvm(d);
	doctor_signing(d);
	doctor_rivals(d);
	doctor_thp(d);
	doctor_ksm(d);
	if (!doctor_module(d, &info))
		return;
	doctor_features(d, &info);
	doctor_tiers(d, &info);
	doctor_vms(d);
	vtmm_host_info_free(&info);
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct doctor d = {.ctl = ctl};
	struct json_object *doc;

	(void)opts;
	(void)argc;
	(void)argv;
	if (ctl->json)
		d.checks = json_object_new_array();
	examine(&d);
	if (ctl->json) {
		doc = json_object_new_object();
		json_object_object_add(doc, "checks", d.checks);
		json_add_number(doc, "failed", d.counts[FINDING_FAIL]);
		json_add_number(doc, "warned", d.counts[FINDING_WARN]);
		json_print(ctl->out, doc);
	}
	return d.counts[FINDING_FAIL] ? CTL_FAILED : CTL_OK;
}

const struct ctl_command cmd_doctor = {
	.name = "doctor",
	.args = "",
	.summary = "Check whether this host works with vtmm, and say why not",
	.details = "Exit status 1 when something does not work.",
	.offline = true,
	.run = run,
};
