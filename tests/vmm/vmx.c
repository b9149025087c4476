// SPDX-License-Identifier: GPL-2.0-only
/*
 * A nested guest on Intel: the fields of its VMCS (SDM 3D, appendix B), which
 * the guest itself writes.
 */
#include <sys/ioctl.h>

#include "guest.h"
#include "nested_cpu.h"
#include "vm.h"

#define MSR_FEATURE_CONTROL 0x3a
#define MSR_VMX_BASIC 0x480
#define MSR_VMX_PINBASED 0x481
#define MSR_VMX_PROCBASED 0x482
#define MSR_VMX_EXIT 0x483
#define MSR_VMX_ENTRY 0x484
#define MSR_VMX_PROCBASED2 0x48b

#define PROC_SECONDARY BIT(31)
#define PROC2_EPT BIT(1)
#define EXIT_HOST_64 BIT(9)
#define EXIT_LOAD_EFER BIT(21)
#define ENTRY_LONG_MODE BIT(9)
#define ENTRY_LOAD_EFER BIT(15)
#define EPTP_FORM (6UL | 3UL << 3) /* write-back, four levels */
#define EPTP_AD BIT(6)

#define SEG_CODE 0xa09b
#define SEG_DATA 0xc093
#define SEG_TSS 0x8b
#define SEG_UNUSABLE 0x10000

static int get_msr(struct nested *n, u32 index, u64 *value, struct err *err)
{
	struct {
		struct kvm_msrs head;
		struct kvm_msr_entry entry;
	} msr = {{.nmsrs = 1}, {.index = index}};

	if (ioctl(n->vcpu->fd, KVM_GET_MSRS, &msr) != 1)
		return err_set(err, "KVM runs no nested guests: load kvm_intel "
				    "with nested=1");
	*value = msr.entry.data;
	return 0;
}

static void put(struct nested *n, u64 field, u64 value)
{
	struct nested_boot *b = n->boot;

	b->fields[b->nr_fields].field = field;
	b->fields[b->nr_fields++].value = value;
}

/* What we want, within what the CPU allows and demands. */
static int put_control(struct nested *n, u64 field, u32 msr, u64 want,
		       struct err *err)
{
	u64 allowed = 0;

	if (get_msr(n, msr, &allowed, err))
		return -1;
	if (want & ~(allowed >> 32))
		return err_set(err,
			       "this CPU lacks a VMX control: MSR %#x has "
			       "%#lx",
			       msr, allowed);
	put(n, field, (want | (u32)allowed) & allowed >> 32);
	return 0;
}

static int put_controls(struct nested *n, struct err *err)
{
	u64 ad = n->vcpu->vm->no_ad ? 0 : EPTP_AD;

	put(n, 0x201a, n->tables | EPTP_FORM | ad);
	put(n, 0x2800, ~0UL); /* no shadow VMCS */
	return put_control(n, 0x4000, MSR_VMX_PINBASED, 0, err) ||
	       put_control(n, 0x4002, MSR_VMX_PROCBASED, PROC_SECONDARY, err) ||
	       put_control(n, 0x401e, MSR_VMX_PROCBASED2, PROC2_EPT, err) ||
	       put_control(n, 0x400c, MSR_VMX_EXIT,
			   EXIT_HOST_64 | EXIT_LOAD_EFER, err) ||
	       put_control(n, 0x4012, MSR_VMX_ENTRY,
			   ENTRY_LONG_MODE | ENTRY_LOAD_EFER, err);
}

/* Fields of one segment are 2 apart from the next one's. */
static void put_segment(struct nested *n, int i, u64 selector, u64 limit,
			u64 rights)
{
	put(n, 0x800 + 2 * i, selector);
	put(n, 0x4800 + 2 * i, limit);
	put(n, 0x4814 + 2 * i, rights);
	put(n, 0x6806 + 2 * i, 0);
}

static void put_guest(struct nested *n)
{
	int i;

	for (i = 0; i < 6; i++) /* ES, CS, SS, DS, FS, GS */
		put_segment(n, i, i == 1 ? 8 : 16, 0xffffffff,
			    i == 1 ? SEG_CODE : SEG_DATA);
	put_segment(n, 6, 0, 0, SEG_UNUSABLE); /* LDTR */
	put_segment(n, 7, 24, 0x67, SEG_TSS);
	put(n, 0x2806, EFER_NESTED);
	put(n, 0x6800, CR0_NESTED);
	put(n, 0x6802, n->cr3);
	put(n, 0x6804, CR4_PAE | CR4_VMXE);
	put(n, 0x681a, 0x400); /* DR7 */
	put(n, 0x681c, n->rsp);
	put(n, 0x681e, n->rip);
	put(n, 0x6820, 2); /* RFLAGS */
}

/* Where the guest goes on if the nested guest is left. */
static void put_host(struct nested *n)
{
	int i;

	for (i = 0; i < 6; i++)
		put(n, 0xc00 + 2 * i, i == 1 ? 8 : 16);
	put(n, 0xc0c, 24); /* TR */
	put(n, 0x2c02, EFER_NESTED);
	put(n, 0x6c00, CR0_NESTED);
	put(n, 0x6c02, n->cr3);
	put(n, 0x6c04, CR4_PAE | CR4_VMXE);
	put(n, 0x6c14, n->rsp);
	put(n, 0x6c16, guest_address(guest_left));
}

static int set_up_vcpu(struct nested *n, struct err *err)
{
	struct {
		struct kvm_msrs head;
		struct kvm_msr_entry entry;
	} msr = {{.nmsrs = 1}, {.index = MSR_FEATURE_CONTROL, .data = 5}};
	struct kvm_sregs s;

	if (ioctl(n->vcpu->fd, KVM_GET_SREGS, &s))
		return err_errno(err, "cannot get special registers");
	s.cr4 |= CR4_VMXE;
	if (ioctl(n->vcpu->fd, KVM_SET_SREGS, &s) ||
	    ioctl(n->vcpu->fd, KVM_SET_MSRS, &msr) != 1)
		return err_errno(err, "KVM lets the guest not use VMX");
	return 0;
}

int vmx_prepare(struct nested *n, struct err *err)
{
	u64 basic = 0;

	if (get_msr(n, MSR_VMX_BASIC, &basic, err))
		return -1;
	n->boot->vmxon = n->pages;
	n->boot->vmcs = n->pages + PAGE_SIZE;
	*(u32 *)vm_area(n->vcpu->vm, n->boot->vmxon) = (u32)basic & 0x7fffffff;
	*(u32 *)vm_area(n->vcpu->vm, n->boot->vmcs) = (u32)basic & 0x7fffffff;
	if (put_controls(n, err))
		return -1;
	put_guest(n);
	put_host(n);
	return set_up_vcpu(n, err);
}
