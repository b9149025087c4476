// SPDX-License-Identifier: GPL-2.0-only
/*
 * vcpu_work: has the thread of a vCPU do something, as task work on its way back
 * into the guest, and sees to it that none is left behind. What is queued must
 * end with complete(&done), whatever happens to the thread.
 */
#include <linux/rcupdate.h>
#include "kvm/kvm.h"
#include "compat/symbols.h"

/* Some thread has been given work: see vtmm_vcpu_work_exit(). */
static bool vtmm_vcpu_work_used;

/**
 * vtmm_vcpu_work_missing() - why no thread can be given work
 *
 * Context: any.
 * Return: a sentence, or NULL when it can.
 */
const char *vtmm_vcpu_work_missing(void)
{
	return VTMM_HIDDEN(VTMM_SYM_WORK_CANCEL);
}

/**
 * vtmm_vcpu_work_add() - queue work
 * @w: out: to be ended by vtmm_vcpu_work_end(), unless @w->done was waited for
 * @task: the thread, held by the caller until then
 * @run: what it is to do
 *
 * TWA_RESUME: the thread runs the work before it enters the guest again, and
 * the VMM sees nothing of it; a signal would make KVM_RUN return.
 *
 * Context: any; does not sleep.
 * Return: false when the thread exits and takes no more work.
 */
bool vtmm_vcpu_work_add(struct vtmm_vcpu_work *w, struct task_struct *task,
			task_work_func_t run)
{
	init_completion(&w->done);
	init_task_work(&w->head, run);
	WRITE_ONCE(vtmm_vcpu_work_used, true);
	return !task_work_add(task, &w->head, TWA_RESUME);
}

/**
 * vtmm_vcpu_work_end() - withdraw work, or wait for its end
 * @w: queued
 * @task: on which
 *
 * Context: process context; may sleep. Nothing that the work waits for may
 * depend on the caller.
 */
void vtmm_vcpu_work_end(struct vtmm_vcpu_work *w, struct task_struct *task)
{
	/* Not withdrawn means that it runs, or ran: its end is near. */
	if (!static_call(vtmm_work_cancel)(task, &w->head))
		wait_for_completion(&w->done);
}

/**
 * vtmm_vcpu_work_exit() - wait until no thread is inside any work any more
 *
 * A thread that has completed its work may not have left the last instructions
 * yet; they must not be unloaded under it.
 *
 * Context: module exit, no VM is attached; sleeps.
 */
void vtmm_vcpu_work_exit(void)
{
	if (READ_ONCE(vtmm_vcpu_work_used))
		synchronize_rcu_tasks();
}
