// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls to /dev/kvm.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fault.h"
#include "kvm.h"

/* Two pages each for Intel without unrestricted guest, below the BIOS. */
#define TSS_GPA 0xfffbd000UL

#ifndef KVM_CREATE_GUEST_MEMFD
#define KVM_CAP_VM_TYPES 235
#define KVM_MEM_GUEST_MEMFD BIT(2)

struct kvm_userspace_memory_region2 {
	u32 slot;
	u32 flags;
	u64 guest_phys_addr;
	u64 memory_size;
	u64 userspace_addr;
	u64 guest_memfd_offset;
	u32 guest_memfd;
	u32 pad1;
	u64 pad2[14];
};

struct kvm_create_guest_memfd {
	u64 size;
	u64 flags;
	u64 reserved[6];
};

#define KVM_SET_USER_MEMORY_REGION2 \
	_IOW(KVMIO, 0x49, struct kvm_userspace_memory_region2)
#define KVM_CREATE_GUEST_MEMFD _IOWR(KVMIO, 0xd4, struct kvm_create_guest_memfd)
#endif

static int open_kvm(struct err *err)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err_errno(err, "cannot open /dev/kvm");
	return fd;
}

int kvm_create_vm(int type, struct err *err)
{
	int kvm = open_kvm(err);
	int vm;

	if (kvm < 0)
		return -1;
	do {
		vm = ioctl(kvm, KVM_CREATE_VM, (unsigned long)type);
	} while (vm < 0 && errno == EINTR);
	close(kvm);
	if (vm < 0)
		return err_errno(err, "KVM creates no VM of type %d", type);
	if (type == VM_TYPE_DEFAULT && ioctl(vm, KVM_SET_TSS_ADDR, TSS_GPA)) {
		err_errno(err, "cannot set the TSS address");
		close(vm);
		return -1;
	}
	return vm;
}

int kvm_create_irqchip(int vm, struct err *err)
{
	if (ioctl(vm, KVM_CREATE_IRQCHIP, 0))
		return err_errno(err, "cannot create the interrupt chips");
	return 0;
}

int kvm_set_slot(int vm, u32 id, u64 gpa, u64 size, void *hva, u32 flags,
		 struct err *err)
{
	struct kvm_userspace_memory_region r = {
		.slot = id,
		.flags = flags,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = (u64)hva,
	};

	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &r))
		return err_errno(err, "KVM refuses slot %u at %#lx", id, gpa);
	return 0;
}

int kvm_get_dirty_log(int vm, u32 id, u64 *bitmap, struct err *err)
{
	struct kvm_dirty_log log = {.slot = id, .dirty_bitmap = bitmap};

	if (ioctl(vm, KVM_GET_DIRTY_LOG, &log))
		return err_errno(err, "cannot get the dirty log of slot %u",
				 id);
	return 0;
}

int kvm_clear_dirty_log(int vm, u32 id, u64 *bitmap, u64 pages, struct err *err)
{
	struct kvm_clear_dirty_log log = {
		.slot = id,
		.num_pages = (u32)pages,
		.dirty_bitmap = bitmap,
	};

	if (ioctl(vm, KVM_CLEAR_DIRTY_LOG, &log))
		return err_errno(err, "cannot clear the dirty log of slot %u",
				 id);
	return 0;
}

int kvm_reset_rings(int vm, struct err *err)
{
	int n = ioctl(vm, KVM_RESET_DIRTY_RINGS);

	return n < 0 ? err_errno(err, "cannot reset the dirty rings") : n;
}

int kvm_enable(int vm, u32 cap, u64 arg, struct err *err)
{
	struct kvm_enable_cap e = {.cap = cap, .args = {arg}};

	if (ioctl(vm, KVM_ENABLE_CAP, &e))
		return err_errno(err, "KVM refuses capability %u", cap);
	return 0;
}

static bool has_vm_type(int type)
{
	struct err unused;
	int kvm = open_kvm(&unused);
	int types;

	if (kvm < 0)
		return false;
	types = ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_VM_TYPES);
	close(kvm);
	return types > 0 && types & (1 << type);
}

int kvm_try_guest_memfd(int *vm, u64 size, struct err *err)
{
	struct kvm_create_guest_memfd g = {.size = size};
	struct kvm_userspace_memory_region2 r = {
		.flags = KVM_MEM_GUEST_MEMFD,
		.memory_size = size,
	};
	int fd;

	if (!has_vm_type(VM_TYPE_SW_PROTECTED))
		return err_set(err, "this kernel has no private-memory VMs");
	*vm = kvm_create_vm(VM_TYPE_SW_PROTECTED, err);
	if (*vm < 0)
		return -1;
	fd = ioctl(*vm, KVM_CREATE_GUEST_MEMFD, &g);
	if (fd < 0)
		return err_errno(err, "cannot create a guest_memfd");
	r.guest_memfd = fd;
	r.userspace_addr = (u64)mmap(NULL, size, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ioctl(*vm, KVM_SET_USER_MEMORY_REGION2, &r))
		return err_errno(err, "KVM refuses a private slot");
	return 0;
}

#define MAX_CPUID 256

static int copy_cpuid(int vcpu, struct err *err)
{
	struct kvm_cpuid2 *c;
	int kvm = open_kvm(err);
	int ret = 0;

	if (kvm < 0)
		return -1;
	c = zalloc(1, sizeof(*c) + MAX_CPUID * sizeof(c->entries[0]));
	c->nent = MAX_CPUID;
	if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, c) ||
	    ioctl(vcpu, KVM_SET_CPUID2, c))
		ret = err_errno(err, "cannot set CPUID");
	free(c);
	close(kvm);
	return ret;
}

#define CR0_PE BIT(0)
#define CR0_ET BIT(4)
#define CR0_NE BIT(5)
#define CR0_WP BIT(16)
#define CR0_PG BIT(31)
#define CR4_PAE BIT(5)
#define EFER_LME BIT(8)
#define EFER_LMA BIT(10)

static int enter_long_mode(int vcpu, u64 cr3, u64 descriptors, struct err *err)
{
	struct kvm_segment code = {
		.limit = 0xffffffff,
		.selector = FAULT_CODE_SELECTOR,
		.type = 11,
		.present = 1,
		.s = 1,
		.l = 1,
		.g = 1,
	};
	struct kvm_segment data = {
		.limit = 0xffffffff,
		.selector = FAULT_DATA_SELECTOR,
		.type = 3,
		.present = 1,
		.s = 1,
		.db = 1,
		.g = 1,
	};
	struct kvm_sregs s;

	if (ioctl(vcpu, KVM_GET_SREGS, &s))
		return err_errno(err, "cannot get special registers");
	s.cr0 = CR0_PE | CR0_ET | CR0_NE | CR0_WP | CR0_PG;
	s.cr4 = CR4_PAE;
	s.efer = EFER_LME | EFER_LMA;
	s.cr3 = cr3;
	s.cs = code;
	s.ds = data;
	s.es = data;
	s.fs = data;
	s.gs = data;
	s.ss = data;
	s.idt.base = descriptors + FAULT_IDT;
	s.idt.limit = FAULT_IDT_SIZE - 1;
	s.gdt.base = descriptors + FAULT_GDT;
	s.gdt.limit = FAULT_GDT_SIZE - 1;
	if (ioctl(vcpu, KVM_SET_SREGS, &s))
		return err_errno(err, "cannot set special registers");
	return 0;
}

static struct kvm_run *map_run(int vcpu, struct err *err)
{
	int kvm = open_kvm(err);
	struct kvm_run *run;
	int size;

	if (kvm < 0)
		return NULL;
	size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	close(kvm);
	run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
	if (run == MAP_FAILED) {
		err_errno(err, "cannot map the vCPU's shared page");
		return NULL;
	}
	return run;
}

int kvm_wake_vcpu(int vcpu, struct err *err)
{
	struct kvm_mp_state mp = {KVM_MP_STATE_RUNNABLE};

	if (ioctl(vcpu, KVM_SET_MP_STATE, &mp))
		return err_errno(err, "cannot make a vCPU runnable");
	return 0;
}

int kvm_create_vcpu(int vm, int id, u64 cr3, u64 descriptors,
		    struct kvm_run **run, struct err *err)
{
	int vcpu = ioctl(vm, KVM_CREATE_VCPU, (unsigned long)id);

	if (vcpu < 0)
		return err_errno(err, "cannot create vCPU %d", id);
	*run = map_run(vcpu, err);
	/* With in-kernel chips all but the first would wait for a SIPI. */
	if (!*run || copy_cpuid(vcpu, err) ||
	    enter_long_mode(vcpu, cr3, descriptors, err) ||
	    kvm_wake_vcpu(vcpu, err)) {
		kvm_close_vcpu(vcpu, *run);
		return -1;
	}
	return vcpu;
}

void kvm_close_vcpu(int vcpu, struct kvm_run *run)
{
	/* KVM_GET_VCPU_MMAP_SIZE bytes were mapped: at least one page. */
	struct err unused;
	int kvm = open_kvm(&unused);

	if (run && kvm >= 0)
		munmap(run, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0));
	if (kvm >= 0)
		close(kvm);
	close(vcpu);
}

int kvm_start_at(int vcpu, struct kvm_run *run, u64 rip, u64 rsp, u64 rdi,
		 struct err *err)
{
	struct kvm_regs regs = {
		.rip = rip,
		.rdi = rdi,
		.rflags = 2,
		/* As after a call: 8 below a 16-byte boundary. */
		.rsp = rsp - 8,
	};

	run->immediate_exit = 1;
	ioctl(vcpu, KVM_RUN, 0);
	run->immediate_exit = 0;
	if (ioctl(vcpu, KVM_SET_REGS, &regs))
		return err_errno(err, "cannot set registers");
	return 0;
}
