// SPDX-License-Identifier: GPL-2.0-only
/*
 * vtmm_fake_private: makes the VM of a process look like one with encrypted
 * memory, until it is unloaded, so that the refusal can be tested on machines
 * without SEV. For tests only; the VM must not run meanwhile.
 */
#include <linux/fdtable.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include "compat/kvm.h"

static int pid;
module_param(pid, int, 0444);
MODULE_PARM_DESC(pid, "process of the VM");

static struct kvm *victim;

static int fake_take(const void *arg, struct file *file, unsigned int fd)
{
	if (!file_is_kvm(file) || !kvm_get_kvm_safe(file->private_data))
		return 0;
	victim = file->private_data;
	return 1;
}

static void fake_set(bool active)
{
	struct vtmm_compat_kvm_svm *svm;

	svm = container_of(victim, struct vtmm_compat_kvm_svm, kvm);
	WRITE_ONCE(svm->sev_active, active);
}

static int __init fake_init(void)
{
	struct task_struct *task;
	struct pid *of;

	of = find_get_pid(pid);
	task = get_pid_task(of, PIDTYPE_PID);
	put_pid(of);
	if (!task)
		return -ESRCH;
	task_lock(task);
	if (task->files)
		iterate_fd(task->files, 0, fake_take, NULL);
	task_unlock(task);
	put_task_struct(task);
	if (!victim)
		return -ENOENT;
	fake_set(true);
	return 0;
}

static void __exit fake_exit(void)
{
	fake_set(false);
	kvm_put_kvm(victim);
}

module_init(fake_init);
module_exit(fake_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("test: a VM that looks encrypted");
