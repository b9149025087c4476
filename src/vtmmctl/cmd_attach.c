// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl attach: start to manage the VM of a process. */
#include "json.h"
#include "settings.h"
#include "text.h"

static const char *set_fd(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;
	uint64_t n;
	const char *problem = parse_number(arg, 0, INT32_MAX, &n);

	vm->fd = (uint32_t)n;
	VTMM_SET(vm, VTMM_A_VM_FD);
	return problem ? "is not a file descriptor" : NULL;
}

static const struct ctl_option options[] = {
	{"fd", 0, "N", "the VM's fd, when the process has several VMs", set_fd},
	{NULL, 0, NULL, NULL, NULL},
};

static void report(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	if (ctl->json) {
		struct json_object *doc = json_object_new_object();

		json_object_object_add(doc, "vm", json_of(&vtmm_set_vm, vm));
		json_print(ctl->out, doc);
		return;
	}
	fprintf(ctl->out, "attached VM %u (", vm->id);
	text_put(ctl->out, vm->name, ctl->utf8);
	fprintf(ctl->out, ", pid %u): %s of memory, tracker %s\n", vm->pid,
		text_pages(vm->mem).s, vm->tracker);
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct settings *s = opts;
	struct vtmm_vm_info vm;
	enum ctl_exit ret;
	uint64_t pid;

	(void)argc;
	if (parse_number(argv[0], 1, INT32_MAX, &pid))
		return ctl_usage(ctl, "'%s' is not a pid", argv[0]);
	s->vm.pid = (uint32_t)pid;
	VTMM_SET(&s->vm, VTMM_A_VM_PID);
	ret = settings_resolve(ctl, s);
	if (!ret)
		ret = ctl_status(ctl, vtmm_vm_attach(ctl->client, &s->vm, &vm));
	if (!ret)
		report(ctl, &vm);
	return ret;
}

const struct ctl_command cmd_attach = {
	.name = "attach",
	.args = "PID",
	.summary = "Start to manage the VM of a process",
	.details = "The VMM may be QEMU, or any program that uses /dev/kvm.",
	.min_args = 1,
	.max_args = 1,
	.options = options,
	.shared_options = setting_options,
	.options_size = sizeof(struct settings),
	.run = run,
};
