// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl status: the host on one screen. */
#include <stdlib.h>

#include "draw.h"
#include "heat_sum.h"
#include "json.h"
#include "rivals.h"
#include "table.h"
#include "text.h"
#include "tiers.h"

#define BAR_WIDTH 24

/* All that the screen shows. */
struct screen {
	struct vtmm_host_info info;
	struct vtmm_pool_info pool;
	struct vtmm_vm_list list;
	struct heat_sum *heat;
};

static void screen_free(struct screen *s)
{
	free(s->heat);
	vtmm_vm_list_free(&s->list);
	vtmm_pool_info_free(&s->pool);
	vtmm_host_info_free(&s->info);
}

/* A VM may go away between list and heat: then it has no hot pages. */
static enum ctl_exit get_heat(struct ctl *ctl, struct screen *s)
{
	struct vtmm_heat_info heat;

	s->heat = calloc(s->list.nr + 1, sizeof(*s->heat));
	if (!s->heat)
		return ctl_fail(ctl, "out of memory");
	for (size_t i = 0; i < s->list.nr; i++) {
		enum vtmm_status status =
			vtmm_heat_get(ctl->client, s->list.vms[i].id, &heat);

		if (status == VTMM_REFUSED)
			continue;
		if (status)
			return ctl_status(ctl, status);
		s->heat[i] = heat_sum(&heat);
		vtmm_heat_info_free(&heat);
	}
	return CTL_OK;
}

static enum ctl_exit screen_get(struct ctl *ctl, struct screen *s)
{
	enum ctl_exit ret;

	ret = ctl_status(ctl, vtmm_info_get(ctl->client, &s->info));
	if (!ret)
		ret = ctl_status(ctl, vtmm_pool_get(ctl->client, &s->pool));
	if (!ret)
		ret = ctl_status(ctl, vtmm_vm_list(ctl->client, &s->list));
	return ret ? ret : get_heat(ctl, s);
}

/* What tracking and moving take, in percent of one CPU. */
static struct text cost(const struct vtmm_vm_info *vm)
{
	return text_percent(
		vm->stats.round_us_total + vm->stats.migrate_us_total,
		VTMM_HAS(vm, VTMM_A_VM_ATTACHED_US) ? vm->attached_us : 0);
}

static void print_pool(struct ctl *ctl, const struct vtmm_pool_info *pool)
{
	uint64_t used = pool->size > pool->free ? pool->size - pool->free : 0;

	fputs("pool  ", ctl->out);
	draw_bar(ctl, COLOUR_GOOD, used, pool->size, BAR_WIDTH);
	fprintf(ctl->out, "  %s allotted of %s%s\n", text_pages(used).s,
		text_pages(pool->size).s, pool->automatic ? " (auto)" : "");
}

static void print_vms(struct ctl *ctl, const struct screen *s)
{
	static const char *const head[] = {
		"ID",	"PID",	     "NAME",	 "MODE", "HOT",	 "HOT IN FAST",
		"FAST", "ALLOTMENT", "MOVED UP", "DOWN", "COST", NULL};
	struct table t;

	table_init(&t, ctl, 1 << 2 | 1 << 3, head);
	for (size_t i = 0; i < s->list.nr; i++) {
		const struct vtmm_vm_info *vm = &s->list.vms[i];
		uint64_t hot = s->heat[i].hot_fast + s->heat[i].hot_slow;

		table_cell(&t, "%u", vm->id);
		table_cell(&t, "%u", vm->pid);
		table_text(&t, vm->name);
		table_text(&t, vtmm_enum_name(vtmm_mode_names, vm->mode));
		table_cell(&t, "%s", text_pages(hot).s);
		table_cell(&t, "%s", text_percent(s->heat[i].hot_fast, hot).s);
		table_cell(&t, "%s", text_pages(vm->pages_fast).s);
		table_cell(&t, "%s", text_pages(vm->allotment).s);
		table_cell(&t, "%s", text_pages(vm->stats.promoted).s);
		table_cell(&t, "%s", text_pages(vm->stats.demoted).s);
		table_cell(&t, "%s", cost(vm).s);
	}
	table_print(&t, ctl->out);
}

/* What holds people back: why a VM is idle, what the host gets wrong. */
static void print_notes(struct ctl *ctl, const struct screen *s)
{
	for (size_t i = 0; i < s->list.nr; i++) {
		const struct vtmm_vm_info *vm = &s->list.vms[i];

		if (!VTMM_HAS(vm, VTMM_A_VM_IDLE_WHY))
			continue;
		fprintf(ctl->out, "VM %u moves nothing: ", vm->id);
		text_put(ctl->out, vm->idle_why, ctl->utf8);
		fputc('\n', ctl->out);
	}
	for (size_t i = 0; i < s->info.nr_advice; i++) {
		fputs("note: ", ctl->out);
		text_put(ctl->out, s->info.advice[i], ctl->utf8);
		fputc('\n', ctl->out);
	}
	for (size_t i = 0; i < RIVALS; i++)
		if (rival_is_on(ctl, rival_at(i)))
			fprintf(ctl->out, "note: %s %s\n", rival_at(i)->name,
				rival_at(i)->remedy);
}

static void print_text(struct ctl *ctl, const struct screen *s)
{
	tiers_print(ctl, &s->info);
	print_pool(ctl, &s->pool);
	fputc('\n', ctl->out);
	if (s->list.nr)
		print_vms(ctl, s);
	else
		fputs("no VM is attached: vtmmctl attach PID\n", ctl->out);
	print_notes(ctl, s);
}

static struct json_object *vms_json(const struct screen *s)
{
	struct json_object *vms = json_object_new_array();

	for (size_t i = 0; i < s->list.nr; i++) {
		struct json_object *vm = json_of(&vtmm_set_vm, &s->list.vms[i]);

		json_add_number(vm, "hot_fast", s->heat[i].hot_fast);
		json_add_number(vm, "hot_slow", s->heat[i].hot_slow);
		json_object_array_add(vms, vm);
	}
	return vms;
}

/* What the kernel does is one more advice, beside the module's. */
static void add_rivals(const struct ctl *ctl, struct json_object *host)
{
	struct json_object *advice = json_object_object_get(host, "advice");
	char text[512];

	for (size_t i = 0; i < RIVALS; i++) {
		if (!rival_is_on(ctl, rival_at(i)))
			continue;
		snprintf(text, sizeof(text), "%s %s", rival_at(i)->name,
			 rival_at(i)->remedy);
		json_object_array_add(advice, json_object_new_string(text));
	}
}

static void print_json(struct ctl *ctl, const struct screen *s)
{
	struct json_object *doc = json_object_new_object();
	struct json_object *host = json_of(&vtmm_set_info, &s->info);

	add_rivals(ctl, host);
	json_object_object_add(doc, "host", host);
	json_object_object_add(doc, "pool", json_of(&vtmm_set_pool, &s->pool));
	json_object_object_add(doc, "vms", vms_json(s));
	json_print(ctl->out, doc);
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct screen s = {0};
	enum ctl_exit ret = screen_get(ctl, &s);

	(void)opts;
	(void)argc;
	(void)argv;
	if (!ret && ctl->json)
		print_json(ctl, &s);
	else if (!ret)
		print_text(ctl, &s);
	screen_free(&s);
	return ret;
}

const struct ctl_command cmd_status = {
	.name = "status",
	.args = "",
	.summary = "Show tiers, pool and VMs on one screen (the default)",
	.details =
		"HOT IN FAST: the share of a VM's hot pages that is in fast memory.\n"
		"COST: what tracking and moving took, in percent of one CPU.",
	.run = run,
};
