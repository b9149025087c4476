/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvm: everything that vtmm knows of the inside of KVM's TDP MMU.
 */
#ifndef _VTMM_KVM_MMU_H
#define _VTMM_KVM_MMU_H

#include "vtmm.h"

#define VTMM_WALK_BUF		4096	/* leaves handed over per hold of mmu_lock */
#define VTMM_WALK_BUDGET	512	/* entries looked at per hold of mmu_lock */
#define VTMM_WALK_STEP		64	/* ... at least, whoever waits for the lock */

#define VTMM_ZAP_MAX		512	/* leaves zapped per hold of mmu_lock */
#define VTMM_LOOK_MAX		64	/* leaves looked up per hold: five entries each, or ten */

/* Not a leaf: the entry above a chunk was accessed, and its bit cleared. */
#define VTMM_ACC_ENTERED	0x80
/* Seen in a shadow page; with ENTERED the gfn is the address of a shadow table. */
#define VTMM_ACC_NESTED		0x40
/* The leaf maps no memory of the VMM's any more. */
#define VTMM_ACC_EMPTY		0x20

struct vtmm_scan;

/**
 * struct vtmm_walk - one pass over the second-level tables of a VM
 * @vm: whose
 * @scan: for whom the leaves are
 * @round: round that the pass belongs to
 * @prune: skip subtrees whose upper accessed bit is clear
 * @buf: leaves seen since the lock was taken
 * @nr: how many
 * @visited: entries looked at, of all levels
 * @rearmed: leaves whose bits were cleared
 * @held: most of them in one hold of mmu_lock
 * @held_ns: the longest hold, interrupts included
 * @cleared: bits were cleared: a flush is due
 * @again: chunks of which bits were cleared in the last round, ascending:
 *	visited whatever their upper bit says, see vtmm_walk_descend()
 * @nr_again: how many
 * @tables: shadow tables in which bits were set in the last round, ascending
 * @nr_tables: how many
 * @nested_why: out: what is not seen of nested guests, or NULL
 *
 * The rest is private to the walk.
 */
struct vtmm_walk {
	struct vtmm_vm *vm;
	struct vtmm_scan *scan;
	u32 round;
	bool prune;
	struct vtmm_access *buf;
	size_t nr;
	u64 visited;
	u64 rearmed;
	u64 held;
	u64 held_ns;
	bool cleared;
	const u64 *again;
	size_t nr_again;
	const u64 *tables;
	size_t nr_tables;
	const char *nested_why;

	struct kvm_memslots *slots;
	const struct kvm_memory_slot *slot;
	u64 acc;
	u64 dirty;
	bool log_by_dirty;
	bool blind;
	bool shadow;
	u64 cursor;
	int nth;
	u32 bucket;
	u32 entry;
	u32 sub;
	const u64 *noted;
	u64 begun;
	u64 until;
};

/**
 * struct vtmm_leaf - pages that one second-level entry maps
 * @gfn: the first
 * @pages: how many
 */
struct vtmm_leaf {
	u64 gfn;
	u64 pages;
};

bool vtmm_page_owned(struct page *page);
const char *vtmm_kvm_unsupported(struct kvm *kvm);
bool vtmm_kvm_encrypted(struct kvm *kvm);

int vtmm_walk_all(struct vtmm_walk *w, int (*emit)(struct vtmm_walk *w));
struct folio *vtmm_kvm_get_folio(struct kvm *kvm, u64 gfn, bool *huge);
unsigned long vtmm_kvm_gfn_to_hva(struct kvm *kvm, u64 gfn);
bool vtmm_kvm_mapped(struct kvm *kvm, u64 gfn);
unsigned long vtmm_kvm_may_map(struct kvm *kvm, u64 gfn);
bool vtmm_kvm_written(struct vtmm_vm *vm, const struct vtmm_move *move, size_t n,
		      unsigned long *written);

/* zap.c */
const char *vtmm_kvm_zap_missing(void);
void vtmm_kvm_zap(struct kvm *kvm, const struct vtmm_leaf *leaf, size_t n);

/* vcpu.c */
u64 vtmm_kvm_exits(struct kvm *kvm, bool *inside);

/* slots.c */
bool vtmm_slots_follow(struct vtmm_vm *vm, u64 *generation);

/* find.c */
struct kvm *vtmm_kvm_find(pid_t pid, int *fd, struct module **owner,
			  char *name, size_t len, struct netlink_ext_ack *extack);

#endif /* _VTMM_KVM_MMU_H */
