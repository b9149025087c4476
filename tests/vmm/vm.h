/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM: its control area, its data slots with the truth about each page, its
 * vCPUs. All fields are under world_lock, except where said otherwise.
 *
 * Guest-physical memory:
 *	0x0000000	control area (KVM slot 0): descriptor tables, code, a
 *			mailbox, a stack and a run list per vCPU, then the
 *			guest's page tables
 *	0x40000000	data slot 0 unless it is placed elsewhere (KVM slot 1)
 */
#ifndef VMM_VM_H
#define VMM_VM_H

#include <pthread.h>

#include "dirty.h"
#include "kvm.h"
#include "memory.h"
#include "pageset.h"
#include "pgtable.h"

#define MAX_VCPUS 32
#define MAX_VMS 16

#define DATA_GPA 0x40000000UL
#define AREA_DESCRIPTORS 0UL
#define AREA_CODE 0x1000UL
#define AREA_CODE_END 0x10000UL
#define AREA_VCPU 0x10000UL   /* mailbox and stack of each vCPU */
#define AREA_NESTED 0x50000UL /* what entering a nested guest takes */
#define AREA_NESTED_SIZE 0x4000UL
#define MAX_NESTED 8
#define AREA_RUNS 0x80000UL /* run list of each vCPU */
#define AREA_RUNS_SIZE 0x40000UL
#define AREA_TABLES (AREA_RUNS + MAX_VCPUS * AREA_RUNS_SIZE)
#define WINDOW_RUNS (AREA_RUNS_SIZE / sizeof(struct run))

/* Spare page tables for slots that come later: 2 GiB of them by 4 KiB. */
#define SPARE_TABLES 1024

/**
 * struct page_rec - what a data page must hold
 * @version: version of its pattern; 0 is zeros
 * @tag: tag of its first word, 0 if it belongs to the pattern
 */
struct page_rec {
	u32 version;
	u32 tag;
};

/**
 * struct slot - a data slot
 * @mem: its memory
 * @gfn: first page
 * @pages: number of pages, 0 when the slot does not exist
 * @log: KVM logs its dirty pages
 * @logged: bitmap of pages that the vCPUs' dirty rings had, if there are rings
 * @rec: what each page must hold
 * @read: bitmap of pages that the guest read since the last reset
 * @written: the same for writes
 */
struct slot {
	struct mem mem;
	u64 gfn;
	u64 pages;
	bool log;
	u64 *logged;
	struct page_rec *rec;
	u64 *read;
	u64 *written;
};

struct slot_spec {
	u64 size;
	u64 gpa;
	enum backing backing;
	int node;
	bool populate;
};

struct vcpu;

/**
 * struct vm - a VM
 * @fd: its fd
 * @area: memory of the control area
 * @tables: the guest's page tables
 * @nested: the guest's tables for guests of its own, if it has such
 * @nested_from: vCPUs from this one on run as guests of the guest
 * @nr_nested: so many of them
 * @no_ad: Intel: they run without accessed and dirty bits
 * @huge: the guest maps its data by 2 MiB pages
 * @dirty: how its VMM reads KVM's dirty log
 * @seed: seed of its patterns
 * @epoch: grows whenever truth or contents are reset, so that jobs that run
 *	in a loop report their pages anew
 */
struct vm {
	int fd;
	struct mem area;
	struct pgtable tables;
	struct pgtable nested;
	u64 nested_from;
	u64 nr_nested;
	bool no_ad;
	bool huge;
	enum dirty_mode dirty;
	u64 seed;
	u64 epoch;
	struct slot slots[MAX_SLOTS];
	struct span spans[MAX_SLOTS];
	struct vcpu *vcpus[MAX_VCPUS];
	int nr_vcpus;
};

struct vm_spec {
	u64 nested_from;
	u64 nested;
	bool no_ad;
	bool huge;
	bool irqchip;
	enum dirty_mode dirty;
	u64 seed;
	u64 tables; /* pages of guest page tables that slots will need */
};

extern pthread_mutex_t world_lock;
/* Broadcast whenever a vCPU changes its state. */
extern pthread_cond_t world_changed;

struct vm *vm_create(const struct vm_spec *spec, struct err *err);

/* Ends the vCPUs and frees everything; without world_lock. */
void vm_destroy(struct vm *vm);

/**
 * vm_add_slot() - add a data slot
 * @number: its number among the data slots
 * @spec: what it is to be
 */
int vm_add_slot(struct vm *vm, int number, const struct slot_spec *spec,
		struct err *err);
int vm_delete_slot(struct vm *vm, int number, struct err *err);

/**
 * vm_move_slot() - let a data slot begin elsewhere
 *
 * Its memory stays, with its content filled in anew, for patterns are made from
 * gfns. Nothing of it was touched then. No vCPU may have a job.
 */
int vm_move_slot(struct vm *vm, int number, u64 gpa, struct err *err);

/* Are the guest's code and page tables what was written there? */
int vm_check_area(struct vm *vm, struct err *err);

/* Switch KVM's dirty logging of a slot on or off. */
int vm_log_slot(struct vm *vm, int number, bool on, struct err *err);

/**
 * vm_slot_of() - the data slot that holds a page
 *
 * Return: the slot, NULL if there is none.
 */
struct slot *vm_slot_of(struct vm *vm, u64 gfn);

/* Forget what was read and written so far; the vCPUs must be paused. */
void vm_reset_truth(struct vm *vm);

static inline void *vm_area(struct vm *vm, u64 gpa)
{
	return vm->area.hva + gpa;
}

#endif
