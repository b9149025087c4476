// SPDX-License-Identifier: GPL-2.0-only
/*
 * pool: the ledger of fast memory. What each VM may have is decided by
 * vtmm_pool_divide() of src/core; here the members are gathered, and the
 * answers kept. It must never look into a VM's heat: that is behind vm->lock.
 */
#include <linux/netlink.h>
#include <linux/slab.h>
#include "vtmm.h"

static DEFINE_MUTEX(vtmm_pool_lock);
static LIST_HEAD(vtmm_pool_members);
static size_t vtmm_pool_count;
static u64 vtmm_pool_fixed;	/* size that somebody set; 0: follows the tier */
static u64 vtmm_pool_divided;	/* size at the last division */
static u64 vtmm_pool_free;
static u64 vtmm_pool_rate;
static bool vtmm_pool_short;	/* some VM gets less than it wants */
static struct vtmm_limit vtmm_pool_limit;

/* What VMs have of the fast tier, and what could still be had. */
static u64 vtmm_pool_size(void)
{
	struct vtmm_vm *vm;
	u64 size;

	lockdep_assert_held(&vtmm_pool_lock);
	if (vtmm_pool_fixed)
		return vtmm_pool_fixed;
	size = vtmm_tier_room(VTMM_TIER_FAST);
	list_for_each_entry(vm, &vtmm_pool_members, pool_node)
		size += READ_ONCE(vm->heat.in_tier[VTMM_TIER_FAST]);
	return size;
}

static struct vtmm_pool_member *vtmm_pool_gather(size_t extra)
{
	struct vtmm_pool_member *m;
	struct vtmm_vm *vm;
	size_t i = 0;

	m = kcalloc(vtmm_pool_count + extra, sizeof(*m), GFP_KERNEL);
	if (!m)
		return NULL;
	list_for_each_entry(vm, &vtmm_pool_members, pool_node)
		m[i++] = vm->member;
	return m;
}

/* Divides anew. Without memory for it the old division simply stays. */
static void vtmm_pool_update(void)
{
	struct vtmm_pool_member *m;
	struct vtmm_vm *vm;
	size_t i = 0;

	lockdep_assert_held(&vtmm_pool_lock);
	m = vtmm_pool_gather(0);
	if (!m)
		return;
	vtmm_pool_divided = vtmm_pool_size();
	vtmm_pool_free = vtmm_pool_divide(vtmm_pool_divided, m, vtmm_pool_count);
	WRITE_ONCE(vtmm_pool_short, vtmm_pool_contended(m, vtmm_pool_count));
	list_for_each_entry(vm, &vtmm_pool_members, pool_node)
		vm->member = m[i++];
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

/* The claim of a VM with these settings. */
static void vtmm_pool_claim(const struct vtmm_vm *vm, const struct vtmm_settings *set,
			    struct vtmm_pool_member *m)
{
	m->min = set->fast_min;
	m->max = set->fast_max;
	m->shares = set->shares;
	if (set->mode == VTMM_MODE_MANAGE)
		vtmm_pool_rouse(m);
	else
		vtmm_pool_rest(m, READ_ONCE(vm->heat.in_tier[VTMM_TIER_FAST]));
}

static size_t vtmm_pool_index(const struct vtmm_vm *vm)
{
	struct vtmm_vm *other;
	size_t i = 0;

	list_for_each_entry(other, &vtmm_pool_members, pool_node) {
		if (other == vm)
			break;
		i++;
	}
	return i;
}

/*
 * Would the pool hold with @set for @vm? Members that are in it are compared
 * by address, so a VM that is not in it yet is added. What asks for no more than
 * before is never refused: what VMs that rest have may have grown meanwhile.
 */
static int vtmm_pool_try(struct vtmm_vm *vm, const struct vtmm_settings *set,
			 bool joined, u64 size)
{
	size_t i = vtmm_pool_index(vm), n = vtmm_pool_count + !joined;
	struct vtmm_pool_member *m;
	u64 before;
	int ret;

	m = vtmm_pool_gather(1);
	if (!m)
		return -ENOMEM;
	before = vtmm_pool_bound(m, vtmm_pool_count);
	m[i] = vm->member;
	vtmm_pool_claim(vm, set, &m[i]);
	ret = vtmm_pool_check(size, m, n);
	if (ret == -EBUSY && vtmm_pool_bound(m, n) <= before)
		ret = 0;
	kfree(m);
	return ret;
}

/* What a VM can hold; one whose pages nobody moves, what it has. */
static void vtmm_pool_settle(struct vtmm_vm *vm)
{
	vm->member.mem = vtmm_kvm_pages(vm->kvm);
	if (vm->member.rests)
		vtmm_pool_rest(&vm->member, READ_ONCE(vm->heat.in_tier[VTMM_TIER_FAST]));
}

static void vtmm_pool_apply(struct vtmm_vm *vm, const struct vtmm_settings *set)
{
	vtmm_pool_claim(vm, set, &vm->member);
	vtmm_pool_settle(vm);
	if (set->mode == VTMM_MODE_OFF)	/* nobody finds out what it wants */
		vm->member.demand = vm->member.held;
}

/**
 * vtmm_pool_join() - a VM claims its part
 * @vm: with its settings
 * @extack: told why not
 *
 * Until its first window its demand is taken to be all its memory. One whose
 * pages nobody moves claims what it is known to have in fast memory.
 *
 * Context: process context.
 * Return: 0, -ENOSPC, -EBUSY, -EINVAL, -ENOMEM.
 */
int vtmm_pool_join(struct vtmm_vm *vm, struct netlink_ext_ack *extack)
{
	int ret;

	mutex_lock(&vtmm_pool_lock);
	vm->member.demand = vtmm_kvm_pages(vm->kvm);
	vtmm_pool_apply(vm, &vm->set);
	ret = vtmm_pool_try(vm, &vm->set, false, vtmm_pool_size());
	if (!ret) {
		list_add_tail(&vm->pool_node, &vtmm_pool_members);
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
	list_del(&vm->pool_node);
	vtmm_pool_count--;
	vtmm_pool_update();
	mutex_unlock(&vtmm_pool_lock);
}

/**
 * vtmm_pool_change() - change a VM's claim
 * @vm: that joined
 * @set: its new settings
 * @extack: told why not
 *
 * Context: process context.
 * Return: 0, or why nothing was changed.
 */
int vtmm_pool_change(struct vtmm_vm *vm, const struct vtmm_settings *set,
		     struct netlink_ext_ack *extack)
{
	int ret;

	mutex_lock(&vtmm_pool_lock);
	ret = vtmm_pool_try(vm, set, true, vtmm_pool_size());
	if (!ret) {
		vtmm_pool_apply(vm, set);
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
	vm->member.demand = demand;
	vm->member.hot = hot;
	vtmm_pool_settle(vm);
	vtmm_pool_update();
	allotment = vm->member.allotment;
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
	allotment = vm->member.allotment;
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
	info->rate_bytes = vtmm_pool_rate;
}

/**
 * vtmm_pool_end() - the reader has seen enough
 */
void vtmm_pool_end(void)
{
	mutex_unlock(&vtmm_pool_lock);
}

/**
 * vtmm_pool_get_member() - the pool's record of a VM, for readers
 * @vm: that joined
 * @m: out
 */
void vtmm_pool_get_member(struct vtmm_vm *vm, struct vtmm_pool_member *m)
{
	mutex_lock(&vtmm_pool_lock);
	*m = vm->member;
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

/**
 * vtmm_pool_set_rate() - limit what moves on this host
 * @rate_bytes: bytes/s, 0 for no limit
 */
void vtmm_pool_set_rate(u64 rate_bytes)
{
	mutex_lock(&vtmm_pool_lock);
	vtmm_pool_rate = rate_bytes;
	mutex_unlock(&vtmm_pool_lock);
}

/**
 * vtmm_pool_rate_part() - what a VM may move if others want to move as much
 * @vm: that joined
 * @slack_us: see vtmm_limit_fill()
 * @spare: its part of the bytes that were not used, or NULL
 *
 * Context: process context.
 * Return: bytes/s, at least 1; U64_MAX when the host has no limit.
 */
u64 vtmm_pool_rate_part(struct vtmm_vm *vm, u64 slack_us, u64 *spare)
{
	u64 rate = U64_MAX;
	struct vtmm_vm *other;
	u32 n = 1;

	mutex_lock(&vtmm_pool_lock);
	list_for_each_entry(other, &vtmm_pool_members, pool_node)
		n += other != vm && READ_ONCE(other->migrating);
	if (vtmm_pool_rate)
		rate = max(div_u64(vtmm_pool_rate, n), 1ULL);
	if (spare)
		*spare = div_u64(vtmm_limit_fill(&vtmm_pool_limit, vtmm_pool_rate,
						 slack_us), n);
	mutex_unlock(&vtmm_pool_lock);
	return rate;
}

/**
 * vtmm_pool_rate_ask() - bytes want to move on this host
 * @bytes: how many
 *
 * Context: process context.
 * Return: a ticket for vtmm_pool_rate_reached().
 */
u64 vtmm_pool_rate_ask(u64 bytes)
{
	u64 ticket;

	mutex_lock(&vtmm_pool_lock);
	ticket = vtmm_limit_ask(&vtmm_pool_limit, bytes);
	mutex_unlock(&vtmm_pool_lock);
	return ticket;
}

/**
 * vtmm_pool_rate_reached() - may they move now?
 * @ticket: from vtmm_pool_rate_ask()
 * @slack_us: see vtmm_limit_reached()
 *
 * Context: process context.
 */
bool vtmm_pool_rate_reached(u64 ticket, u64 slack_us)
{
	bool reached;

	mutex_lock(&vtmm_pool_lock);
	reached = vtmm_limit_reached(&vtmm_pool_limit, vtmm_pool_rate, slack_us, ticket);
	mutex_unlock(&vtmm_pool_lock);
	return reached;
}

/**
 * vtmm_pool_rate_refund() - bytes that were asked for did not move
 * @bytes: how many
 *
 * Context: process context.
 */
void vtmm_pool_rate_refund(u64 bytes)
{
	mutex_lock(&vtmm_pool_lock);
	vtmm_pool_limit.asked -= bytes;
	mutex_unlock(&vtmm_pool_lock);
}
