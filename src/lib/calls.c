// SPDX-License-Identifier: GPL-2.0-only
/*
 * calls: one function for each command of the family. What an answer must hold
 * is checked here; who calls gets it whole or not at all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

/* Where an answer goes, and what it must hold. */
struct target {
	const struct vtmm_set *set;
	void *obj;
	uint64_t needed;
	bool seen;
};

#define BIT_OF(attr) (1ull << (attr))
#define VM_NEEDS (BIT_OF(VTMM_A_VM_ID) | BIT_OF(VTMM_A_VM_PID))

static enum vtmm_status missing(struct vtmm_client *c,
				const struct vtmm_set *set)
{
	return vtmm_fail(
		c, VTMM_BAD_ANSWER,
		"the module left out what the ABI demands: %s; report this as a bug",
		set->name);
}

static enum vtmm_status into_target(struct vtmm_client *c, struct nlmsghdr *nlh,
				    void *ctx)
{
	struct target *t = ctx;
	enum vtmm_status ret;
	uint64_t present;

	if (t->seen)
		return vtmm_fail(
			c, VTMM_BAD_ANSWER,
			"the module answered twice; report this as a bug");
	t->seen = true;
	ret = vtmm_decode_answer(c, nlh, t->set, t->obj);
	memcpy(&present, t->obj, sizeof(present));
	if (!ret && (present & t->needed) != t->needed)
		ret = missing(c, t->set);
	return ret;
}

/* Asks for one object; on failure nothing of it is left. */
static enum vtmm_status get(struct vtmm_client *c, struct vtmm_request *r,
			    struct target *t)
{
	enum vtmm_status ret;

	memset(t->obj, 0, t->set->size);
	r->answer = into_target;
	r->ctx = t;
	ret = vtmm_ask(c, r);
	if (!ret && !t->seen)
		ret = missing(c, t->set);
	if (ret)
		vtmm_obj_free(t->set, t->obj);
	return ret;
}

/**
 * vtmm_info_get() - what the module is and what it found
 * @c: the client
 * @info: the answer
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_info_get(struct vtmm_client *c,
			       struct vtmm_host_info *info)
{
	struct vtmm_request r = {.cmd = VTMM_CMD_INFO_GET};
	struct target t = {&vtmm_set_info, info,
			   BIT_OF(VTMM_A_INFO_ABI) |
				   BIT_OF(VTMM_A_INFO_VERSION)};

	return get(c, &r, &t);
}

/**
 * vtmm_tier_set() - name the nodes of the tiers
 * @c: the client
 * @tiers: the list of tiers counts, each with its id and nodes
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_tier_set(struct vtmm_client *c,
			       const struct vtmm_host_info *tiers)
{
	struct vtmm_request r = {
		.cmd = VTMM_CMD_TIER_SET, .set = &vtmm_set_info, .obj = tiers};

	return vtmm_ask(c, &r);
}

/**
 * vtmm_pool_get() - the pool and its ledger
 * @c: the client
 * @pool: the answer
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_pool_get(struct vtmm_client *c,
			       struct vtmm_pool_info *pool)
{
	struct vtmm_request r = {.cmd = VTMM_CMD_POOL_GET};
	struct target t = {&vtmm_set_pool, pool, BIT_OF(VTMM_A_POOL_SIZE)};

	return get(c, &r, &t);
}

/**
 * vtmm_pool_set() - change the pool
 * @c: the client
 * @pool: what to change: size or automatic, rate_bytes
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_pool_set(struct vtmm_client *c,
			       const struct vtmm_pool_info *pool)
{
	struct vtmm_request r = {
		.cmd = VTMM_CMD_POOL_SET, .set = &vtmm_set_pool, .obj = pool};

	return vtmm_ask(c, &r);
}

/**
 * vtmm_vm_attach() - start to manage a VM
 * @c: the client
 * @wish: pid, and what else shall not be as by default
 * @vm: the VM as it was attached
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_vm_attach(struct vtmm_client *c,
				const struct vtmm_vm_info *wish,
				struct vtmm_vm_info *vm)
{
	struct vtmm_request r = {
		.cmd = VTMM_CMD_VM_ATTACH, .set = &vtmm_set_vm, .obj = wish};
	struct target t = {&vtmm_set_vm, vm, VM_NEEDS};

	return get(c, &r, &t);
}

/**
 * vtmm_vm_detach() - stop managing a VM
 * @c: the client
 * @id: of the VM
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_vm_detach(struct vtmm_client *c, uint32_t id)
{
	struct vtmm_vm_info vm = {.present = BIT_OF(VTMM_A_VM_ID), .id = id};
	struct vtmm_request r = {
		.cmd = VTMM_CMD_VM_DETACH, .set = &vtmm_set_vm, .obj = &vm};

	return vtmm_ask(c, &r);
}

/**
 * vtmm_vm_get() - settings, state and counters of a VM
 * @c: the client
 * @id: of the VM
 * @vm: the answer
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_vm_get(struct vtmm_client *c, uint32_t id,
			     struct vtmm_vm_info *vm)
{
	struct vtmm_vm_info key = {.present = BIT_OF(VTMM_A_VM_ID), .id = id};
	struct vtmm_request r = {
		.cmd = VTMM_CMD_VM_GET, .set = &vtmm_set_vm, .obj = &key};
	struct target t = {&vtmm_set_vm, vm, VM_NEEDS};

	return get(c, &r, &t);
}

static enum vtmm_status into_list(struct vtmm_client *c, struct nlmsghdr *nlh,
				  void *ctx)
{
	struct vtmm_vm_list *list = ctx;
	struct vtmm_vm_info *vms, *vm;
	enum vtmm_status ret;

	vms = reallocarray(list->vms, list->nr + 1, sizeof(*vms));
	if (!vms)
		return vtmm_fail_errno(c, "list the VMs", -ENOMEM);
	list->vms = vms;
	vm = &vms[list->nr++];
	memset(vm, 0, sizeof(*vm));
	ret = vtmm_decode_answer(c, nlh, &vtmm_set_vm, vm);
	if (!ret && (vm->present & VM_NEEDS) != VM_NEEDS)
		ret = missing(c, &vtmm_set_vm);
	return ret;
}

/**
 * vtmm_vm_list() - all attached VMs
 * @c: the client
 * @list: the answer, to be freed by vtmm_vm_list_free()
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_vm_list(struct vtmm_client *c, struct vtmm_vm_list *list)
{
	struct vtmm_request r = {.cmd = VTMM_CMD_VM_GET,
				 .dump = true,
				 .answer = into_list,
				 .ctx = list};
	enum vtmm_status ret;

	memset(list, 0, sizeof(*list));
	ret = vtmm_ask(c, &r);
	if (ret)
		vtmm_vm_list_free(list);
	return ret;
}

/**
 * vtmm_vm_set() - change settings of a VM
 * @c: the client
 * @wish: id, and what shall change
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_vm_set(struct vtmm_client *c,
			     const struct vtmm_vm_info *wish)
{
	struct vtmm_request r = {
		.cmd = VTMM_CMD_VM_SET, .set = &vtmm_set_vm, .obj = wish};

	return vtmm_ask(c, &r);
}

/* All buckets, in order: who draws them need not look again. */
static bool whole(const struct vtmm_heat_info *heat)
{
	if (heat->nr_buckets != VTMM_NR_BUCKETS ||
	    heat->hot_temp > VTMM_NR_BUCKETS)
		return false;
	for (uint32_t i = 0; i < VTMM_NR_BUCKETS; i++)
		if (heat->buckets[i].temp != i)
			return false;
	return true;
}

/**
 * vtmm_heat_get() - the histogram of a VM
 * @c: the client
 * @id: of the VM
 * @heat: the answer: VTMM_NR_BUCKETS buckets, coldest first; to be freed by
 *	vtmm_heat_info_free()
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_heat_get(struct vtmm_client *c, uint32_t id,
			       struct vtmm_heat_info *heat)
{
	struct vtmm_heat_info key = {.present = BIT_OF(VTMM_A_HEAT_VM_ID),
				     .vm_id = id};
	struct vtmm_request r = {
		.cmd = VTMM_CMD_HEAT_GET, .set = &vtmm_set_heat, .obj = &key};
	struct target t = {&vtmm_set_heat, heat, BIT_OF(VTMM_A_HEAT_VM_ID)};
	enum vtmm_status ret = get(c, &r, &t);

	if (!ret && !whole(heat)) {
		vtmm_heat_info_free(heat);
		ret = vtmm_fail(
			c, VTMM_BAD_ANSWER,
			"the module sent a histogram that is not whole; report this as a bug");
	}
	return ret;
}

/**
 * vtmm_plan_get() - what the next window would move, and why
 * @c: the client
 * @id: of the VM
 * @plan: the answer
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_plan_get(struct vtmm_client *c, uint32_t id,
			       struct vtmm_plan_info *plan)
{
	struct vtmm_plan_info key = {.present = BIT_OF(VTMM_A_PLAN_VM_ID),
				     .vm_id = id};
	struct vtmm_request r = {
		.cmd = VTMM_CMD_PLAN_GET, .set = &vtmm_set_plan, .obj = &key};
	struct target t = {&vtmm_set_plan, plan,
			   BIT_OF(VTMM_A_PLAN_PROMOTE) |
				   BIT_OF(VTMM_A_PLAN_DEMOTE)};

	return get(c, &r, &t);
}

/**
 * vtmm_host_info_free() - free what an answer of vtmm_info_get() points to
 * @info: the answer, or zeroed
 */
void vtmm_host_info_free(struct vtmm_host_info *info)
{
	vtmm_obj_free(&vtmm_set_info, info);
}

/**
 * vtmm_pool_info_free() - free what an answer of vtmm_pool_get() points to
 * @pool: the answer, or zeroed
 */
void vtmm_pool_info_free(struct vtmm_pool_info *pool)
{
	vtmm_obj_free(&vtmm_set_pool, pool);
}

/**
 * vtmm_vm_list_free() - free the VMs of a list
 * @list: the list, or zeroed; empty afterwards
 */
void vtmm_vm_list_free(struct vtmm_vm_list *list)
{
	free(list->vms);
	memset(list, 0, sizeof(*list));
}

/**
 * vtmm_heat_info_free() - free the buckets of a histogram
 * @heat: the histogram, or zeroed
 */
void vtmm_heat_info_free(struct vtmm_heat_info *heat)
{
	vtmm_obj_free(&vtmm_set_heat, heat);
}
