// SPDX-License-Identifier: GPL-2.0-only
/*
 * heat: the commands that show heat: the histogram and the plan from
 * the last window's snapshot, the maps from the tables themselves.
 */
#include "compat/genl.h"
#include "netlink/internal.h"
#include "round.h"
#include "vm.h"

static_assert(VTMM_NR_BUCKETS == VTMM_TEMPS);
static_assert(VTMM_HYSTERESIS_MAX == VTMM_TEMP_MAX);

static int vtmm_put_bucket(struct sk_buff *skb, const struct vtmm_hist *hist, int temp)
{
	static const int attr[VTMM_NR_TIERS] = {
		[VTMM_TIER_FAST] = VTMM_A_BUCKET_FAST,
		[VTMM_TIER_SLOW] = VTMM_A_BUCKET_SLOW,
	};
	struct nlattr *nest = nla_nest_start(skb, VTMM_A_HEAT_BUCKET);
	int t;

	if (!nest || nla_put_u32(skb, VTMM_A_BUCKET_TEMP, temp))
		return -EMSGSIZE;
	for (t = 0; t < VTMM_NR_TIERS; t++)
		if (vtmm_put_u64(skb, attr[t], hist->pages[t][temp]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int vtmm_put_heat(struct sk_buff *skb, u32 id, const struct vtmm_snapshot *snap)
{
	int temp;

	if (nla_put_u32(skb, VTMM_A_HEAT_VM_ID, id) ||
	    vtmm_put_u64(skb, VTMM_A_HEAT_ROUND, snap->hist_round) ||
	    vtmm_put_u64(skb, VTMM_A_HEAT_AGE_US, vtmm_nl_age_us(snap->hist_ktime)) ||
	    nla_put_u32(skb, VTMM_A_HEAT_HOT_TEMP, snap->plan.hot_temp))
		return -EMSGSIZE;
	for (temp = 0; temp < VTMM_TEMPS; temp++)
		if (vtmm_put_bucket(skb, &snap->hist, temp))
			return -EMSGSIZE;
	return 0;
}

static int vtmm_put_plan(struct sk_buff *skb, u32 id, const struct vtmm_snapshot *snap)
{
	const struct vtmm_plan *plan = &snap->plan;
	enum vtmm_plan_reason reason = snap->hist_round ? plan->reason :
							  VTMM_PLAN_WARMUP;

	if (nla_put_u32(skb, VTMM_A_PLAN_VM_ID, id) ||
	    vtmm_put_u64(skb, VTMM_A_PLAN_ROUND, snap->hist_round) ||
	    vtmm_put_u64(skb, VTMM_A_PLAN_AGE_US, vtmm_nl_age_us(snap->hist_ktime)) ||
	    vtmm_put_u64(skb, VTMM_A_PLAN_PROMOTE, plan->promote) ||
	    vtmm_put_u64(skb, VTMM_A_PLAN_DEMOTE, plan->demote) ||
	    nla_put_u32(skb, VTMM_A_PLAN_PROMOTE_TEMP, plan->promote_temp) ||
	    nla_put_u32(skb, VTMM_A_PLAN_DEMOTE_TEMP, plan->demote_temp) ||
	    vtmm_put_u64(skb, VTMM_A_PLAN_HOT, plan->hot) ||
	    nla_put_string(skb, VTMM_A_PLAN_REASON, vtmm_plan_reason_text(reason)))
		return -EMSGSIZE;
	return 0;
}

static_assert((int)VTMM_A_HEAT_VM_ID == (int)VTMM_A_PLAN_VM_ID);

/* Copies the snapshot of the VM that is named; *id says which it was. */
static struct vtmm_snapshot *vtmm_nl_snapshot(struct genl_info *info, u32 *id)
{
	struct nlattr *attr = info->attrs[VTMM_A_HEAT_VM_ID];
	struct vtmm_snapshot *snap;
	struct vtmm_vm *vm;

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "name the VM by its id");
		return ERR_PTR(-EINVAL);
	}
	snap = kmalloc(sizeof(*snap), GFP_KERNEL);
	if (!snap)
		return ERR_PTR(-ENOMEM);
	*id = nla_get_u32(attr);
	mutex_lock(&vtmm_vms_lock);
	vm = vtmm_vm_by_id(*id);
	if (vm)
		vtmm_snapshot_get(vm, snap);
	mutex_unlock(&vtmm_vms_lock);
	if (!vm) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "no such VM is attached");
		kfree(snap);
		return ERR_PTR(-ENOENT);
	}
	return snap;
}

static int vtmm_reply_snapshot(struct genl_info *info,
			       int (*put)(struct sk_buff *skb, u32 id,
					  const struct vtmm_snapshot *snap))
{
	struct vtmm_snapshot *snap;
	struct vtmm_nl_reply r;
	u32 id = 0;
	int ret;

	snap = vtmm_nl_snapshot(info, &id);
	if (IS_ERR(snap))
		return PTR_ERR(snap);
	ret = vtmm_nl_reply_begin(&r, info, NLMSG_GOODSIZE);
	if (!ret)
		ret = vtmm_nl_reply_end(&r, info, put(r.skb, id, snap));
	kfree(snap);
	return ret;
}

int vtmm_nl_heat_get(struct sk_buff *skb, struct genl_info *info)
{
	return vtmm_reply_snapshot(info, vtmm_put_heat);
}

int vtmm_nl_plan_get(struct sk_buff *skb, struct genl_info *info)
{
	return vtmm_reply_snapshot(info, vtmm_put_plan);
}

/**
 * struct vtmm_map_ctx - where a dump of a VM's memory has got to
 * @id: VM
 * @gfn: next to show
 * @end: exclusive
 */
struct vtmm_map_ctx {
	u32 id;
	u64 gfn;
	u64 end;
};

static_assert(sizeof(struct vtmm_map_ctx) <= sizeof_field(struct netlink_callback, ctx));

static int vtmm_map_begin(struct netlink_callback *cb, int id, int start, int end)
{
	struct vtmm_map_ctx *ctx = (struct vtmm_map_ctx *)cb->ctx;
	struct nlattr **attrs = vtmm_compat_dump_attrs(cb);
	bool found;

	if (!attrs[id]) {
		NL_SET_ERR_MSG(cb->extack, "name the VM by its id");
		return -EINVAL;
	}
	ctx->id = nla_get_u32(attrs[id]);
	ctx->gfn = attrs[start] ? nla_get_u64(attrs[start]) : 0;
	ctx->end = attrs[end] ? nla_get_u64(attrs[end]) : U64_MAX;
	mutex_lock(&vtmm_vms_lock);
	found = vtmm_vm_by_id(ctx->id);
	mutex_unlock(&vtmm_vms_lock);
	if (!found) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[id], "no such VM is attached");
		return -ENOENT;
	}
	return 0;
}

int vtmm_nl_map_start(struct netlink_callback *cb)
{
	return vtmm_map_begin(cb, VTMM_A_HEATMAP_VM_ID, VTMM_A_HEATMAP_START_GFN,
			      VTMM_A_HEATMAP_END_GFN);
}

int vtmm_nl_pages_start(struct netlink_callback *cb)
{
	return vtmm_map_begin(cb, VTMM_A_PAGES_VM_ID, VTMM_A_PAGES_START_GFN,
			      VTMM_A_PAGES_END_GFN);
}

static int vtmm_put_chunk_tiers(struct sk_buff *skb, const struct vtmm_chunk_info *c)
{
	static const int attr[VTMM_NR_TIERS] = {
		[VTMM_TIER_FAST] = VTMM_A_CHUNK_FAST,
		[VTMM_TIER_SLOW] = VTMM_A_CHUNK_SLOW,
	};
	int t, ret = 0;

	for (t = 0; t < VTMM_NR_TIERS && !ret; t++)
		ret = nla_put_u32(skb, attr[t], c->in_tier[t]);
	return ret;
}

static int vtmm_put_chunk(struct sk_buff *skb, const struct vtmm_chunk_info *c)
{
	struct nlattr *nest = nla_nest_start(skb, VTMM_A_HEATMAP_CHUNK);

	if (!nest)
		return -EMSGSIZE;
	if (vtmm_put_u64(skb, VTMM_A_CHUNK_GFN, c->gfn) ||
	    vtmm_put_chunk_tiers(skb, c) ||
	    nla_put_u32(skb, VTMM_A_CHUNK_TOUCHED, c->touched) ||
	    nla_put_u32(skb, VTMM_A_CHUNK_TEMP_MAX, c->temp_max) ||
	    nla_put_u32(skb, VTMM_A_CHUNK_TEMP_SUM, c->temp_sum) ||
	    nla_put_u8(skb, VTMM_A_CHUNK_HUGE, c->huge)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int vtmm_put_run(struct sk_buff *skb, const struct vtmm_run *run)
{
	struct nlattr *nest = nla_nest_start(skb, VTMM_A_PAGES_RUN);

	if (!nest)
		return -EMSGSIZE;
	if (vtmm_put_u64(skb, VTMM_A_RUN_GFN, run->gfn) ||
	    nla_put_u32(skb, VTMM_A_RUN_COUNT, run->count) ||
	    nla_put_u32(skb, VTMM_A_RUN_READ, run->read) ||
	    nla_put_u32(skb, VTMM_A_RUN_WRITTEN, run->written) ||
	    (run->tier >= 0 && nla_put_u32(skb, VTMM_A_RUN_TIER, run->tier)) ||
	    nla_put_u32(skb, VTMM_A_RUN_LEVEL, run->level) ||
	    nla_put_u8(skb, VTMM_A_RUN_HUGE, run->huge) ||
	    nla_put_u8(skb, VTMM_A_RUN_SAMPLED, run->sampled)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* As many chunks as fit. */
static void vtmm_fill_chunks(struct sk_buff *skb, struct vtmm_vm *vm,
			     struct vtmm_map_ctx *ctx)
{
	struct vtmm_chunk_info c;

	while (ctx->gfn < ctx->end) {
		if (!vtmm_heat_next_chunk(&vm->heat, ctx->gfn, vm->round, &c) ||
		    c.gfn >= ctx->end) {
			ctx->gfn = ctx->end;
			break;
		}
		if (vtmm_put_chunk(skb, &c))
			break;
		ctx->gfn = c.gfn + VTMM_CHUNK_PAGES;
	}
}

/* As many runs as fit. */
static void vtmm_fill_runs(struct sk_buff *skb, struct vtmm_vm *vm,
			   struct vtmm_map_ctx *ctx)
{
	struct vtmm_run run;

	while (ctx->gfn < ctx->end) {
		if (!vtmm_heat_next_run(&vm->heat, ctx->gfn, vm->round, &run) ||
		    run.gfn >= ctx->end) {
			ctx->gfn = ctx->end;
			break;
		}
		run.count = min_t(u64, run.count, ctx->end - run.gfn);
		if (vtmm_put_run(skb, &run))
			break;
		ctx->gfn = run.gfn + run.count;
	}
}

/**
 * struct vtmm_map_kind - one of the two dumps of a VM's memory
 * @cmd: command
 * @id: attributes that head each message
 * @round: see @id
 * @age: see @id
 * @fill: writes what fits
 */
struct vtmm_map_kind {
	u8 cmd;
	int id;
	int round;
	int age;
	void (*fill)(struct sk_buff *skb, struct vtmm_vm *vm, struct vtmm_map_ctx *ctx);
};

static int vtmm_map_fill(struct sk_buff *skb, struct vtmm_vm *vm,
			 struct vtmm_map_ctx *ctx, const struct vtmm_map_kind *kind)
{
	int ret = 0;

	mutex_lock(&vm->lock);
	if (nla_put_u32(skb, kind->id, vm->id) ||
	    vtmm_put_u64(skb, kind->round, vm->round) ||
	    vtmm_put_u64(skb, kind->age, vtmm_nl_age_us(vm->round_end)))
		ret = -EMSGSIZE;
	else
		kind->fill(skb, vm, ctx);
	mutex_unlock(&vm->lock);
	return ret;
}

/* A VM that was detached since the last message ends the dump. */
static int vtmm_map_dump(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct vtmm_map_kind *kind)
{
	struct vtmm_map_ctx *ctx = (struct vtmm_map_ctx *)cb->ctx;
	struct vtmm_vm *vm;
	int ret = 0;
	void *hdr;

	if (ctx->gfn >= ctx->end)
		return 0;
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &vtmm_family, NLM_F_MULTI, kind->cmd);
	if (!hdr)
		return -EMSGSIZE;
	mutex_lock(&vtmm_vms_lock);
	vm = vtmm_vm_by_id(ctx->id);
	if (vm)
		ret = vtmm_map_fill(skb, vm, ctx, kind);
	mutex_unlock(&vtmm_vms_lock);
	if (!vm || ret) {
		genlmsg_cancel(skb, hdr);
		return ret;
	}
	genlmsg_end(skb, hdr);
	return skb->len;
}

int vtmm_nl_map_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const struct vtmm_map_kind kind = {
		.cmd = VTMM_CMD_HEATMAP_GET,
		.id = VTMM_A_HEATMAP_VM_ID,
		.round = VTMM_A_HEATMAP_ROUND,
		.age = VTMM_A_HEATMAP_AGE_US,
		.fill = vtmm_fill_chunks,
	};

	return vtmm_map_dump(skb, cb, &kind);
}

int vtmm_nl_pages_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const struct vtmm_map_kind kind = {
		.cmd = VTMM_CMD_PAGES_GET,
		.id = VTMM_A_PAGES_VM_ID,
		.round = VTMM_A_PAGES_ROUND,
		.age = VTMM_A_PAGES_AGE_US,
		.fill = vtmm_fill_runs,
	};

	return vtmm_map_dump(skb, cb, &kind);
}
