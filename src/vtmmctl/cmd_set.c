// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl set: change settings of an attached VM. */
#include "json.h"
#include "settings.h"

static const char *set_round_now(void *options, const char *arg)
{
	(void)arg;
	VTMM_SET(&((struct settings *)options)->vm, VTMM_A_VM_ROUND_NOW);
	return NULL;
}

static const struct ctl_option options[] = {
	{"round-now", 0, NULL, "begin the next round at once", set_round_now},
	{NULL, 0, NULL, NULL, NULL},
};

static enum ctl_exit report(struct ctl *ctl, uint32_t id)
{
	struct vtmm_vm_info vm;
	struct json_object *doc;
	enum ctl_exit ret;

	if (!ctl->json)
		return CTL_OK;
	ret = ctl_status(ctl, vtmm_vm_get(ctl->client, id, &vm));
	if (ret)
		return ret;
	doc = json_object_new_object();
	json_object_object_add(doc, "vm", json_of(&vtmm_set_vm, &vm));
	json_print(ctl->out, doc);
	return CTL_OK;
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct settings *s = opts;
	struct vtmm_vm_info vm;
	enum ctl_exit ret;

	(void)argc;
	if (!s->vm.present && !s->has_min && !s->has_max)
		return ctl_usage(
			ctl, "set: nothing to change; see: vtmmctl set --help");
	ret = ctl_select(ctl, argv[0], &vm);
	if (!ret)
		ret = settings_resolve(ctl, s);
	if (ret)
		return ret;
	s->vm.id = vm.id;
	VTMM_SET(&s->vm, VTMM_A_VM_ID);
	ret = ctl_status(ctl, vtmm_vm_set(ctl->client, &s->vm));
	return ret ? ret : report(ctl, vm.id);
}

const struct ctl_command cmd_set = {
	.name = "set",
	.args = "VM",
	.summary = "Change settings of a VM",
	.details = "What is not named stays as it is.",
	.min_args = 1,
	.max_args = 1,
	.options = options,
	.shared_options = setting_options,
	.options_size = sizeof(struct settings),
	.run = run,
};
