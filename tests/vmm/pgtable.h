/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's own page tables: an identity map, built in a pool of pages in
 * the control area. Accessed and dirty bits are set beforehand, so that the
 * guest's walks need not write to them. Knows nothing of KVM.
 */
#ifndef VMM_PGTABLE_H
#define VMM_PGTABLE_H

#include "util.h"

enum pgtable_form {
	PGTABLE_CPU, /* also for nested paging on AMD */
	PGTABLE_EPT,
};

/**
 * struct pgtable - the tables and what is left of their pool
 * @form: the bits of their entries
 * @hva: where guest-physical address 0 is in the VMM
 * @root: guest-physical address of the top table, for CR3
 * @next: next free page of the pool
 * @end: end of the pool
 * @leaves: entries that map something
 */
struct pgtable {
	enum pgtable_form form;
	u8 *hva;
	u64 root;
	u64 next;
	u64 end;
	u64 leaves;
};

int pgtable_init(struct pgtable *pt, enum pgtable_form form, u8 *hva, u64 pool,
		 u64 end, struct err *err);

/**
 * pgtable_map() - map guest-physical memory at the same address
 * @pt: the tables
 * @gpa: from here, a multiple of 4 KiB
 * @size: bytes
 * @huge: by 2 MiB pages; what lies around the ends is mapped too
 */
int pgtable_map(struct pgtable *pt, u64 gpa, u64 size, bool huge,
		struct err *err);

/* Is each entry as it was written, but for what the CPU marks in it? */
int pgtable_check(const struct pgtable *pt, struct err *err);

/* Pages of tables that an identity map of @pages data pages may need. */
u64 pgtable_pages(u64 pages, bool huge);

#endif
