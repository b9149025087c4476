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
#include "track/tracker.h"

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

static int vtmm_scan_leaf(struct vtmm_walk *w, const struct vtmm_access *a)
{
	int ret;

	if (a->flags & VTMM_ACC_ENTERED)
		return 0;
	if (a->flags & VTMM_ACC_EMPTY) {
		vtmm_heat_unmap(&w->vm->heat, a->gfn,
				a->flags & VTMM_ACC_HUGE ? VTMM_CHUNK_PAGES : 1);
		return 0;
	}
	if (vtmm_scan_again(a))
		vtmm_young_note(w->vm, a);
	ret = vtmm_heat_record(&w->vm->heat, w->round, a);
	if (!ret)
		vtmm_scan_count(w->vm, a);
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

static int vtmm_scan_emit(struct vtmm_walk *w)
{
	struct vtmm_scan *s = w->scan;
	const struct vtmm_access *a;
	int ret;

	for (a = w->buf; a < w->buf + w->nr; a++) {
		if (vtmm_scan_remember(s, a))
			s->lost = true;
		ret = vtmm_scan_leaf(w, a);
		if (ret)
			return ret;
		if (!((a - w->buf) % 1024))
			cond_resched();
	}
	return 0;
}

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

static void vtmm_scan_turn(struct vtmm_vm *vm, struct vtmm_scan *s)
{
	WRITE_ONCE(vm->scan_bytes, VTMM_WALK_BUF * sizeof(*s->buf) +
		   (s->touched[0].room + s->touched[1].room +
		    s->tables[0].room + s->tables[1].room) * sizeof(u64));
	vtmm_chunks_turn(s->touched);
	vtmm_chunks_turn(s->tables);
}

static void vtmm_scan_tell(struct vtmm_vm *vm, const struct vtmm_walk *w)
{
	vtmm_stat_add(vm, VTMM_A_STATS_SPTES_VISITED, w->visited);
	vtmm_stat_add(vm, VTMM_A_STATS_LEAVES_REARMED, w->rearmed);
	vtmm_stat_max(vm, VTMM_A_STATS_HOLD_SPTES, w->held);
	vtmm_stat_max(vm, VTMM_A_STATS_HOLD_NS, w->held_ns);
	WRITE_ONCE(vm->nested_why, w->nested_why);
}

/**
 * vtmm_scan_round() - scan a VM once
 * @vm: whose tables
 * @s: the scan's memory
 * @round: round that this is
 *
 * Context: the VM's worker, vm->lock held; may sleep.
 * Return: 0, or why the pass was not complete; what it saw is recorded then.
 */
int vtmm_scan_round(struct vtmm_vm *vm, struct vtmm_scan *s, u32 round)
{
	struct vtmm_walk w = {
		.vm = vm,
		.scan = s,
		.round = round,
		.prune = READ_ONCE(prune) && s->counted && !s->lost,
		.buf = s->buf,
		.again = s->touched[0].gfn,
		.nr_again = s->touched[0].nr,
		.tables = s->tables[0].gfn,
		.nr_tables = s->tables[0].nr,
	};
	int ret;

	/* A log that has ended leaves dirty bits all over the slot: find them now. */
	if (vtmm_slots_follow(vm, &s->generation))
		w.prune = false;
	s->lost = false;
	ret = vtmm_walk_all(&w, vtmm_scan_emit);
	if (w.cleared) {
		kvm_flush_remote_tlbs(vm->kvm);
		vtmm_stat_add(vm, VTMM_A_STATS_TLB_FLUSHES, 1);
	}
	vtmm_scan_tell(vm, &w);
	vtmm_scan_turn(vm, s);
	if (ret)
		s->lost = true;
	else
		s->counted = true;
	return ret;
}

/**
 * vtmm_scan_init() - get memory for scans
 * @s: zeroed
 *
 * Return: 0 or -ENOMEM.
 */
int vtmm_scan_init(struct vtmm_scan *s)
{
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
