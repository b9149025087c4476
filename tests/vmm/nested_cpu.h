/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What nested.c asks of svm.c and vmx.c.
 */
#ifndef VMM_NESTED_CPU_H
#define VMM_NESTED_CPU_H

#include "vcpu.h"

#define CR0_NESTED 0x80010031UL /* PG, WP, NE, ET, PE */
#define CR4_PAE BIT(5)
#define CR4_VMXE BIT(13)
#define EFER_NESTED (BIT(8) | BIT(10)) /* LME, LMA */
#define EFER_SVME BIT(12)

/**
 * struct nested - a nested guest that is to be
 * @vcpu: whose
 * @boot: the page that tells the guest how to enter
 * @pages: guest-physical address of three more pages, zero
 * @rip: where it starts
 * @rsp: its stack
 * @cr3: its own page tables
 * @tables: the nested page tables
 */
struct nested {
	struct vcpu *vcpu;
	struct nested_boot *boot;
	u64 pages;
	u64 rip;
	u64 rsp;
	u64 cr3;
	u64 tables;
};

int svm_prepare(struct nested *n, struct err *err);
u64 svm_exit_code(const u8 *vmcb);
int vmx_prepare(struct nested *n, struct err *err);

#endif
