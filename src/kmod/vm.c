// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm: the life of an attached VM, from attach to detach, its own death and the
 * module's unload. Detaching must give back everything that attaching took, in
 * reverse order, and work on a VM that is being killed.
 */
#include <linux/kref.h>
#include <linux/mmu_notifier.h>
#include <linux/netlink.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include "events.h"
#include "kvm/kvm.h"
#include "move/move.h"
#include "pool/pool.h"
#include "round.h"
#include "track/track.h"
#include "vm.h"

/* See locks.h. */
DEFINE_MUTEX(vtmm_vms_lock);
LIST_HEAD(vtmm_vms);
struct workqueue_struct *vtmm_wq;

static u32 vtmm_last_id;
/* The module is being unloaded: nothing may be attached (vtmm_vms_lock). */
static bool vtmm_closing;

/**
 * struct vtmm_attached - an attached VM, with what its life needs
 * @vm: as the others see it
 * @ref: held by the list, by a detach that is queued
 * @owner: the vendor module, held: see vtmm_kvm_find()
 * @mn: tells that the VMM's memory goes away or changes, and what reclaim asks
 * @exit_work: detaches a VM that is gone
 */
struct vtmm_attached {
	struct vtmm_vm vm;
	struct kref ref;
	struct module *owner;
	struct mmu_notifier mn;
	struct work_struct exit_work;
};

static struct vtmm_attached *vtmm_attached(struct vtmm_vm *vm)
{
	return container_of(vm, struct vtmm_attached, vm);
}

static struct vtmm_vm *vtmm_vm_of(struct mmu_notifier *mn)
{
	return &container_of(mn, struct vtmm_attached, mn)->vm;
}

static void vtmm_vm_free(struct kref *ref)
{
	kfree(container_of(ref, struct vtmm_attached, ref));
}

static void vtmm_vm_exit_work(struct work_struct *work)
{
	struct vtmm_attached *at = container_of(work, struct vtmm_attached, exit_work);

	mutex_lock(&vtmm_vms_lock);
	if (!at->vm.gone)
		vtmm_vm_detach(&at->vm, VTMM_EVENT_EXIT);
	mutex_unlock(&vtmm_vms_lock);
	kref_put(&at->ref, vtmm_vm_free);
}

/* Has a VM that is gone detached, soon. The caller keeps it from being freed. */
static void vtmm_vm_check_exit(struct vtmm_vm *vm)
{
	struct vtmm_attached *at = vtmm_attached(vm);

	kref_get(&at->ref);
	if (!queue_work(vtmm_wq, &at->exit_work))
		kref_put(&at->ref, vtmm_vm_free);
}

/* The VMM's memory goes away. Runs inside the notifier's SRCU: only flag it. */
static void vtmm_mn_release(struct mmu_notifier *mn, struct mm_struct *mm)
{
	struct vtmm_vm *vm = vtmm_vm_of(mn);

	WRITE_ONCE(vm->dead, true);
	if (!vm->gone)
		vtmm_vm_check_exit(vm);
}

/* For clear_young and clear_flush_young alike. */
static int vtmm_mn_clear_young(struct mmu_notifier *mn, struct mm_struct *mm,
			       unsigned long start, unsigned long end)
{
	return vtmm_young_ask(vtmm_vm_of(mn), start, end, true);
}

static int vtmm_mn_test_young(struct mmu_notifier *mn, struct mm_struct *mm,
			      unsigned long address)
{
	return vtmm_young_ask(vtmm_vm_of(mn), address, address + 1, false);
}

/* Never in the way of anyone. */
static int vtmm_mn_start(struct mmu_notifier *mn, const struct mmu_notifier_range *range)
{
	vtmm_watch_start(vtmm_vm_of(mn), range);
	return 0;
}

static void vtmm_mn_end(struct mmu_notifier *mn, const struct mmu_notifier_range *range)
{
	vtmm_watch_end(vtmm_vm_of(mn), range);
}

static const struct mmu_notifier_ops vtmm_mn_ops = {
	.release = vtmm_mn_release,
	.clear_young = vtmm_mn_clear_young,
	.clear_flush_young = vtmm_mn_clear_young,
	.test_young = vtmm_mn_test_young,
	.invalidate_range_start = vtmm_mn_start,
	.invalidate_range_end = vtmm_mn_end,
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
	struct vtmm_attached *at;
	struct vtmm_vm *vm;

	at = kzalloc(sizeof(*at), GFP_KERNEL);
	if (!at)
		return NULL;
	vm = &at->vm;
	if (vtmm_heat_init(&vm->heat, &set->heat, &mem)) {
		kfree(at);
		return NULL;
	}
	kref_init(&at->ref);
	INIT_WORK(&at->exit_work, vtmm_vm_exit_work);
	at->mn.ops = &vtmm_mn_ops;
	mutex_init(&vm->lock);
	vm->set = *set;
	vm->attached = ktime_get();
	vm->round_end = vm->attached;
	return vm;
}

/* What each part keeps for a VM. */
static int vtmm_vm_parts_new(struct vtmm_vm *vm)
{
	int ret;

	ret = vtmm_track_new(vm);
	if (ret)
		return ret;
	ret = vtmm_claim_new(vm);
	if (ret)
		goto err_track;
	ret = vtmm_worker_new(vm, vtmm_vm_check_exit);
	if (ret)
		goto err_claim;
	ret = vtmm_mover_new(vm);
	if (ret)
		goto err_worker;
	return 0;

err_worker:
	vtmm_worker_free(vm);
err_claim:
	vtmm_claim_free(vm);
err_track:
	vtmm_track_free(vm);
	return ret;
}

static void vtmm_vm_parts_free(struct vtmm_vm *vm)
{
	vtmm_mover_free(vm);
	vtmm_worker_free(vm);
	vtmm_claim_free(vm);
	vtmm_track_free(vm);
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
	ret = mmu_notifier_register(&vtmm_attached(vm)->mn, mm);
	mmput(mm);
	if (ret)
		NL_SET_ERR_MSG(extack, "the memory of the process can't be watched now: try again");
	return ret;
}

static void vtmm_vm_unwatch(struct vtmm_vm *vm)
{
	mmu_notifier_unregister(&vtmm_attached(vm)->mn, vm->kvm->mm);
}

static int vtmm_vm_start(struct vtmm_vm *vm, const struct vtmm_terms *terms,
			 struct netlink_ext_ack *extack)
{
	int ret;

	extack->_msg = vtmm_track_choose(vm);
	if (extack->_msg)
		return -EOPNOTSUPP;
	ret = vtmm_vm_watch(vm, extack);
	if (ret)
		return ret;
	ret = vtmm_pool_join(vm, terms, extack);
	if (ret)
		goto err_watch;
	ret = vtmm_track_start(vm);
	if (ret) {
		NL_SET_ERR_MSG(extack, "the tracker could not be started");
		goto err_pool;
	}
	return 0;

err_pool:
	vtmm_pool_leave(vm);
err_watch:
	vm->gone = true;
	vtmm_vm_unwatch(vm);
	return ret;
}

static void vtmm_vm_list(struct vtmm_vm *vm, pid_t pid, int fd, const char *name)
{
	vm->pid = pid;
	vm->fd = fd;
	vm->id = ++vtmm_last_id;
	strscpy(vm->name, name, sizeof(vm->name));
	list_add_tail(&vm->node, &vtmm_vms);
	vtmm_worker_start(vm);
	vtmm_event(vm, VTMM_EVENT_ATTACH, NULL);
}

/* A VM that is held, on its way to be attached. Else nothing was changed. */
static struct vtmm_vm *vtmm_vm_make(struct kvm *kvm, struct module *owner,
				    const struct vtmm_order *order,
				    struct netlink_ext_ack *extack)
{
	struct vtmm_vm *vm;
	int ret;

	vm = vtmm_vm_alloc(&order->set);
	if (!vm)
		return ERR_PTR(-ENOMEM);
	vm->kvm = kvm;
	vtmm_attached(vm)->owner = owner;
	vtmm_settings_fit(&vm->set, vtmm_kvm_pages(kvm));
	ret = vtmm_vm_parts_new(vm);
	if (ret)
		goto err_heat;
	ret = vtmm_vm_start(vm, &order->terms, extack);
	if (ret)
		goto err_parts;
	return vm;

err_parts:
	vtmm_vm_parts_free(vm);
err_heat:
	vtmm_heat_exit(&vm->heat);
	kref_put(&vtmm_attached(vm)->ref, vtmm_vm_free);
	return ERR_PTR(ret);
}

/**
 * vtmm_vm_attach() - begin to manage a VM
 * @pid: of its VMM
 * @fd: of the VM in the VMM, or -1 when it has only one
 * @order: how; without a name it gets the VMM's command name
 * @extack: told why not
 *
 * Context: process context, vtmm_vms_lock held; may sleep.
 * Return: the VM, or an ERR_PTR; then nothing was changed.
 */
struct vtmm_vm *vtmm_vm_attach(pid_t pid, int fd, const struct vtmm_order *order,
			       struct netlink_ext_ack *extack)
{
	char comm[VTMM_NAME_LEN] = "";
	struct module *owner;
	struct vtmm_vm *vm;
	struct kvm *kvm;

	lockdep_assert_held(&vtmm_vms_lock);
	if (vtmm_closing)
		return ERR_PTR(-ENODEV);
	kvm = vtmm_kvm_find(pid, &fd, &owner, comm, sizeof(comm), extack);
	if (IS_ERR(kvm))
		return ERR_CAST(kvm);
	extack->_msg = vtmm_vm_refuse(kvm);
	vm = extack->_msg ? ERR_PTR(-EINVAL) : vtmm_vm_make(kvm, owner, order, extack);
	if (IS_ERR(vm)) {
		kvm_put_kvm(kvm);
		module_put(owner);
		return vm;
	}
	vtmm_vm_list(vm, pid, fd, order->name ?: comm);
	return vm;
}

/**
 * vtmm_vm_change() - treat a VM otherwise from now on
 * @vm: attached
 * @order: all of its settings and terms; without a name it keeps its own
 * @extack: told why not
 *
 * Context: process context, vtmm_vms_lock held; waits for a round of the VM.
 * Return: 0, or why nothing was changed.
 */
int vtmm_vm_change(struct vtmm_vm *vm, const struct vtmm_order *order,
		   struct netlink_ext_ack *extack)
{
	int ret;

	lockdep_assert_held(&vtmm_vms_lock);
	ret = vtmm_pool_change(vm, order->set.mode, &order->terms, extack);
	if (ret)
		return ret;
	mutex_lock(&vm->lock);
	vm->set = order->set;
	vm->heat.params = order->set.heat;
	if (order->name)
		strscpy(vm->name, order->name, sizeof(vm->name));
	mutex_unlock(&vm->lock);
	return 0;
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
	struct vtmm_attached *at = vtmm_attached(vm);

	lockdep_assert_held(&vtmm_vms_lock);
	list_del(&vm->node);
	WRITE_ONCE(vm->gone, true);
	vtmm_worker_stop(vm);
	vtmm_mover_stop(vm);
	vtmm_track_stop(vm);
	vtmm_pool_leave(vm);
	vtmm_vm_unwatch(vm);
	vtmm_vm_parts_free(vm);
	vtmm_heat_exit(&vm->heat);
	vtmm_event(vm, why, NULL);
	/* The module strictly after the VM: the last put runs its code. */
	kvm_put_kvm(vm->kvm);
	module_put(at->owner);
	kref_put(&at->ref, vtmm_vm_free);
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
