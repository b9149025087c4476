// SPDX-License-Identifier: GPL-2.0-only
/*
 * tiers: which NUMA nodes are fast, which are slow, and how much room they
 * have. It must never make an allocation wake reclaim: room is what lies above
 * the high watermarks.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/netlink.h>
#include <linux/nodemask.h>
#include "tiers.h"
#include "vtmm.h"

#define VTMM_NO_TIER	0xff

/* Fastest first, as everywhere. */
static const char * const vtmm_tier_names[VTMM_NR_TIERS] = {
	[VTMM_TIER_FAST] = "fast",
	[VTMM_TIER_SLOW] = "slow",
};

static char *vtmm_tier_param[VTMM_NR_TIERS];

module_param_named(fast, vtmm_tier_param[VTMM_TIER_FAST], charp, 0444);
MODULE_PARM_DESC(fast, "NUMA nodes of the fast tier, such as 0 or 0-1 (default: nodes with CPUs)");

module_param_named(slow, vtmm_tier_param[VTMM_TIER_SLOW], charp, 0444);
MODULE_PARM_DESC(slow, "NUMA nodes of the slow tier (default: nodes with memory but no CPUs)");

/*
 * Written at load, and under vtmm_vms_lock while no VM is attached; read
 * without a lock by the workers of attached VMs.
 */
static u8 vtmm_node_tiers[MAX_NUMNODES];
static bool vtmm_guessed;

/**
 * vtmm_node_tier() - the tier of a node
 * @nid: node
 *
 * Context: any.
 * Return: an enum vtmm_tier, or -ENOENT when the node is in none.
 */
int vtmm_node_tier(int nid)
{
	u8 tier = vtmm_node_tiers[nid];

	return tier == VTMM_NO_TIER ? -ENOENT : tier;
}

/**
 * vtmm_tiers_guessed() - did nobody name the tiers?
 */
bool vtmm_tiers_guessed(void)
{
	return vtmm_guessed;
}

/**
 * vtmm_tier_nodes() - the nodes of a tier that have memory
 * @tier: which
 * @nodes: out
 */
void vtmm_tier_nodes(enum vtmm_tier tier, nodemask_t *nodes)
{
	int nid;

	nodes_clear(*nodes);
	for_each_node_state(nid, N_MEMORY)
		if (vtmm_node_tiers[nid] == tier)
			node_set(nid, *nodes);
}

static void vtmm_tiers_assign(const nodemask_t tier[VTMM_NR_TIERS])
{
	int nid, t;

	memset(vtmm_node_tiers, VTMM_NO_TIER, sizeof(vtmm_node_tiers));
	for (t = 0; t < VTMM_NR_TIERS; t++)
		for_each_node_mask(nid, tier[t])
			vtmm_node_tiers[nid] = t;
}

static const char *vtmm_tiers_wrong(const nodemask_t tier[VTMM_NR_TIERS])
{
	nodemask_t all = NODE_MASK_NONE;
	int t;

	for (t = 0; t < VTMM_NR_TIERS; t++) {
		if (nodes_intersects(tier[t], all))
			return "a node can't be in both tiers";
		nodes_or(all, all, tier[t]);
	}
	for (t = 0; t < VTMM_NR_TIERS; t++)
		if (!nodes_subset(tier[t], node_states[N_MEMORY]))
			return "a node of a tier does not exist or has no memory";
	if (nodes_empty(tier[VTMM_TIER_FAST]))
		return "the fast tier has no node";
	return NULL;
}

/**
 * vtmm_tiers_set() - name the tiers
 * @tier: nodes of each
 * @extack: told why not; may be NULL
 *
 * Context: process context, vtmm_vms_lock held, no VM attached.
 * Return: 0, -EBUSY while VMs are attached, -EINVAL for nodes that don't do.
 */
int vtmm_tiers_set(const nodemask_t tier[VTMM_NR_TIERS],
		   struct netlink_ext_ack *extack)
{
	const char *why = vtmm_tiers_wrong(tier);

	lockdep_assert_held(&vtmm_vms_lock);
	if (why) {
		if (extack)
			extack->_msg = why;
		return -EINVAL;
	}
	if (!list_empty(&vtmm_vms)) {
		NL_SET_ERR_MSG(extack,
			       "tiers can't change while VMs are attached: detach them first");
		return -EBUSY;
	}
	vtmm_tiers_assign(tier);
	vtmm_guessed = false;
	return 0;
}

/* Nodes with CPUs are fast, memory without CPUs (CXL, PMEM, far DRAM) slow. */
static void vtmm_tiers_guess(nodemask_t tier[VTMM_NR_TIERS])
{
	int nid;

	for_each_node_state(nid, N_MEMORY)
		node_set(nid, tier[node_state(nid, N_CPU) ? VTMM_TIER_FAST :
							    VTMM_TIER_SLOW]);
}

/**
 * vtmm_tiers_complete() - a tier that nobody named gets the nodes that are left
 * @tier: nodes of each, none of those that are not named
 * @named: which are
 *
 * The slowest one gets them if there are several.
 */
void vtmm_tiers_complete(nodemask_t tier[VTMM_NR_TIERS], const bool named[VTMM_NR_TIERS])
{
	nodemask_t left = node_states[N_MEMORY];
	int t, last = -1;

	for (t = 0; t < VTMM_NR_TIERS; t++) {
		if (!named[t])
			last = t;
		nodes_andnot(left, left, tier[t]);
	}
	if (last >= 0)
		tier[last] = left;
}

static int __init vtmm_tiers_parse(nodemask_t tier[VTMM_NR_TIERS])
{
	bool named[VTMM_NR_TIERS];
	int t;

	for (t = 0; t < VTMM_NR_TIERS; t++) {
		named[t] = vtmm_tier_param[t];
		if (named[t] && nodelist_parse(vtmm_tier_param[t], tier[t]))
			return -EINVAL;
	}
	vtmm_tiers_complete(tier, named);
	return 0;
}

static bool __init vtmm_tiers_unnamed(void)
{
	int t;

	for (t = 0; t < VTMM_NR_TIERS; t++)
		if (vtmm_tier_param[t])
			return false;
	return true;
}

/**
 * vtmm_tiers_init() - take the tiers from the parameters, or guess them
 *
 * Context: module init.
 * Return: 0 or -EINVAL; says why in the log.
 */
int __init vtmm_tiers_init(void)
{
	nodemask_t tier[VTMM_NR_TIERS] = {};
	const char *why;

	vtmm_guessed = vtmm_tiers_unnamed();
	if (vtmm_guessed) {
		vtmm_tiers_guess(tier);
	} else if (vtmm_tiers_parse(tier)) {
		pr_err("fast and slow take lists of nodes, such as fast=0 slow=1,2\n");
		return -EINVAL;
	}
	why = vtmm_tiers_wrong(tier);
	if (why) {
		pr_err("%s; check the parameters fast and slow\n", why);
		return -EINVAL;
	}
	vtmm_tiers_assign(tier);
	return 0;
}

/**
 * vtmm_tiers_print() - "fast=0 slow=1", for the log
 * @buf: out
 * @len: of @buf
 */
void vtmm_tiers_print(char *buf, size_t len)
{
	nodemask_t nodes;
	size_t n = 0;
	int t;

	for (t = 0; t < VTMM_NR_TIERS; t++) {
		vtmm_tier_nodes(t, &nodes);
		n += scnprintf(buf + n, len - n, "%s%s=", t ? " " : "",
			       vtmm_tier_names[t]);
		if (nodes_empty(nodes))
			n += scnprintf(buf + n, len - n, "none");
		else
			n += scnprintf(buf + n, len - n, "%*pbl",
				       nodemask_pr_args(&nodes));
	}
}

/* Pages that may be taken from a zone before reclaim would care. */
static u64 vtmm_zone_room(struct zone *zone)
{
	unsigned long free = zone_page_state(zone, NR_FREE_PAGES);
	unsigned long keep = high_wmark_pages(zone) +
			     zone->lowmem_reserve[ZONE_MOVABLE];

	return free > keep ? free - keep : 0;
}

static u64 vtmm_node_room(int nid)
{
	struct zone *zones = NODE_DATA(nid)->node_zones;
	u64 room = 0;
	int i;

	for (i = 0; i <= ZONE_MOVABLE; i++)
		if (managed_zone(&zones[i]))
			room += vtmm_zone_room(&zones[i]);
	return room;
}

/**
 * vtmm_tier_room() - pages that can be allocated on a tier without reclaim
 * @tier: which
 *
 * Context: any.
 */
u64 vtmm_tier_room(enum vtmm_tier tier)
{
	u64 room = 0;
	int nid;

	for_each_node_state(nid, N_MEMORY)
		if (vtmm_node_tiers[nid] == tier)
			room += vtmm_node_room(nid);
	return room;
}

/**
 * vtmm_tier_target() - the node of a tier that has the most room
 * @tier: which
 *
 * Context: any.
 * Return: the node, or NUMA_NO_NODE when none has room.
 */
int vtmm_tier_target(enum vtmm_tier tier)
{
	int nid, best = NUMA_NO_NODE;
	u64 room, most = 0;

	for_each_node_state(nid, N_MEMORY) {
		if (vtmm_node_tiers[nid] != tier)
			continue;
		room = vtmm_node_room(nid);
		if (room > most) {
			most = room;
			best = nid;
		}
	}
	return best;
}

static u64 vtmm_tier_sum(enum vtmm_tier tier, u64 (*pages)(struct zone *zone))
{
	struct zone *zones;
	u64 sum = 0;
	int nid, i;

	for_each_node_state(nid, N_MEMORY) {
		if (vtmm_node_tiers[nid] != tier)
			continue;
		zones = NODE_DATA(nid)->node_zones;
		for (i = 0; i <= ZONE_MOVABLE; i++)
			if (managed_zone(&zones[i]))
				sum += pages(&zones[i]);
	}
	return sum;
}

static u64 vtmm_zone_free(struct zone *zone)
{
	return zone_page_state(zone, NR_FREE_PAGES);
}

static u64 vtmm_zone_total(struct zone *zone)
{
	return zone_managed_pages(zone);
}

/**
 * vtmm_tier_total() - pages of memory in a tier
 * @tier: which
 */
u64 vtmm_tier_total(enum vtmm_tier tier)
{
	return vtmm_tier_sum(tier, vtmm_zone_total);
}

/**
 * vtmm_tier_free() - free pages in a tier
 * @tier: which
 */
u64 vtmm_tier_free(enum vtmm_tier tier)
{
	return vtmm_tier_sum(tier, vtmm_zone_free);
}
