// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory through the VMM's own mapping. Must never make a page that has
 * no memory appear: that would change what is tested.
 */
#include <stdlib.h>

#include "host_access.h"

static u64 *page_at(struct slot *s, u64 page)
{
	return (u64 *)(s->mem.hva + page * PAGE_SIZE);
}

static u64 wrong_words(struct vm *vm, struct slot *s, u64 page)
{
	const struct page_rec *rec = &s->rec[page];
	const u64 *p = page_at(s, page);
	u64 gfn = s->gfn + page;
	u64 base = pattern_base(gfn, rec->version, vm->seed);
	u64 i, wrong = 0;

	for (i = 0; i < PAGE_WORDS; i++) {
		u64 want = pattern_word(base, rec->version, i);

		if (!i && rec->tag)
			want = tag_word(gfn, rec->tag);
		wrong += p[i] != want;
	}
	return wrong;
}

static int verify_range(struct vm *vm, const struct prange *r,
			struct check *check, struct err *err)
{
	struct slot *s = vm_slot_of(vm, r->gfn);
	u64 first = r->gfn - s->gfn, i;
	bool *populated = zalloc(r->count, sizeof(*populated));
	int ret = mem_populated(&s->mem, first, r->count, populated, err);

	for (i = 0; !ret && i < r->count; i++) {
		const struct page_rec *rec = &s->rec[first + i];
		u64 wrong;

		if (!rec->version && !rec->tag && !populated[i]) {
			check->skipped++;
			continue;
		}
		wrong = wrong_words(vm, s, first + i);
		if (wrong && !check->errors)
			check->bad_gfn = s->gfn + first + i;
		check->errors += wrong;
		check->pages++;
	}
	free(populated);
	return ret;
}

/* Bounds what is known of a huge slot at a time. */
#define BLOCK 65536UL

/* A sorted set may join neighbouring slots: cut it at their ends. */
static struct prange cut(struct vm *vm, const struct prange *r, u64 done)
{
	struct prange part = {r->gfn + done, r->count - done, 1};
	struct slot *s = vm_slot_of(vm, part.gfn);

	part.count = MIN(part.count, s->gfn + s->pages - part.gfn);
	part.count = MIN(part.count, BLOCK);
	return part;
}

int host_verify(struct vm *vm, const struct pageset *set, struct check *check,
		struct err *err)
{
	size_t i;
	u64 done;

	for (i = 0; i < set->nr; i++) {
		for (done = 0; done < set->r[i].count;) {
			struct prange part = cut(vm, &set->r[i], done);

			if (verify_range(vm, &part, check, err))
				return -1;
			done += part.count;
		}
	}
	return 0;
}

static void fill_page(struct vm *vm, u64 gfn, u32 version)
{
	struct slot *s = vm_slot_of(vm, gfn);
	u64 *p = page_at(s, gfn - s->gfn);
	u64 base = pattern_base(gfn, version, vm->seed);
	u64 i;

	for (i = 0; i < PAGE_WORDS; i++)
		p[i] = pattern_word(base, version, i);
	s->rec[gfn - s->gfn] = (struct page_rec){.version = version};
}

void host_fill(struct vm *vm, const struct pageset *set, u32 version)
{
	size_t i;
	u64 k;

	for (i = 0; i < set->nr; i++)
		for (k = 0; k < set->r[i].count; k++)
			fill_page(vm, set->r[i].gfn + k, version);
	vm->epoch++;
}

void host_rewrite(struct vm *vm, const struct pageset *set)
{
	size_t i;
	u64 k;

	for (i = 0; i < set->nr; i++) {
		for (k = 0; k < set->r[i].count; k++) {
			u64 gfn = set->r[i].gfn + k;
			struct slot *s = vm_slot_of(vm, gfn);

			fill_page(vm, gfn, s->rec[gfn - s->gfn].version + 1);
		}
	}
}

void host_expect(struct vm *vm, const struct pageset *set, u32 passes)
{
	size_t i;
	u64 k;

	for (i = 0; i < set->nr; i++) {
		for (k = 0; k < set->r[i].count; k++) {
			u64 gfn = set->r[i].gfn + k;
			struct slot *s = vm_slot_of(vm, gfn);

			s->rec[gfn - s->gfn].version += passes;
			s->rec[gfn - s->gfn].tag = 0;
		}
	}
	vm->epoch++;
}

void host_refill(struct vm *vm, struct slot *s)
{
	u64 i;

	for (i = 0; i < s->pages; i++)
		if (s->rec[i].version || s->rec[i].tag)
			fill_page(vm, s->gfn + i, s->rec[i].version);
	vm->epoch++;
}

int host_balloon(struct vm *vm, const struct pageset *set, struct err *err)
{
	size_t i;
	u64 done, k;

	for (i = 0; i < set->nr; i++) {
		for (done = 0; done < set->r[i].count;) {
			struct prange part = cut(vm, &set->r[i], done);
			struct slot *s = vm_slot_of(vm, part.gfn);
			u64 first = part.gfn - s->gfn;

			if (mem_balloon(&s->mem, first * PAGE_SIZE,
					part.count * PAGE_SIZE, err))
				return -1;
			for (k = 0; k < part.count; k++)
				s->rec[first + k] = (struct page_rec){0};
			done += part.count;
		}
	}
	vm->epoch++;
	return 0;
}
