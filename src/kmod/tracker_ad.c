// SPDX-License-Identifier: GPL-2.0-only
/*
 * tracker_ad: learns reads and writes from the accessed and dirty bits of the
 * second-level tables, in place. One remote TLB flush a round, none when the
 * guest touched nothing; never one per page.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include "kvm_mmu.h"
#include "symbols.h"
#include "tracker.h"

/**
 * struct vtmm_chunks - a growing list of chunks
 * @gfn: first gfn of each
 * @nr: how many
 * @room: for how many there is memory
 */
struct vtmm_chunks {
	u64 *gfn;
	size_t nr;
	size_t room;
};

/**
 * struct vtmm_ad - what the tracker keeps for a VM
 * @buf: leaves of one hold of mmu_lock
 * @touched: chunks touched last round [0] and this round [1]
 * @lost: the list of this round is not complete: next round must not prune
 * @counted: the first pass, which counts every mapped page, is done
 */
struct vtmm_ad {
	struct vtmm_access *buf;
	struct vtmm_chunks touched[2];
	bool lost;
	bool counted;
};

static const char *vtmm_ad_missing(void)
{
	if (!vtmm_has(VTMM_SYM_ACCESSED_MASK) || !vtmm_has(VTMM_SYM_DIRTY_MASK))
		return "kvm.ko does not tell its accessed and dirty masks";
	if (!vtmm_accessed_mask() || !vtmm_dirty_mask())
		return "the second-level tables keep no accessed and dirty bits";
	return NULL;
}

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

static void vtmm_ad_count(struct vtmm_vm *vm, const struct vtmm_access *a)
{
	if (!(a->flags & (VTMM_ACC_READ | VTMM_ACC_WRITE)))
		return;
	vtmm_stat_add(vm, VTMM_A_STATS_ACCESSES_SEEN, 1);
	if (a->flags & VTMM_ACC_WRITE)
		vtmm_stat_add(vm, VTMM_A_STATS_WRITES_SEEN, 1);
}

static int vtmm_ad_emit(struct vtmm_walk *w)
{
	struct vtmm_ad *ad = w->vm->tracker_data;
	const struct vtmm_access *a;
	int ret;

	for (a = w->buf; a < w->buf + w->nr; a++) {
		ret = vtmm_heat_record(&w->vm->heat, w->round, a);
		if (ret)
			return ret;
		vtmm_ad_count(w->vm, a);
		if (a->flags & (VTMM_ACC_READ | VTMM_ACC_WRITE) &&
		    vtmm_chunks_add(&ad->touched[1], ALIGN_DOWN(a->gfn, VTMM_CHUNK_PAGES)))
			ad->lost = true;
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

/* This round's chunks become the last round's; several roots come unsorted. */
static void vtmm_ad_turn(struct vtmm_ad *ad)
{
	swap(ad->touched[0], ad->touched[1]);
	ad->touched[1].nr = 0;
	sort(ad->touched[0].gfn, ad->touched[0].nr, sizeof(u64), vtmm_cmp_gfn, NULL);
}

static int vtmm_ad_harvest(struct vtmm_vm *vm, u32 round)
{
	struct vtmm_ad *ad = vm->tracker_data;
	struct vtmm_walk w = {
		.vm = vm,
		.round = round,
		.prune = ad->counted && !ad->lost,
		.buf = ad->buf,
		.again = ad->touched[0].gfn,
		.nr_again = ad->touched[0].nr,
	};
	int ret;

	ad->lost = false;
	ret = vtmm_walk_all(&w, vtmm_ad_emit);
	if (w.cleared) {
		kvm_flush_remote_tlbs(vm->kvm);
		vtmm_stat_add(vm, VTMM_A_STATS_TLB_FLUSHES, 1);
	}
	vtmm_stat_add(vm, VTMM_A_STATS_SPTES_VISITED, w.visited);
	vtmm_ad_turn(ad);
	if (ret)
		ad->lost = true;
	else
		ad->counted = true;
	return ret;
}

static void vtmm_ad_stop(struct vtmm_vm *vm)
{
	struct vtmm_ad *ad = vm->tracker_data;

	vm->tracker_data = NULL;
	kvfree(ad->touched[0].gfn);
	kvfree(ad->touched[1].gfn);
	kvfree(ad->buf);
	kfree(ad);
}

static int vtmm_ad_start(struct vtmm_vm *vm)
{
	struct vtmm_ad *ad;

	ad = kzalloc(sizeof(*ad), GFP_KERNEL);
	if (!ad)
		return -ENOMEM;
	ad->buf = kvmalloc_array(VTMM_WALK_BUF, sizeof(*ad->buf), GFP_KERNEL);
	if (!ad->buf) {
		kfree(ad);
		return -ENOMEM;
	}
	vm->tracker_data = ad;
	return 0;
}

const struct vtmm_tracker_ops vtmm_tracker_ad = {
	.name = "ad-bits",
	.missing = vtmm_ad_missing,
	.start = vtmm_ad_start,
	.harvest = vtmm_ad_harvest,
	.stop = vtmm_ad_stop,
};
