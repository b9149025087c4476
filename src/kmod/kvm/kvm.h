/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvm: what the rest of the module may ask of, and do to, the inside of KVM. All
 * takes a struct kvm that the caller holds; nothing here knows what for.
 */
#ifndef _VTMM_KVM_KVM_H
#define _VTMM_KVM_KVM_H

#include <linux/completion.h>
#include <linux/kvm_host.h>
#include <linux/task_work.h>
#include <vtmm/heat.h>

struct netlink_ext_ack;
struct vtmm_move;

#define VTMM_WALK_BUF		4096	/* leaves handed over per hold of mmu_lock */
#define VTMM_WALK_BUDGET	512	/* entries looked at per hold of mmu_lock */
#define VTMM_WALK_STEP		64	/* ... at least, whoever waits for the lock */

#define VTMM_ZAP_MAX		512	/* leaves zapped per hold of mmu_lock */
#define VTMM_LOOK_MAX		64	/* leaves looked up per hold: five entries each, or ten */

/* What a walk says of a leaf, beside VTMM_ACC_READ and the like of heat. */
/* Not a leaf: the entry above a chunk was accessed, and its bit cleared. */
#define VTMM_ACC_ENTERED	0x80
/* Seen in a shadow page; with ENTERED the gfn is the address of a shadow table. */
#define VTMM_ACC_NESTED		0x40
/* The leaf maps no memory of the VMM's any more. */
#define VTMM_ACC_EMPTY		0x20

/**
 * struct vtmm_leaf - pages that one second-level entry maps
 * @gfn: the first
 * @pages: how many
 */
struct vtmm_leaf {
	u64 gfn;
	u64 pages;
};

/**
 * struct vtmm_walk_ops - what a walk asks, and whom it tells
 * @stop: is it to end? Called with no lock of KVM's, before each hold of
 *	mmu_lock; may sleep
 * @due: are the bits of this page to be cleared? Called for a present leaf,
 *	under mmu_lock and RCU: must not sleep
 * @any_due: is any of these pages due and known not to be looked at otherwise?
 *	Called for an upper entry that was not accessed, as @due
 * @tier: the tier that a page lies in, negative for none. Called as @due
 * @known: is the page known to be in a tier? Called as @due, for leaves that map
 *	no ordinary memory and for leaves of shadow pages
 * @huge: is one thing known of the whole chunk of the page? Called as @known
 * @emit: takes what was seen in a hold, in the order in which it was seen. Called
 *	with no lock of KVM's, after each hold; may sleep. An error ends the walk
 */
struct vtmm_walk_ops {
	bool (*stop)(void *ctx);
	bool (*due)(void *ctx, u64 gfn);
	bool (*any_due)(void *ctx, u64 gfn, u64 n);
	int (*tier)(void *ctx, struct page *page);
	bool (*known)(void *ctx, u64 gfn);
	bool (*huge)(void *ctx, u64 gfn);
	int (*emit)(void *ctx, const struct vtmm_access *a, size_t n);
};

/**
 * struct vtmm_pass - one pass over the second-level tables of a VM
 * @kvm: whose
 * @ops: who wants it
 * @ctx: handed to @ops
 * @prune: skip subtrees whose upper accessed bit is clear
 * @buf: room for VTMM_WALK_BUF leaves
 * @again: chunks of which bits were cleared in the last pass, ascending: visited
 *	whatever their upper bit says, see vtmm_walk_descend()
 * @nr_again: how many
 * @tables: shadow tables in which bits were set in the last pass, ascending
 * @nr_tables: how many
 */
struct vtmm_pass {
	struct kvm *kvm;
	const struct vtmm_walk_ops *ops;
	void *ctx;
	bool prune;
	struct vtmm_access *buf;
	const u64 *again;
	size_t nr_again;
	const u64 *tables;
	size_t nr_tables;
};

/**
 * struct vtmm_seen - what a pass cost
 * @visited: entries looked at, of all levels
 * @rearmed: leaves whose bits were cleared
 * @held: most entries in one hold of mmu_lock
 * @held_ns: the longest hold, interrupts included
 * @cleared: bits were cleared: a flush is due
 * @nested_why: what is not seen of nested guests, or NULL
 */
struct vtmm_seen {
	u64 visited;
	u64 rearmed;
	u64 held;
	u64 held_ns;
	bool cleared;
	const char *nested_why;
};

/* find.c */
struct kvm *vtmm_kvm_find(pid_t pid, int *fd, struct module **owner,
			  char *name, size_t len, struct netlink_ext_ack *extack);

/* check.c */
const char *vtmm_kvm_unsupported(struct kvm *kvm);
bool vtmm_kvm_encrypted(struct kvm *kvm);

/* walk.c */
int vtmm_walk_all(const struct vtmm_pass *pass, struct vtmm_seen *seen);

/* leaf.c */
bool vtmm_page_owned(struct page *page);

/* lookup.c */
struct folio *vtmm_kvm_get_folio(struct kvm *kvm, u64 gfn, bool *huge);
unsigned long vtmm_kvm_gfn_to_hva(struct kvm *kvm, u64 gfn);
bool vtmm_kvm_mapped(struct kvm *kvm, u64 gfn);
unsigned long vtmm_kvm_may_map(struct kvm *kvm, u64 gfn);

/* written.c */
bool vtmm_kvm_written(struct kvm *kvm, const struct vtmm_move *move, size_t n,
		      unsigned long *written);

/* zap.c */
const char *vtmm_kvm_zap_missing(void);
void vtmm_kvm_zap(struct kvm *kvm, const struct vtmm_leaf *leaf, size_t n);

/* vcpu.c */
u64 vtmm_kvm_exits(struct kvm *kvm, bool *inside);

/* slots.c */
u64 vtmm_kvm_pages(struct kvm *kvm);
bool vtmm_slots_follow(struct kvm *kvm, u64 *generation,
		       void (*gap)(void *ctx, u64 gfn, u64 n), void *ctx);
bool vtmm_slots_at_hva(struct kvm *kvm, unsigned long start, unsigned long end,
		       bool (*visit)(void *ctx, u64 gfn, u64 last), void *ctx);

/* pml.c, pml_hook.c */
struct vtmm_pml;

/**
 * struct vtmm_pml_count - what a log has counted
 * @records: entries taken from it by this call
 * @full: exits because a hardware buffer was full, since the log was opened
 */
struct vtmm_pml_count {
	u64 records;
	u64 full;
};

const char *vtmm_pml_missing(void);
struct vtmm_pml *vtmm_pml_open(struct kvm *kvm);
void vtmm_pml_close(struct vtmm_pml *pml);
void vtmm_pml_meet_vcpus(struct vtmm_pml *pml);
int vtmm_pml_drain(struct vtmm_pml *pml, int (*take)(void *ctx, u64 gfn), void *ctx,
		   struct vtmm_pml_count *count);
u64 vtmm_pml_bytes(const struct vtmm_pml *pml);
u64 vtmm_pml_lost(const struct vtmm_pml *pml);
const char *vtmm_pml_hook_choose(void);
const char *vtmm_pml_hook_name(void);

/* vcpu_work.c */

/**
 * struct vtmm_vcpu_work - what a vCPU's own thread is to do before it enters the
 * guest again
 * @head: queued on it
 * @done: it has run
 */
struct vtmm_vcpu_work {
	struct callback_head head;
	struct completion done;
};

const char *vtmm_vcpu_work_missing(void);
bool vtmm_vcpu_work_add(struct vtmm_vcpu_work *w, struct task_struct *task,
			task_work_func_t run);
void vtmm_vcpu_work_end(struct vtmm_vcpu_work *w, struct task_struct *task);
void vtmm_vcpu_work_exit(void);

#endif /* _VTMM_KVM_KVM_H */
