/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hold: vCPUs that touch pages on their way wait until these have arrived.
 */
#ifndef _VTMM_HOLD_H
#define _VTMM_HOLD_H

#include <linux/kvm_host.h>
#include <linux/list.h>
#include <linux/tracepoint.h>
#include <linux/wait.h>
#include "kvm/kvm.h"
#include "kvm/vcpu_work.h"

extern struct tracepoint __tracepoint_kvm_page_fault;

#define VTMM_HOLD_MAX	16	/* vCPUs that wait for one batch; others trap on */

/**
 * struct vtmm_held - a vCPU that waits, or is about to
 * @work: for its thread
 * @hold: for which pages
 * @vcpu: the vCPU; its VM is held by who began
 * @task: its thread, with a reference
 * @go: it need not wait any more
 */
struct vtmm_held {
	struct vtmm_vcpu_work work;
	struct vtmm_hold *hold;
	struct kvm_vcpu *vcpu;
	struct task_struct *task;
	bool go;
};

/**
 * struct vtmm_hold - pages on their way, and who waits for them
 * @node: in the list of those that are open; RCU
 * @kvm: whose pages
 * @lock: guards what follows, but for @wait; taken in the probe
 * @leaf: the pages
 * @nr: how many
 * @wait: where they wait
 * @used: entries of @held in use
 * @held: the vCPUs
 */
struct vtmm_hold {
	struct list_head node;
	struct kvm *kvm;
	raw_spinlock_t lock; /* see "Locks" in vtmm.h */
	const struct vtmm_leaf *leaf;
	size_t nr;
	wait_queue_head_t wait;
	unsigned int used;
	struct vtmm_held held[VTMM_HOLD_MAX];
};

int vtmm_hold_get(void);
void vtmm_hold_put(void);
void vtmm_hold_open(struct vtmm_hold *h, struct kvm *kvm);
void vtmm_hold_close(struct vtmm_hold *h);
void vtmm_hold_begin(struct vtmm_hold *h, const struct vtmm_leaf *leaf, size_t n);
void vtmm_hold_end(struct vtmm_hold *h);
struct task_struct *vtmm_hold_any(struct vtmm_hold *h, struct kvm_vcpu **vcpu);
void vtmm_hold_let(struct vtmm_hold *h, const struct task_struct *task);

#endif /* _VTMM_HOLD_H */
