// SPDX-License-Identifier: GPL-2.0-only
/*
 * pml: switches page-modification logging on for a VM and copies the
 * entries of its vCPUs' buffers before KVM empties them (SDM 3C, 29.3.6).
 *
 * The probe (pml_hook.c has the two sites) runs on every exit of every VM: for
 * a VM that is not attached it must cost a look-up, for one that is, a copy. It
 * must never read the log while a nested guest's VMCS is loaded.
 */
#include <linux/hashtable.h>
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <asm/vmx.h>
#include "kvm/internal.h"
#include "locks.h"
#include "compat/symbols.h"

#define VTMM_PML_ENTRIES	512

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

static uint pml_ring = 8192;
module_param(pml_ring, uint, 0444);
MODULE_PARM_DESC(pml_ring, "records of a vCPU's page-modification log kept between two rounds (default: 8192)");

/* Readers: the probe, under RCU. Writers: vtmm_vms_lock. */
static DEFINE_HASHTABLE(vtmm_pml_vms, 6);

/**
 * vtmm_pml_missing() - why this host has no page-modification log
 *
 * Context: process context.
 * Return: a sentence, or NULL when it has one.
 */
const char *vtmm_pml_missing(void)
{
	const bool *enabled;

	if (!boot_cpu_has(X86_FEATURE_VMX))
		return "page-modification logging is a feature of Intel CPUs";
	enabled = (const bool *)vtmm_lookup("kvm_intel:enable_pml");
	if (!enabled)
		return "kvm_intel is not loaded, or does not tell whether it logs";
	if (!READ_ONCE(*enabled))
		return "page-modification logging is off: load kvm_intel with pml=1";
	return vtmm_pml_hook_missing();
}

/* The VMCS of the vCPU that exits is loaded; false if it hasn't the field. */
static bool vtmm_vmread(unsigned long field, unsigned long *value)
{
	bool failed;

	asm volatile("vmread %[field], %[value]\n\tsetna %[failed]"
		     : [value] "=r" (*value), [failed] "=qm" (failed)
		     : [field] "r" (field)
		     : "cc");
	return !failed;
}

static struct vtmm_pml *vtmm_pml_find(struct kvm *kvm)
{
	struct vtmm_pml *pml;

	hash_for_each_possible_rcu(vtmm_pml_vms, pml, node, (unsigned long)kvm)
		if (pml->kvm == kvm)
			return pml;
	return NULL;
}

/*
 * The entries logged so far: [first, VTMM_PML_ENTRIES) of @log. The index
 * counts down from 511 and wraps to 0xffff when the buffer is full.
 */
static bool vtmm_pml_log(const u64 **log, unsigned int *first)
{
	unsigned long control, index, addr;

	if (!vtmm_vmread(SECONDARY_VM_EXEC_CONTROL, &control) ||
	    !(control & SECONDARY_EXEC_ENABLE_PML) ||
	    !vtmm_vmread(GUEST_PML_INDEX, &index) ||
	    !vtmm_vmread(PML_ADDRESS, &addr) || !addr)
		return false;
	index &= 0xffff;
	*first = index >= VTMM_PML_ENTRIES ? 0 : index + 1;
	*log = phys_to_virt(addr);
	return true;
}

static void vtmm_pml_copy(struct vtmm_pml_ring *ring, const u64 *log,
			  unsigned int first)
{
	u32 head = ring->head;
	/* Pairs with the release in vtmm_pml_drain_ring(). */
	u32 room = ring->mask + 1 - (head - smp_load_acquire(&ring->tail));
	unsigned int i;

	if (!first)
		WRITE_ONCE(ring->full, ring->full + 1);
	for (i = first; i < VTMM_PML_ENTRIES && room; i++, room--)
		ring->gfn[head++ & ring->mask] = log[i] >> PAGE_SHIFT;
	if (i < VTMM_PML_ENTRIES)
		WRITE_ONCE(ring->lost, ring->lost + VTMM_PML_ENTRIES - i);
	/* Pairs with the acquire in vtmm_pml_drain_ring(). */
	smp_store_release(&ring->head, head);
}

/**
 * vtmm_pml_see() - copy what a vCPU has logged
 * @vcpu: which has left its guest
 *
 * KVM re-enters some exits without emptying the buffer: their entries are
 * copied again, which does no harm, for a round has one bit for all the writes
 * to a page. A vCPU that runs a nested guest has that guest's VMCS loaded, which
 * logs nothing (index -1, address 0): it is left alone, and what its own
 * VMCS has logged is copied at the first exit after the nested guest.
 *
 * Context: preemption off, the vCPU's VMCS loaded, before KVM empties the
 * buffer.
 */
void vtmm_pml_see(struct kvm_vcpu *vcpu)
{
	struct vtmm_pml_ring *ring;
	struct vtmm_pml *pml;
	unsigned int first;
	const u64 *log;

	pml = vtmm_pml_find(vcpu->kvm);
	if (!pml || (vcpu->arch.hflags & HF_GUEST_MASK))
		return;
	if (!vtmm_pml_log(&log, &first) || first == VTMM_PML_ENTRIES)
		return;
	ring = vcpu->vcpu_idx < pml->nr ? READ_ONCE(pml->ring[vcpu->vcpu_idx]) : NULL;
	if (ring)
		vtmm_pml_copy(ring, log, first);
	else
		atomic64_add(VTMM_PML_ENTRIES - first, &pml->homeless);
}

/**
 * vtmm_pml_meet_vcpus() - give a ring to vCPUs that were created since
 * @pml: the log
 *
 * Context: the VM's worker; may sleep. Without memory a vCPU stays without,
 * and its entries are counted as homeless.
 */
void vtmm_pml_meet_vcpus(struct vtmm_pml *pml)
{
	unsigned int i, n = atomic_read(&pml->kvm->online_vcpus);
	u32 places = roundup_pow_of_two(clamp(pml_ring, 512U, 1U << 20));
	struct vtmm_pml_ring *ring;

	for (i = 0; i < min(n, pml->nr); i++) {
		if (pml->ring[i])
			continue;
		ring = kvzalloc(struct_size(ring, gfn, places),
				GFP_KERNEL | __GFP_NOWARN);
		if (!ring)
			return;
		ring->mask = places - 1;
		/* Pairs with the probe's READ_ONCE(): the ring is zeroed first. */
		smp_store_release(&pml->ring[i], ring);
	}
}

static int vtmm_pml_drain_ring(struct vtmm_pml_ring *ring,
			       int (*take)(void *ctx, u64 gfn), void *ctx, u64 *records)
{
	/* Pairs with the release in vtmm_pml_copy(). */
	u32 head = smp_load_acquire(&ring->head);
	u32 tail = ring->tail;
	int ret = 0;

	*records += head - tail;
	for (; tail != head && !ret; tail++) {
		ret = take(ctx, ring->gfn[tail & ring->mask]);
		if (!(tail % 1024))
			cond_resched();
	}
	/* Pairs with the acquire in vtmm_pml_copy(): the slots are free now. */
	smp_store_release(&ring->tail, head);
	return ret;
}

/**
 * vtmm_pml_drain() - take what the rings have
 * @pml: the log
 * @take: takes an entry, a gfn; an error ends it all
 * @ctx: handed to @take
 * @count: out: see there; of the rings that were looked at
 *
 * Context: the VM's worker; may sleep.
 * Return: 0 or what @take returned.
 */
int vtmm_pml_drain(struct vtmm_pml *pml, int (*take)(void *ctx, u64 gfn), void *ctx,
		   struct vtmm_pml_count *count)
{
	unsigned int i;
	int ret = 0;

	*count = (struct vtmm_pml_count) {};
	for (i = 0; i < pml->nr && !ret; i++) {
		if (!pml->ring[i])
			continue;
		ret = vtmm_pml_drain_ring(pml->ring[i], take, ctx, &count->records);
		count->full += READ_ONCE(pml->ring[i]->full);
	}
	return ret;
}

static void vtmm_pml_free(struct vtmm_pml *pml)
{
	unsigned int i;

	for (i = 0; i < pml->nr; i++)
		kvfree(pml->ring[i]);
	kvfree(pml);
}

/**
 * vtmm_pml_lost() - entries that no ring has
 * @pml: the log
 *
 * An exit that the hook missed counts as one: nobody knows what it had.
 *
 * Context: the VM's worker.
 * Return: how many since vtmm_pml_open().
 */
u64 vtmm_pml_lost(const struct vtmm_pml *pml)
{
	u64 lost = atomic64_read(&pml->homeless);
	unsigned int i;

	for (i = 0; i < pml->nr; i++)
		if (pml->ring[i])
			lost += READ_ONCE(pml->ring[i]->lost);
	return lost + vtmm_pml_hook_missed() - pml->missed;
}

/**
 * vtmm_pml_bytes() - memory that a log takes
 * @pml: the log
 *
 * Context: the VM's worker.
 */
u64 vtmm_pml_bytes(const struct vtmm_pml *pml)
{
	u64 bytes = struct_size(pml, ring, pml->nr);
	unsigned int i;

	for (i = 0; i < pml->nr; i++)
		if (pml->ring[i])
			bytes += struct_size(pml->ring[i], gfn,
					     pml->ring[i]->mask + 1);
	return bytes;
}

/**
 * vtmm_pml_open() - begin to log a VM
 * @kvm: the VM
 *
 * Context: process context, vtmm_vms_lock held; may sleep.
 * Return: the log or an ERR_PTR.
 */
struct vtmm_pml *vtmm_pml_open(struct kvm *kvm)
{
	struct vtmm_pml *pml;
	int ret;

	lockdep_assert_held(&vtmm_vms_lock);
	pml = kvzalloc(struct_size(pml, ring, kvm->max_vcpus),
		       GFP_KERNEL | __GFP_NOWARN);
	if (!pml)
		return ERR_PTR(-ENOMEM);
	pml->kvm = kvm;
	pml->nr = kvm->max_vcpus;
	vtmm_pml_meet_vcpus(pml);
	ret = vtmm_pml_hook_get();
	if (ret) {
		vtmm_pml_free(pml);
		return ERR_PTR(ret);
	}
	pml->missed = vtmm_pml_hook_missed();
	hash_add_rcu(vtmm_pml_vms, &pml->node, (unsigned long)kvm);
	vtmm_compat_log_dirty(kvm, 1);
	return pml;
}

/**
 * vtmm_pml_close() - leave the VM as it was
 * @pml: the log; gone afterwards
 *
 * Context: process context, vtmm_vms_lock held; may sleep.
 */
void vtmm_pml_close(struct vtmm_pml *pml)
{
	lockdep_assert_held(&vtmm_vms_lock);
	vtmm_compat_log_dirty(pml->kvm, -1);
	hash_del_rcu(&pml->node);
	vtmm_pml_hook_put();
	vtmm_pml_free(pml);
}
