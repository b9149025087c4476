// SPDX-License-Identifier: GPL-2.0-only
/*
 * hold: a vCPU that traps on a page of the batch that is just being moved waits
 * until the batch has arrived and is mapped again. Without that it would trap
 * again and again, map pages before their turn, and cost a flush for each.
 *
 * It waits in task work of its own thread, before it enters the guest again:
 * with no lock held, out of KVM's critical sections. It must never wait for longer
 * than VTMM_HOLD_WAIT, nor when a signal is pending, nor in a thread that dies;
 * whoever moves the batch must never wait for a vCPU before vtmm_hold_end(),
 * except for one that it has let go. A trap of a VM none of whose pages are on
 * their way must cost no lock.
 */
#include <linux/moduleparam.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/tracepoint.h>
#include "compat/trace.h"
#include "move/internal.h"

#define VTMM_HOLD_WAIT	(HZ / 50)

static bool hold_vcpus = true;
module_param(hold_vcpus, bool, 0644);
MODULE_PARM_DESC(hold_vcpus, "let vCPUs that touch hot pages on their way wait for them (default: yes)");

/* Whose plans are being carried out. Readers: the probe, under RCU. */
static LIST_HEAD(vtmm_holds);
static DEFINE_SPINLOCK(vtmm_holds_lock);
static unsigned int vtmm_hold_users;	/* vtmm_vms_lock */

static void vtmm_hold_work(struct callback_head *work)
{
	struct vtmm_held *held = container_of(work, struct vtmm_held, work.head);

	if (!(current->flags & PF_EXITING))
		wait_event_interruptible_timeout(held->hold->wait,
						 READ_ONCE(held->go),
						 VTMM_HOLD_WAIT);
	complete(&held->work.done);
}

static bool vtmm_hold_has(const struct vtmm_hold *h, u64 gfn)
{
	size_t i;

	for (i = 0; i < h->nr; i++)
		if (gfn - h->leaf[i].gfn < h->leaf[i].pages)
			return true;
	return false;
}

/* KVM serves the trap first, or sees that it can't; then the thread comes here. */
static void vtmm_hold_add(struct vtmm_hold *h, struct kvm_vcpu *vcpu)
{
	struct vtmm_held *held = &h->held[h->used];

	if (h->used == VTMM_HOLD_MAX)
		return;
	held->hold = h;
	held->vcpu = vcpu;
	held->go = false;
	if (!vtmm_vcpu_work_add(&held->work, current, vtmm_hold_work))
		return;
	held->task = get_task_struct(current);
	h->used++;
}

/* Runs in the vCPU's thread, before KVM serves the trap, with preemption off. */
static void vtmm_hold_probe(void *data, struct kvm_vcpu *vcpu, u64 address, u64 error)
{
	struct vtmm_hold *h;

	list_for_each_entry_rcu(h, &vtmm_holds, node) {
		if (h->kvm != vcpu->kvm || !READ_ONCE(h->nr) ||
		    (vcpu->arch.hflags & (HF_GUEST_MASK | HF_SMM_MASK)))
			continue;
		raw_spin_lock(&h->lock);
		if (vtmm_hold_has(h, address >> PAGE_SHIFT))
			vtmm_hold_add(h, vcpu);
		raw_spin_unlock(&h->lock);
	}
}

/**
 * vtmm_hold_get() - one VM more may have vCPUs held
 *
 * Context: process context, vtmm_vms_lock held; may sleep.
 * Return: 0 or an error.
 */
int vtmm_hold_get(void)
{
	int ret = 0;

	lockdep_assert_held(&vtmm_vms_lock);
	if (!vtmm_hold_users)
		ret = vtmm_probe_kvm_page_fault(vtmm_hold_probe);
	vtmm_hold_users += !ret;
	return ret;
}

/**
 * vtmm_hold_put() - one VM less
 *
 * Context: process context, vtmm_vms_lock held; sleeps.
 */
void vtmm_hold_put(void)
{
	lockdep_assert_held(&vtmm_vms_lock);
	if (--vtmm_hold_users)
		return;
	vtmm_unprobe_kvm_page_fault(vtmm_hold_probe);
	tracepoint_synchronize_unregister();
}

/**
 * vtmm_hold_open() - a VM's pages will be on their way
 * @h: out: to be closed by vtmm_hold_close()
 * @kvm: the VM, held by the caller until then
 *
 * Context: process context.
 */
void vtmm_hold_open(struct vtmm_hold *h, struct kvm *kvm)
{
	h->kvm = kvm;
	h->nr = 0;
	h->used = 0;
	raw_spin_lock_init(&h->lock);
	init_waitqueue_head(&h->wait);
	spin_lock(&vtmm_holds_lock);
	list_add_rcu(&h->node, &vtmm_holds);
	spin_unlock(&vtmm_holds_lock);
}

/**
 * vtmm_hold_close() - no page of the VM is on its way any more
 * @h: open, ended
 *
 * Context: process context, no lock held; sleeps until no vCPU can see @h.
 */
void vtmm_hold_close(struct vtmm_hold *h)
{
	spin_lock(&vtmm_holds_lock);
	list_del_rcu(&h->node);
	spin_unlock(&vtmm_holds_lock);
	tracepoint_synchronize_unregister();
}

/**
 * vtmm_hold_begin() - from now on vCPUs that trap on these pages wait
 * @h: open, to be ended by vtmm_hold_end()
 * @leaf: the pages; stays valid until the end
 * @n: how many, or 0
 *
 * Context: process context.
 */
void vtmm_hold_begin(struct vtmm_hold *h, const struct vtmm_leaf *leaf, size_t n)
{
	h->used = 0;
	if (!READ_ONCE(hold_vcpus) || vtmm_vcpu_work_missing())
		return;
	raw_spin_lock(&h->lock);
	h->leaf = leaf;
	WRITE_ONCE(h->nr, n);
	raw_spin_unlock(&h->lock);
}

/**
 * vtmm_hold_end() - let all go that wait, and see them off
 * @h: begun
 *
 * On return no thread is in, or will come to, the work of this hold.
 *
 * Context: process context, no lock held; may sleep.
 */
void vtmm_hold_end(struct vtmm_hold *h)
{
	unsigned int i;

	raw_spin_lock(&h->lock);
	WRITE_ONCE(h->nr, 0);
	raw_spin_unlock(&h->lock);
	for (i = 0; i < h->used; i++)
		WRITE_ONCE(h->held[i].go, true);
	wake_up_all(&h->wait);
	for (i = 0; i < h->used; i++) {
		vtmm_vcpu_work_end(&h->held[i].work, h->held[i].task);
		put_task_struct(h->held[i].task);
	}
}

/**
 * vtmm_hold_any() - a thread that waits
 * @h: begun
 * @vcpu: out: its vCPU
 *
 * Context: process context.
 * Return: the thread, with a reference, or NULL.
 */
struct task_struct *vtmm_hold_any(struct vtmm_hold *h, struct kvm_vcpu **vcpu)
{
	struct task_struct *task = NULL;
	unsigned int i;

	raw_spin_lock(&h->lock);
	for (i = 0; i < h->used && !task; i++) {
		if (h->held[i].go || completion_done(&h->held[i].work.done))
			continue;
		task = h->held[i].task;
		get_task_struct(task);
		*vcpu = h->held[i].vcpu;
	}
	raw_spin_unlock(&h->lock);
	return task;
}

/**
 * vtmm_hold_let() - let a thread go before the others
 * @h: begun
 * @task: from vtmm_hold_any()
 *
 * Context: process context.
 */
void vtmm_hold_let(struct vtmm_hold *h, const struct task_struct *task)
{
	unsigned int i;

	raw_spin_lock(&h->lock);
	for (i = 0; i < h->used; i++)
		if (h->held[i].task == task)
			WRITE_ONCE(h->held[i].go, true);
	raw_spin_unlock(&h->lock);
	wake_up_all(&h->wait);
}
