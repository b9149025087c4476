// SPDX-License-Identifier: GPL-2.0-only
/*
 * maps: the dumps of a VM's memory, which come in many messages: each adds its
 * list behind those that came before.
 */
#include <string.h>

#include "client.h"

static enum vtmm_status out_of_order(struct vtmm_client *c)
{
	return vtmm_fail(
		c, VTMM_BAD_ANSWER,
		"the module sent memory out of order; report this as a bug");
}

static enum vtmm_status into_map(struct vtmm_client *c, struct nlmsghdr *nlh,
				 void *ctx)
{
	struct vtmm_heatmap_info *map = ctx;
	size_t i = map->nr_chunks ? map->nr_chunks : 1;
	enum vtmm_status ret;

	/* Each message repeats which round it is about: the last one counts. */
	ret = vtmm_decode_answer(c, nlh, &vtmm_set_heatmap, map);
	for (; !ret && i < map->nr_chunks; i++)
		if (map->chunks[i].gfn <= map->chunks[i - 1].gfn)
			ret = out_of_order(c);
	return ret;
}

/**
 * vtmm_heatmap_get() - the heat map of a VM
 * @c: the client
 * @wish: vm_id, and start_gfn and end_gfn to see a part only
 * @map: the answer, to be freed by vtmm_heatmap_info_free()
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_heatmap_get(struct vtmm_client *c,
				  const struct vtmm_heatmap_info *wish,
				  struct vtmm_heatmap_info *map)
{
	struct vtmm_request r = {.cmd = VTMM_CMD_HEATMAP_GET,
				 .dump = true,
				 .set = &vtmm_set_heatmap,
				 .obj = wish,
				 .answer = into_map,
				 .ctx = map};
	enum vtmm_status ret;

	memset(map, 0, sizeof(*map));
	ret = vtmm_ask(c, &r);
	if (ret)
		vtmm_heatmap_info_free(map);
	return ret;
}

static enum vtmm_status into_pages(struct vtmm_client *c, struct nlmsghdr *nlh,
				   void *ctx)
{
	struct vtmm_pages_info *pages = ctx;
	size_t i = pages->nr_runs ? pages->nr_runs : 1;
	enum vtmm_status ret;

	ret = vtmm_decode_answer(c, nlh, &vtmm_set_pages, pages);
	for (; !ret && i < pages->nr_runs; i++) {
		const struct vtmm_run_info *last = &pages->runs[i - 1];

		if (pages->runs[i].gfn < last->gfn + last->count)
			ret = out_of_order(c);
	}
	return ret;
}

/**
 * vtmm_pages_get() - what is remembered of each page of a VM
 * @c: the client
 * @wish: vm_id, and start_gfn and end_gfn to see a part only
 * @pages: the answer, to be freed by vtmm_pages_info_free()
 *
 * Return: how it ended.
 */
enum vtmm_status vtmm_pages_get(struct vtmm_client *c,
				const struct vtmm_pages_info *wish,
				struct vtmm_pages_info *pages)
{
	struct vtmm_request r = {.cmd = VTMM_CMD_PAGES_GET,
				 .dump = true,
				 .set = &vtmm_set_pages,
				 .obj = wish,
				 .answer = into_pages,
				 .ctx = pages};
	enum vtmm_status ret;

	memset(pages, 0, sizeof(*pages));
	ret = vtmm_ask(c, &r);
	if (ret)
		vtmm_pages_info_free(pages);
	return ret;
}

/**
 * vtmm_heatmap_info_free() - free the chunks of a heat map
 * @map: the heat map, or zeroed
 */
void vtmm_heatmap_info_free(struct vtmm_heatmap_info *map)
{
	vtmm_obj_free(&vtmm_set_heatmap, map);
}

/**
 * vtmm_pages_info_free() - free the runs of pages
 * @pages: the pages, or zeroed
 */
void vtmm_pages_info_free(struct vtmm_pages_info *pages)
{
	vtmm_obj_free(&vtmm_set_pages, pages);
}
