// SPDX-License-Identifier: GPL-2.0-only
/*
 * pace: when the rounds of a VM come: at the period asked for, less often when
 * they would cost more CPU time than the VM's budget, not at all while the VM
 * does not run. It must never make a round impossible to ask for.
 */
#include <linux/sched.h>
#include "kvm/kvm.h"
#include "track/internal.h"

#define VTMM_PERIOD_US_LONGEST	(3600ULL * USEC_PER_SEC)
#define VTMM_COST_AVERAGE	4	/* rounds, about, of which the cost is averaged */

/**
 * vtmm_pace_cpu_ns() - CPU time that this thread has used
 *
 * The scheduler counts a thread's time when it takes its CPU away, or at a
 * tick: most rounds are shorter. Offering the CPU brings the count up to date.
 *
 * Context: process context; may sleep.
 * Return: nanoseconds.
 */
u64 vtmm_pace_cpu_ns(void)
{
	schedule();
	return current->se.sum_exec_runtime;
}

/**
 * vtmm_pace_spent() - a round is over
 * @vm: the VM
 * @ns: CPU time that it took
 *
 * The average forgets nothing: over time it sums up to what was spent, but one
 * dear round, such as the first, does not put off the next by all of its cost.
 *
 * Context: the VM's worker, vm->lock held.
 */
void vtmm_pace_spent(struct vtmm_vm *vm, u64 ns)
{
	struct vtmm_pace *p = &vm->track->pace;

	lockdep_assert_held(&vm->lock);
	p->total_ns += ns;
	p->cost_ns += div_s64((s64)(ns - p->cost_ns), VTMM_COST_AVERAGE);
	vtmm_stat_set(vm, VTMM_A_STATS_ROUND_US_TOTAL,
		      div_u64(p->total_ns, NSEC_PER_USEC));
}

/* More in fast memory than it may have: to give that back it needs windows. */
static bool vtmm_pace_owes(const struct vtmm_vm *vm)
{
	return vm->set.mode == VTMM_MODE_MANAGE &&
	       vm->heat.in_tier[VTMM_TIER_FAST] > READ_ONCE(vm->allotment);
}

/*
 * It still claims fast memory for what it did before it stopped: it takes a
 * window without accesses until it lends. Rounds of a VM that idles cost little.
 */
static bool vtmm_pace_claims(const struct vtmm_vm *vm)
{
	return READ_ONCE(vm->demand);
}

/**
 * vtmm_pace_force() - the next turn is a round, whatever the VM does
 * @vm: the VM
 *
 * Context: any that keeps the VM from being detached.
 */
void vtmm_pace_force(struct vtmm_vm *vm)
{
	WRITE_ONCE(vm->track->pace.forced, true);
}

/**
 * vtmm_pace_due() - should there be a round now?
 * @vm: the VM
 *
 * A VM of which no vCPU has run since the last round has touched nothing, and
 * when it claims nothing either there is nothing to find out. The exits are
 * read before the round that they stand for: what the guest touches during it
 * is seen in this round or in the next.
 *
 * Context: the VM's worker, vm->lock held; once per turn.
 */
bool vtmm_pace_due(struct vtmm_vm *vm)
{
	struct vtmm_pace *p = &vm->track->pace;
	bool inside, due;
	u64 exits;

	lockdep_assert_held(&vm->lock);
	if (vm->set.mode == VTMM_MODE_OFF)
		return false;
	exits = vtmm_kvm_exits(vm->kvm, &inside);
	due = xchg(&p->forced, false);
	due |= inside || exits != p->exits || vtmm_pace_owes(vm) ||
	       vtmm_pace_claims(vm);
	p->exits = exits;
	WRITE_ONCE(p->idle, !due);
	if (!due)
		vtmm_stat_add(vm, VTMM_A_STATS_ROUNDS_SKIPPED, 1);
	return due;
}

/**
 * vtmm_pace_period_us() - time from the beginning of a round to the next
 * @vm: the VM
 *
 * Context: vm->lock held.
 * Return: microseconds, at most an hour.
 */
u64 vtmm_pace_period_us(const struct vtmm_vm *vm)
{
	u64 us = (u64)vm->set.period_ms * USEC_PER_MSEC;

	lockdep_assert_held(&vm->lock);
	if (vm->set.budget_permille)	/* ns / (budget / 1000) / 1000 */
		us = max(us, div_u64(vm->track->pace.cost_ns, vm->set.budget_permille));
	return min(us, VTMM_PERIOD_US_LONGEST);
}
