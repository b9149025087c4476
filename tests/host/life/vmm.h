/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmm: a process with one VM whose guest writes to its pages for ever; it is as
 * cheap to make as a VM can be, to be killed by the thousand.
 */
#ifndef VMM_H
#define VMM_H

#include <stdint.h>
#include <sys/types.h>

#define VMM_SMALL 128  /* pages of 4 KiB */
#define VMM_LARGE 2048 /* more than one batch of promotions */

struct vmm {
	pid_t pid;
	int fd;	      /* of the VM, in that process */
	size_t pages; /* of the guest */
};

struct vmm vmm_start(size_t pages);
void vmm_close_vm(const struct vmm *v);
void vmm_end(const struct vmm *v);

#endif
