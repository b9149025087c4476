// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl heat: the histogram of a VM, or its heat map. */
#include "draw.h"
#include "heat_sum.h"
#include "json.h"
#include "text.h"

struct heat_options {
	bool map;
};

static const char *set_map(void *options, const char *arg)
{
	(void)arg;
	((struct heat_options *)options)->map = true;
	return NULL;
}

static const struct ctl_option options[] = {
	{"map", 'm', NULL, "the heat map, by guest address", set_map},
	{NULL, 0, NULL, NULL, NULL},
};

static void title(struct ctl *ctl, const struct vtmm_vm_info *vm,
		  uint64_t round, uint64_t age_us)
{
	fprintf(ctl->out, "VM %u  ", vm->id);
	text_put(ctl->out, vm->name, ctl->utf8);
	fprintf(ctl->out, "  round %llu, %s ago\n", (unsigned long long)round,
		text_us(age_us).s);
}

static void print_json(struct ctl *ctl, const char *key,
		       struct json_object *value)
{
	struct json_object *doc = json_object_new_object();

	json_object_object_add(doc, key, value);
	json_print(ctl->out, doc);
}

static enum ctl_exit histogram(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	struct vtmm_heat_info heat;
	struct heat_sum sum;
	enum ctl_exit ret;

	ret = ctl_status(ctl, vtmm_heat_get(ctl->client, vm->id, &heat));
	if (ret)
		return ret;
	if (ctl->json) {
		print_json(ctl, "heat", json_of(&vtmm_set_heat, &heat));
	} else {
		sum = heat_sum(&heat);
		title(ctl, vm, heat.round, heat.age_us);
		draw_heat(ctl, &heat);
		fprintf(ctl->out, "* hot: %s, of which in fast memory %s\n",
			text_pages(sum.hot_fast + sum.hot_slow).s,
			text_percent(sum.hot_fast, sum.hot_fast + sum.hot_slow)
				.s);
	}
	vtmm_heat_info_free(&heat);
	return CTL_OK;
}

static enum ctl_exit heat_map(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	struct vtmm_heatmap_info wish = {.vm_id = vm->id}, map;
	enum ctl_exit ret;

	VTMM_SET(&wish, VTMM_A_HEATMAP_VM_ID);
	ret = ctl_status(ctl, vtmm_heatmap_get(ctl->client, &wish, &map));
	if (ret)
		return ret;
	if (ctl->json) {
		print_json(ctl, "heatmap", json_of(&vtmm_set_heatmap, &map));
	} else {
		title(ctl, vm, map.round, map.age_us);
		draw_map(ctl, &map);
	}
	vtmm_heatmap_info_free(&map);
	return CTL_OK;
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct heat_options *o = opts;
	struct vtmm_vm_info vm;
	enum ctl_exit ret = ctl_select(ctl, argc ? argv[0] : NULL, &vm);

	if (ret)
		return ret;
	return o->map ? heat_map(ctl, &vm) : histogram(ctl, &vm);
}

const struct ctl_command cmd_heat = {
	.name = "heat",
	.args = "[VM]",
	.summary = "Show how hot the pages of a VM are, and in which tier",
	.details =
		"One line for each temperature, hottest first; bars are relative to the\n"
		"largest of the temperatures above 0. Hot temperatures are marked by *.",
	.max_args = 1,
	.options = options,
	.options_size = sizeof(struct heat_options),
	.run = run,
};
