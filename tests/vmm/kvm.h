/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls to /dev/kvm, each with its error as a sentence. Holds no state
 * and knows nothing of slots' meaning or of jobs.
 */
#ifndef VMM_KVM_H
#define VMM_KVM_H

#include <linux/kvm.h>

#include "util.h"

/* VM types beyond the default, by KVM_CAP_VM_TYPES; newer than our headers. */
#define VM_TYPE_DEFAULT 0
#define VM_TYPE_SW_PROTECTED 1

/**
 * kvm_create_vm() - create an empty VM
 * @type: VM_TYPE_*
 *
 * Return: its fd, or -1.
 */
int kvm_create_vm(int type, struct err *err);

/* In-kernel interrupt controllers: HLT then blocks inside KVM. */
int kvm_create_irqchip(int vm, struct err *err);

/**
 * kvm_set_slot() - add, change or (size 0) delete a memslot
 * @vm: VM fd
 * @id: slot number
 * @gpa: guest-physical address
 * @size: bytes
 * @hva: the memory behind it
 * @flags: KVM_MEM_*
 */
int kvm_set_slot(int vm, u32 id, u64 gpa, u64 size, void *hva, u32 flags,
		 struct err *err);

/* The slot's dirty bitmap since the last call, 64 pages a word. */
int kvm_get_dirty_log(int vm, u32 id, u64 *bitmap, struct err *err);

/* Clear the bits that are set in @bitmap; @pages is the size of the slot. */
int kvm_clear_dirty_log(int vm, u32 id, u64 *bitmap, u64 pages,
			struct err *err);

/* Hand the entries of dirty rings back. Return: how many, or -1. */
int kvm_reset_rings(int vm, struct err *err);

/* Switch a capability of the VM on. */
int kvm_enable(int vm, u32 cap, u64 arg, struct err *err);

/**
 * kvm_try_guest_memfd() - a VM with private memory, as far as KVM has them
 * @vm: out: VM fd
 *
 * Return: 0, or -1 with what this kernel does not support.
 */
int kvm_try_guest_memfd(int *vm, u64 size, struct err *err);

/**
 * kvm_create_vcpu() - create a vCPU in long mode
 * @vm: VM fd
 * @id: its number
 * @cr3: guest page tables
 * @descriptors: guest-physical address of what fault_fill() wrote
 * @run: out: the shared page
 *
 * Return: its fd, or -1.
 */
int kvm_create_vcpu(int vm, int id, u64 cr3, u64 descriptors,
		    struct kvm_run **run, struct err *err);

/* Make a vCPU that is halted inside KVM go on after its HLT. */
int kvm_wake_vcpu(int vcpu, struct err *err);

void kvm_close_vcpu(int vcpu, struct kvm_run *run);

/**
 * kvm_start_at() - set the registers for a call of a guest function
 * @vcpu: vCPU fd
 * @run: its shared page
 * @rip: the function
 * @rsp: stack top, 16-byte aligned
 * @rdi: its argument
 *
 * Completes a PIO exit that is still pending, so that KVM does not change
 * the registers afterwards.
 */
int kvm_start_at(int vcpu, struct kvm_run *run, u64 rip, u64 rsp, u64 rdi,
		 struct err *err);

#endif
