// SPDX-License-Identifier: GPL-2.0-only
/*
 * prefill: maps promoted pages for the guest again before it touches them, so
 * that it does not trap on each. A vCPU's own thread does it, as task work on
 * its way back into the guest, by KVM's own code for pages that have become
 * ready: that code marks the entry neither accessed nor injects or emulates
 * anything.
 *
 * It must never touch a vCPU that the thread which runs the work has not
 * loaded, that is in system-management mode or runs a nested guest; do nothing
 * in a thread that dies; never map a page that did not just move; and never
 * leave work behind: when vtmm_prefill_run() returns, it has run or was
 * withdrawn.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include "move/internal.h"
#include "compat/symbols.h"

#define VTMM_PREFILL_WAIT	(HZ / 4)
#define VTMM_PREFILL_SLICE	32	/* pages between two looks for a signal */

static bool vtmm_prefill_on = true;
module_param_named(prefill, vtmm_prefill_on, bool, 0644);
MODULE_PARM_DESC(prefill, "map promoted pages for the guest before it traps on them (default: on)");

/**
 * vtmm_prefill_missing() - why moved pages can't be mapped again
 *
 * Context: any.
 * Return: a sentence, or NULL when they can.
 */
const char *vtmm_prefill_missing(void)
{
	if (!READ_ONCE(vtmm_prefill_on))
		return "switched off by the parameter prefill";
	return VTMM_HIDDEN(VTMM_SYM_PAGE_READY) ?: vtmm_vcpu_work_missing();
}

/* Of a vCPU that this thread has loaded. */
static bool vtmm_prefill_may(const struct kvm_vcpu *vcpu)
{
	return !(vcpu->arch.hflags & (HF_GUEST_MASK | HF_SMM_MASK)) &&
	       vcpu->arch.mmu->root_role.direct;
}

/*
 * Is the page still there? One that was ballooned or swapped out since it moved
 * would be allocated anew, or waited for.
 */
static bool vtmm_prefill_present(unsigned long hva)
{
	struct page *page;

	if (get_user_pages_fast_only(hva, 1, 0, &page) != 1)
		return false;
	put_page(page);
	return true;
}

static bool vtmm_prefill_one(struct kvm_vcpu *vcpu, u64 gfn)
{
	unsigned long hva = vtmm_kvm_may_map(vcpu->kvm, gfn);
	struct kvm_async_pf ready;

	/*
	 * A page that the guest has faulted in meanwhile is left alone, for KVM
	 * would clear the accessed bit of its entry.
	 */
	if (!hva || vtmm_kvm_mapped(vcpu->kvm, gfn) || !vtmm_prefill_present(hva))
		return false;
	vtmm_compat_page_ready(&ready, gfn);
	static_call(vtmm_page_ready)(vcpu, &ready);
	/* KVM does not say whether it did. */
	return vtmm_kvm_mapped(vcpu->kvm, gfn);
}

static void vtmm_prefill_all(struct vtmm_prefill *pf)
{
	struct kvm *kvm = pf->vcpu->kvm;
	int idx;
	u32 i;

	if (!vtmm_prefill_may(pf->vcpu))
		return;
	idx = srcu_read_lock(&kvm->srcu);
	for (i = 0; i < pf->nr; i++) {
		if (i % VTMM_PREFILL_SLICE == 0 && signal_pending(current))
			break;
		if (vtmm_prefill_one(pf->vcpu, pf->page[i].gfn))
			pf->filled += pf->page[i].pages;
	}
	srcu_read_unlock(&kvm->srcu, idx);
}

/*
 * The vCPU is loaded when KVM runs the work between two entries of the guest.
 * On the way out to user space it is not, and its thread may load it as any
 * ioctl of a vCPU does.
 */
static void vtmm_prefill_work(struct callback_head *work)
{
	struct vtmm_prefill *pf = container_of(work, struct vtmm_prefill, work.head);
	struct kvm_vcpu *vcpu = pf->vcpu, *loaded = kvm_get_running_vcpu();

	if ((current->flags & PF_EXITING) || current->mm != vcpu->kvm->mm)
		goto out;
	if (loaded == vcpu && vcpu->wants_to_run) {
		vtmm_prefill_all(pf);
	} else if (!loaded && mutex_trylock(&vcpu->mutex)) {
		vcpu_load(vcpu);
		vtmm_prefill_all(pf);
		vcpu_put(vcpu);
		mutex_unlock(&vcpu->mutex);
	}
out:
	complete(&pf->work.done);
}

/* The thread that runs a vCPU, with a reference, or NULL when it sleeps. */
static struct task_struct *vtmm_vcpu_task(struct kvm_vcpu *vcpu)
{
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(rcu_dereference(vcpu->pid), PIDTYPE_PID);
	if (task && task_is_running(task))
		get_task_struct(task);
	else
		task = NULL;
	rcu_read_unlock();
	return task;
}

/*
 * A vCPU that waits for the pages, else one whose thread runs, in the guest if there
 * is one: others would not get to the work soon, and if none runs nobody waits.
 */
static struct task_struct *vtmm_prefill_choose(struct vtmm_prefill *pf,
					       struct kvm *kvm)
{
	struct task_struct *task, *chosen;
	struct kvm_vcpu *vcpu;
	unsigned long i;

	chosen = vtmm_hold_any(pf->hold, &pf->vcpu);
	if (chosen)
		return chosen;
	kvm_for_each_vcpu(i, vcpu, kvm) {
		bool in_guest = READ_ONCE(vcpu->mode) == IN_GUEST_MODE;

		if (chosen && !in_guest)
			continue;
		task = vtmm_vcpu_task(vcpu);
		if (!task)
			continue;
		if (chosen)
			put_task_struct(chosen);
		chosen = task;
		pf->vcpu = vcpu;
		if (in_guest)
			break;
	}
	return chosen;
}

/**
 * vtmm_prefill_run() - have a vCPU map pages that have just moved
 * @pf: with @hold, @page and @nr set: pages that were mapped before they moved
 * @kvm: the VM, held by the caller
 *
 * Waits for the vCPU for a quarter of a second at most.
 *
 * Context: process context, no lock held; may sleep.
 * Return: pages mapped; the guest will trap on the others as it always did.
 */
u32 vtmm_prefill_run(struct vtmm_prefill *pf, struct kvm *kvm)
{
	struct task_struct *task;

	if (!pf->nr || vtmm_prefill_missing())
		return 0;
	task = vtmm_prefill_choose(pf, kvm);
	if (!task)
		return 0;
	pf->filled = 0;
	if (vtmm_vcpu_work_add(&pf->work, task, vtmm_prefill_work)) {
		vtmm_hold_let(pf->hold, task);
		if (!wait_for_completion_timeout(&pf->work.done, VTMM_PREFILL_WAIT))
			vtmm_vcpu_work_end(&pf->work, task);
	}
	put_task_struct(task);
	return pf->filled;
}
