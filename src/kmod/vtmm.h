/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vtmm.h: what the files of the module share: the attached VM, the tracker
 * operations, the tiers, and the rules of locking.
 *
 * Locks, outermost first:
 *
 *   vtmm_vms_lock (mutex)  the list of VMs; attach, detach, tier changes.
 *                          No worker takes it, but the one that detaches.
 *   vm->lock (mutex)       heat, plan state and settings of one VM. Held by
 *                          its worker for a round, never across a batch of
 *                          migrations.
 *   vtmm_pool_lock (mutex) the ledger of fast memory.
 *   vm->snap_lock (spin)   what readers are shown: last histogram and plan.
 *   vtmm_holds_lock (spin) whose plans are being carried out; nothing is taken
 *                          inside. Probes read the list under RCU.
 *   vm->watch.lock (spin)  what others do to the VMM's page tables; taken in its
 *                          notifier; nothing is taken inside.
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
#ifndef _VTMM_KMOD_H
#define _VTMM_KMOD_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <linux/vtmm.h>
#include <vtmm/heat.h>
#include <vtmm/params.h>
#include <vtmm/plan.h>
#include <vtmm/pool.h>
#include "copy_ahead.h"
#include "vtmm_compat.h"

#define VTMM_NR_STATS		__VTMM_A_STATS_MAX

struct vtmm_vm;

/**
 * struct vtmm_tracker_ops - one way of learning what a guest touches
 * @name: as people see it: "ad-bits", "pml"
 * @missing: NULL when this host can run it, else a sentence that says why not
 * @hook: what it hooks the guest's exits with, or NULL when it hooks none
 * @start: begins to track @vm. Called once, under vtmm_vms_lock; may sleep
 * @harvest: one round: hands every leaf that it saw to vtmm_heat_record().
 *	Called by the VM's worker under vm->lock; may sleep
 * @stop: ends tracking and gives back all that @start took. No harvest runs
 */
struct vtmm_tracker_ops {
	const char *name;
	const char *(*missing)(void);
	const char *(*hook)(void);
	int (*start)(struct vtmm_vm *vm);
	int (*harvest)(struct vtmm_vm *vm, u32 round);
	void (*stop)(struct vtmm_vm *vm);
};

/**
 * struct vtmm_limit - a limit on bytes/s, as a queue
 * @asked: bytes that were asked for so far, less those that did not move
 * @let: bytes that it has let through
 * @at: when @let was last brought up to date
 */
struct vtmm_limit {
	u64 asked;
	u64 let;
	ktime_t at;
};

/**
 * struct vtmm_pace - when rounds come
 * @total_ns: CPU time that rounds took
 * @cost_ns: of one round, averaged over the last few
 * @exits: of all vCPUs, as the last round began
 * @forced: the next round comes even if no vCPU has run
 * @idle: the last round was skipped
 */
struct vtmm_pace {
	u64 total_ns;
	u64 cost_ns;
	u64 exits;
	bool forced;
	bool idle;
};

struct vtmm_young_chunk;

/**
 * struct vtmm_young - accesses that rounds have seen and reclaim has not
 * @chunks: of struct vtmm_young_chunk, by number; read without a lock
 * @last: the one that was used last (vm->lock)
 * @last_cn: its number (vm->lock)
 * @bytes: memory held
 */
struct vtmm_young {
	struct xarray chunks;
	struct vtmm_young_chunk *last;
	u64 last_cn;
	u64 bytes;
};

/**
 * struct vtmm_snapshot - what readers are shown without waiting for the worker
 * @hist: histogram of the last window
 * @plan: plan of the last window
 * @hist_round: round that both are of
 * @hist_ktime: when
 */
struct vtmm_snapshot {
	struct vtmm_hist hist;
	struct vtmm_plan plan;
	u32 hist_round;
	ktime_t hist_ktime;
};

/**
 * struct vtmm_vm - an attached VM
 * @ref: held by the list, by a detach that is queued
 * @node: in vtmm_vms (vtmm_vms_lock)
 * @id: never reused while the module is loaded
 * @pid: thread group of the VMM, as attached
 * @fd: of the VM in the VMM
 * @name: for people; untrusted
 * @kvm: held by reference
 * @kvm_owner: the vendor module, held: see vtmm_kvm_find()
 * @mn: tells that the VMM's memory goes away, and what reclaim asks
 * @dead: the VMM's memory went away; set once
 * @gone: detached by unlisting; set once (vtmm_vms_lock)
 * @attached: when
 * @lock: see above
 * @set: settings (lock; single words may be read without it)
 * @heat: what is remembered of its pages (lock)
 * @young: what reclaim is owed
 * @plan_state: see there (lock)
 * @pace: when rounds come (lock; flags may be read without it)
 * @round: last finished round
 * @round_end: when it ended
 * @window_round: round at which the last window ended (lock)
 * @tracker: in use
 * @tracker_why: why not a better one, or NULL
 * @nested_why: what is not seen of nested guests, or NULL; as of the last round
 * @tracker_data: the tracker's own
 * @scan_bytes: memory that its scans hold
 * @log_bytes: ... and its log
 * @snap_lock: guards @snap
 * @snap: for readers
 * @member: the pool's record of this VM (vtmm_pool_lock)
 * @pool_node: in the pool's list (vtmm_pool_lock)
 * @limit: on what moves; the migrate work's
 * @limited: the last plan that was begun was cut by a limit (lock)
 * @round_work: harvest, window, plan
 * @migrate_work: carries out the plan
 * @exit_work: detaches a VM that is gone
 * @picks: what is left of the plan, to each tier; the migrate work's while
 *	@migrating, else the worker's
 * @pick: a piece of it: moves; the migrate work's
 * @nr_pick: how many
 * @plan_round: round that the plan was made in; as @picks
 * @migrating: a plan is being carried out (lock)
 * @watch: tells when copies made ahead are void
 * @stats: counters, each with a single writer; read without a lock
 */
struct vtmm_vm {
	struct kref ref;
	struct list_head node;
	u32 id;
	pid_t pid;
	u32 fd;
	char name[VTMM_NAME_LEN];
	struct kvm *kvm;
	struct module *kvm_owner;
	struct mmu_notifier mn;
	bool dead;
	bool gone;
	ktime_t attached;
	struct mutex lock; /* see "Locks" above */
	struct vtmm_settings set;
	struct vtmm_heat heat;
	struct vtmm_young young;
	struct vtmm_plan_state plan_state;
	struct vtmm_pace pace;
	u32 round;
	ktime_t round_end;
	u32 window_round;
	const struct vtmm_tracker_ops *tracker;
	const char *tracker_why;
	const char *nested_why;
	void *tracker_data;
	u64 scan_bytes;
	u64 log_bytes;
	spinlock_t snap_lock; /* see "Locks" above */
	struct vtmm_snapshot snap;
	struct vtmm_pool_member member;
	struct list_head pool_node;
	struct vtmm_limit limit;
	bool limited;
	struct delayed_work round_work;
	struct work_struct migrate_work;
	struct work_struct exit_work;
	struct vtmm_pick picks[VTMM_NR_TIERS];
	struct vtmm_move *pick[VTMM_NR_TIERS];
	size_t nr_pick[VTMM_NR_TIERS];
	u32 plan_round;
	bool migrating;
	struct vtmm_watch watch;
	u64 stats[VTMM_NR_STATS];
};

extern struct mutex vtmm_vms_lock;
extern struct list_head vtmm_vms;
extern struct workqueue_struct *vtmm_wq;
extern bool vtmm_closing;

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

/* kvm_mmu.c */
u64 vtmm_kvm_pages(struct kvm *kvm);

/* vm.c */
struct netlink_ext_ack;
struct vtmm_vm *vtmm_vm_attach(pid_t pid, int fd, const char *name,
			       const struct vtmm_settings *set,
			       struct netlink_ext_ack *extack);
void vtmm_vm_detach(struct vtmm_vm *vm, enum vtmm_event_kind why);
void vtmm_vm_detach_all(void);
struct vtmm_vm *vtmm_vm_by_id(u32 id);
void vtmm_settings_default(struct vtmm_settings *set);
void vtmm_vm_check_exit(struct vtmm_vm *vm);

/* round.c */
void vtmm_round_work(struct work_struct *work);
void vtmm_round_kick(struct vtmm_vm *vm);

/* pace.c */
u64 vtmm_pace_cpu_ns(void);
void vtmm_pace_spent(struct vtmm_vm *vm, u64 ns);
bool vtmm_pace_due(struct vtmm_vm *vm);
u64 vtmm_pace_period_us(const struct vtmm_vm *vm);

/* young.c */
void vtmm_young_init(struct vtmm_young *y);
void vtmm_young_exit(struct vtmm_young *y);
void vtmm_young_note(struct vtmm_vm *vm, const struct vtmm_access *a);
int vtmm_young_clear(struct mmu_notifier *mn, struct mm_struct *mm,
		     unsigned long start, unsigned long end);
int vtmm_young_test(struct mmu_notifier *mn, struct mm_struct *mm,
		    unsigned long address);

/* migrate.c */
const char *vtmm_migrate_missing(void);
int vtmm_migrate_init_vm(struct vtmm_vm *vm);
void vtmm_migrate_exit_vm(struct vtmm_vm *vm);
void vtmm_migrate_start(struct vtmm_vm *vm, const struct vtmm_plan *plan);
void vtmm_migrate_work(struct work_struct *work);

/* pool.c */
int vtmm_pool_join(struct vtmm_vm *vm, struct netlink_ext_ack *extack);
void vtmm_pool_leave(struct vtmm_vm *vm);
int vtmm_pool_change(struct vtmm_vm *vm, const struct vtmm_settings *set,
		     struct netlink_ext_ack *extack);
u64 vtmm_pool_rebalance(struct vtmm_vm *vm, u64 demand, u64 hot);
u64 vtmm_pool_would(struct vtmm_vm *vm);
bool vtmm_pool_is_short(void);

/**
 * struct vtmm_pool_info - the pool as readers are shown it
 * @size: pages
 * @free: allotted to nobody
 * @automatic: the size follows the fast tier
 * @rate_bytes: bytes/s that may move on this host, 0 for no limit
 */
struct vtmm_pool_info {
	u64 size;
	u64 free;
	bool automatic;
	u64 rate_bytes;
};

void vtmm_pool_begin(struct vtmm_pool_info *info);
void vtmm_pool_end(void);
void vtmm_pool_get_member(struct vtmm_vm *vm, struct vtmm_pool_member *m);
int vtmm_pool_set_size(u64 size, struct netlink_ext_ack *extack);
void vtmm_pool_set_rate(u64 rate_bytes);
u64 vtmm_pool_rate_part(struct vtmm_vm *vm, u64 slack_us, u64 *spare);
u64 vtmm_pool_rate_ask(u64 bytes);
bool vtmm_pool_rate_reached(u64 ticket, u64 slack_us);
void vtmm_pool_rate_refund(u64 bytes);

/* rate.c */
u64 vtmm_limit_fill(struct vtmm_limit *l, u64 rate, u64 slack_us);
u64 vtmm_limit_ask(struct vtmm_limit *l, u64 bytes);
bool vtmm_limit_reached(struct vtmm_limit *l, u64 rate, u64 slack_us, u64 ticket);
u64 vtmm_rate_budget(struct vtmm_vm *vm);
u64 vtmm_rate_pages(struct vtmm_vm *vm);
bool vtmm_rate_wait(struct vtmm_vm *vm, u64 pages);
void vtmm_rate_refund(struct vtmm_vm *vm, u64 pages);

/* tiers.c */
int vtmm_tiers_init(void);
int vtmm_tiers_set(const nodemask_t tier[VTMM_NR_TIERS],
		   struct netlink_ext_ack *extack);
void vtmm_tier_nodes(enum vtmm_tier tier, nodemask_t *nodes);
bool vtmm_tiers_guessed(void);
int vtmm_node_tier(int nid);
u64 vtmm_tier_total(enum vtmm_tier tier);
u64 vtmm_tier_free(enum vtmm_tier tier);
u64 vtmm_tier_room(enum vtmm_tier tier);
int vtmm_tier_target(enum vtmm_tier tier);
void vtmm_tiers_print(char *buf, size_t len);

/* tracker.c */
const struct vtmm_tracker_ops *vtmm_tracker_at(int i);
const struct vtmm_tracker_ops *vtmm_tracker_best(const char **why_not_better);

/* netlink.c, events.c */
int vtmm_netlink_init(void);
void vtmm_netlink_exit(void);
void vtmm_event(struct vtmm_vm *vm, enum vtmm_event_kind kind, const char *text);
void vtmm_event_moves(struct vtmm_vm *vm, u64 promoted, u64 demoted);
void vtmm_event_allotment(struct vtmm_vm *vm, u64 allotment);

#endif /* _VTMM_KMOD_H */
