// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl tier: show the tiers, or name their nodes. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "tiers.h"

/* What is typed: "fast=0" and "slow=1,2". */
struct wish {
	struct vtmm_host_info info;
	struct vtmm_tier_info tiers[2];
	struct nodes nodes[2];
};

static enum ctl_exit add_tier(struct ctl *ctl, struct wish *w, const char *arg)
{
	struct vtmm_tier_info *tier = &w->tiers[w->info.nr_tiers];
	struct nodes *nodes = &w->nodes[w->info.nr_tiers];
	const char *list = strchr(arg, '=');
	const char *problem;

	if (list && list - arg == 4 && !strncmp(arg, "fast", 4))
		tier->id = VTMM_TIER_FAST;
	else if (list && list - arg == 4 && !strncmp(arg, "slow", 4))
		tier->id = VTMM_TIER_SLOW;
	else
		return ctl_usage(ctl, "'%s' is not fast=NODES or slow=NODES",
				 arg);
	problem = parse_nodes(list + 1, nodes);
	if (problem)
		return ctl_usage(ctl, "'%s' %s", list + 1, problem);
	tier->nodes = nodes->node;
	tier->nr_nodes = nodes->nr;
	VTMM_SET(tier, VTMM_A_TIER_ID);
	VTMM_SET(tier, VTMM_A_TIER_NODE);
	w->info.nr_tiers++;
	return CTL_OK;
}

static enum ctl_exit send_wish(struct ctl *ctl, struct wish *w, int argc,
			       char **argv)
{
	enum ctl_exit ret = CTL_OK;

	w->info.tiers = w->tiers;
	VTMM_SET(&w->info, VTMM_A_INFO_TIER);
	for (int i = 0; !ret && i < argc; i++)
		ret = add_tier(ctl, w, argv[i]);
	if (!ret && w->info.nr_tiers == 2 && w->tiers[0].id == w->tiers[1].id)
		ret = ctl_usage(ctl, "tier: the same tier is named twice");
	return ret ? ret
		   : ctl_status(ctl, vtmm_tier_set(ctl->client, &w->info));
}

static enum ctl_exit change(struct ctl *ctl, int argc, char **argv)
{
	struct wish *w = calloc(1, sizeof(*w));
	enum ctl_exit ret;

	if (!w)
		return ctl_fail(ctl, "out of memory");
	ret = send_wish(ctl, w, argc, argv);
	free(w);
	return ret;
}

static void print_json(struct ctl *ctl, const struct vtmm_host_info *info)
{
	struct json_object *doc = json_object_new_object();
	struct json_object *tiers = json_object_new_array();

	for (size_t i = 0; i < info->nr_tiers; i++)
		json_object_array_add(tiers,
				      json_of(&vtmm_set_tier, &info->tiers[i]));
	json_object_object_add(doc, "tiers", tiers);
	json_print(ctl->out, doc);
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct vtmm_host_info info;
	enum ctl_exit ret = CTL_OK;

	(void)opts;
	if (argc)
		ret = change(ctl, argc, argv);
	if (!ret)
		ret = ctl_status(ctl, vtmm_info_get(ctl->client, &info));
	if (ret)
		return ret;
	if (ctl->json)
		print_json(ctl, &info);
	else
		tiers_print(ctl, &info);
	vtmm_host_info_free(&info);
	return CTL_OK;
}

const struct ctl_command cmd_tier = {
	.name = "tier",
	.args = "[fast=NODES] [slow=NODES]",
	.summary = "Show the tiers, or name the NUMA nodes they consist of",
	.details =
		"NODES is a list such as 0 or 1,3-5. Refused while VMs are attached.",
	.max_args = 2,
	.run = run,
};
