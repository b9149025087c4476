// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl stats: settings, state and counters of a VM. */
#include <string.h>

#include "draw.h"
#include "json.h"
#include "settings.h"

static void heading(struct ctl *ctl, const char *s)
{
	draw_colour(ctl, COLOUR_BOLD);
	fprintf(ctl->out, "%s\n", s);
	draw_colour(ctl, COLOUR_NONE);
}

static void line(struct ctl *ctl, const char *name, const char *value)
{
	fprintf(ctl->out, "  %-24s ", name);
	text_put(ctl->out, value, ctl->utf8);
	fputc('\n', ctl->out);
}

static void count(struct ctl *ctl, const char *name, uint64_t n)
{
	fprintf(ctl->out, "  %-24s %llu\n", name, (unsigned long long)n);
}

static void print_settings(struct ctl *ctl, const struct vtmm_vm_info *vm,
			   const char *part)
{
	heading(ctl, part);
	for (const struct ctl_option *o = setting_options; o->name; o++)
		if (o->setting->kind != SETTING_NAME &&
		    !strcmp(o->setting->part, part))
			line(ctl, o->setting->label,
			     settings_text(vm, o->setting).s);
}

static void print_memory(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	heading(ctl, "memory");
	line(ctl, "size", text_pages(vm->mem).s);
	line(ctl, "in fast memory", text_pages(vm->pages_fast).s);
	line(ctl, "in slow memory", text_pages(vm->pages_slow).s);
	line(ctl, "demand", text_pages(vm->demand).s);
	line(ctl, "allotment", text_pages(vm->allotment).s);
	if (VTMM_HAS(vm, VTMM_A_VM_IDLE_WHY))
		line(ctl, "nothing moves because", vm->idle_why);
}

static void print_row(struct ctl *ctl, const struct vtmm_stats_info *s,
		      const struct row *row)
{
	uint64_t n =
		vtmm_field_number(vtmm_field_of(&vtmm_set_stats, row->attr), s);

	switch (row->unit) {
	case ROW_US:
		line(ctl, row->label, text_us(n).s);
		break;
	case ROW_NS:
		line(ctl, row->label, text_us(n / 1000).s);
		break;
	case ROW_BYTES:
		line(ctl, row->label, text_bytes(n).s);
		break;
	default:
		count(ctl, row->label, n);
	}
}

static void print_tracker(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	line(ctl, "tracker", vm->tracker);
	if (VTMM_HAS(vm, VTMM_A_VM_TRACKER_WHY))
		line(ctl, "not a better one because", vm->tracker_why);
	if (VTMM_HAS(vm, VTMM_A_VM_PML_HOOK))
		line(ctl, "PML is read by", vm->pml_hook);
}

/* What belongs below a counter and is none. */
static void print_after(struct ctl *ctl, const struct vtmm_vm_info *vm,
			int attr)
{
	if (attr == VTMM_A_STATS_ROUNDS_SKIPPED)
		line(ctl, "last round ended", text_us(vm->age_us).s);
	if (attr != VTMM_A_STATS_ROUND_US_TOTAL)
		return;
	if (VTMM_HAS(vm, VTMM_A_VM_ATTACHED_US))
		line(ctl, "share of one CPU",
		     text_percent(vm->stats.round_us_total, vm->attached_us).s);
	line(ctl, "memory taken", text_bytes(vm->heat_bytes).s);
}

static void print_counters(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	heading(ctl, "tracking");
	print_tracker(ctl, vm);
	for (const struct row *row = tracking_rows; row->label; row++) {
		print_row(ctl, &vm->stats, row);
		print_after(ctl, vm, row->attr);
	}
	heading(ctl, "moving");
	for (const struct row *row = moving_rows; row->label; row++)
		print_row(ctl, &vm->stats, row);
}

static void print_text(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	fprintf(ctl->out, "VM %u  ", vm->id);
	text_put(ctl->out, vm->name, ctl->utf8);
	fprintf(ctl->out, "  pid %u  fd %u\n", vm->pid, vm->fd);
	print_settings(ctl, vm, "settings");
	print_settings(ctl, vm, "policy");
	print_memory(ctl, vm);
	print_counters(ctl, vm);
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct json_object *doc;
	struct vtmm_vm_info vm;
	enum ctl_exit ret;

	(void)opts;
	ret = ctl_select(ctl, argc ? argv[0] : NULL, &vm);
	if (!ret)
		ret = ctl_status(ctl, vtmm_vm_get(ctl->client, vm.id, &vm));
	if (ret)
		return ret;
	if (ctl->json) {
		doc = json_object_new_object();
		json_object_object_add(doc, "vm", json_of(&vtmm_set_vm, &vm));
		json_print(ctl->out, doc);
	} else {
		print_text(ctl, &vm);
	}
	return CTL_OK;
}

const struct ctl_command cmd_stats = {
	.name = "stats",
	.args = "[VM]",
	.summary = "Show settings, state and counters of a VM",
	.details = "VM may be left out when only one is attached.",
	.max_args = 1,
	.run = run,
};
