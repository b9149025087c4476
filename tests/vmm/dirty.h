/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KVM's own dirty log, as VMMs use it in live migration: a bitmap that is read
 * and cleared at once, a bitmap that is cleared page by page and begins full
 * (as QEMU does), or a ring for each vCPU. Called with world_lock held.
 */
#ifndef VMM_DIRTY_H
#define VMM_DIRTY_H

#include "util.h"

enum dirty_mode {
	DIRTY_BITMAP,
	DIRTY_MANUAL,
	DIRTY_RING,
	NR_DIRTY_MODES,
};

struct vm;
struct vcpu;
struct slot;

/* "bitmap", "manual" or "ring" */
int dirty_parse(const char *text, enum dirty_mode *mode, struct err *err);

/* Before the VM has vCPUs. */
int dirty_set_up(struct vm *vm, struct err *err);

/* Map and unmap the ring of a new vCPU, when the VM has rings. */
int dirty_ring_map(struct vcpu *v, struct err *err);
void dirty_ring_unmap(struct vcpu *v);

/**
 * dirty_ring_collect() - take what is in the rings over into the slots
 * @vm: a VM with rings
 *
 * Each page is in the log anew when it is written again.
 */
int dirty_ring_collect(struct vm *vm, struct err *err);

/**
 * dirty_take() - the pages of a slot that KVM logged since the last call
 * @vm: the VM
 * @number: of the data slot
 * @map: a bitmap of the slot's pages, zeroed by the caller; they are set in it
 */
int dirty_take(struct vm *vm, int number, u64 *map, struct err *err);

#endif
