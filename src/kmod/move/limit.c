// SPDX-License-Identifier: GPL-2.0-only
/*
 * limit: a limit on bytes/s, as a queue, and the one that all VMs of the host
 * share. Nobody may sleep under its lock.
 *
 * Whoever wants to move bytes takes a ticket, the number of bytes that were asked
 * for before, and waits until the limit has let so many through. So those who
 * move at the same time get equal parts, and a change of the rate counts at
 * once.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mutex.h>
#include "move/internal.h"

#define VTMM_RATE_MAX		BIT_ULL(44)	/* bytes/s */
#define VTMM_RATE_LONG_US	(36000 * USEC_PER_SEC)	/* no slack is longer */

/* The host's limit, and how many VMs' pages are moving. */
static DEFINE_MUTEX(vtmm_rate_lock);
static struct vtmm_limit vtmm_host_limit;
static u64 vtmm_host_rate;
static unsigned int vtmm_host_movers;

/**
 * vtmm_rate_bytes() - what a rate lets through in some time
 * @rate: bytes/s; any is as good as none long before this overflows
 * @us: the time
 *
 * Context: any.
 */
u64 vtmm_rate_bytes(u64 rate, u64 us)
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

/**
 * vtmm_host_rate_set() - limit what moves on this host
 * @rate_bytes: bytes/s, 0 for no limit
 */
void vtmm_host_rate_set(u64 rate_bytes)
{
	mutex_lock(&vtmm_rate_lock);
	WRITE_ONCE(vtmm_host_rate, rate_bytes);
	mutex_unlock(&vtmm_rate_lock);
}

/**
 * vtmm_host_rate_get() - the limit on what moves on this host
 *
 * Context: any.
 * Return: bytes/s, 0 for no limit.
 */
u64 vtmm_host_rate_get(void)
{
	return READ_ONCE(vtmm_host_rate);
}

/**
 * vtmm_host_moving() - a VM's pages begin to move, or have moved
 * @m: of the VM
 * @moving: which
 *
 * Context: process context, vm->lock held.
 */
void vtmm_host_moving(struct vtmm_mover *m, bool moving)
{
	lockdep_assert_held(&m->vm->lock);
	mutex_lock(&vtmm_rate_lock);
	vtmm_host_movers += moving - m->moving;
	m->moving = moving;
	mutex_unlock(&vtmm_rate_lock);
}

/**
 * vtmm_host_rate_part() - what a VM may move if others want to move as much
 * @m: of the VM whose pages move, or will
 * @slack_us: see vtmm_limit_fill()
 * @spare: its part of the bytes that were not used, or NULL
 *
 * Context: process context, where @m->moving can't change.
 * Return: bytes/s, at least 1; U64_MAX when the host has no limit.
 */
u64 vtmm_host_rate_part(struct vtmm_mover *m, u64 slack_us, u64 *spare)
{
	u64 rate = U64_MAX;
	u32 n;

	mutex_lock(&vtmm_rate_lock);
	n = 1 + vtmm_host_movers - m->moving;
	if (vtmm_host_rate)
		rate = max(div_u64(vtmm_host_rate, n), 1ULL);
	if (spare)
		*spare = div_u64(vtmm_limit_fill(&vtmm_host_limit, vtmm_host_rate,
						 slack_us), n);
	mutex_unlock(&vtmm_rate_lock);
	return rate;
}

/**
 * vtmm_host_rate_ask() - bytes want to move on this host
 * @bytes: how many
 *
 * Context: process context.
 * Return: a ticket for vtmm_host_rate_reached().
 */
u64 vtmm_host_rate_ask(u64 bytes)
{
	u64 ticket;

	mutex_lock(&vtmm_rate_lock);
	ticket = vtmm_limit_ask(&vtmm_host_limit, bytes);
	mutex_unlock(&vtmm_rate_lock);
	return ticket;
}

/**
 * vtmm_host_rate_reached() - may they move now?
 * @ticket: from vtmm_host_rate_ask()
 * @slack_us: see vtmm_limit_reached()
 *
 * Context: process context.
 */
bool vtmm_host_rate_reached(u64 ticket, u64 slack_us)
{
	bool reached;

	mutex_lock(&vtmm_rate_lock);
	reached = vtmm_limit_reached(&vtmm_host_limit, vtmm_host_rate, slack_us, ticket);
	mutex_unlock(&vtmm_rate_lock);
	return reached;
}

/**
 * vtmm_host_rate_refund() - bytes that were asked for did not move
 * @bytes: how many
 *
 * Context: process context.
 */
void vtmm_host_rate_refund(u64 bytes)
{
	mutex_lock(&vtmm_rate_lock);
	vtmm_host_limit.asked -= bytes;
	mutex_unlock(&vtmm_rate_lock);
}
