// SPDX-License-Identifier: GPL-2.0-only
/*
 * rate: when a VM's pages may move, by its limit and the host's (limit.c). Plans
 * are made no larger than what can move until the next one. It must never hold
 * vm->lock while it waits, nor keep a VM from being detached.
 */
#include <linux/ktime.h>
#include <linux/sched.h>
#include "move/internal.h"

#define VTMM_RATE_STEP_MS	100	/* worth of moving is asked for at once */
#define VTMM_RATE_NAP_MS	20	/* a VM may be detached meanwhile */
/* A plan has room for one huge page of each direction, whatever the rate. */
#define VTMM_RATE_PLAN_MIN	(2 * VTMM_CHUNK_PAGES)

static u64 vtmm_rate_window_us(const struct vtmm_vm *vm)
{
	return READ_ONCE(vm->period_us) * vm->set.heat.window;
}

/* Between two plans pass a round or more, on a busy host: that is not lost. */
static u64 vtmm_rate_slack_us(const struct vtmm_vm *vm)
{
	return max_t(u64, USEC_PER_SEC, vtmm_rate_window_us(vm));
}

/**
 * vtmm_rate_budget() - pages that can move until the next window ends
 * @vm: whose; none of its pages are moving
 *
 * What was not used since the last plan is in it, so that a plan that is cut
 * takes as long as a window.
 *
 * Context: the VM's worker, vm->lock held.
 * Return: pages, U64_MAX >> PAGE_SHIFT without a limit.
 */
u64 vtmm_rate_budget(struct vtmm_vm *vm)
{
	u64 us = vtmm_rate_window_us(vm), slack = vtmm_rate_slack_us(vm);
	u64 rate = vm->set.rate_bytes;
	u64 mine = U64_MAX, host, spare;

	lockdep_assert_held(&vm->lock);
	if (rate && !vm->mover->moving)
		mine = vtmm_rate_bytes(rate, us) + vtmm_limit_fill(&vm->mover->limit, rate, slack);
	rate = vtmm_host_rate_part(vm->mover, slack, &spare);
	host = rate == U64_MAX ? U64_MAX : vtmm_rate_bytes(rate, us) + spare;
	return max_t(u64, min(mine, host) >> PAGE_SHIFT, VTMM_RATE_PLAN_MIN);
}

/**
 * vtmm_rate_pages() - pages that should be asked for at once
 * @vm: whose
 *
 * Context: the VM's migrate work.
 * Return: pages, at least one; many without a limit.
 */
u64 vtmm_rate_pages(struct vtmm_vm *vm)
{
	u64 rate = min(READ_ONCE(vm->set.rate_bytes) ?: U64_MAX,
		       vtmm_host_rate_part(vm->mover, 0, NULL));

	return max(rate / (MSEC_PER_SEC / VTMM_RATE_STEP_MS) >> PAGE_SHIFT, 1ULL);
}

static bool vtmm_rate_reached(struct vtmm_vm *vm, u64 mine, u64 of_host)
{
	u64 slack = vtmm_rate_slack_us(vm);

	return vtmm_limit_reached(&vm->mover->limit, READ_ONCE(vm->set.rate_bytes), slack,
				  mine) &&
	       vtmm_host_rate_reached(of_host, slack);
}

/**
 * vtmm_rate_wait() - wait until pages may move
 * @vm: whose
 * @pages: how many
 *
 * Context: the VM's migrate work; sleeps.
 * Return: false when nothing may move any more: the VM is being detached, is
 * dead, or is no longer managed.
 */
bool vtmm_rate_wait(struct vtmm_vm *vm, u64 pages)
{
	u64 mine = vtmm_limit_ask(&vm->mover->limit, pages << PAGE_SHIFT);
	u64 of_host = vtmm_host_rate_ask(pages << PAGE_SHIFT);

	while (!READ_ONCE(vm->gone) && vtmm_vm_alive(vm) && vtmm_vm_managed(vm)) {
		if (vtmm_rate_reached(vm, mine, of_host))
			return true;
		schedule_timeout_idle(msecs_to_jiffies(VTMM_RATE_NAP_MS));
	}
	vtmm_rate_refund(vm, pages);
	return false;
}

/**
 * vtmm_rate_refund() - pages that were asked for did not move
 * @vm: whose
 * @pages: how many
 *
 * Context: the VM's migrate work.
 */
void vtmm_rate_refund(struct vtmm_vm *vm, u64 pages)
{
	vm->mover->limit.asked -= pages << PAGE_SHIFT;
	vtmm_host_rate_refund(pages << PAGE_SHIFT);
}
