// SPDX-License-Identifier: GPL-2.0-only
/*
 * heat_map: the sparse map from a chunk's number to its table.
 *
 * A radix tree of fixed height: gfns have at most 40 bits, six levels of 64
 * slots cover them, and a VM that is touched in one place pays for six nodes
 * of half a kilobyte. Nodes exist only on paths to tables.
 */
#include "heat_private.h"

/**
 * vtmm_heat_zalloc() - zeroed memory for heat, on its account
 * @h: the VM's heat
 * @size: bytes
 *
 * Return: the memory, or NULL.
 */
void *vtmm_heat_zalloc(struct vtmm_heat *h, size_t size)
{
	void *p = h->mem.zalloc(h->mem.ctx, size);

	if (p)
		h->bytes += size;
	return p;
}

/**
 * vtmm_heat_free() - give back what vtmm_heat_zalloc() returned
 * @h: the VM's heat
 * @p: the memory; NULL does nothing
 * @size: as it was asked for
 */
void vtmm_heat_free(struct vtmm_heat *h, void *p, size_t size)
{
	if (!p)
		return;
	h->bytes -= size;
	h->mem.free(h->mem.ctx, p, size);
}

/**
 * vtmm_map_find() - the table of a chunk
 * @h: the VM's heat
 * @cn: number of the chunk
 *
 * Return: the table, or NULL.
 */
struct vtmm_heat_chunk *vtmm_map_find(const struct vtmm_heat *h, u64 cn)
{
	struct vtmm_heat_node *node = h->root;
	unsigned int level = VTMM_MAP_LEVELS;
	void *p = node;

	if (h->last && h->last_cn == cn)
		return h->last;
	if (cn >> vtmm_map_shift(VTMM_MAP_LEVELS))
		return NULL;
	while (level-- && p) {
		node = p;
		p = node->slot[vtmm_map_slot(cn, level)];
	}
	return p;
}

/**
 * vtmm_map_next() - the first chunk at or after a number that has a table
 * @h: the VM's heat
 * @cn: where to start; where the table was found
 *
 * Return: the table, or NULL when there is none.
 */
struct vtmm_heat_chunk *vtmm_map_next(const struct vtmm_heat *h, u64 *cn)
{
	unsigned int level = VTMM_MAP_LEVELS;
	struct vtmm_heat_node *node;
	void *p = h->root;

	while (p && !(*cn >> vtmm_map_shift(VTMM_MAP_LEVELS))) {
		node = p;
		p = node->slot[vtmm_map_slot(*cn, --level)];
		if (p && !level)
			return p;
		if (p)
			continue;
		*cn = ((*cn >> vtmm_map_shift(level)) + 1)
			<< vtmm_map_shift(level);
		if (vtmm_map_slot(*cn, level)) {
			level++;	/* the next slot of the same node */
			p = node;
		} else {
			level = VTMM_MAP_LEVELS;
			p = h->root;
		}
	}
	return NULL;
}

static bool vtmm_node_empty(const struct vtmm_heat_node *node)
{
	unsigned int i;

	for (i = 0; i < VTMM_MAP_SLOTS; i++)
		if (node->slot[i])
			return false;
	return true;
}

/* The slots that lead to @cn, from the root's own down; returns how many exist. */
static unsigned int vtmm_map_path(struct vtmm_heat *h, u64 cn,
				  void **path[VTMM_MAP_LEVELS + 1])
{
	unsigned int level = VTMM_MAP_LEVELS, n = 0;
	struct vtmm_heat_node *node = h->root;

	while (level-- && node) {
		path[n] = &node->slot[vtmm_map_slot(cn, level)];
		node = *path[n++];
	}
	return n;
}

/* Frees the nodes on the way to @cn that lead nowhere, from the bottom up. */
static void vtmm_map_prune(struct vtmm_heat *h, u64 cn)
{
	void **path[VTMM_MAP_LEVELS + 1];
	unsigned int n = vtmm_map_path(h, cn, path);
	struct vtmm_heat_node *node;

	for (; n > 1; n--) {
		node = *path[n - 2];
		if (!vtmm_node_empty(node))
			return;
		*path[n - 2] = NULL;
		vtmm_heat_free(h, node, sizeof(*node));
	}
	if (h->root && vtmm_node_empty(h->root)) {
		vtmm_heat_free(h, h->root, sizeof(*h->root));
		h->root = NULL;
	}
}

/* The slot of @cn, with all nodes on the way to it; NULL without memory. */
static void **vtmm_map_make_path(struct vtmm_heat *h, u64 cn)
{
	unsigned int level = VTMM_MAP_LEVELS;
	struct vtmm_heat_node *node;

	if (!h->root)
		h->root = vtmm_heat_zalloc(h, sizeof(*h->root));
	node = h->root;
	while (node && --level) {
		void **slot = &node->slot[vtmm_map_slot(cn, level)];

		if (!*slot)
			*slot = vtmm_heat_zalloc(h, sizeof(*node));
		node = *slot;
	}
	return node ? &node->slot[vtmm_map_slot(cn, 0)] : NULL;
}

/**
 * vtmm_map_insert() - give a chunk its table
 * @h: the VM's heat
 * @cn: number of the chunk, which has none yet
 * @c: the table
 *
 * Return: 0; -ENOMEM, with nothing changed.
 */
int vtmm_map_insert(struct vtmm_heat *h, u64 cn, struct vtmm_heat_chunk *c)
{
	void **slot = vtmm_map_make_path(h, cn);

	if (!slot) {
		vtmm_map_prune(h, cn);
		return -ENOMEM;
	}
	*slot = c;
	h->chunks++;
	return 0;
}

/**
 * vtmm_map_remove() - take a chunk's table out of the map
 * @h: the VM's heat
 * @cn: number of the chunk, which has one
 */
void vtmm_map_remove(struct vtmm_heat *h, u64 cn)
{
	void **path[VTMM_MAP_LEVELS + 1];
	unsigned int n = vtmm_map_path(h, cn, path);

	if (!n)
		return;
	if (h->last_cn == cn)
		h->last = NULL;
	*path[n - 1] = NULL;
	h->chunks--;
	vtmm_map_prune(h, cn);
}
