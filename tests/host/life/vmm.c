// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmm: a process with one VM, all of whose memory is in slow memory (node 1) at
 * first. SIGUSR1 makes it close the VM and live on.
 */
#include "vmm.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <linux/mempolicy.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096ul

/* 32 bits, flat, no paging: write a word to each page, again and again. */
static const uint8_t program[] = {
	0xbf, 0x00, 0x10, 0x00, 0x00,	    /* mov $0x1000,%edi */
	0xff, 0x07,			    /* next: incl (%edi) */
	0x81, 0xc7, 0x00, 0x10, 0x00, 0x00, /* add $0x1000,%edi */
	0x39, 0xf7,			    /* cmp %esi,%edi */
	0x72, 0xf4,			    /* jb next */
	0xeb, 0xed,			    /* jmp to the beginning */
};

static volatile sig_atomic_t asked_to_close;

static void on_signal(int signal)
{
	(void)signal;
	asked_to_close = 1;
}

static void *slow_memory(size_t size)
{
	unsigned long node = 1 << 1;
	void *mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED || madvise(mem, size, MADV_NOHUGEPAGE))
		err(1, "mmap of the guest's memory");
	if (syscall(SYS_mbind, mem, size, MPOL_PREFERRED, &node, 8, 0))
		err(1, "mbind");
	memset(mem, 0, size);
	/* Free to move from now on. */
	syscall(SYS_mbind, mem, size, MPOL_DEFAULT, NULL, 0, 0);
	memcpy(mem, program, sizeof(program));
	return mem;
}

static int make_vm(size_t size)
{
	struct kvm_userspace_memory_region slot = {.memory_size = size};
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int vm = kvm < 0 ? -1 : ioctl(kvm, KVM_CREATE_VM, 0);

	if (vm < 0)
		err(1, "KVM_CREATE_VM");
	slot.userspace_addr = (uintptr_t)slow_memory(size);
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot))
		err(1, "KVM_SET_USER_MEMORY_REGION");
	close(kvm);
	return vm;
}

static struct kvm_segment flat(uint16_t selector, uint8_t type)
{
	return (struct kvm_segment){.limit = ~0u,
				    .selector = selector,
				    .type = type,
				    .present = 1,
				    .db = 1,
				    .s = 1,
				    .g = 1};
}

static int make_vcpu(int vm, size_t size)
{
	struct kvm_regs regs = {.rflags = 2, .rsi = size};
	int vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	struct kvm_sregs sregs;

	if (vcpu < 0 || ioctl(vcpu, KVM_GET_SREGS, &sregs))
		err(1, "KVM_CREATE_VCPU");
	sregs.cr0 |= 1; /* protected mode */
	sregs.cs = flat(8, 11);
	sregs.ds = flat(16, 3);
	sregs.es = sregs.ds;
	sregs.ss = sregs.ds;
	if (ioctl(vcpu, KVM_SET_SREGS, &sregs) ||
	    ioctl(vcpu, KVM_SET_REGS, &regs))
		err(1, "the registers of the CPU");
	return vcpu;
}

/* The guest never leaves by itself. */
static void child(int tell, size_t size)
{
	struct sigaction action = {.sa_handler = on_signal};
	int vm, vcpu;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGUSR1, &action, NULL);
	vm = make_vm(size);
	vcpu = make_vcpu(vm, size);
	if (write(tell, &vm, sizeof(vm)) != sizeof(vm))
		err(1, "pipe");
	while (!asked_to_close)
		if (ioctl(vcpu, KVM_RUN, 0) && errno != EINTR)
			err(1, "KVM_RUN");
	close(vcpu);
	close(vm);
	if (write(tell, &vm, sizeof(vm)) != sizeof(vm))
		err(1, "pipe");
	for (;;)
		pause();
}

static int told[2];

/**
 * vmm_start() - a process with a VM that runs
 * @pages: of 4 KiB, of its guest
 *
 * Return: the process; it ends the program if there is none. One at a time.
 */
struct vmm vmm_start(size_t pages)
{
	struct vmm v = {.pages = pages};

	if (pipe2(told, O_CLOEXEC))
		err(1, "pipe");
	v.pid = fork();
	if (v.pid < 0)
		err(1, "fork");
	if (!v.pid) {
		close(told[0]);
		child(told[1], pages * PAGE);
	}
	close(told[1]);
	if (read(told[0], &v.fd, sizeof(v.fd)) != sizeof(v.fd))
		errx(1, "the VMM has not started");
	return v;
}

/**
 * vmm_close_vm() - it closes its VM, and has done so when this returns
 * @v: the process
 */
void vmm_close_vm(const struct vmm *v)
{
	int fd;

	/* The signal may come just before the ioctl: then it comes again. */
	do {
		struct timeval tv = {.tv_usec = 20000};
		fd_set set;

		kill(v->pid, SIGUSR1);
		FD_ZERO(&set);
		FD_SET(told[0], &set);
		fd = select(told[0] + 1, &set, NULL, NULL, &tv);
	} while (!fd);
	if (read(told[0], &fd, sizeof(fd)) != sizeof(fd))
		errx(1, "the VMM has died");
}

/**
 * vmm_end() - kill it, and wait until its memory has gone
 * @v: the process
 */
void vmm_end(const struct vmm *v)
{
	kill(v->pid, SIGKILL);
	waitpid(v->pid, NULL, 0);
	close(told[0]);
}
