// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest of the guest. Its memory is the guest's, at the same addresses,
 * mapped by nested tables of their own; it runs in long mode with the guest's
 * page tables. What AMD and Intel want written is in svm.c and vmx.c.
 */
#include <cpuid.h>
#include <string.h>

#include "guest.h"
#include "nested.h"
#include "nested_cpu.h"

static bool is_amd(void)
{
	u32 a, b, c, d;

	__cpuid(0, a, b, c, d);
	return b == signature_AMD_ebx;
}

enum pgtable_form nested_form(void)
{
	return is_amd() ? PGTABLE_CPU : PGTABLE_EPT;
}

u64 nested_entry(void)
{
	return is_amd() ? guest_address(guest_enter_svm)
			: guest_address(guest_enter_vmx);
}

u64 nested_prepare(struct vcpu *v, u64 rip, u64 rsp, u64 mailbox,
		   struct err *err)
{
	u64 boot = AREA_NESTED +
		   ((u64)v->index - v->vm->nested_from) * AREA_NESTED_SIZE;
	struct nested n = {
		.vcpu = v,
		.boot = vm_area(v->vm, boot),
		.pages = boot + PAGE_SIZE,
		.rip = rip,
		.rsp = rsp - 8,
		.cr3 = v->vm->tables.root,
		.tables = v->vm->nested.root,
	};

	memset(n.boot, 0, AREA_NESTED_SIZE);
	n.boot->mailbox = mailbox;
	if (is_amd() ? svm_prepare(&n, err) : vmx_prepare(&n, err))
		return 0;
	return boot;
}

int nested_left(struct vcpu *v, struct err *err)
{
	u64 boot = AREA_NESTED +
		   ((u64)v->index - v->vm->nested_from) * AREA_NESTED_SIZE;
	const struct nested_boot *b = vm_area(v->vm, boot);

	if (!is_amd())
		return err_set(err, "the nested guest cannot be entered");
	return err_set(err, "the nested guest was left with exit code %#lx",
		       svm_exit_code(vm_area(v->vm, b->vmcb)));
}
