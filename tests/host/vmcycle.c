// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmcycle: makes a VM, lets it write to its memory, checks what it wrote and
 * takes it away again, as often as the argument says. It is the least that
 * shows that a host's KVM lives; it knows nothing of vtmm.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define GUEST_SIZE (512 * 1024)
#define DATA 0x10000

/* Real mode: fill 64 KiB from DATA on with 0x5a, then halt. */
static const uint8_t program[] = {
	0xb8, 0x00, 0x10, /* mov $0x1000,%ax */
	0x8e, 0xc0,	  /* mov %ax,%es */
	0x31, 0xff,	  /* xor %di,%di */
	0xb0, 0x5a,	  /* mov $0x5a,%al */
	0xb9, 0xff, 0xff, /* mov $0xffff,%cx */
	0xf3, 0xaa,	  /* rep stosb */
	0xf4,		  /* hlt */
};

/* Returns the descriptor of a VM whose memory is mem. */
static int make_vm(int kvm, void *mem)
{
	struct kvm_userspace_memory_region slot = {
		.memory_size = GUEST_SIZE,
		.userspace_addr = (uintptr_t)mem,
	};
	int vm = ioctl(kvm, KVM_CREATE_VM, 0);

	if (vm < 0)
		err(1, "KVM_CREATE_VM");
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot))
		err(1, "KVM_SET_USER_MEMORY_REGION");
	return vm;
}

/* Sets a new CPU to the program's first byte, with flat segments at 0. */
static void set_registers(int vcpu)
{
	struct kvm_regs regs = {.rflags = 2};
	struct kvm_sregs sregs;

	if (ioctl(vcpu, KVM_GET_SREGS, &sregs))
		err(1, "KVM_GET_SREGS");
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	if (ioctl(vcpu, KVM_SET_SREGS, &sregs))
		err(1, "KVM_SET_SREGS");
	if (ioctl(vcpu, KVM_SET_REGS, &regs))
		err(1, "KVM_SET_REGS");
}

/* Runs the VM's only CPU until it halts. */
static void run_vm(int kvm, int vm)
{
	int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	int vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	struct kvm_run *run;

	if (size < 0 || vcpu < 0)
		err(1, "KVM_CREATE_VCPU");
	run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
	if (run == MAP_FAILED)
		err(1, "mmap of the CPU");
	set_registers(vcpu);
	if (ioctl(vcpu, KVM_RUN, 0))
		err(1, "KVM_RUN");
	if (run->exit_reason != KVM_EXIT_HLT)
		errx(1, "the guest ended with exit reason %u",
		     run->exit_reason);
	munmap(run, size);
	close(vcpu);
}

static void cycle(int kvm)
{
	uint8_t *mem = mmap(NULL, GUEST_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int vm;

	if (mem == MAP_FAILED)
		err(1, "mmap of the guest's memory");
	memcpy(mem, program, sizeof(program));
	vm = make_vm(kvm, mem);
	run_vm(kvm, vm);
	for (int i = 0; i < 0xffff; i++)
		if (mem[DATA + i] != 0x5a)
			errx(1, "the guest did not write byte %#x", DATA + i);
	close(vm);
	munmap(mem, GUEST_SIZE);
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 1;
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (kvm < 0)
		err(1, "/dev/kvm");
	for (int i = 0; i < count; i++)
		cycle(kvm);
	printf("%d VMs ran and are gone\n", count);
	return 0;
}
