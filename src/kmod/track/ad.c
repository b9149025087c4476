// SPDX-License-Identifier: GPL-2.0-only
/*
 * ad: learns reads and writes from accessed and dirty bits alone. It
 * works on every CPU whose second-level tables keep them.
 */
#include <linux/slab.h>
#include "compat/symbols.h"
#include "track/internal.h"

static const char *vtmm_ad_missing(void)
{
	if (!vtmm_has(VTMM_SYM_ACCESSED_MASK) || !vtmm_has(VTMM_SYM_DIRTY_MASK))
		return "kvm.ko does not tell its accessed and dirty masks";
	if (!vtmm_accessed_mask() || !vtmm_dirty_mask())
		return "the second-level tables keep no accessed and dirty bits";
	return NULL;
}

static int vtmm_ad_start(struct vtmm_vm *vm)
{
	struct vtmm_scan *scan = kzalloc(sizeof(*scan), GFP_KERNEL);

	if (!scan)
		return -ENOMEM;
	if (vtmm_scan_init(scan, vm)) {
		kfree(scan);
		return -ENOMEM;
	}
	vm->track->data = scan;
	return 0;
}

static int vtmm_ad_harvest(struct vtmm_vm *vm, u32 round)
{
	return vtmm_scan_round(vm->track->data, round);
}

static void vtmm_ad_stop(struct vtmm_vm *vm)
{
	vtmm_scan_exit(vm->track->data);
	kfree(vm->track->data);
	vm->track->data = NULL;
}

const struct vtmm_tracker_ops vtmm_tracker_ad = {
	.name = "ad-bits",
	.missing = vtmm_ad_missing,
	.start = vtmm_ad_start,
	.harvest = vtmm_ad_harvest,
	.stop = vtmm_ad_stop,
};
