// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's identity map. Pure memory writing, no KVM.
 */
#include "pgtable.h"

#define PTE_PRESENT BIT(0)
#define PTE_WRITE BIT(1)
#define PTE_USER BIT(2)
#define PTE_ACCESSED BIT(5)
#define PTE_DIRTY BIT(6)
#define PTE_HUGE BIT(7)
#define EPT_RIGHTS (BIT(0) | BIT(1) | BIT(2))
#define EPT_WRITE_BACK (6UL << 3)
#define EPT_ACCESSED BIT(8)
#define EPT_DIRTY BIT(9)
#define PTE_ADDR 0x000ffffffffff000UL

#define TABLE_BITS 9
#define TABLE_ENTRIES 512

/* A nested guest's accesses count as the user's (APM 2, 15.25.5). */
static const struct {
	u64 table;
	u64 leaf;
} bits[] = {
	[PGTABLE_CPU] = {PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED,
			 PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED |
				 PTE_DIRTY},
	[PGTABLE_EPT] = {EPT_RIGHTS | EPT_ACCESSED,
			 EPT_RIGHTS | EPT_WRITE_BACK | EPT_ACCESSED |
				 EPT_DIRTY},
};

static u64 new_table(struct pgtable *pt, struct err *err)
{
	u64 gpa = pt->next;

	if (gpa == pt->end) {
		err_set(err, "the guest's page-table pool is used up");
		return 0;
	}
	pt->next += PAGE_SIZE;
	return gpa;
}

int pgtable_init(struct pgtable *pt, enum pgtable_form form, u8 *hva, u64 pool,
		 u64 end, struct err *err)
{
	*pt = (struct pgtable){
		.form = form, .hva = hva, .next = pool, .end = end};
	pt->root = new_table(pt, err);
	return pt->root ? 0 : -1;
}

/* The entry for @gpa at @level (1: 4 KiB leaves), tables made on the way. */
static u64 *entry_at(struct pgtable *pt, u64 gpa, int level, struct err *err)
{
	u64 table = pt->root;
	int at = 4;

	for (;;) {
		int shift = PAGE_SHIFT + (at - 1) * TABLE_BITS;
		u64 *e = (u64 *)(pt->hva + table) +
			 (gpa >> shift) % TABLE_ENTRIES;

		if (at-- == level)
			return e;
		if (!*e) {
			u64 new = new_table(pt, err);

			if (!new)
				return NULL;
			*e = new | bits[pt->form].table;
		}
		table = *e & PTE_ADDR;
	}
}

int pgtable_map(struct pgtable *pt, u64 gpa, u64 size, bool huge,
		struct err *err)
{
	u64 step = huge ? SIZE_2M : PAGE_SIZE;
	u64 end = ROUND_UP(gpa + size, step);

	for (gpa = gpa / step * step; gpa < end; gpa += step) {
		u64 *e = entry_at(pt, gpa, huge ? 2 : 1, err);

		if (!e)
			return -1;
		pt->leaves += !*e;
		*e = gpa | bits[pt->form].leaf | (huge ? PTE_HUGE : 0);
	}
	return 0;
}

/* Leaves below a table that maps from @gpa on; stops at a wrong entry. */
static int check_table(const struct pgtable *pt, u64 table, int level, u64 gpa,
		       u64 *leaves, struct err *err)
{
	u64 marks = pt->form == PGTABLE_CPU ? PTE_ACCESSED | PTE_DIRTY
					    : EPT_ACCESSED | EPT_DIRTY;
	u64 span = PAGE_SIZE << (level - 1) * TABLE_BITS;
	const u64 *e = (const u64 *)(pt->hva + table);

	for (int i = 0; i < TABLE_ENTRIES; i++, gpa += span) {
		u64 want = gpa | bits[pt->form].leaf;
		bool leaf = level == 1 || (e[i] & PTE_HUGE);

		if (!e[i])
			continue;
		if (leaf && level > 1)
			want |= PTE_HUGE;
		if (!leaf)
			want = (e[i] & PTE_ADDR) | bits[pt->form].table;
		if ((e[i] ^ want) & ~marks ||
		    (!leaf && (e[i] & PTE_ADDR) >= pt->end))
			return err_set(err, "table %#lx has %#lx at %d", table,
				       e[i], i);
		*leaves += leaf;
		if (!leaf && check_table(pt, e[i] & PTE_ADDR, level - 1, gpa,
					 leaves, err))
			return -1;
	}
	return 0;
}

int pgtable_check(const struct pgtable *pt, struct err *err)
{
	u64 leaves = 0;

	if (check_table(pt, pt->root, 4, 0, &leaves, err))
		return -1;
	if (leaves != pt->leaves)
		return err_set(err, "the tables map %lu pages of %lu", leaves,
			       pt->leaves);
	return 0;
}

u64 pgtable_pages(u64 pages, bool huge)
{
	u64 leaves = huge ? pages / PAGES_2M + 2 : pages;
	u64 tables = 4;

	while (leaves > 1) {
		leaves = leaves / TABLE_ENTRIES + 2;
		tables += leaves;
		if (leaves <= 2)
			break;
	}
	return tables;
}
