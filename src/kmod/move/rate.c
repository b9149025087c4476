// SPDX-License-Identifier: GPL-2.0-only
/*
 * rate: when pages may move, by the limits of the VM and of the host.
 *
 * A limit is a queue: whoever wants to move bytes takes a ticket, the number of
 * bytes that were asked for before, and waits until the limit has let so many
 * through. So VMs that move at the same time get equal parts, and a change of
 * the rate counts at once. Plans are made no larger than what can move until
 * the next one. It must never hold vm->lock while it waits, nor keep a VM from
 * being detached.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include "vtmm.h"

#define VTMM_RATE_STEP_MS	100	/* worth of moving is asked for at once */
#define VTMM_RATE_NAP_MS	20	/* a VM may be detached meanwhile */
/* A plan has room for one huge page of each direction, whatever the rate. */
#define VTMM_RATE_PLAN_MIN	(2 * VTMM_CHUNK_PAGES)
#define VTMM_RATE_MAX		BIT_ULL(44)	/* bytes/s */
#define VTMM_RATE_LONG_US	(36000 * USEC_PER_SEC)	/* no slack is longer */

/* Bytes in some time; any rate is as good as none long before this overflows. */
static u64 vtmm_rate_bytes(u64 rate, u64 us)
{
	return mul_u64_u64_div_u64(min(rate, VTMM_RATE_MAX), us, USEC_PER_SEC);
}

/**
 * vtmm_limit_fill() - let through what time has allowed
 * @l: the limit
 * @rate: bytes/s, 0 for no limit
 * @slack_us: for how long it may have been idle without losing anything
 *
 * Context: under the lock that guards @l.
 * Return: bytes that were let through and not asked for yet, 0 at least.
 */
u64 vtmm_limit_fill(struct vtmm_limit *l, u64 rate, u64 slack_us)
{
	u64 most = l->asked + vtmm_rate_bytes(rate, slack_us);
	ktime_t now = ktime_get();
	u64 us = ktime_us_delta(now, l->at);

	if (!rate) {
		l->let = l->asked;
		l->at = now;
		return 0;
	}
	if (us > VTMM_RATE_LONG_US)
		l->let = most;
	else
		l->let = min(most, l->let + vtmm_rate_bytes(rate, us));
	l->at = us > VTMM_RATE_LONG_US ? now : ktime_add_us(l->at, us);
	return l->let > l->asked ? l->let - l->asked : 0;
}

/**
 * vtmm_limit_reached() - has a limit let through what was asked for before?
 * @l: the limit
 * @rate: bytes/s, 0 for no limit
 * @slack_us: see vtmm_limit_fill()
 * @ticket: from vtmm_limit_ask()
 *
 * Context: under the lock that guards @l.
 * Return: true if so.
 */
bool vtmm_limit_reached(struct vtmm_limit *l, u64 rate, u64 slack_us, u64 ticket)
{
	vtmm_limit_fill(l, rate, slack_us);
	return !rate || l->let >= ticket;
}

/**
 * vtmm_limit_ask() - take a ticket
 * @l: the limit
 * @bytes: that are going to move
 *
 * Context: under the lock that guards @l.
 * Return: the ticket.
 */
u64 vtmm_limit_ask(struct vtmm_limit *l, u64 bytes)
{
	u64 ticket = l->asked;

	l->asked += bytes;
	return ticket;
}

static u64 vtmm_rate_window_us(const struct vtmm_vm *vm)
{
	return vtmm_pace_period_us(vm) * vm->set.heat.window;
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
	if (rate && !vm->migrating)
		mine = vtmm_rate_bytes(rate, us) + vtmm_limit_fill(&vm->limit, rate, slack);
	rate = vtmm_pool_rate_part(vm, slack, &spare);
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
		       vtmm_pool_rate_part(vm, 0, NULL));

	return max(rate / (MSEC_PER_SEC / VTMM_RATE_STEP_MS) >> PAGE_SHIFT, 1ULL);
}

static bool vtmm_rate_reached(struct vtmm_vm *vm, u64 mine, u64 of_host)
{
	u64 slack = vtmm_rate_slack_us(vm);

	return vtmm_limit_reached(&vm->limit, READ_ONCE(vm->set.rate_bytes), slack,
				  mine) &&
	       vtmm_pool_rate_reached(of_host, slack);
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
	u64 mine = vtmm_limit_ask(&vm->limit, pages << PAGE_SHIFT);
	u64 of_host = vtmm_pool_rate_ask(pages << PAGE_SHIFT);

	while (!READ_ONCE(vm->gone) && vtmm_vm_alive(vm) &&
	       READ_ONCE(vm->set.mode) == VTMM_MODE_MANAGE) {
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
	vm->limit.asked -= pages << PAGE_SHIFT;
	vtmm_pool_rate_refund(pages << PAGE_SHIFT);
}
