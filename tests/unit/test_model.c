// SPDX-License-Identifier: GPL-2.0-only
/*
 * Heat against a slow model of it, with random traces: the model keeps each
 * page by itself, walks every page in every round, and knows no table, no
 * laziness and no phase.
 */
#include <string.h>

#include "unit.h"

#define PAGES 1600u
#define ROUNDS 700u
#define READ VTMM_ACC_READ
#define WRITE VTMM_ACC_WRITE

/* One page of the model. */
struct model_page {
	u8 kind[ROUNDS + 1]; /* READ and WRITE by round */
	u32 changed;	     /* round of the last change of level */
	u8 level;
	u8 tier;
	bool seen;
	bool armed;
	bool mapped;
};

struct model {
	struct model_page page[PAGES];
	u32 woken; /* round of the last wake-up, 0: none */
	struct unit_mem mem;
	struct vtmm_heat h;
	u64 seed;
	bool queue;
};

static struct model model;

static u32 model_due_round(const struct model_page *p)
{
	return p->changed + (p->level ? 1u << (p->level - 1) : 0);
}

static bool model_woken(const struct model *m, const struct model_page *p)
{
	return m->woken && p->changed <= m->woken;
}

static bool model_due(const struct model *m, const struct model_page *p,
		      u32 round)
{
	u32 due = model_due_round(p);

	if (!m->queue || !p->seen)
		return true;
	if (!p->armed)
		return round >= due || (model_woken(m, p) && round > m->woken);
	return round == due || (round > due + 1 && p->level <= 1);
}

/* A new round begins: who sleeps counts as accessed. */
static void model_tick(struct model *m, u32 round)
{
	struct model_page *p;

	for (p = m->page; p < m->page + PAGES; p++) {
		p->kind[round] = 0;
		if (!p->seen || p->armed || round > model_due_round(p))
			continue;
		if (model_woken(m, p) && round > m->woken)
			continue;
		p->kind[round] = p->kind[round - 1];
	}
}

static void model_touch(struct model *m, struct model_page *p, u32 round,
			u8 kind)
{
	bool due = model_due(m, p, round);
	u32 at = model_due_round(p);

	p->kind[round] |= kind;
	if (!p->seen || !m->queue) {
		p->changed = round;
		p->seen = true;
	} else if (!p->armed || round <= at) {
		if (due && round < at) { /* woken: it begins anew */
			p->level = 0;
			p->changed = round;
		} else if (due) {
			p->changed = round - (at - p->changed);
		}
	} else {
		if (round == at + 1)
			p->level += p->level < VTMM_LEVEL_MAX;
		else
			p->level -= p->level > 0;
		p->changed = round;
	}
	p->armed = due;
}

static unsigned int model_temp(const struct model_page *p, u32 round)
{
	u32 first = round > 10 ? round - 9 : 1, t = 0;

	for (; first <= round; first++)
		t += p->kind[first] & WRITE ? 3 : p->kind[first] & READ ? 1 : 0;
	return t;
}

static void model_access(struct model *m, u32 gfn, u32 round, u8 kind)
{
	struct model_page *p = &m->page[gfn];
	bool due = vtmm_heat_due(&m->h, gfn, round);
	u8 flags = kind | (due ? 0 : VTMM_ACC_SLEPT);

	assert_int_equal(due, model_due(m, p, round));
	p->tier = gfn * 7 % 3 == 0;
	p->mapped = true;
	assert_int_equal(unit_note(&m->h, round, gfn, flags, p->tier), 0);
	model_touch(m, p, round, kind);
}

static void model_unmap(struct model *m, u32 first, u32 n)
{
	u32 gfn;

	vtmm_heat_unmap(&m->h, first, n);
	for (gfn = first; gfn < first + n && gfn < PAGES; gfn++) {
		m->page[gfn].mapped = false;
		m->page[gfn].armed |= m->page[gfn].seen;
	}
}

static void check_pages(struct model *m, u32 round)
{
	u32 gfn;

	for (gfn = 0; gfn < PAGES; gfn++) {
		const struct model_page *p = &m->page[gfn];

		assert_int_equal(vtmm_heat_temperature(&m->h, gfn, round),
				 model_temp(p, round));
		assert_int_equal(vtmm_heat_due(&m->h, gfn, round),
				 model_due(m, p, round));
		assert_int_equal(vtmm_heat_tier(&m->h, gfn),
				 p->mapped ? p->tier : -ENOENT);
		if (p->seen && !p->armed && model_due(m, p, round) && m->queue)
			assert_true(vtmm_heat_any_due(&m->h, gfn, 1, round));
	}
}

static void check_histogram(struct model *m, u32 round)
{
	struct vtmm_hist want = {0}, got;
	u32 gfn;

	for (gfn = 0; gfn < PAGES; gfn++)
		if (m->page[gfn].mapped)
			want.pages[m->page[gfn].tier]
				  [model_temp(&m->page[gfn], round)]++;
	vtmm_heat_histogram(&m->h, round, &got);
	assert_memory_equal(&want, &got, sizeof(want));
}

/* Pages differ: some are hot, some seldom touched, some hot for a while. */
static bool wants(struct model *m, u32 gfn, u32 round)
{
	switch (gfn % 8) {
	case 0:
		return true;
	case 1:
		return round / 90 % 2;
	case 2:
		return unit_below(&m->seed, 100) < 60;
	case 3:
		return unit_below(&m->seed, 100) < 3;
	case 4:
		return gfn / 512 == 1 && round % 200 == 7;
	case 5:
		return unit_below(&m->seed, 100) < 95;
	default:
		return false;
	}
}

static void run(u64 seed, bool queue, bool rough)
{
	struct model *m = &model;
	u32 round, gfn;

	memset(m, 0, sizeof(*m));
	m->seed = seed;
	m->queue = queue;
	unit_heat(&m->h, &m->mem, queue);
	for (round = 1; round <= ROUNDS; round++) {
		model_tick(m, round);
		for (gfn = 0; gfn < PAGES; gfn++)
			if (wants(m, gfn, round))
				model_access(m, gfn, round,
					     gfn % 3 ? READ : WRITE);
		if (rough && !unit_below(&m->seed, 40))
			model_unmap(m, unit_below(&m->seed, PAGES),
				    unit_below(&m->seed, 700));
		if (rough && !unit_below(&m->seed, 60)) {
			vtmm_heat_wake(&m->h, round);
			m->woken = round;
		}
		if (round % 13 == 0 || round > ROUNDS - 20) {
			check_pages(m, round);
			check_histogram(m, round);
		}
	}
	vtmm_heat_exit(&m->h);
	assert_int_equal(m->mem.bytes, 0);
}

static void without_queue(void **state)
{
	(void)state;
	run(1, false, false);
}

static void with_queue(void **state)
{
	u64 seed;

	(void)state;
	for (seed = 2; seed < 5; seed++)
		run(seed, true, false);
}

static void with_queue_unmapping_and_waking(void **state)
{
	u64 seed;

	(void)state;
	for (seed = 5; seed < 12; seed++)
		run(seed, true, true);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_queue),
		cmocka_unit_test(with_queue),
		cmocka_unit_test(with_queue_unmapping_and_waking),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
