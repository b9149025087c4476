// SPDX-License-Identifier: GPL-2.0-only
/*
 * A nested guest on AMD: its control block (APM 2, appendix B).
 */
#include <sys/ioctl.h>

#include "nested_cpu.h"
#include "vm.h"

#define MSR_VM_HSAVE_PA 0xc0010117

struct vmcb_seg {
	unsigned short selector;
	unsigned short attributes;
	u32 limit;
	u64 base;
};

#define SEG_CODE 0xa9b
#define SEG_DATA 0xc93

static void put32(u8 *vmcb, int at, u32 value)
{
	*(u32 *)(vmcb + at) = value;
}

static void put64(u8 *vmcb, int at, u64 value)
{
	*(u64 *)(vmcb + at) = value;
}

static void put_segments(u8 *vmcb)
{
	struct vmcb_seg *seg = (struct vmcb_seg *)(vmcb + 0x400);
	const struct vmcb_seg data = {16, SEG_DATA, 0xffffffff, 0};
	int i;

	for (i = 0; i < 6; i++) /* ES, CS, SS, DS, FS, GS */
		seg[i] = data;
	seg[1] = (struct vmcb_seg){8, SEG_CODE, 0xffffffff, 0};
}

static void put_control(u8 *vmcb, const struct nested *n)
{
	put32(vmcb, 0x10, BIT(0)); /* intercept VMRUN, as the CPU demands */
	put32(vmcb, 0x58, 1);	   /* ASID */
	put64(vmcb, 0x90, 1);	   /* nested paging */
	put64(vmcb, 0xb0, n->tables);
}

static void put_state(u8 *vmcb, const struct nested *n)
{
	put64(vmcb, 0x4d0, EFER_NESTED | EFER_SVME);
	put64(vmcb, 0x548, CR4_PAE);
	put64(vmcb, 0x550, n->cr3);
	put64(vmcb, 0x558, CR0_NESTED);
	put64(vmcb, 0x560, 0x400);	/* DR7 */
	put64(vmcb, 0x568, 0xffff0ff0); /* DR6 */
	put64(vmcb, 0x570, 2);		/* RFLAGS */
	put64(vmcb, 0x578, n->rip);
	put64(vmcb, 0x5d8, n->rsp);
	put64(vmcb, 0x668, 0x0007040600070406UL); /* PAT */
}

static int set_up_vcpu(struct nested *n, struct err *err)
{
	struct {
		struct kvm_msrs head;
		struct kvm_msr_entry entry;
	} msr = {{.nmsrs = 1},
		 {.index = MSR_VM_HSAVE_PA, .data = n->pages + PAGE_SIZE}};
	struct kvm_sregs s;

	if (ioctl(n->vcpu->fd, KVM_GET_SREGS, &s))
		return err_errno(err, "cannot get special registers");
	s.efer |= EFER_SVME;
	if (ioctl(n->vcpu->fd, KVM_SET_SREGS, &s) ||
	    ioctl(n->vcpu->fd, KVM_SET_MSRS, &msr) != 1)
		return err_errno(err, "KVM runs no nested guests: load "
				      "kvm_amd with nested=1");
	return 0;
}

int svm_prepare(struct nested *n, struct err *err)
{
	u8 *vmcb = vm_area(n->vcpu->vm, n->pages);

	n->boot->vmcb = n->pages;
	put_segments(vmcb);
	put_control(vmcb, n);
	put_state(vmcb, n);
	return set_up_vcpu(n, err);
}

u64 svm_exit_code(const u8 *vmcb)
{
	return *(const u64 *)(vmcb + 0x70);
}
