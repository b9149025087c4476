/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pml: page-modification logging of a VM: switching it on beside the VMM's
 * own use, and catching its entries before KVM drops them.
 */
#ifndef _VTMM_KVM_PML_H
#define _VTMM_KVM_PML_H

#include <linux/tracepoint.h>
#include "vtmm.h"

/* Exported by kvm.ko; its header, trace.h, is not among the kernel headers. */
extern struct tracepoint __tracepoint_kvm_exit;

/**
 * struct vtmm_pml_ring - entries of one vCPU: one writer, one reader
 * @head: next to write; the probe's
 * @tail: next to read; the worker's
 * @mask: places, a power of two, less one
 * @full: exits because the hardware's buffer was full; the probe's
 * @lost: entries that found no place; the probe's
 * @gfn: the entries
 */
struct vtmm_pml_ring {
	u32 head;
	u32 tail;
	u32 mask;
	u64 full;
	u64 lost;
	u64 gfn[];
};

/**
 * struct vtmm_pml - the log of one VM
 * @node: in the probe's table of VMs, by @kvm
 * @kvm: the VM
 * @homeless: entries of vCPUs that had no ring yet
 * @missed: exits that the hook had missed before
 * @nr: vCPUs that @ring has room for
 * @ring: by vCPU index; NULL until the worker has seen the vCPU
 */
struct vtmm_pml {
	struct hlist_node node;
	struct kvm *kvm;
	atomic64_t homeless;
	u64 missed;
	unsigned int nr;
	struct vtmm_pml_ring *ring[];
};

const char *vtmm_pml_missing(void);
struct vtmm_pml *vtmm_pml_open(struct kvm *kvm);
void vtmm_pml_close(struct vtmm_pml *pml);
void vtmm_pml_meet_vcpus(struct vtmm_pml *pml);
u64 vtmm_pml_bytes(const struct vtmm_pml *pml);
u64 vtmm_pml_lost(const struct vtmm_pml *pml);
void vtmm_pml_see(struct kvm_vcpu *vcpu);

/* pml_hook.c */
const char *vtmm_pml_hook_choose(void);
const char *vtmm_pml_hook_name(void);
const char *vtmm_pml_hook_missing(void);
u64 vtmm_pml_hook_missed(void);
int vtmm_pml_hook_get(void);
void vtmm_pml_hook_put(void);

#endif /* _VTMM_KVM_PML_H */
