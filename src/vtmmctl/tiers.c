// SPDX-License-Identifier: GPL-2.0-only
/* tiers: the tiers for people, in tier and in status. */
#include "../lib/fields.h"
#include "draw.h"
#include "text.h"
#include "tiers.h"

#define BAR_WIDTH 24

/* Nodes as the list that `vtmmctl tier` also takes: 0,2,3. */
static void node_list(char *to, size_t size, const struct vtmm_tier_info *tier)
{
	size_t used = 0;

	to[0] = '\0';
	for (size_t i = 0; i < tier->nr_nodes && used + 12 < size; i++)
		used += snprintf(to + used, size - used, "%s%u", i ? "," : "",
				 tier->nodes[i]);
}

static void print_tier(struct ctl *ctl, const struct vtmm_tier_info *tier)
{
	uint64_t used = tier->total_bytes > tier->free_bytes
				? tier->total_bytes - tier->free_bytes
				: 0;
	char nodes[128];

	node_list(nodes, sizeof(nodes), tier);
	fprintf(ctl->out, "%-4s  ", vtmm_enum_name(vtmm_tier_names, tier->id));
	draw_bar(ctl, tier->id == VTMM_TIER_FAST ? COLOUR_FAST : COLOUR_SLOW,
		 used, tier->total_bytes, BAR_WIDTH);
	fprintf(ctl->out, "  %s used of %s, node %s%s\n", text_bytes(used).s,
		text_bytes(tier->total_bytes).s, *nodes ? nodes : "-",
		tier->guessed ? " (guessed)" : "");
}

/**
 * tiers_print() - the tiers, a line and a bar for each
 * @ctl: the run
 * @info: what the module told
 */
void tiers_print(struct ctl *ctl, const struct vtmm_host_info *info)
{
	for (size_t i = 0; i < info->nr_tiers; i++)
		print_tier(ctl, &info->tiers[i]);
	if (!info->nr_tiers)
		fputs("no tiers: this host needs two NUMA nodes with memory\n",
		      ctl->out);
}
