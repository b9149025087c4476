/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of data pages as a person writes them in a command. Pure: knows where
 * the slots are, but nothing else of a VM.
 *
 * A set is items separated by commas; pages are counted from the start of
 * slot 0 unless the item says otherwise:
 *	all		every page of the slot
 *	7  0-99  0-99/2	a page; a range; every second page of it
 *	s1:ITEM		the same in data slot 1
 *	g40000-4003f	guest frame numbers, hex
 *	b100:f05	pages 100.. as a bitmap: 4 pages per hex digit, the
 *			lowest bit of each digit is its first page
 *	@FILE		more items, one or more per line
 */
#ifndef VMM_PAGESET_H
#define VMM_PAGESET_H

#include "util.h"

#define MAX_SLOTS 64

/* Where a data slot is; @pages is 0 when there is none of this number. */
struct span {
	u64 gfn;
	u64 pages;
};

/* Every @stride-th page from @gfn on, @count pages in all. */
struct prange {
	u64 gfn;
	u64 count;
	u64 stride;
};

struct pageset {
	struct prange *r;
	size_t nr;
};

/**
 * pageset_parse() - read a set
 * @set: out, zeroed by the caller; pages in the order in which they are named
 * @text: see above
 * @spans: the data slots, MAX_SLOTS entries
 * @err: reason of a failure
 *
 * Return: 0, or -1 if it is no set or names a page outside the slots.
 */
int pageset_parse(struct pageset *set, const char *text,
		  const struct span *spans, struct err *err);

void pageset_add(struct pageset *set, u64 gfn, u64 count, u64 stride);
void pageset_free(struct pageset *set);

/* Number of pages, each as often as it is named. */
u64 pageset_count(const struct pageset *set);

/**
 * pageset_sort() - make it ascending and name each page once, stride 1
 */
void pageset_sort(struct pageset *set);

/**
 * pageset_sample() - keep a random subset, in the same order
 * @set: the set
 * @keep: pages to keep, at most pageset_count()
 * @seed: the same seed keeps the same pages
 */
void pageset_sample(struct pageset *set, u64 keep, u64 seed);

/**
 * pageset_list() - the pages one by one
 *
 * Return: an array of pageset_count() gfns, to be freed.
 */
u64 *pageset_list(const struct pageset *set);

#endif
