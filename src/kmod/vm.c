// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm: the life of an attached VM, from attach to detach, its own death and the
 * module's unload. Detaching must give back everything that attaching took, in
 * reverse order, and work on a VM that is being killed.
 */
#include <linux/netlink.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include "kvm/kvm.h"

/* See "Locks" in vtmm.h. */
DEFINE_MUTEX(vtmm_vms_lock);
LIST_HEAD(vtmm_vms);
struct workqueue_struct *vtmm_wq;
/* The module is being unloaded: nothing may be attached (vtmm_vms_lock). */
bool vtmm_closing;

static u32 vtmm_last_id;

static void vtmm_vm_free(struct kref *ref)
{
	kfree(container_of(ref, struct vtmm_vm, ref));
}

static void vtmm_vm_exit_work(struct work_struct *work)
{
	struct vtmm_vm *vm = container_of(work, struct vtmm_vm, exit_work);

	mutex_lock(&vtmm_vms_lock);
	if (!vm->gone)
		vtmm_vm_detach(vm, VTMM_EVENT_EXIT);
	mutex_unlock(&vtmm_vms_lock);
	kref_put(&vm->ref, vtmm_vm_free);
}

/**
 * vtmm_vm_check_exit() - have a VM that is gone detached, soon
 * @vm: attached; the caller keeps it from being freed
 *
 * Context: any that may queue work.
 */
void vtmm_vm_check_exit(struct vtmm_vm *vm)
{
	kref_get(&vm->ref);
	if (!queue_work(vtmm_wq, &vm->exit_work))
		kref_put(&vm->ref, vtmm_vm_free);
}

/* The VMM's memory goes away. Runs inside the notifier's SRCU: only flag it. */
static void vtmm_vm_release(struct mmu_notifier *mn, struct mm_struct *mm)
{
	struct vtmm_vm *vm = container_of(mn, struct vtmm_vm, mn);

	WRITE_ONCE(vm->dead, true);
	if (!vm->gone)
		vtmm_vm_check_exit(vm);
}

static const struct mmu_notifier_ops vtmm_vm_mn_ops = {
	.release = vtmm_vm_release,
	.clear_young = vtmm_young_clear,
	.clear_flush_young = vtmm_young_clear,
	.test_young = vtmm_young_test,
	.invalidate_range_start = vtmm_watch_start,
	.invalidate_range_end = vtmm_watch_end,
};

static void *vtmm_vm_zalloc(void *ctx, size_t size)
{
	return kvzalloc(size, GFP_KERNEL | __GFP_NOWARN);
}

static void vtmm_vm_mfree(void *ctx, void *p, size_t size)
{
	kvfree(p);
}

static struct vtmm_vm *vtmm_vm_alloc(const struct vtmm_settings *set)
{
	const struct vtmm_mem mem = {
		.zalloc = vtmm_vm_zalloc,
		.free = vtmm_vm_mfree,
	};
	struct vtmm_vm *vm;

	vm = kzalloc(sizeof(*vm), GFP_KERNEL);
	if (!vm)
		return NULL;
	if (vtmm_heat_init(&vm->heat, &set->heat, &mem)) {
		kfree(vm);
		return NULL;
	}
	vtmm_young_init(&vm->young);
	kref_init(&vm->ref);
	mutex_init(&vm->lock);
	spin_lock_init(&vm->snap_lock);
	vtmm_watch_init(&vm->watch);
	INIT_DELAYED_WORK(&vm->round_work, vtmm_round_work);
	INIT_WORK(&vm->migrate_work, vtmm_migrate_work);
	INIT_WORK(&vm->exit_work, vtmm_vm_exit_work);
	vm->mn.ops = &vtmm_vm_mn_ops;
	vm->set = *set;
	vm->attached = ktime_get();
	vm->round_end = vm->attached;
	vm->pace.forced = true;
	return vm;
}

static const char *vtmm_vm_refuse(struct kvm *kvm)
{
	struct vtmm_vm *vm;

	list_for_each_entry(vm, &vtmm_vms, node)
		if (vm->kvm == kvm)
			return "this VM is attached already";
	if (vtmm_kvm_encrypted(kvm))
		return "the memory of this VM is encrypted or private, the host must not move it";
	return vtmm_kvm_unsupported(kvm);
}

static int vtmm_vm_watch(struct vtmm_vm *vm, struct netlink_ext_ack *extack)
{
	struct mm_struct *mm = vm->kvm->mm;
	int ret;

	if (!mmget_not_zero(mm)) {
		NL_SET_ERR_MSG(extack, "the process is exiting");
		return -ESRCH;
	}
	ret = mmu_notifier_register(&vm->mn, mm);
	mmput(mm);
	if (ret)
		NL_SET_ERR_MSG(extack, "the memory of the process can't be watched now: try again");
	return ret;
}

static int vtmm_vm_start(struct vtmm_vm *vm, struct netlink_ext_ack *extack)
{
	int ret;

	vm->tracker = vtmm_tracker_best(&vm->tracker_why);
	if (!vm->tracker) {
		extack->_msg = vm->tracker_why;
		return -EOPNOTSUPP;
	}
	ret = vtmm_migrate_init_vm(vm);
	if (ret)
		return ret;
	ret = vtmm_vm_watch(vm, extack);
	if (ret)
		goto err_migrate;
	ret = vtmm_pool_join(vm, extack);
	if (ret)
		goto err_watch;
	ret = vm->tracker->start(vm);
	if (ret) {
		NL_SET_ERR_MSG(extack, "the tracker could not be started");
		goto err_pool;
	}
	return 0;

err_pool:
	vtmm_pool_leave(vm);
err_watch:
	vm->gone = true;
	mmu_notifier_unregister(&vm->mn, vm->kvm->mm);
err_migrate:
	vtmm_migrate_exit_vm(vm);
	return ret;
}

static void vtmm_vm_list(struct vtmm_vm *vm, pid_t pid, int fd, const char *name)
{
	vm->pid = pid;
	vm->fd = fd;
	vm->id = ++vtmm_last_id;
	strscpy(vm->name, name, sizeof(vm->name));
	list_add_tail(&vm->node, &vtmm_vms);
	queue_delayed_work(vtmm_wq, &vm->round_work, 0);
	vtmm_event(vm, VTMM_EVENT_ATTACH, NULL);
}

/**
 * vtmm_vm_attach() - begin to manage a VM
 * @pid: of its VMM
 * @fd: of the VM in the VMM, or -1 when it has only one
 * @name: for people, or NULL for the VMM's command name
 * @set: settings
 * @extack: told why not
 *
 * Context: process context, vtmm_vms_lock held; may sleep.
 * Return: the VM, or an ERR_PTR; then nothing was changed.
 */
struct vtmm_vm *vtmm_vm_attach(pid_t pid, int fd, const char *name,
			       const struct vtmm_settings *set,
			       struct netlink_ext_ack *extack)
{
	char comm[VTMM_NAME_LEN] = "";
	struct module *owner;
	struct vtmm_vm *vm;
	const char *why;
	struct kvm *kvm;
	int ret;

	lockdep_assert_held(&vtmm_vms_lock);
	if (vtmm_closing)
		return ERR_PTR(-ENODEV);
	kvm = vtmm_kvm_find(pid, &fd, &owner, comm, sizeof(comm), extack);
	if (IS_ERR(kvm))
		return ERR_CAST(kvm);
	why = vtmm_vm_refuse(kvm);
	if (why) {
		extack->_msg = why;
		ret = -EINVAL;
		goto err_kvm;
	}
	vm = vtmm_vm_alloc(set);
	if (!vm) {
		ret = -ENOMEM;
		goto err_kvm;
	}
	vm->kvm = kvm;
	vm->kvm_owner = owner;
	vtmm_settings_fit(&vm->set, vtmm_kvm_pages(kvm));
	ret = vtmm_vm_start(vm, extack);
	if (ret)
		goto err_vm;
	vtmm_vm_list(vm, pid, fd, name ?: comm);
	return vm;

err_vm:
	vtmm_young_exit(&vm->young);
	vtmm_heat_exit(&vm->heat);
	kref_put(&vm->ref, vtmm_vm_free);
err_kvm:
	kvm_put_kvm(kvm);
	module_put(owner);
	return ERR_PTR(ret);
}

/**
 * vtmm_vm_detach() - stop managing a VM and give everything back
 * @vm: attached
 * @why: the event that is sent
 *
 * Context: process context, vtmm_vms_lock held; sleeps until the VM's worker
 * has ended. Never from a notifier or a worker of the same VM.
 */
void vtmm_vm_detach(struct vtmm_vm *vm, enum vtmm_event_kind why)
{
	lockdep_assert_held(&vtmm_vms_lock);
	list_del(&vm->node);
	WRITE_ONCE(vm->gone, true);
	cancel_delayed_work_sync(&vm->round_work);
	cancel_work_sync(&vm->migrate_work);
	vm->tracker->stop(vm);
	vtmm_pool_leave(vm);
	mmu_notifier_unregister(&vm->mn, vm->kvm->mm);
	vtmm_migrate_exit_vm(vm);
	vtmm_young_exit(&vm->young);
	vtmm_heat_exit(&vm->heat);
	vtmm_event(vm, why, NULL);
	/* The module strictly after the VM: the last put runs its code. */
	kvm_put_kvm(vm->kvm);
	module_put(vm->kvm_owner);
	kref_put(&vm->ref, vtmm_vm_free);
}

/**
 * vtmm_vm_detach_all() - detach every VM, and attach no more
 *
 * Context: process context; may sleep.
 */
void vtmm_vm_detach_all(void)
{
	struct vtmm_vm *vm, *next;

	mutex_lock(&vtmm_vms_lock);
	vtmm_closing = true;
	list_for_each_entry_safe(vm, next, &vtmm_vms, node)
		vtmm_vm_detach(vm, VTMM_EVENT_DETACH);
	mutex_unlock(&vtmm_vms_lock);
}

/**
 * vtmm_vm_by_id() - find an attached VM
 * @id: its id
 *
 * Context: vtmm_vms_lock held.
 * Return: the VM or NULL.
 */
struct vtmm_vm *vtmm_vm_by_id(u32 id)
{
	struct vtmm_vm *vm;

	lockdep_assert_held(&vtmm_vms_lock);
	list_for_each_entry(vm, &vtmm_vms, node)
		if (vm->id == id)
			return vm;
	return NULL;
}
