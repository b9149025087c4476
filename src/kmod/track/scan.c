// SPDX-License-Identifier: GPL-2.0-only
/*
 * scan: one round of reading and re-arming the accessed and dirty bits of the
 * second-level tables, in place, for the trackers. One remote TLB flush a
 * round, none when the guest touched nothing; never one per page.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include "kvm/kvm.h"
#include "tiers.h"
#include "track/internal.h"

static bool prune = true;
module_param(prune, bool, 0644);
MODULE_PARM_DESC(prune, "skip subtrees of which the upper entry was not accessed (default: yes; no only to measure)");

static int vtmm_chunks_add(struct vtmm_chunks *c, u64 gfn)
{
	size_t room;
	u64 *p;

	if (c->nr && c->gfn[c->nr - 1] == gfn)
		return 0;
	if (c->nr == c->room) {
		room = max_t(size_t, 64, c->room * 2);
		p = kvmalloc_array(room, sizeof(*p), GFP_KERNEL | __GFP_NOWARN);
		if (!p)
			return -ENOMEM;
		memcpy(p, c->gfn, c->nr * sizeof(*p));
		kvfree(c->gfn);
		c->gfn = p;
		c->room = room;
	}
	c->gfn[c->nr++] = gfn;
	return 0;
}

/* Bits were cleared: next round the chunk is looked at whatever is above it. */
static bool vtmm_scan_again(const struct vtmm_access *a)
{
	if (a->flags & VTMM_ACC_ENTERED)
		return true;
	return a->flags & (VTMM_ACC_READ | VTMM_ACC_WRITE) &&
	       !(a->flags & VTMM_ACC_SLEPT);
}

static void vtmm_scan_count(struct vtmm_vm *vm, const struct vtmm_access *a)
{
	if (!(a->flags & (VTMM_ACC_READ | VTMM_ACC_WRITE)))
		return;
	if (a->flags & VTMM_ACC_NESTED)
		vtmm_stat_add(vm, VTMM_A_STATS_NESTED_SEEN, 1);
	vtmm_stat_add(vm, VTMM_A_STATS_ACCESSES_SEEN, 1);
	if (a->flags & VTMM_ACC_WRITE)
		vtmm_stat_add(vm, VTMM_A_STATS_WRITES_SEEN, 1);
}

static int vtmm_scan_leaf(struct vtmm_scan *s, const struct vtmm_access *a)
{
	struct vtmm_vm *vm = s->vm;
	int ret;

	if (a->flags & VTMM_ACC_ENTERED)
		return 0;
	if (a->flags & VTMM_ACC_EMPTY) {
		vtmm_heat_unmap(&vm->heat, a->gfn,
				a->flags & VTMM_ACC_HUGE ? VTMM_CHUNK_PAGES : 1);
		return 0;
	}
	if (vtmm_scan_again(a))
		vtmm_young_note(vm, a);
	ret = vtmm_heat_record(&vm->heat, s->round, a);
	if (!ret)
		vtmm_scan_count(vm, a);
	return ret;
}

/* What must be looked into next round. */
static int vtmm_scan_remember(struct vtmm_scan *s, const struct vtmm_access *a)
{
	if (!(a->flags & VTMM_ACC_NESTED))
		return vtmm_scan_again(a) ?
		       vtmm_chunks_add(&s->touched[1],
				       ALIGN_DOWN(a->gfn, VTMM_CHUNK_PAGES)) : 0;
	return a->flags & VTMM_ACC_ENTERED ?
	       vtmm_chunks_add(&s->tables[1], a->gfn) : 0;
}

static bool vtmm_scan_stop(void *ctx)
{
	struct vtmm_scan *s = ctx;

	return !vtmm_vm_alive(s->vm);
}

static bool vtmm_scan_due(void *ctx, u64 gfn)
{
	struct vtmm_scan *s = ctx;

	return vtmm_heat_due(&s->vm->heat, gfn, s->round);
}

/* Pages that sleep set no bit above them while their translation stays cached. */
static bool vtmm_scan_any_due(void *ctx, u64 gfn, u64 n)
{
	struct vtmm_scan *s = ctx;

	return vtmm_heat_any_due(&s->vm->heat, gfn, n, s->round);
}

static int vtmm_scan_tier(void *ctx, struct page *page)
{
	return vtmm_node_tier(page_to_nid(page));
}

static bool vtmm_scan_known(void *ctx, u64 gfn)
{
	struct vtmm_scan *s = ctx;

	return vtmm_heat_tier(&s->vm->heat, gfn) >= 0;
}

static bool vtmm_scan_huge(void *ctx, u64 gfn)
{
	struct vtmm_scan *s = ctx;

	return vtmm_heat_is_huge(&s->vm->heat, gfn);
}

static int vtmm_scan_emit(void *ctx, const struct vtmm_access *a, size_t n)
{
	struct vtmm_scan *s = ctx;
	size_t i;
	int ret;

	for (i = 0; i < n; i++) {
		if (vtmm_scan_remember(s, &a[i]))
			s->lost = true;
		ret = vtmm_scan_leaf(s, &a[i]);
		if (ret)
			return ret;
		if (!(i % 1024))
			cond_resched();
	}
	return 0;
}

static const struct vtmm_walk_ops vtmm_scan_ops = {
	.stop = vtmm_scan_stop,
	.due = vtmm_scan_due,
	.any_due = vtmm_scan_any_due,
	.tier = vtmm_scan_tier,
	.known = vtmm_scan_known,
	.huge = vtmm_scan_huge,
	.emit = vtmm_scan_emit,
};

static int vtmm_cmp_gfn(const void *a, const void *b)
{
	const u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* This round's become the last round's; several roots come unsorted. */
static void vtmm_chunks_turn(struct vtmm_chunks c[2])
{
	swap(c[0], c[1]);
	c[1].nr = 0;
	sort(c[0].gfn, c[0].nr, sizeof(u64), vtmm_cmp_gfn, NULL);
}

static void vtmm_scan_turn(struct vtmm_scan *s)
{
	WRITE_ONCE(s->vm->track->scan_bytes, VTMM_WALK_BUF * sizeof(*s->buf) +
		   (s->touched[0].room + s->touched[1].room +
		    s->tables[0].room + s->tables[1].room) * sizeof(u64));
	vtmm_chunks_turn(s->touched);
	vtmm_chunks_turn(s->tables);
}

static void vtmm_scan_tell(struct vtmm_vm *vm, const struct vtmm_seen *seen)
{
	vtmm_stat_add(vm, VTMM_A_STATS_SPTES_VISITED, seen->visited);
	vtmm_stat_add(vm, VTMM_A_STATS_LEAVES_REARMED, seen->rearmed);
	vtmm_stat_max(vm, VTMM_A_STATS_HOLD_SPTES, seen->held);
	vtmm_stat_max(vm, VTMM_A_STATS_HOLD_NS, seen->held_ns);
	WRITE_ONCE(vm->track->nested_why, seen->nested_why);
}

/* Memory that is in no slot any more is forgotten. */
static void vtmm_scan_forget(void *ctx, u64 gfn, u64 n)
{
	struct vtmm_scan *s = ctx;

	vtmm_heat_forget(&s->vm->heat, gfn, n);
}

/**
 * vtmm_scan_round() - scan a VM once
 * @s: the scan's memory
 * @round: round that this is
 *
 * Context: the VM's worker, vm->lock held; may sleep.
 * Return: 0, or why the pass was not complete; what it saw is recorded then.
 */
int vtmm_scan_round(struct vtmm_scan *s, u32 round)
{
	struct vtmm_vm *vm = s->vm;
	struct vtmm_pass pass = {
		.kvm = vm->kvm,
		.ops = &vtmm_scan_ops,
		.ctx = s,
		.prune = READ_ONCE(prune) && s->counted && !s->lost,
		.buf = s->buf,
		.again = s->touched[0].gfn,
		.nr_again = s->touched[0].nr,
		.tables = s->tables[0].gfn,
		.nr_tables = s->tables[0].nr,
	};
	struct vtmm_seen seen;
	int ret;

	lockdep_assert_held(&vm->lock);
	/* A log that has ended leaves dirty bits all over the slot: find them now. */
	if (vtmm_slots_follow(vm->kvm, &s->generation, vtmm_scan_forget, s))
		pass.prune = false;
	s->round = round;
	s->lost = false;
	ret = vtmm_walk_all(&pass, &seen);
	if (seen.cleared) {
		kvm_flush_remote_tlbs(vm->kvm);
		vtmm_stat_add(vm, VTMM_A_STATS_TLB_FLUSHES, 1);
	}
	vtmm_scan_tell(vm, &seen);
	vtmm_scan_turn(s);
	if (ret)
		s->lost = true;
	else
		s->counted = true;
	return ret;
}

/**
 * vtmm_scan_init() - get memory for scans
 * @s: zeroed
 * @vm: whose tables will be scanned
 *
 * Return: 0 or -ENOMEM.
 */
int vtmm_scan_init(struct vtmm_scan *s, struct vtmm_vm *vm)
{
	s->vm = vm;
	s->buf = kvmalloc_array(VTMM_WALK_BUF, sizeof(*s->buf),
				GFP_KERNEL | __GFP_NOWARN);
	return s->buf ? 0 : -ENOMEM;
}

/**
 * vtmm_scan_exit() - give it back
 * @s: initialised
 */
void vtmm_scan_exit(struct vtmm_scan *s)
{
	kvfree(s->touched[0].gfn);
	kvfree(s->touched[1].gfn);
	kvfree(s->tables[0].gfn);
	kvfree(s->tables[1].gfn);
	kvfree(s->buf);
}
