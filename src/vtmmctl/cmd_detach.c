// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl detach: stop managing a VM. */
#include "ctl.h"
#include "json.h"

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct json_object *doc;
	struct vtmm_vm_info vm;
	enum ctl_exit ret;

	(void)opts;
	(void)argc;
	ret = ctl_select(ctl, argv[0], &vm);
	if (!ret)
		ret = ctl_status(ctl, vtmm_vm_detach(ctl->client, vm.id));
	if (ret)
		return ret;
	if (ctl->json) {
		doc = json_object_new_object();
		json_add_number(doc, "detached", vm.id);
		json_print(ctl->out, doc);
	} else {
		fprintf(ctl->out, "detached VM %u\n", vm.id);
	}
	return CTL_OK;
}

const struct ctl_command cmd_detach = {
	.name = "detach",
	.args = "VM",
	.summary = "Stop managing a VM",
	.details = "Its pages stay where they are; the VM runs on.",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
