// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about VMs, vCPUs and the program itself.
 */
#include <string.h>
#include <unistd.h>

#include "command.h"

static int run_info(struct call *c)
{
	struct vm *vm = c->vm;
	int i;

	say(c, "pid=%d vm_fd=%d vcpus=%d", getpid(), vm->fd, vm->nr_vcpus);
	say(c, "paging=%s seed=%lu area_gfn=0 area_pages=%lu tables_gfn=%lx",
	    vm->huge ? "2m" : "4k", vm->seed, vm->area.size / PAGE_SIZE,
	    AREA_TABLES / PAGE_SIZE);
	for (i = 0; i < vm->nr_vcpus; i++) {
		struct vcpu *v = vm->vcpus[i];

		say(c, "vcpu=%d tid=%d fd=%d state=%s exits=%lu eintr=%lu", i,
		    v->tid, v->fd, vcpu_state_name(v->state), v->exits,
		    v->eintr);
	}
	return 0;
}

static int run_vms(struct call *c)
{
	int i;

	for (i = 0; i < MAX_VMS; i++)
		if (world.vms[i])
			say(c, "vm=%d fd=%d vcpus=%d", i, world.vms[i]->fd,
			    world.vms[i]->nr_vcpus);
	return 0;
}

static int run_vcpu_add(struct call *c)
{
	struct vcpu *v = vcpu_create(c->vm, &c->err);

	return v ? reply(c, "vcpu=%d", v->index) : -1;
}

static int run_vm_add(struct call *c)
{
	int i;

	for (i = 0; i < MAX_VMS && world.vms[i]; i++)
		;
	if (i == MAX_VMS)
		return err_set(&c->err, "there are %d VMs already", MAX_VMS);
	world.vms[i] = vm_create(&world.vm_spec, &c->err);
	if (!world.vms[i])
		return -1;
	return reply(c, "vm=%d fd=%d", i, world.vms[i]->fd);
}

static int run_vm_del(struct call *c)
{
	u64 n;

	if (parse_num(c->line.args[0], &n, &c->err))
		return -1;
	if (n >= MAX_VMS || !world.vms[n])
		return err_set(&c->err, "there is no VM %lu", n);
	c->vm = world.vms[n];
	world.vms[n] = NULL;
	pthread_mutex_unlock(&world_lock);
	vm_destroy(c->vm);
	pthread_mutex_lock(&world_lock);
	return 0;
}

static int run_help(struct call *c)
{
	command_help(c->out);
	c->nr_lines = 1;
	return 0;
}

static int run_quit(struct call *c)
{
	(void)c;
	world.quit = true;
	return 0;
}

const struct command vm_commands[] = {
	{{"info", 0, 0, "vm", ""},
	 run_info,
	 "the VM, its control area and its vCPUs"},
	{{"vms", 0, 0, "vm", ""}, run_vms, "list the VMs of this process"},
	{{"vcpu-add", 0, 0, "vm", ""},
	 run_vcpu_add,
	 "[vm=]: add a vCPU to the running VM"},
	{{"vm-add", 0, 0, "", ""},
	 run_vm_add,
	 "add an empty VM: give it slots and vCPUs"},
	{{"vm-del", 1, 1, "", ""}, run_vm_del, "N: destroy a VM"},
	{{"help", 0, 0, "", ""}, run_help, "this list"},
	{{"quit", 0, 0, "", ""}, run_quit, "end the program"},
	{},
};
