// SPDX-License-Identifier: GPL-2.0-only
/*
 * select: which VM is meant. The choice is made from one list of all VMs, and
 * from there on by id, which is never used twice.
 */
#include <string.h>

#include "ctl.h"

static bool matches(const struct vtmm_vm_info *vm, const struct selector *s)
{
	switch (s->kind) {
	case SELECT_ID:
		return vm->id == s->number;
	case SELECT_PID:
		return vm->pid == s->number;
	case SELECT_NUMBER:
		return vm->id == s->number || vm->pid == s->number;
	default:
		return !strcmp(vm->name, s->name);
	}
}

static enum ctl_exit several(struct ctl *ctl, const struct vtmm_vm_info *one,
			     const struct vtmm_vm_info *two, const char *text)
{
	return ctl_fail(ctl, "'%s' may mean VM %u or VM %u: say id:%u or id:%u",
			text, one->id, two->id, one->id, two->id);
}

/* Without a name there must be exactly one. */
static enum ctl_exit only_one(struct ctl *ctl, const struct vtmm_vm_list *list,
			      struct vtmm_vm_info *vm)
{
	if (!list->nr)
		return ctl_fail(ctl, "no VM is attached: vtmmctl attach PID");
	if (list->nr > 1)
		return ctl_usage(
			ctl,
			"%zu VMs are attached: say which, see vtmmctl list",
			list->nr);
	*vm = list->vms[0];
	return CTL_OK;
}

static enum ctl_exit choose(struct ctl *ctl, const struct vtmm_vm_list *list,
			    const char *text, struct vtmm_vm_info *vm)
{
	const struct vtmm_vm_info *found = NULL;
	struct selector s;
	const char *problem = parse_selector(text, &s);

	if (problem)
		return ctl_usage(ctl, "VM '%s' %s", text, problem);
	for (size_t i = 0; i < list->nr; i++) {
		if (!matches(&list->vms[i], &s))
			continue;
		if (found)
			return several(ctl, found, &list->vms[i], text);
		found = &list->vms[i];
	}
	if (!found)
		return ctl_fail(
			ctl, "no attached VM is called '%s': see vtmmctl list",
			text);
	*vm = *found;
	return CTL_OK;
}

/**
 * ctl_select() - find the VM that is meant
 * @ctl: the run, connected
 * @text: what was typed, or NULL for the only VM there is
 * @vm: the VM
 *
 * Return: CTL_OK, or after having told why: CTL_USAGE, CTL_FAILED.
 */
enum ctl_exit ctl_select(struct ctl *ctl, const char *text,
			 struct vtmm_vm_info *vm)
{
	struct vtmm_vm_list list;
	enum ctl_exit ret = ctl_status(ctl, vtmm_vm_list(ctl->client, &list));

	if (ret)
		return ret;
	ret = text ? choose(ctl, &list, text, vm) : only_one(ctl, &list, vm);
	vtmm_vm_list_free(&list);
	return ret;
}
