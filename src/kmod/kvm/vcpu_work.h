/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vcpu_work: something that a vCPU's own thread does before it enters the guest
 * again.
 */
#ifndef _VTMM_VCPU_WORK_H
#define _VTMM_VCPU_WORK_H

#include <linux/completion.h>
#include <linux/task_work.h>

/**
 * struct vtmm_vcpu_work - work for a thread
 * @head: queued on it
 * @done: it has run
 */
struct vtmm_vcpu_work {
	struct callback_head head;
	struct completion done;
};

const char *vtmm_vcpu_work_missing(void);
bool vtmm_vcpu_work_add(struct vtmm_vcpu_work *w, struct task_struct *task,
			task_work_func_t run);
void vtmm_vcpu_work_end(struct vtmm_vcpu_work *w, struct task_struct *task);
void vtmm_vcpu_work_exit(void);

#endif /* _VTMM_VCPU_WORK_H */
