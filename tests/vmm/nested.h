/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A vCPU that runs its jobs as a guest of the guest: all that takes is written
 * by the VMM, the guest itself only enters. The nested guest's exits come
 * straight to the VMM, for the guest intercepts none.
 */
#ifndef VMM_NESTED_H
#define VMM_NESTED_H

#include "vcpu.h"
#include "vm.h"

/* The form of nested page tables on this CPU. */
enum pgtable_form nested_form(void);

/* Where in the guest the vCPU must start to become a nested guest. */
u64 nested_entry(void);

/**
 * nested_prepare() - write what entering the nested guest takes
 * @v: a vCPU that has not run yet
 * @rip: where the nested guest starts
 * @rsp: its stack
 * @mailbox: its mailbox
 *
 * Return: the argument for nested_entry(), or 0.
 */
u64 nested_prepare(struct vcpu *v, u64 rip, u64 rsp, u64 mailbox,
		   struct err *err);

/* Why the nested guest was left, in @err. Return: -1. */
int nested_left(struct vcpu *v, struct err *err);

#endif
