/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * locks: the rules of locking, for the whole module. A function that relies on a
 * lock of its caller's asserts it.
 *
 * Locks, outermost first:
 *
 *   vtmm_vms_lock (mutex)  the list of VMs; attach, detach, tier changes; what
 *                          is armed for as long as VMs are attached. No worker
 *                          takes it, but the one that detaches.
 *   vm->lock (mutex)       heat, plan state and settings of one VM. Held by
 *                          its worker for a round, never across a batch of
 *                          migrations.
 *   vtmm_pool_lock (mutex) the ledger of fast memory.
 *   vtmm_rate_lock (mutex) the host's limit on what moves; nothing is taken
 *                          inside.
 *   snap_lock (spin)       a worker's; what readers are shown: last histogram
 *                          and plan.
 *   vtmm_holds_lock (spin) whose plans are being carried out; nothing is taken
 *                          inside. Probes read the list under RCU.
 *   watch.lock (spin)      a mover's; what others do to the VMM's page tables;
 *                          taken in its notifier; nothing is taken inside.
 *   vtmm_aheads_lock (spin) who copies ahead; nothing is taken inside. The hook
 *                          reads the list under RCU.
 *   hold->lock (raw spin)  which vCPUs wait for a batch; nothing is taken inside.
 *
 * The VMM's mmap_lock is only tried, for reading, by the work that moves pages, which
 * holds none of the above then; kvm->srcu and mmu_lock are taken inside it.
 *
 * KVM's own: kvm->srcu (read), then kvm->mmu_lock, then RCU. Nothing of ours is
 * taken inside them but hold->lock, by a probe in a trap, outside of mmu_lock;
 * nothing sleeps inside the latter two. kvm_put_kvm() and
 * mmu_notifier_unregister() may only be called from vtmm_vm_detach(): they
 * wait for callbacks and must not run in one.
 */
#ifndef _VTMM_LOCKS_H
#define _VTMM_LOCKS_H

#include <linux/lockdep.h>
#include <linux/mutex.h>

/* Defined in vm.c. The others are named in the files that own them. */
extern struct mutex vtmm_vms_lock;

#endif /* _VTMM_LOCKS_H */
