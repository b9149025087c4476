// SPDX-License-Identifier: GPL-2.0-only
/*
 * pool: the ledger of fast memory. What each VM may have is decided by
 * vtmm_pool_divide() of src/core; here the members are gathered, and the
 * answers kept. It must never look into a VM's heat: that is behind vm->lock.
 */
#include <linux/netlink.h>
#include <linux/slab.h>
#include "kvm/kvm.h"
#include "pool/pool.h"
#include "tiers.h"

/**
 * struct vtmm_claim - what the pool keeps for a VM (vtmm_pool_lock)
 * @node: in the list of members
 * @vm: whose
 * @member: its record: the terms, what it wants, what it gets
 */
struct vtmm_claim {
	struct list_head node;
	struct vtmm_vm *vm;
	struct vtmm_pool_member member;
};

static DEFINE_MUTEX(vtmm_pool_lock);
static LIST_HEAD(vtmm_pool_members);
static size_t vtmm_pool_count;
static u64 vtmm_pool_fixed;	/* size that somebody set; 0: follows the tier */
static u64 vtmm_pool_divided;	/* size at the last division */
static u64 vtmm_pool_free;
static bool vtmm_pool_short;	/* some VM gets less than it wants */

/* What VMs have of the fast tier, and what could still be had. */
static u64 vtmm_pool_size(void)
{
	const struct vtmm_claim *c;
	u64 size;

	lockdep_assert_held(&vtmm_pool_lock);
	if (vtmm_pool_fixed)
		return vtmm_pool_fixed;
	size = vtmm_tier_room(VTMM_TIER_FAST);
	list_for_each_entry(c, &vtmm_pool_members, node)
		size += vtmm_vm_pages(c->vm, VTMM_TIER_FAST);
	return size;
}

static struct vtmm_pool_member *vtmm_pool_gather(size_t extra)
{
	const struct vtmm_claim *c;
	struct vtmm_pool_member *m;
	size_t i = 0;

	lockdep_assert_held(&vtmm_pool_lock);
	m = kcalloc(vtmm_pool_count + extra, sizeof(*m), GFP_KERNEL);
	if (!m)
		return NULL;
	list_for_each_entry(c, &vtmm_pool_members, node)
		m[i++] = c->member;
	return m;
}

/* What the other parts read without a lock. */
static void vtmm_claim_tell(struct vtmm_claim *c)
{
	lockdep_assert_held(&vtmm_pool_lock);
	WRITE_ONCE(c->vm->allotment, c->member.allotment);
	WRITE_ONCE(c->vm->demand, c->member.demand);
}

/* Divides anew. Without memory for it the old division simply stays. */
static void vtmm_pool_update(void)
{
	struct vtmm_pool_member *m;
	struct vtmm_claim *c;
	size_t i = 0;

	lockdep_assert_held(&vtmm_pool_lock);
	m = vtmm_pool_gather(0);
	if (!m)
		return;
	vtmm_pool_divided = vtmm_pool_size();
	vtmm_pool_free = vtmm_pool_divide(vtmm_pool_divided, m, vtmm_pool_count);
	WRITE_ONCE(vtmm_pool_short, vtmm_pool_contended(m, vtmm_pool_count));
	list_for_each_entry(c, &vtmm_pool_members, node) {
		c->member = m[i++];
		vtmm_claim_tell(c);
	}
	kfree(m);
}

static int vtmm_pool_refuse(int err, struct netlink_ext_ack *extack)
{
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack,
			       "the VMs' fast-min together exceed the pool: lower one of them");
	else if (err == -EBUSY)
		NL_SET_ERR_MSG(extack,
			       "VMs that are not managed hold what fast-min guarantees to others: lower one, or let such a VM give way first (mode manage, a lower fast-max)");
	else if (err == -EINVAL)
		NL_SET_ERR_MSG(extack,
			       "fast-min must not exceed fast-max, and shares must be "
			       __stringify(VTMM_SHARES_MIN) " to " __stringify(VTMM_SHARES_MAX));
	return err;
}

/* The record of a VM of this mode, on these terms. */
static void vtmm_pool_claim(const struct vtmm_vm *vm, u32 mode,
			    const struct vtmm_terms *terms, struct vtmm_pool_member *m)
{
	m->min = terms->fast_min;
	m->max = terms->fast_max;
	m->shares = terms->shares;
	if (mode == VTMM_MODE_MANAGE)
		vtmm_pool_rouse(m);
	else
		vtmm_pool_rest(m, vtmm_vm_pages(vm, VTMM_TIER_FAST));
}

static size_t vtmm_pool_index(const struct vtmm_vm *vm)
{
	const struct vtmm_claim *c;
	size_t i = 0;

	list_for_each_entry(c, &vtmm_pool_members, node) {
		if (c->vm == vm)
			break;
		i++;
	}
	return i;
}

/*
 * Would the pool hold with @vm on these terms? Members that are in it are compared
 * by address, so a VM that is not in it yet is added. What asks for no more than
 * before is never refused: what VMs that rest have may have grown meanwhile.
 */
static int vtmm_pool_try(struct vtmm_vm *vm, u32 mode, const struct vtmm_terms *terms,
			 bool joined)
{
	size_t i = vtmm_pool_index(vm), n = vtmm_pool_count + !joined;
	struct vtmm_pool_member *m;
	u64 before;
	int ret;

	m = vtmm_pool_gather(1);
	if (!m)
		return -ENOMEM;
	before = vtmm_pool_bound(m, vtmm_pool_count);
	m[i] = vm->claim->member;
	vtmm_pool_claim(vm, mode, terms, &m[i]);
	ret = vtmm_pool_check(vtmm_pool_size(), m, n);
	if (ret == -EBUSY && vtmm_pool_bound(m, n) <= before)
		ret = 0;
	kfree(m);
	return ret;
}

/* What a VM can hold; one whose pages nobody moves, what it has. */
static void vtmm_pool_settle(struct vtmm_vm *vm)
{
	struct vtmm_pool_member *m = &vm->claim->member;

	m->mem = vtmm_kvm_pages(vm->kvm);
	if (m->rests)
		vtmm_pool_rest(m, vtmm_vm_pages(vm, VTMM_TIER_FAST));
}

static void vtmm_pool_apply(struct vtmm_vm *vm, u32 mode, const struct vtmm_terms *terms)
{
	struct vtmm_pool_member *m = &vm->claim->member;

	vtmm_pool_claim(vm, mode, terms, m);
	vtmm_pool_settle(vm);
	if (mode == VTMM_MODE_OFF)	/* nobody finds out what it wants */
		m->demand = m->held;
	vtmm_claim_tell(vm->claim);
}

/**
 * vtmm_claim_new() - memory for what the pool keeps for a VM
 * @vm: being attached
 *
 * Context: process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int vtmm_claim_new(struct vtmm_vm *vm)
{
	vm->claim = kzalloc(sizeof(*vm->claim), GFP_KERNEL);
	if (!vm->claim)
		return -ENOMEM;
	vm->claim->vm = vm;
	return 0;
}

/**
 * vtmm_claim_free() - give it back
 * @vm: no member of the pool
 *
 * Context: any.
 */
void vtmm_claim_free(struct vtmm_vm *vm)
{
	kfree(vm->claim);
	vm->claim = NULL;
}

/**
 * vtmm_pool_join() - a VM claims its part
 * @vm: with its settings
 * @terms: what it may have
 * @extack: told why not
 *
 * Until its first window its demand is taken to be all its memory. One whose
 * pages nobody moves claims what it is known to have in fast memory.
 *
 * Context: process context.
 * Return: 0, -ENOSPC, -EBUSY, -EINVAL, -ENOMEM.
 */
int vtmm_pool_join(struct vtmm_vm *vm, const struct vtmm_terms *terms,
		   struct netlink_ext_ack *extack)
{
	int ret;

	mutex_lock(&vtmm_pool_lock);
	vm->claim->member.demand = vtmm_kvm_pages(vm->kvm);
	vtmm_pool_apply(vm, vm->set.mode, terms);
	ret = vtmm_pool_try(vm, vm->set.mode, terms, false);
	if (!ret) {
		list_add_tail(&vm->claim->node, &vtmm_pool_members);
		vtmm_pool_count++;
		vtmm_pool_update();
	}
	mutex_unlock(&vtmm_pool_lock);
	return vtmm_pool_refuse(ret, extack);
}

/**
 * vtmm_pool_leave() - a VM's part returns to the pool
 * @vm: that joined
 *
 * Context: process context.
 */
void vtmm_pool_leave(struct vtmm_vm *vm)
{
	mutex_lock(&vtmm_pool_lock);
	list_del(&vm->claim->node);
	vtmm_pool_count--;
	vtmm_pool_update();
	mutex_unlock(&vtmm_pool_lock);
}

/**
 * vtmm_pool_change() - change a VM's claim
 * @vm: that joined
 * @mode: its new mode
 * @terms: its new terms
 * @extack: told why not
 *
 * Context: process context.
 * Return: 0, or why nothing was changed.
 */
int vtmm_pool_change(struct vtmm_vm *vm, u32 mode, const struct vtmm_terms *terms,
		     struct netlink_ext_ack *extack)
{
	int ret;

	mutex_lock(&vtmm_pool_lock);
	ret = vtmm_pool_try(vm, mode, terms, true);
	if (!ret) {
		vtmm_pool_apply(vm, mode, terms);
		vtmm_pool_update();
	}
	mutex_unlock(&vtmm_pool_lock);
	return vtmm_pool_refuse(ret, extack);
}

/**
 * vtmm_pool_rebalance() - a VM's window has ended: what may it have now?
 * @vm: that joined
 * @demand: fast pages that it would use if it could
 * @hot: those of them that are hot
 *
 * Context: process context; under vm->lock.
 * Return: its allotment in pages.
 */
u64 vtmm_pool_rebalance(struct vtmm_vm *vm, u64 demand, u64 hot)
{
	u64 allotment;

	mutex_lock(&vtmm_pool_lock);
	vm->claim->member.demand = demand;
	vm->claim->member.hot = hot;
	vtmm_pool_settle(vm);
	vtmm_claim_tell(vm->claim);
	vtmm_pool_update();
	allotment = vm->claim->member.allotment;
	mutex_unlock(&vtmm_pool_lock);
	return allotment;
}

/**
 * vtmm_pool_would() - what a VM that is only observed would have if it were managed
 * @vm: that joined
 *
 * Context: process context.
 * Return: an allotment in pages; that which it has, without memory to find out.
 */
u64 vtmm_pool_would(struct vtmm_vm *vm)
{
	struct vtmm_pool_member *m;
	u64 allotment;
	size_t i;

	mutex_lock(&vtmm_pool_lock);
	i = vtmm_pool_index(vm);
	allotment = vm->claim->member.allotment;
	m = vtmm_pool_gather(0);
	if (m) {
		vtmm_pool_rouse(&m[i]);
		vtmm_pool_divide(vtmm_pool_divided, m, vtmm_pool_count);
		allotment = m[i].allotment;
		kfree(m);
	}
	mutex_unlock(&vtmm_pool_lock);
	return allotment;
}

/**
 * vtmm_pool_is_short() - did some VM get less than it wants in the last division?
 *
 * Context: any.
 */
bool vtmm_pool_is_short(void)
{
	return READ_ONCE(vtmm_pool_short);
}

/**
 * vtmm_pool_begin() - the pool, for a reader who looks at all of it
 * @info: out
 *
 * Until vtmm_pool_end() nothing is divided anew, so that the members' allotments
 * and what is free make up the size.
 *
 * Context: process context.
 */
void vtmm_pool_begin(struct vtmm_pool_info *info)
{
	mutex_lock(&vtmm_pool_lock);
	vtmm_pool_update();
	info->size = vtmm_pool_divided;
	info->free = vtmm_pool_free;
	info->automatic = !vtmm_pool_fixed;
}

/**
 * vtmm_pool_end() - the reader has seen enough
 */
void vtmm_pool_end(void)
{
	mutex_unlock(&vtmm_pool_lock);
}

/**
 * vtmm_pool_member() - the pool's record of a VM
 * @vm: that joined
 *
 * Context: between vtmm_pool_begin() and vtmm_pool_end().
 * Return: the record, until vtmm_pool_end().
 */
const struct vtmm_pool_member *vtmm_pool_member(const struct vtmm_vm *vm)
{
	lockdep_assert_held(&vtmm_pool_lock);
	return &vm->claim->member;
}

/**
 * vtmm_pool_get_member() - the pool's record of a VM, for readers
 * @vm: that joined
 * @m: out
 */
void vtmm_pool_get_member(struct vtmm_vm *vm, struct vtmm_pool_member *m)
{
	mutex_lock(&vtmm_pool_lock);
	*m = vm->claim->member;
	mutex_unlock(&vtmm_pool_lock);
}

/**
 * vtmm_pool_get_terms() - what a VM may have of the pool
 * @vm: that joined
 * @terms: out
 */
void vtmm_pool_get_terms(struct vtmm_vm *vm, struct vtmm_terms *terms)
{
	const struct vtmm_pool_member *m = &vm->claim->member;

	mutex_lock(&vtmm_pool_lock);
	terms->fast_min = m->min;
	terms->fast_max = m->max;
	terms->shares = m->shares;
	mutex_unlock(&vtmm_pool_lock);
}

/**
 * vtmm_pool_set_size() - fix the size of the pool
 * @size: pages, or 0 to let it follow the fast tier
 * @extack: told why not
 *
 * Context: process context.
 * Return: 0, or why nothing was changed.
 */
int vtmm_pool_set_size(u64 size, struct netlink_ext_ack *extack)
{
	struct vtmm_pool_member *m;
	int ret;

	if (size > vtmm_tier_total(VTMM_TIER_FAST)) {
		NL_SET_ERR_MSG(extack, "the pool can't be larger than the fast tier");
		return -EINVAL;
	}
	mutex_lock(&vtmm_pool_lock);
	m = vtmm_pool_gather(1);
	ret = m ? 0 : -ENOMEM;
	if (!ret && size)
		ret = vtmm_pool_check(size, m, vtmm_pool_count);
	kfree(m);
	if (!ret) {
		vtmm_pool_fixed = size;
		vtmm_pool_update();
	}
	mutex_unlock(&vtmm_pool_lock);
	return vtmm_pool_refuse(ret, extack);
}
