// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvm_pml: switches page-modification logging on for a VM and copies the
 * entries of its vCPUs' buffers before KVM empties them (SDM 3C, 29.3.6).
 *
 * The probe runs on every exit of every VM with interrupts off: for a VM that
 * is not attached it must cost a look-up, for one that is, a copy. It must
 * never read the log while a nested guest's VMCS is loaded.
 */
#include <linux/hashtable.h>
#include <linux/slab.h>
#include <asm/vmx.h>
#include "kvm_pml.h"
#include "symbols.h"

#define VTMM_ISA_VMX		1	/* what kvm_exit says of Intel's exits */
#define VTMM_PML_ENTRIES	512

/* Readers: the probe, under RCU. Writers: vtmm_vms_lock. */
static DEFINE_HASHTABLE(vtmm_pml_vms, 6);
static unsigned int vtmm_pml_users;

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
	return NULL;
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
	/* Pairs with the release in vtmm_pml_drain(). */
	u32 room = VTMM_PML_RING - (head - smp_load_acquire(&ring->tail));
	unsigned int i;

	if (!first)
		WRITE_ONCE(ring->full, ring->full + 1);
	for (i = first; i < VTMM_PML_ENTRIES && room; i++, room--)
		ring->gfn[head++ % VTMM_PML_RING] = log[i] >> PAGE_SHIFT;
	if (i < VTMM_PML_ENTRIES)
		WRITE_ONCE(ring->lost, ring->lost + VTMM_PML_ENTRIES - i);
	/* Pairs with the acquire in vtmm_pml_drain(). */
	smp_store_release(&ring->head, head);
}

/*
 * Runs before KVM empties the buffer, and before a flush that kicked this vCPU
 * returns to whoever asked for it: so after the flush all is in the ring.
 * KVM re-enters some exits without emptying: their entries are copied again,
 * which does no harm.
 */
static void vtmm_pml_probe(void *data, struct kvm_vcpu *vcpu, u32 isa)
{
	struct vtmm_pml_ring *ring;
	struct vtmm_pml *pml;
	unsigned int first;
	const u64 *log;

	if (isa != VTMM_ISA_VMX)
		return;
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
	struct vtmm_pml_ring *ring;

	for (i = 0; i < min(n, pml->nr); i++) {
		if (pml->ring[i])
			continue;
		ring = kvzalloc(sizeof(*ring), GFP_KERNEL | __GFP_NOWARN);
		/* Pairs with the probe's READ_ONCE(): the ring is zeroed first. */
		smp_store_release(&pml->ring[i], ring);
	}
}

static void vtmm_pml_free(struct vtmm_pml *pml)
{
	unsigned int i;

	for (i = 0; i < pml->nr; i++)
		kvfree(pml->ring[i]);
	kvfree(pml);
}

static int vtmm_pml_hook(void)
{
	int ret = 0;

	lockdep_assert_held(&vtmm_vms_lock);
	if (!vtmm_pml_users)
		ret = tracepoint_probe_register(&__tracepoint_kvm_exit,
						vtmm_pml_probe, NULL);
	vtmm_pml_users += !ret;
	return ret;
}

static void vtmm_pml_unhook(void)
{
	lockdep_assert_held(&vtmm_vms_lock);
	if (!--vtmm_pml_users)
		tracepoint_probe_unregister(&__tracepoint_kvm_exit,
					    vtmm_pml_probe, NULL);
	/* The probe may be looking at the log that is to be freed. */
	tracepoint_synchronize_unregister();
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

	pml = kvzalloc(struct_size(pml, ring, kvm->max_vcpus), GFP_KERNEL);
	if (!pml)
		return ERR_PTR(-ENOMEM);
	pml->kvm = kvm;
	pml->nr = kvm->max_vcpus;
	vtmm_pml_meet_vcpus(pml);
	ret = vtmm_pml_hook();
	if (ret) {
		vtmm_pml_free(pml);
		return ERR_PTR(ret);
	}
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
	vtmm_compat_log_dirty(pml->kvm, -1);
	hash_del_rcu(&pml->node);
	vtmm_pml_unhook();
	vtmm_pml_free(pml);
}
