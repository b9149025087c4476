// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvm_if: preloaded into a program that uses KVM, it lets each vCPU begin
 * with interrupts enabled. Bochs holds back the host's own interrupts as long
 * as a guest that has them disabled spins without an exit, and so the host
 * never gets its CPU back. It is for programs that send their guests none, and
 * must change nothing else.
 */
#include <dlfcn.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <sys/ioctl.h>

#define RFLAGS_IF 0x200

typedef int (*ioctl_fn)(int fd, unsigned long request, ...);

int ioctl(int fd, unsigned long request, ...)
{
	static ioctl_fn next;
	struct kvm_regs regs;
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (!next)
		next = (ioctl_fn)dlsym(RTLD_NEXT, "ioctl");
	if (request == KVM_SET_REGS) {
		regs = *(struct kvm_regs *)arg;
		regs.rflags |= RFLAGS_IF;
		arg = &regs;
	}
	return next(fd, request, arg);
}
