// SPDX-License-Identifier: GPL-2.0-only
/*
 * holdvm: keeps one empty VM open until it is killed. KVM switches
 * virtualization on for the first VM of a host and off after the last one, and
 * patches its own code then; with one VM always open that happens once a boot.
 * It prints "held" when the VM is there.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(void)
{
	int kvm, vm;

	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0) {
		perror("holdvm: /dev/kvm");
		return 1;
	}
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0) {
		perror("holdvm: KVM_CREATE_VM");
		return 1;
	}
	puts("held");
	fflush(stdout);
	for (;;)
		pause();
}
