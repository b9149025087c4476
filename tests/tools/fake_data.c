// SPDX-License-Identifier: GPL-2.0-only
/* fake_data: a host with a pool and VMs, as the fake family shows them. */
#include <stdlib.h>
#include <string.h>

#include "fake.h"

#define MIB_PAGES 256

static uint32_t fast_node = 0, slow_nodes[] = {1, 2};

/* Sets the bits of all attributes that a set has. */
static uint64_t all(const struct vtmm_set *set)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < set->nr; i++)
		if (set->fields[i].kind != VTMM_FIELD_FLAG)
			bits |= 1ull << set->fields[i].attr;
	return bits;
}

static void fill_info(struct vtmm_host_info *info)
{
	static char advice[] = "numa_balancing is on";

	info->present = all(&vtmm_set_info);
	strcpy(info->version, "0.1.0");
	info->abi = VTMM_ABI;
	info->nr_features = 2;
	info->features = calloc(2, sizeof(*info->features));
	info->features[0] = (struct vtmm_feature_info){
		all(&vtmm_set_feature) & ~(1ull << VTMM_A_FEATURE_REASON),
		"ad-bits", "tracker", 1, ""};
	info->features[1] =
		(struct vtmm_feature_info){all(&vtmm_set_feature), "pml",
					   "tracker", 0, "this CPU has no PML"};
	info->nr_tiers = 2;
	info->tiers = calloc(2, sizeof(*info->tiers));
	info->tiers[0] = (struct vtmm_tier_info){
		all(&vtmm_set_tier), VTMM_TIER_FAST, &fast_node, 1,
		1ull << 30,	     256ull << 20,   0};
	info->tiers[1] = (struct vtmm_tier_info){
		all(&vtmm_set_tier), VTMM_TIER_SLOW, slow_nodes, 2,
		4ull << 30,	     4ull << 30,     1};
	info->nr_advice = 1;
	info->advice = calloc(1, sizeof(*info->advice));
	info->advice[0] = advice;
}

static void fill_pool(struct vtmm_pool_info *pool)
{
	pool->present = all(&vtmm_set_pool);
	pool->size = 512 * MIB_PAGES;
	pool->free = 128 * MIB_PAGES;
	pool->automatic = 1;
}

/* Ten pages per temperature, hot from 20 on: fast below 25, slow above. */
static void fill_heat(struct vtmm_heat_info *heat)
{
	heat->present = all(&vtmm_set_heat);
	heat->vm_id = 1;
	heat->round = 40;
	heat->age_us = 1500;
	heat->hot_temp = 20;
	heat->nr_buckets = VTMM_NR_BUCKETS;
	heat->buckets = calloc(VTMM_NR_BUCKETS, sizeof(*heat->buckets));
	for (uint32_t i = 0; i < VTMM_NR_BUCKETS; i++)
		heat->buckets[i] = (struct vtmm_bucket_info){
			all(&vtmm_set_bucket), i, i < 25 ? 0 : 10,
			i < 25 ? 10 : 0};
	heat->buckets[0].slow = 100000;
}

static void fill_map(struct vtmm_heatmap_info *map)
{
	map->present = all(&vtmm_set_heatmap);
	map->vm_id = 1;
	map->round = 40;
	map->nr_chunks = 3;
	map->chunks = calloc(3, sizeof(*map->chunks));
	for (size_t i = 0; i < 3; i++)
		map->chunks[i] = (struct vtmm_chunk_info){
			all(&vtmm_set_chunk), 512 * i, 0, 512, 0, 0, 0, 0};
	/* Hot in fast memory, lukewarm in slow memory, idle. */
	map->chunks[0].fast = 512;
	map->chunks[0].slow = 0;
	map->chunks[0].touched = 512;
	map->chunks[0].temp_sum = 512 * 30;
	map->chunks[1].touched = 100;
	map->chunks[1].temp_sum = 100 * 4;
}

static void fill_pages(struct vtmm_pages_info *pages)
{
	pages->present = all(&vtmm_set_pages);
	pages->vm_id = 1;
	pages->round = 40;
	pages->nr_runs = 3;
	pages->runs = calloc(3, sizeof(*pages->runs));
	pages->runs[0] = (struct vtmm_run_info){
		all(&vtmm_set_run), 0x10, 4, 1, 0, 0, 2, 0};
	pages->runs[1] = (struct vtmm_run_info){
		all(&vtmm_set_run), 0x20, 1, 3, 2, 1, 0, 0};
	pages->runs[2] = (struct vtmm_run_info){
		all(&vtmm_set_run), 0x21, 1, 4, 4, 1, 0, 0};
}

void fake_init(struct fake *f)
{
	memset(f, 0, sizeof(*f));
	fill_info(&f->info);
	fill_pool(&f->pool);
	fill_heat(&f->heat);
	fill_map(&f->map);
	fill_pages(&f->pages);
	f->plan = (struct vtmm_plan_info){
		all(&vtmm_set_plan), 1, 40, 1500, 512, 256, 12, 3, 1024,
		"something moves"};
}

void fake_add_vm(struct fake *f, uint32_t id, uint32_t pid, const char *name)
{
	struct vtmm_vm_info *vm = &f->vms[f->nr_vms++];

	vm->present = all(&vtmm_set_vm);
	vm->id = id;
	vm->pid = pid;
	vm->fd = 11;
	strcpy(vm->name, name);
	vm->period_ms = 600;
	vm->budget_permille = 20;
	vm->fast_max = 256 * MIB_PAGES;
	vm->shares = 100;
	strcpy(vm->tracker, "ad-bits");
	strcpy(vm->tracker_why, "this CPU has no PML");
	vm->mem = 1024 * MIB_PAGES;
	vm->pages_fast = 128 * MIB_PAGES;
	vm->pages_slow = 896 * MIB_PAGES;
	vm->allotment = 256 * MIB_PAGES;
	vm->demand = 200 * MIB_PAGES;
	strcpy(vm->idle_why, "the hot pages are where they belong");
	vm->stats.present = all(&vtmm_set_stats);
	vm->stats.rounds = 40;
	vm->stats.round_us_total = 200000;
	vm->stats.promoted = 64 * MIB_PAGES;
	vm->attached_us = 20000000;
	f->pool.members =
		realloc(f->pool.members, f->nr_vms * sizeof(*f->pool.members));
	f->pool.members[f->pool.nr_members++] = *vm;
	f->info.nr_vms = f->nr_vms;
}
