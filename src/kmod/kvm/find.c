// SPDX-License-Identifier: GPL-2.0-only
/*
 * find: from a process to the VM that it runs. Must never keep the VM's
 * struct file: that would put off the VM's own teardown.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/netlink.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include "kvm/kvm.h"

/**
 * struct vtmm_find - a search through the files of a process
 * @want_fd: only this descriptor, or -1 for any
 * @kvm: the VM found, with a reference
 * @owner: the module behind it, with a reference
 * @fd: its descriptor
 * @others: VMs found besides @kvm
 */
struct vtmm_find {
	int want_fd;
	struct kvm *kvm;
	struct module *owner;
	int fd;
	unsigned int others;
};

/*
 * Called under files->file_lock: must not sleep. A file in the table holds its
 * VM, so taking references is legal here. The owner is the vendor module: on
 * 6.12 a VM does not hold it, and the last kvm_put_kvm() would run freed text.
 */
static int vtmm_find_fd(const void *arg, struct file *file, unsigned int fd)
{
	struct vtmm_find *find = (struct vtmm_find *)arg;
	struct kvm *kvm;

	if (!file_is_kvm(file))
		return 0;
	if (find->want_fd >= 0 && fd != find->want_fd)
		return 0;
	kvm = file->private_data;
	if (find->kvm) {
		find->others += kvm != find->kvm;
		return 0;
	}
	if (!try_module_get(file->f_op->owner))
		return 0;
	if (!kvm_get_kvm_safe(kvm)) {
		module_put(file->f_op->owner);
		return 0;
	}
	find->kvm = kvm;
	find->owner = file->f_op->owner;
	find->fd = fd;
	return 0;
}

static int vtmm_find_check(const struct vtmm_find *find, struct task_struct *task,
			   struct netlink_ext_ack *extack)
{
	struct mm_struct *mm;
	bool same;

	if (!find->kvm && find->want_fd >= 0) {
		NL_SET_ERR_MSG(extack, "this file descriptor of the process is no KVM VM");
		return -EINVAL;
	}
	if (!find->kvm) {
		NL_SET_ERR_MSG(extack,
			       "the process runs no KVM VM: give the pid of a VMM such as QEMU");
		return -EINVAL;
	}
	if (find->others) {
		NL_SET_ERR_MSG(extack,
			       "the process has several VMs: name one by its file descriptor");
		return -EINVAL;
	}
	mm = get_task_mm(task);
	same = mm && mm == find->kvm->mm;
	if (mm)
		mmput(mm);
	if (!same) {
		NL_SET_ERR_MSG(extack,
			       "the VM belongs to another process: give the pid of the VMM that created it");
		return -EINVAL;
	}
	return 0;
}

static struct task_struct *vtmm_find_task(pid_t nr)
{
	struct task_struct *task;
	struct pid *pid;

	pid = find_get_pid(nr);
	if (!pid)
		return NULL;
	task = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	return task;
}

/**
 * vtmm_kvm_find() - find the VM of a process and take hold of it
 * @pid: of the VMM, in the caller's pid namespace
 * @fd: in: the VM's descriptor or -1 for the only one; out: its descriptor
 * @owner: out: module to put, strictly after the VM
 * @name: out: the VMM's command name
 * @len: size of @name
 * @extack: told why not
 *
 * Context: process context; may sleep.
 * Return: the VM, to be put by kvm_put_kvm(), or an ERR_PTR: -ESRCH for no
 * such process, -EINVAL for no such VM in it.
 */
struct kvm *vtmm_kvm_find(pid_t pid, int *fd, struct module **owner,
			  char *name, size_t len, struct netlink_ext_ack *extack)
{
	struct vtmm_find find = { .want_fd = *fd };
	struct task_struct *task;
	int ret;

	task = vtmm_find_task(pid);
	if (!task) {
		NL_SET_ERR_MSG(extack, "no process has this pid");
		return ERR_PTR(-ESRCH);
	}
	task_lock(task);
	if (task->files)
		iterate_fd(task->files, 0, vtmm_find_fd, &find);
	strscpy(name, task->group_leader->comm, min_t(size_t, len, TASK_COMM_LEN));
	task_unlock(task);

	ret = vtmm_find_check(&find, task, extack);
	put_task_struct(task);
	if (ret && find.kvm) {
		kvm_put_kvm(find.kvm);
		module_put(find.owner);
	}
	if (ret)
		return ERR_PTR(ret);
	*fd = find.fd;
	*owner = find.owner;
	return find.kvm;
}
