// SPDX-License-Identifier: GPL-2.0-only
/*
 * rate: how much may move now, by the limits of the VM and of the host. A plan
 * that would exceed them is made smaller; nothing ever waits here.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include "vtmm.h"

/**
 * vtmm_bucket_fill() - what a limit lets through now
 * @b: the limit's bucket
 * @rate: bytes/s; 0 for no limit
 *
 * Context: under the lock that guards @b.
 * Return: bytes.
 */
u64 vtmm_bucket_fill(struct vtmm_bucket *b, u64 rate)
{
	ktime_t now = ktime_get();
	u64 us;

	if (!rate)
		return U64_MAX;
	us = min_t(u64, ktime_us_delta(now, b->at), USEC_PER_SEC);
	b->at = now;
	b->tokens = min(rate, b->tokens + mul_u64_u64_div_u64(rate, us, USEC_PER_SEC));
	return b->tokens;
}

/**
 * vtmm_rate_budget() - pages that may move now
 * @vm: whose
 *
 * Context: the VM's worker, vm->lock held.
 * Return: pages, U64_MAX >> PAGE_SHIFT without a limit.
 */
u64 vtmm_rate_budget(struct vtmm_vm *vm)
{
	lockdep_assert_held(&vm->lock);
	return min(vtmm_bucket_fill(&vm->bucket, vm->set.rate_bytes),
		   vtmm_pool_budget()) >> PAGE_SHIFT;
}

/**
 * vtmm_rate_spend() - pages are going to move
 * @vm: whose
 * @pages: how many
 *
 * Context: the VM's worker, vm->lock held.
 */
void vtmm_rate_spend(struct vtmm_vm *vm, u64 pages)
{
	u64 bytes = pages << PAGE_SHIFT;

	lockdep_assert_held(&vm->lock);
	vm->bucket.tokens -= min(vm->bucket.tokens, bytes);
	vtmm_pool_spend(bytes);
}
