// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl pool: show the pool and its ledger, or change it. */
#include <string.h>

#include "draw.h"
#include "json.h"
#include "table.h"
#include "text.h"

struct pool_options {
	struct vtmm_pool_info wish;
	struct amount size;
	bool has_size;
};

static const char *set_size(void *options, const char *arg)
{
	struct pool_options *o = options;

	if (!strcmp(arg, "auto")) {
		o->wish.automatic = 1;
		VTMM_SET(&o->wish, VTMM_A_POOL_AUTO);
		return NULL;
	}
	o->has_size = true;
	if (!strcmp(arg, "none"))
		return "is not a size such as 64M, a part such as 80%, or auto";
	return parse_amount(arg, &o->size);
}

static const char *set_rate(void *options, const char *arg)
{
	struct vtmm_pool_info *wish = &((struct pool_options *)options)->wish;

	VTMM_SET(wish, VTMM_A_POOL_RATE_BYTES);
	return parse_rate(arg, &wish->rate_bytes);
}

static const struct ctl_option options[] = {
	{"size", 's', "SIZE", "set the size: 4G, 80% of the fast tier, auto",
	 set_size},
	{"rate", 'r', "RATE", "bytes/s that may move on this host: 100M, none",
	 set_rate},
	{NULL, 0, NULL, NULL, NULL},
};

/* Percentages are of the fast tier. */
static enum ctl_exit fast_pages(struct ctl *ctl, uint64_t *pages)
{
	struct vtmm_host_info info;
	enum ctl_exit ret = ctl_status(ctl, vtmm_info_get(ctl->client, &info));

	*pages = 0;
	if (ret)
		return ret;
	for (size_t i = 0; i < info.nr_tiers; i++)
		if (info.tiers[i].id == VTMM_TIER_FAST)
			*pages = info.tiers[i].total_bytes / VTMM_PAGE_SIZE;
	vtmm_host_info_free(&info);
	return CTL_OK;
}

static enum ctl_exit change(struct ctl *ctl, struct pool_options *o)
{
	enum ctl_exit ret = CTL_OK;
	uint64_t whole = 0;

	if (o->has_size && VTMM_HAS(&o->wish, VTMM_A_POOL_AUTO))
		return ctl_usage(ctl, "pool: one --size only");
	if (o->has_size) {
		if (o->size.kind == AMOUNT_PERCENT)
			ret = fast_pages(ctl, &whole);
		o->wish.size = amount_pages(&o->size, whole);
		VTMM_SET(&o->wish, VTMM_A_POOL_SIZE);
	}
	return ret ? ret
		   : ctl_status(ctl, vtmm_pool_set(ctl->client, &o->wish));
}

/*
 * What a VM could claim: its guarantee, and its part of the rest by shares.
 * With less than that it lends, because it needs no more; with more it borrows.
 */
static uint64_t due_of(const struct vtmm_pool_info *pool,
		       const struct vtmm_vm_info *vm)
{
	uint64_t rest = pool->size, shares = 0, due;

	for (size_t i = 0; i < pool->nr_members; i++) {
		uint64_t min = pool->members[i].fast_min;

		shares += pool->members[i].shares;
		rest -= min < rest ? min : rest;
	}
	due = vm->fast_min +
	      (shares ? rest / shares * vm->shares +
				rest % shares * vm->shares / shares
		      : 0);
	if (VTMM_HAS(vm, VTMM_A_VM_FAST_MAX) && due > vm->fast_max)
		due = vm->fast_max;
	return due;
}

static uint64_t more(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static struct json_object *ledger_json(const struct vtmm_pool_info *pool)
{
	struct json_object *o = json_of(&vtmm_set_pool, pool);
	struct json_object *members = json_object_object_get(o, "members");

	for (size_t i = 0; i < pool->nr_members; i++) {
		struct json_object *m = json_object_array_get_idx(members, i);
		const struct vtmm_vm_info *vm = &pool->members[i];
		uint64_t due = due_of(pool, vm);

		json_add_number(m, "lends", more(due, vm->allotment));
		json_add_number(m, "borrows", more(vm->allotment, due));
	}
	return o;
}

static void print_ledger(struct ctl *ctl, const struct vtmm_pool_info *pool)
{
	static const char *const head[] = {
		"ID",	     "NAME", "MIN",   "MAX",	 "SHARES", "DEMAND",
		"ALLOTMENT", "FAST", "LENDS", "BORROWS", NULL};
	struct table t;

	table_init(&t, ctl, 1 << 1, head);
	for (size_t i = 0; i < pool->nr_members; i++) {
		const struct vtmm_vm_info *m = &pool->members[i];
		bool limited = VTMM_HAS(m, VTMM_A_VM_FAST_MAX);
		uint64_t due = due_of(pool, m);

		table_cell(&t, "%u", m->id);
		table_text(&t, m->name);
		table_cell(&t, "%s", text_pages(m->fast_min).s);
		table_cell(&t, "%s",
			   text_limit(limited ? m->fast_max : VTMM_NO_LIMIT).s);
		table_cell(&t, "%u", m->shares);
		table_cell(&t, "%s", text_pages(m->demand).s);
		table_cell(&t, "%s", text_pages(m->allotment).s);
		table_cell(&t, "%s", text_pages(m->pages_fast).s);
		table_cell(&t, "%s", text_pages(more(due, m->allotment)).s);
		table_cell(&t, "%s", text_pages(more(m->allotment, due)).s);
	}
	table_print(&t, ctl->out);
}

static void print_text(struct ctl *ctl, const struct vtmm_pool_info *pool)
{
	uint64_t used = pool->size > pool->free ? pool->size - pool->free : 0;

	fprintf(ctl->out, "pool  ");
	draw_bar(ctl, COLOUR_FAST, used, pool->size, 24);
	fprintf(ctl->out, "  %s allotted of %s%s, rate limit %s\n",
		text_pages(used).s, text_pages(pool->size).s,
		pool->automatic ? " (auto)" : "",
		text_rate(pool->rate_bytes).s);
	if (pool->nr_members)
		print_ledger(ctl, pool);
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct pool_options *o = opts;
	struct vtmm_pool_info pool;
	struct json_object *doc;
	enum ctl_exit ret = CTL_OK;

	(void)argc;
	(void)argv;
	if (o->has_size || o->wish.present)
		ret = change(ctl, o);
	if (!ret)
		ret = ctl_status(ctl, vtmm_pool_get(ctl->client, &pool));
	if (ret)
		return ret;
	if (ctl->json) {
		doc = json_object_new_object();
		json_object_object_add(doc, "pool", ledger_json(&pool));
		json_print(ctl->out, doc);
	} else {
		print_text(ctl, &pool);
	}
	vtmm_pool_info_free(&pool);
	return CTL_OK;
}

const struct ctl_command cmd_pool = {
	.name = "pool",
	.args = "",
	.summary = "Show or change the pool of fast memory",
	.details =
		"The ledger says who is allotted how much, who lends and who borrows.",
	.options = options,
	.options_size = sizeof(struct pool_options),
	.run = run,
};
