// SPDX-License-Identifier: GPL-2.0-only
/*
 * heat_due: where in the map pages sleep, and until when, so that a tracker
 * that skips what was not accessed still finds the pages that it must re-arm.
 *
 * Each node knows a round before which nobody below is due. It may be too
 * early, never too late; a search that finds nobody corrects it.
 */
#include "heat_private.h"

/* A part of the map: a node, where it begins, and what of it is asked for. */
struct vtmm_due_search {
	u64 from;
	u64 to;			/* chunk numbers; not included */
	u32 round;
};

static void vtmm_node_lower(struct vtmm_heat_node *node, u32 due)
{
	if (!node->asleep || (s32)(due - node->next_due) < 0)
		node->next_due = due;
	node->asleep = true;
}

/**
 * vtmm_due_lower() - a page of a chunk will be due earlier than any before
 * @h: the VM's heat
 * @cn: the chunk, which has a table
 * @due: the round
 */
void vtmm_due_lower(struct vtmm_heat *h, u64 cn, u32 due)
{
	struct vtmm_heat_node *node = h->root;
	unsigned int level = VTMM_MAP_LEVELS;

	while (level--) {
		vtmm_node_lower(node, due);
		node = node->slot[vtmm_map_slot(cn, level)];
	}
}

/* Finds out anew until when everybody below sleeps. */
static void vtmm_node_refresh(struct vtmm_heat_node *node, unsigned int level)
{
	const struct vtmm_heat_node *below;
	const struct vtmm_heat_chunk *c;
	unsigned int i;

	node->asleep = false;
	for (i = 0; i < VTMM_MAP_SLOTS; i++) {
		below = node->slot[i];
		c = node->slot[i];
		if (c && !level && c->asleep)
			vtmm_node_lower(node, c->next_due);
		else if (below && level && below->asleep)
			vtmm_node_lower(node, below->next_due);
	}
}

static bool vtmm_chunk_due(const struct vtmm_heat_chunk *c, u32 round)
{
	return c->asleep && (s32)(round - c->next_due) >= 0;
}

/*
 * Searches a node that begins at chunk @base; recursion ends with the levels.
 * Trackers ask for chunk after chunk while they hold a lock: only the slots of
 * the range are looked at, and only who has searched a whole node corrects it.
 */
static bool vtmm_node_due(struct vtmm_heat_node *node, unsigned int level,
			  u64 base, const struct vtmm_due_search *s)
{
	unsigned int shift = vtmm_map_shift(level);
	bool whole = s->from <= base && s->to >> shift >= (base >> shift) + VTMM_MAP_SLOTS;
	unsigned int i = s->from > base ? (s->from - base) >> shift : 0;

	if (!node->asleep || (s32)(s->round - node->next_due) < 0)
		return false;
	for (base += (u64)i << shift; i < VTMM_MAP_SLOTS && base < s->to;
	     i++, base += 1ull << shift) {
		if (!node->slot[i])
			continue;
		if (level ? vtmm_node_due(node->slot[i], level - 1, base, s) :
			    vtmm_chunk_due(node->slot[i], s->round))
			return true;
	}
	if (whole)
		vtmm_node_refresh(node, level);
	return false;
}

/**
 * vtmm_heat_any_due() - does any sleeping page of a range wait to be re-armed?
 * @h: the VM's heat
 * @gfn: first page
 * @n: pages
 * @round: now
 *
 * May say yes too often (after a page of the chunk was re-armed), never too
 * seldom. Never allocates, never sleeps.
 *
 * Return: true if the tracker must look.
 */
bool vtmm_heat_any_due(struct vtmm_heat *h, u64 gfn, u64 n, u32 round)
{
	u64 end = vtmm_range_end(gfn, n);
	struct vtmm_due_search s = {
		.from = vtmm_gfn_chunk(gfn),
		.to = vtmm_gfn_chunk(end) + !!vtmm_gfn_index(end),
		.round = round,
	};

	if (!h->params.queue || !h->root || !n)
		return false;
	return vtmm_node_due(h->root, VTMM_MAP_LEVELS - 1, 0, &s);
}

/**
 * vtmm_heat_wake() - let every sleeping page prove that it is hot
 * @h: the VM's heat
 * @round: now; they are due from the next round on, and until they were
 *         re-armed they no longer count as accessed
 *
 * O(chunks that are known).
 */
void vtmm_heat_wake(struct vtmm_heat *h, u32 round)
{
	struct vtmm_heat_chunk *c;
	u64 cn = 0;

	h->wake = round;
	h->woken = true;
	for (; (c = vtmm_map_next(h, &cn)); cn++) {
		if (!c->asleep || (s32)(c->next_due - round) <= 1)
			continue;
		c->next_due = round + 1;
		vtmm_due_lower(h, cn, c->next_due);
	}
}
