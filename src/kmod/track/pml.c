// SPDX-License-Identifier: GPL-2.0-only
/*
 * pml: accessed bits for reads, page-modification logging for writes.
 * What the log lost the scan still finds, in the dirty bits; after a loss the
 * next scan prunes nothing. A full ring makes a round less exact in time, it
 * must never lose a write.
 */
#include <linux/slab.h>
#include "events.h"
#include "kvm/kvm.h"
#include "track/internal.h"

/**
 * struct vtmm_pml_tracker - what the tracker keeps for a VM
 * @scan: of the accessed and dirty bits
 * @pml: the log
 * @lost: records that it had lost by the end of the last round
 * @losing: some of them in the last round
 */
struct vtmm_pml_tracker {
	struct vtmm_scan scan;
	struct vtmm_pml *pml;
	u64 lost;
	bool losing;
};

/*
 * A write into a chunk that is mapped huge is in the dirty bit of its leaf; the
 * log adds which page it was.
 */
static int vtmm_pml_record(void *ctx, u64 gfn)
{
	struct vtmm_pml_tracker *t = ctx;
	struct vtmm_heat *heat = &t->scan.vm->heat;
	struct vtmm_access a = {
		.gfn = gfn,
		.flags = VTMM_ACC_READ | VTMM_ACC_WRITE,
	};
	int tier = vtmm_heat_tier(heat, gfn);

	if (tier < 0)
		return 0;
	if (vtmm_heat_is_huge(heat, gfn)) {
		vtmm_heat_sample(heat, gfn, t->scan.round);
		return 0;
	}
	a.tier = tier;
	return vtmm_heat_record(heat, t->scan.round, &a);
}

static int vtmm_pml_take(struct vtmm_vm *vm, struct vtmm_pml_tracker *t)
{
	struct vtmm_pml_count count;
	int ret = vtmm_pml_drain(t->pml, vtmm_pml_record, t, &count);

	vtmm_stat_add(vm, VTMM_A_STATS_PML_RECORDS, count.records);
	vtmm_stat_set(vm, VTMM_A_STATS_PML_FULL_EXITS, count.full);
	return ret;
}

/*
 * A write whose record was lost set the dirty bit of its leaf like any other,
 * and the scan of this round or the next reads it. That scan must then look
 * everywhere: nobody else would miss the page. Who listens is told when it begins.
 */
static void vtmm_pml_count_lost(struct vtmm_vm *vm, struct vtmm_pml_tracker *t)
{
	u64 lost = vtmm_pml_lost(t->pml);
	bool losing = lost != t->lost;

	if (losing)
		t->scan.lost = true;
	if (losing && !t->losing)
		vtmm_event(vm, VTMM_EVENT_DEGRADED,
			   "the log of writes is too small for a round, its scan looks everywhere: load with a larger pml_ring");
	t->losing = losing;
	t->lost = lost;
	vtmm_stat_set(vm, VTMM_A_STATS_PML_LOST, lost);
}

/* The scan's flush brings out what still lay in the buffers: it comes first. */
static int vtmm_pml_harvest(struct vtmm_vm *vm, u32 round)
{
	struct vtmm_pml_tracker *t = vm->track->data;
	int ret;

	vtmm_pml_meet_vcpus(t->pml);
	WRITE_ONCE(vm->track->log_bytes, vtmm_pml_bytes(t->pml));
	ret = vtmm_scan_round(&t->scan, round);
	ret = vtmm_pml_take(vm, t) ?: ret;
	vtmm_pml_count_lost(vm, t);
	return ret;
}

static int vtmm_pml_start(struct vtmm_vm *vm)
{
	struct vtmm_pml_tracker *t = kzalloc(sizeof(*t), GFP_KERNEL);
	int ret;

	if (!t)
		return -ENOMEM;
	ret = vtmm_scan_init(&t->scan, vm);
	if (ret)
		goto err_free;
	t->pml = vtmm_pml_open(vm->kvm);
	if (IS_ERR(t->pml)) {
		ret = PTR_ERR(t->pml);
		goto err_scan;
	}
	vm->track->data = t;
	return 0;

err_scan:
	vtmm_scan_exit(&t->scan);
err_free:
	kfree(t);
	return ret;
}

static void vtmm_pml_stop(struct vtmm_vm *vm)
{
	struct vtmm_pml_tracker *t = vm->track->data;

	vtmm_pml_close(t->pml);
	vtmm_scan_exit(&t->scan);
	kfree(t);
	vm->track->data = NULL;
}

const struct vtmm_tracker_ops vtmm_tracker_pml = {
	.name = "pml",
	.missing = vtmm_pml_missing,
	.hook = vtmm_pml_hook_name,
	.start = vtmm_pml_start,
	.harvest = vtmm_pml_harvest,
	.stop = vtmm_pml_stop,
};
