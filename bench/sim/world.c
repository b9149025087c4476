// SPDX-License-Identifier: GPL-2.0-only
/*
 * world: a guest's memory in two tiers, and what happened to it.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

/*
 * The guest touched its pages in @order when it booted: first come, fast. Pages
 * that are not in it are @n or more.
 */
void world_start(struct world *w, u32 n, u32 cap, const u32 *order)
{
	u32 i;

	memset(w, 0, sizeof(*w));
	w->n = n;
	w->cap = cap;
	w->tier = xcalloc(n, 1);
	w->bits = xcalloc(n, 1);
	w->moved = xcalloc(n, sizeof(*w->moved));
	memset(w->tier, ABSENT, n);
	for (i = 0; i < n && (!order || order[i] < n); i++)
		w->tier[order ? order[i] : i] = i < cap ? FAST : SLOW;
	w->used = cap < i ? cap : i;
}

bool world_is_huge(const struct world *w, u32 page)
{
	return w->huge && w->huge[page >> VTMM_CHUNK_SHIFT];
}

static void world_set_bits(struct world *w, u32 page, u8 bits)
{
	u32 end = page + 1;

	if (world_is_huge(w, page)) { /* one leaf, one pair of bits */
		page &= ~(VTMM_CHUNK_PAGES - 1);
		end = page + VTMM_CHUNK_PAGES;
	}
	for (; page < end; page++)
		w->bits[page] |= bits;
}

void world_access(struct world *w, const struct trace *t)
{
	for (u32 i = 0; i < w->n; i++) {
		u32 all = t->reads[i] + t->writes[i];

		if (!all)
			continue;
		world_set_bits(w, i,
			       VTMM_ACC_READ |
				       (t->writes[i] ? VTMM_ACC_WRITE : 0));
		w->accesses += all;
		if (w->tier[i] == FAST)
			w->hits += all;
	}
}

static void world_count_move(struct world *w, u32 page)
{
	u32 ago = w->window + 1 - w->moved[page];

	w->moves++;
	w->moves_in[w->window]++;
	if (w->moved[page] && ago < PINGPONG) {
		w->pingpong++;
		w->pingpong_in[w->window]++;
	}
	if (w->moved[page] && ago <= RETURN)
		w->returns_in[w->window]++;
	w->moved[page] = w->window + 1;
}

bool world_move(struct world *w, u32 page, u8 tier)
{
	if (w->tier[page] == tier || w->tier[page] == ABSENT)
		return false;
	if (tier == FAST && w->used >= w->cap)
		return false;
	w->used += tier == FAST ? 1 : -1;
	w->tier[page] = tier;
	world_count_move(w, page);
	return true;
}

void world_end_window(struct world *w)
{
	w->ratio[w->window++] = w->accesses ? (double)w->hits / w->accesses : 0;
	w->hits = 0;
	w->accesses = 0;
}

void world_end(struct world *w)
{
	free(w->tier);
	free(w->bits);
	free(w->moved);
}
