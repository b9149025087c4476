// SPDX-License-Identifier: GPL-2.0-only
/*
 * track: what this folder keeps for a VM, from attach to detach. It must give
 * back all of it, whichever tracker was used.
 */
#include <linux/slab.h>
#include "track/internal.h"

/**
 * vtmm_track_new() - memory for tracking a VM; nothing is tracked yet
 * @vm: being attached
 *
 * Context: process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int vtmm_track_new(struct vtmm_vm *vm)
{
	vm->track = kzalloc(sizeof(*vm->track), GFP_KERNEL);
	if (!vm->track)
		return -ENOMEM;
	vtmm_young_init(&vm->track->young);
	vm->track->pace.forced = true;
	return 0;
}

/**
 * vtmm_track_free() - give it back
 * @vm: not tracked any more; no notifier can run
 *
 * Context: process context.
 */
void vtmm_track_free(struct vtmm_vm *vm)
{
	vtmm_young_exit(&vm->track->young);
	kfree(vm->track);
	vm->track = NULL;
}

/**
 * vtmm_track_choose() - take the best tracker that this host can run
 * @vm: being attached
 *
 * Context: process context.
 * Return: NULL, or a sentence when there is none.
 */
const char *vtmm_track_choose(struct vtmm_vm *vm)
{
	vm->track->ops = vtmm_tracker_best(&vm->track->why);
	return vm->track->ops ? NULL : vm->track->why;
}

/**
 * vtmm_track_start() - begin to track
 * @vm: with a tracker
 *
 * Context: process context, vtmm_vms_lock held; may sleep.
 * Return: 0 or an error.
 */
int vtmm_track_start(struct vtmm_vm *vm)
{
	lockdep_assert_held(&vtmm_vms_lock);
	return vm->track->ops->start(vm);
}

/**
 * vtmm_track_stop() - track no more
 * @vm: tracked; its worker has ended
 *
 * Context: process context, vtmm_vms_lock held; may sleep.
 */
void vtmm_track_stop(struct vtmm_vm *vm)
{
	lockdep_assert_held(&vtmm_vms_lock);
	vm->track->ops->stop(vm);
}

/**
 * vtmm_track_harvest() - one round
 * @vm: tracked
 * @round: its number
 *
 * Context: the VM's worker, vm->lock held; may sleep.
 * Return: 0, or why the round is not complete.
 */
int vtmm_track_harvest(struct vtmm_vm *vm, u32 round)
{
	lockdep_assert_held(&vm->lock);
	return vm->track->ops->harvest(vm, round);
}

/**
 * vtmm_track_info() - how a VM is tracked
 * @vm: attached
 * @info: out
 *
 * Context: any that keeps the VM from being detached.
 */
void vtmm_track_info(const struct vtmm_vm *vm, struct vtmm_track_info *info)
{
	const struct vtmm_track *t = vm->track;

	info->name = t->ops->name;
	info->hook = t->ops->hook ? t->ops->hook() : NULL;
	/* That pages are missed says more than that another tracker would be better. */
	info->why = READ_ONCE(t->nested_why) ?: t->why;
	info->bytes = READ_ONCE(t->young.bytes) + READ_ONCE(t->scan_bytes) +
		      READ_ONCE(t->log_bytes);
	info->idle = READ_ONCE(t->pace.idle);
}
