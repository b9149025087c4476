// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM's own dirty log in its three modes.
 */
#include <linux/kvm.h>
#include <string.h>
#include <sys/mman.h>

#include "bits.h"
#include "dirty.h"
#include "kvm.h"
#include "vcpu.h"

#define RING_BYTES (RING_ENTRIES * sizeof(struct kvm_dirty_gfn))
/* KVM keeps 576 of them free: a ring is full every 448 pages. */
#define RING_ENTRIES 1024

int dirty_parse(const char *text, enum dirty_mode *mode, struct err *err)
{
	static const char *const names[] = {"bitmap", "manual", "ring"};
	int i;

	for (i = 0; i < NR_DIRTY_MODES; i++) {
		if (strcmp(text, names[i]))
			continue;
		*mode = (enum dirty_mode)i;
		return 0;
	}
	return err_set(err, "--dirty %s: use bitmap, manual or ring", text);
}

int dirty_set_up(struct vm *vm, struct err *err)
{
	if (vm->dirty == DIRTY_MANUAL)
		return kvm_enable(vm->fd, KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
				  KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE |
					  KVM_DIRTY_LOG_INITIALLY_SET,
				  err);
	if (vm->dirty == DIRTY_RING)
		return kvm_enable(vm->fd, KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
				  RING_BYTES, err);
	return 0;
}

int dirty_ring_map(struct vcpu *v, struct err *err)
{
	if (v->vm->dirty != DIRTY_RING)
		return 0;
	v->ring = mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
		       v->fd, KVM_DIRTY_LOG_PAGE_OFFSET * PAGE_SIZE);
	if (v->ring != MAP_FAILED)
		return 0;
	v->ring = NULL;
	return err_errno(err, "cannot map the dirty ring of vCPU %d", v->index);
}

void dirty_ring_unmap(struct vcpu *v)
{
	if (v->ring)
		munmap(v->ring, RING_BYTES);
}

static void note(struct vm *vm, const struct kvm_dirty_gfn *entry)
{
	u32 id = entry->slot & 0xffff;
	struct slot *s;

	/* KVM slot 0 is the control area, data slots follow. */
	if (!id || id > MAX_SLOTS)
		return;
	s = &vm->slots[id - 1];
	if (s->logged && entry->offset < s->pages)
		bits_set(s->logged, entry->offset);
}

static int collect_ring(struct vcpu *v)
{
	struct kvm_dirty_gfn *entry;
	int n = 0;

	for (;; v->ring_next++, n++) {
		entry = &v->ring[v->ring_next % RING_ENTRIES];
		if (!(__atomic_load_n(&entry->flags, __ATOMIC_ACQUIRE) &
		      KVM_DIRTY_GFN_F_DIRTY))
			return n;
		note(v->vm, entry);
		__atomic_store_n(&entry->flags, KVM_DIRTY_GFN_F_RESET,
				 __ATOMIC_RELEASE);
	}
}

int dirty_ring_collect(struct vm *vm, struct err *err)
{
	int i, n = 0, reset;

	for (i = 0; i < vm->nr_vcpus; i++)
		n += collect_ring(vm->vcpus[i]);
	reset = kvm_reset_rings(vm->fd, err);
	if (reset >= 0 && reset != n)
		return err_set(err, "KVM reset %d entries of rings, not %d",
			       reset, n);
	return reset < 0 ? -1 : 0;
}

static int take_ring(struct vm *vm, struct slot *s, u64 *map, struct err *err)
{
	if (dirty_ring_collect(vm, err))
		return -1;
	memcpy(map, s->logged, bits_bytes(s->pages));
	memset(s->logged, 0, bits_bytes(s->pages));
	return 0;
}

int dirty_take(struct vm *vm, int number, u64 *map, struct err *err)
{
	struct slot *s = &vm->slots[number];
	u32 id = (u32)number + 1;

	if (vm->dirty == DIRTY_RING)
		return take_ring(vm, s, map, err);
	if (kvm_get_dirty_log(vm->fd, id, map, err))
		return -1;
	if (vm->dirty == DIRTY_MANUAL)
		return kvm_clear_dirty_log(vm->fd, id, map, s->pages, err);
	return 0;
}
