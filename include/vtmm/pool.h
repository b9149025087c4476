/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pool: the division of the fast memory among VMs.
 * Guarantees first, then demand by max-min fairness weighted by shares, what
 * is left to the hottest. Σ allotments + free = size after every call.
 */
#ifndef _VTMM_POOL_H
#define _VTMM_POOL_H

#include <vtmm/limits.h>
#include <vtmm/types.h>

/**
 * struct vtmm_pool_member - one VM as the pool sees it
 * @min: fast pages guaranteed
 * @max: fast pages at most; (u64)-1 = no limit
 * @shares: claim beyond @min, VTMM_SHARES_MIN…VTMM_SHARES_MAX
 * @demand: fast pages that it would use if it could
 * @hot: those of them that are hot (for what is left over)
 * @mem: all its pages: it never gets more
 * @held: fast pages that it has, if @rests
 * @rests: nobody moves its pages, see vtmm_pool_rest()
 * @allotment: the answer
 */
struct vtmm_pool_member {
	u64 min;
	u64 max;
	u32 shares;
	u64 demand;
	u64 hot;
	u64 mem;
	u64 held;
	bool rests;
	u64 allotment;
};

/*
 * Divides @size pages among the @n members; writes each allotment, returns the
 * pages left free. Needs Σ min(min, mem) ≤ size; see vtmm_pool_check(). Never
 * allocates. O(n²) at most.
 */
u64 vtmm_pool_divide(u64 size, struct vtmm_pool_member *m, size_t n);

/*
 * Nobody moves the VM's pages, and it has @held of them in fast memory: these it
 * claims, after the guarantees of others, and no more.
 */
void vtmm_pool_rest(struct vtmm_pool_member *m, u64 held);

/* Its pages are moved again: it claims like any other. */
void vtmm_pool_rouse(struct vtmm_pool_member *m);

/* After a division: does any VM have less than it would use and may have? */
bool vtmm_pool_contended(const struct vtmm_pool_member *m, size_t n);

/*
 * May a pool of @size have these members? 0, -EINVAL (min > max, shares out of
 * range), -ENOSPC (Σ min > size), -EBUSY (Σ min would fit, but not beside what VMs
 * that rest have and will not give).
 */
int vtmm_pool_check(u64 size, const struct vtmm_pool_member *m, size_t n);

/* What cannot be given to others: Σ min, or what a VM that rests has if it is more. */
u64 vtmm_pool_bound(const struct vtmm_pool_member *m, size_t n);

#endif /* _VTMM_POOL_H */
