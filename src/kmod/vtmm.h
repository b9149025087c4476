/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vtmm: an attached VM, as all parts but kvm/ see it: who it is, its lock, its
 * settings, its heat, and the few words that the parts tell each other. What a
 * part keeps for itself lies behind a pointer that only this part follows.
 */
#ifndef _VTMM_KMOD_H
#define _VTMM_KMOD_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <linux/vtmm.h>
#include <vtmm/heat.h>
#include "locks.h"
#include "settings.h"

#define VTMM_NR_STATS		__VTMM_A_STATS_MAX

struct kvm;
struct vtmm_claim;
struct vtmm_mover;
struct vtmm_track;
struct vtmm_worker;

/**
 * struct vtmm_vm - an attached VM
 * @node: in vtmm_vms (vtmm_vms_lock)
 * @id: never reused while the module is loaded
 * @pid: thread group of the VMM, as attached
 * @fd: of the VM in the VMM
 * @name: for people; untrusted
 * @kvm: held by reference
 * @attached: when
 * @dead: the VMM's memory went away; set once
 * @gone: detached by unlisting; set once (vtmm_vms_lock)
 * @lock: see locks.h
 * @set: settings (lock; single words may be read without it)
 * @heat: what is remembered of its pages (lock)
 * @round: last finished round; this and the next two are the worker's to write
 * @round_end: when it ended
 * @period_us: from the beginning of a round to the next
 * @allotment: fast pages that it may have; this and the next are the pool's to write
 * @demand: fast pages that it would use if it could
 * @track: track/'s
 * @mover: move/'s
 * @claim: pool/'s
 * @worker: round.c's
 * @stats: counters, each with a single writer; read without a lock
 */
struct vtmm_vm {
	struct list_head node;
	u32 id;
	pid_t pid;
	u32 fd;
	char name[VTMM_NAME_LEN];
	struct kvm *kvm;
	ktime_t attached;
	bool dead;
	bool gone;
	struct mutex lock; /* see locks.h */
	struct vtmm_settings set;
	struct vtmm_heat heat;
	u32 round;
	ktime_t round_end;
	u64 period_us;
	u64 allotment;
	u64 demand;
	struct vtmm_track *track;
	struct vtmm_mover *mover;
	struct vtmm_claim *claim;
	struct vtmm_worker *worker;
	u64 stats[VTMM_NR_STATS];
};

extern struct list_head vtmm_vms;
extern struct workqueue_struct *vtmm_wq;

static inline void vtmm_stat_add(struct vtmm_vm *vm, int stat, u64 n)
{
	WRITE_ONCE(vm->stats[stat], vm->stats[stat] + n);
}

static inline void vtmm_stat_set(struct vtmm_vm *vm, int stat, u64 n)
{
	WRITE_ONCE(vm->stats[stat], n);
}

static inline void vtmm_stat_max(struct vtmm_vm *vm, int stat, u64 n)
{
	WRITE_ONCE(vm->stats[stat], max(vm->stats[stat], n));
}

static inline bool vtmm_vm_alive(const struct vtmm_vm *vm)
{
	return !READ_ONCE(vm->dead);
}

/* Its pages that are known to be in a tier; read without a lock. */
static inline u64 vtmm_vm_pages(const struct vtmm_vm *vm, enum vtmm_tier tier)
{
	return READ_ONCE(vm->heat.in_tier[tier]);
}

/* May its pages be moved? Read without a lock. */
static inline bool vtmm_vm_managed(const struct vtmm_vm *vm)
{
	return READ_ONCE(vm->set.mode) == VTMM_MODE_MANAGE;
}

#endif /* _VTMM_KMOD_H */
