// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl list: the attached VMs, one line each. */
#include "json.h"
#include "table.h"
#include "text.h"

static void print_table(struct ctl *ctl, const struct vtmm_vm_list *list)
{
	static const char *const head[] = {
		"ID",	"PID",	"NAME",	  "MODE",      "TRACKER", "MEMORY",
		"FAST", "SLOW", "DEMAND", "ALLOTMENT", NULL};
	struct table t;

	table_init(&t, ctl, 1 << 2 | 1 << 3 | 1 << 4, head);
	for (size_t i = 0; i < list->nr; i++) {
		const struct vtmm_vm_info *vm = &list->vms[i];

		table_cell(&t, "%u", vm->id);
		table_cell(&t, "%u", vm->pid);
		table_text(&t, vm->name);
		table_text(&t, vtmm_enum_name(vtmm_mode_names, vm->mode));
		table_text(&t, vm->tracker);
		table_cell(&t, "%s", text_pages(vm->mem).s);
		table_cell(&t, "%s", text_pages(vm->pages_fast).s);
		table_cell(&t, "%s", text_pages(vm->pages_slow).s);
		table_cell(&t, "%s", text_pages(vm->demand).s);
		table_cell(&t, "%s", text_pages(vm->allotment).s);
	}
	table_print(&t, ctl->out);
}

static void print_json(struct ctl *ctl, const struct vtmm_vm_list *list)
{
	struct json_object *doc = json_object_new_object();
	struct json_object *vms = json_object_new_array();

	for (size_t i = 0; i < list->nr; i++)
		json_object_array_add(vms,
				      json_of(&vtmm_set_vm, &list->vms[i]));
	json_object_object_add(doc, "vms", vms);
	json_print(ctl->out, doc);
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct vtmm_vm_list list;
	enum ctl_exit ret;

	(void)opts;
	(void)argc;
	(void)argv;
	ret = ctl_status(ctl, vtmm_vm_list(ctl->client, &list));
	if (ret)
		return ret;
	if (ctl->json)
		print_json(ctl, &list);
	else
		print_table(ctl, &list);
	vtmm_vm_list_free(&list);
	return CTL_OK;
}

const struct ctl_command cmd_list = {
	.name = "list",
	.args = "",
	.summary = "List the attached VMs",
	.run = run,
};
