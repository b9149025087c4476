// SPDX-License-Identifier: GPL-2.0-only
/*
 * walk: walks the second-level page tables of a VM, in as many holds of mmu_lock
 * as it takes, and enters no more of them than it must.
 *
 * It must never write an entry other than by a compare-and-exchange of a value
 * that it saw present (see leaf.c), and never hold mmu_lock for more than
 * VTMM_WALK_BUDGET entries, nor for long.
 */
#include <linux/moduleparam.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include "kvm/internal.h"
#include "compat/symbols.h"

static uint hold_us = 25;
module_param(hold_us, uint, 0644);
MODULE_PARM_DESC(hold_us, "microseconds after which a scan lets go of KVM's MMU lock for a moment (default: 25)");

/* Was a chunk in [gfn, gfn + n) touched in the last round? */
static bool vtmm_walk_again(const struct vtmm_walk *w, u64 gfn, u64 n)
{
	const u64 *again = w->pass->again;
	size_t lo = 0, hi = w->pass->nr_again;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (again[mid] + VTMM_CHUNK_PAGES <= gfn)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < w->pass->nr_again && again[lo] < gfn + n;
}

/* How long an entry takes depends on caches more than on us: look at the clock. */
static bool vtmm_walk_long(const struct vtmm_walk *w, u64 held)
{
	return !(held % VTMM_WALK_STEP) && local_clock() >= w->until;
}

/**
 * vtmm_walk_pause() - is it time to let go of mmu_lock?
 * @w: the pass
 *
 * Each hold of the lock goes some way, or a walk would not end while vCPUs keep
 * waiting for the lock.
 *
 * Context: mmu_lock held.
 */
bool vtmm_walk_pause(struct vtmm_walk *w)
{
	u64 held = w->seen.visited - w->begun;

	if (held >= VTMM_WALK_BUDGET || w->nr + VTMM_CHUNK_PAGES + 1 > VTMM_WALK_BUF)
		return true;
	return held >= VTMM_WALK_STEP &&
	       (vtmm_walk_long(w, held) || need_resched() ||
		rwlock_needbreak(&w->pass->kvm->mmu_lock));
}

/*
 * Should the table under this entry be walked? Its accessed bit tells whether
 * a CPU went through it since the bit was cleared (SDM 3C, 29.3.5, "Accessed
 * and Dirty Flags for EPT"; APM 2, 15.25). A CPU that had cached the entry
 * before the last round's flush could set leaf bits without setting it anew,
 * so a chunk whose entry was cleared last round is looked at once more. Pages
 * that sleep set no bit above them while their translation stays cached: who is
 * due is looked for. An entry that begins before the cursor was entered before
 * the lock was dropped.
 */
static bool vtmm_walk_descend(struct vtmm_walk *w, u64 *sptep, u64 spte,
			      int level, u64 gfn)
{
	u64 n = vtmm_level_pages(level), old = spte;

	if (gfn < w->cursor || w->blind)
		return true;
	if (spte & w->acc) {
		if (try_cmpxchg64(sptep, &old, spte & ~w->acc))
			w->seen.cleared = true;
		if (level == PG_LEVEL_2M)
			w->pass->buf[w->nr++] = (struct vtmm_access) {
				.gfn = gfn,
				.flags = VTMM_ACC_ENTERED,
			};
		return true;
	}
	return !w->pass->prune || vtmm_walk_again(w, gfn, n) ||
	       w->pass->ops->any_due(w->pass->ctx, gfn, n);
}

/*
 * Walks a table; recursion is bounded by the five levels of the hardware.
 * False: the lock must be dropped; w->cursor says where to go on. Never before
 * the first entry: the accessed bit above it has just been cleared, and a cursor
 * that equals the table's beginning would not tell that it was entered.
 */
static bool vtmm_walk_table(struct vtmm_walk *w, u64 *table, int level, u64 base)
{
	u64 pages = vtmm_level_pages(level);
	struct vtmm_access a;
	u64 gfn, spte;
	int i;

	i = w->cursor > base ? (w->cursor - base) >> ((level - 1) * VTMM_LEVEL_BITS) : 0;
	for (; i < VTMM_NR_SPTES; i++) {
		gfn = base + i * pages;
		if (i && gfn >= w->cursor && vtmm_walk_pause(w)) {
			w->cursor = gfn;
			return false;
		}
		w->seen.visited++;
		spte = READ_ONCE(table[i]);
		if (!vtmm_spte_present(spte))
			continue;
		if (vtmm_spte_leaf(spte, level)) {
			if (vtmm_leaf_look(w, &table[i], spte, gfn, &a))
				vtmm_leaf_emit(w, &a, level);
		} else if (vtmm_walk_descend(w, &table[i], spte, level, gfn) &&
			   !vtmm_walk_table(w, vtmm_spte_table(spte), level - 1, gfn)) {
			return false;
		}
	}
	return true;
}

/*
 * The @nth valid root. Their order may change whenever the lock was dropped: a
 * root that is passed over keeps its bits for the next round.
 */
static struct vtmm_mmu_page *vtmm_nth_root(struct kvm *kvm, int nth)
{
	struct vtmm_mmu_page *root = NULL;

	while ((root = vtmm_next_root(kvm, root)))
		if (nth-- == 0)
			return root;
	return NULL;
}

/*
 * A nested guest whose hypervisor uses no nested paging runs on TDP roots of its
 * own. KVM then leaves accessed and dirty bits off on Intel (construct_eptp()),
 * whatever the entries look like.
 */
static bool vtmm_root_blind(const struct vtmm_walk *w, const struct vtmm_mmu_page *root)
{
	return root->role.guest_mode && w->acc == VTMM_SPTE_EPT_ACCESSED;
}

/* In one hold: entries of one root from the cursor on. */
static bool vtmm_walk_root(struct vtmm_walk *w)
{
	struct kvm *kvm = w->pass->kvm;
	struct vtmm_mmu_page *root = vtmm_nth_root(kvm, w->nth);

	if (!root)
		return false;
	w->blind = vtmm_root_blind(w, root);
	w->slots = vtmm_table_slots(kvm, root);
	if (vtmm_walk_table(w, READ_ONCE(root->spt), root->role.level, 0)) {
		w->nth++;
		w->cursor = 0;
	}
	return true;
}

static bool vtmm_walk_hold(struct vtmm_walk *w, bool (*look)(struct vtmm_walk *w))
{
	struct kvm *kvm = w->pass->kvm;
	bool more;
	u64 since;
	int idx;

	w->slot = NULL;
	w->slots = NULL;
	w->begun = w->seen.visited;
	idx = vtmm_tables_lock(kvm);
	since = local_clock();
	w->until = since + (u64)READ_ONCE(hold_us) * NSEC_PER_USEC;
	more = look(w);
	w->seen.held_ns = max(w->seen.held_ns, local_clock() - since);
	vtmm_tables_unlock(kvm, idx);
	w->seen.held = max(w->seen.held, w->seen.visited - w->begun);
	return more;
}

/**
 * vtmm_walk_holds() - look at tables, in as many holds of mmu_lock as it takes
 * @w: the pass
 * @look: looks on from where it stopped until vtmm_walk_pause(), and says
 *	whether there is more. Under mmu_lock and RCU: must not sleep
 *
 * Context: process context; may sleep between holds of mmu_lock.
 * Return: 0, -ESRCH when it was told to stop, or what emit() returned.
 */
int vtmm_walk_holds(struct vtmm_walk *w, bool (*look)(struct vtmm_walk *w))
{
	const struct vtmm_pass *pass = w->pass;
	bool more;
	int ret;

	do {
		if (pass->ops->stop(pass->ctx))
			return -ESRCH;
		more = vtmm_walk_hold(w, look);
		ret = pass->ops->emit(pass->ctx, pass->buf, w->nr);
		w->nr = 0;
		cond_resched();
	} while (more && !ret);
	return ret;
}

/**
 * vtmm_walk_all() - one pass over all roots, and over shadow pages
 * @pass: what is wanted
 * @seen: out: what it cost, also when it did not come to its end
 *
 * Without a flush afterwards the bits are not trustworthy: see @seen->cleared.
 *
 * Context: process context; may sleep between holds of mmu_lock.
 * Return: 0, -ESRCH when it was told to stop, or what emit() returned.
 */
int vtmm_walk_all(const struct vtmm_pass *pass, struct vtmm_seen *seen)
{
	struct vtmm_walk w = {
		.pass = pass,
		.acc = vtmm_accessed_mask(),
		.dirty = vtmm_dirty_mask(),
		.log_by_dirty = vtmm_log_by_dirty(),
	};
	int ret = 0;

	if (vtmm_has_roots(pass->kvm)) {
		ret = vtmm_walk_holds(&w, vtmm_walk_root);
		ret = ret ?: vtmm_walk_shadow(&w);
	}
	*seen = w.seen;
	return ret;
}
