/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second process that works on shared guest memory, as the backend of a
 * device does.
 */
#ifndef VMM_WORKER_H
#define VMM_WORKER_H

#include "vm.h"

/**
 * worker_start() - begin to work on pages of a VM
 * @vm: the VM
 * @set: its pages, of shared memory; kept until worker_stop()
 * @err: reason of a failure
 *
 * The process compares each page with what it must hold and writes its next
 * version, again and again. There is one such process at most; nobody else may
 * write to the pages.
 */
int worker_start(struct vm *vm, struct pageset *set, struct err *err);

/**
 * worker_stop() - end the process
 * @passes: out: how often it went over the pages
 * @err: reason of a failure; it found a page wrong, for example
 *
 * From then on the VMM knows what the pages must hold.
 */
int worker_stop(u64 *passes, struct err *err);

#endif
