/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tiers: which NUMA nodes are in which tier, and how much room they have.
 */
#ifndef _VTMM_TIERS_H
#define _VTMM_TIERS_H

#include <linux/nodemask.h>
#include <linux/vtmm.h>
#include <vtmm/types.h>

struct netlink_ext_ack;

int vtmm_tiers_init(void);
int vtmm_tiers_set(const nodemask_t tier[VTMM_NR_TIERS],
		   struct netlink_ext_ack *extack);
void vtmm_tiers_complete(nodemask_t tier[VTMM_NR_TIERS], const bool named[VTMM_NR_TIERS]);
void vtmm_tier_nodes(enum vtmm_tier tier, nodemask_t *nodes);
bool vtmm_tiers_guessed(void);
int vtmm_node_tier(int nid);
u64 vtmm_tier_total(enum vtmm_tier tier);
u64 vtmm_tier_free(enum vtmm_tier tier);
u64 vtmm_tier_room(enum vtmm_tier tier);
int vtmm_tier_target(enum vtmm_tier tier);
void vtmm_tiers_print(char *buf, size_t len);

#endif /* _VTMM_TIERS_H */
