/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guest memory as the host sees it: its backing, where its pages live, and
 * what can be done to them from outside. Knows nothing of KVM.
 */
#ifndef VMM_MEMORY_H
#define VMM_MEMORY_H

#include "util.h"

enum backing {
	BACKING_ANON,	 /* private, 4 KiB pages only */
	BACKING_THP,	 /* private, 2 MiB aligned, huge where possible */
	BACKING_MEMFD,	 /* shared */
	BACKING_HUGETLB, /* private, from the pool of 2 MiB pages */
	NR_BACKINGS,
};

#define NODE_ANY (-1)
#define MAX_NODES 64

struct mem {
	u8 *hva;
	u64 size;
	enum backing backing;
	int fd;
};

/* "anon", "thp", "memfd" or "hugetlb" */
const char *backing_name(enum backing b);
int backing_parse(const char *text, enum backing *b, struct err *err);

/**
 * mem_map() - map memory, not populated
 * @mem: out
 * @backing: kind of memory
 * @size: bytes, a multiple of the page size
 */
int mem_map(struct mem *mem, enum backing backing, u64 size, struct err *err);
void mem_unmap(struct mem *mem);

/**
 * mem_populate() - fault all pages in
 * @mem: the memory
 * @node: the node that they must come from, or NODE_ANY
 *
 * The memory policy is the default one again afterwards, so that nothing
 * keeps the pages from being moved.
 */
int mem_populate(struct mem *mem, int node, struct err *err);

/**
 * mem_bind() - which nodes the pages to come must be of, by mbind(2)
 * @mem: the memory
 * @first: first page
 * @nr: number of pages
 * @mask: a bit for each node, or 0: any node
 *
 * Pages that are there already stay where they are.
 */
int mem_bind(struct mem *mem, u64 first, u64 nr, u64 mask, struct err *err);

/* Bytes of it that huge pages map now, from /proc/self/smaps. */
u64 mem_huge_bytes(const struct mem *mem);

/* Free a part of it, as a balloon does; reads as zeros afterwards. */
int mem_balloon(struct mem *mem, u64 offset, u64 len, struct err *err);

/**
 * mem_nodes() - where pages reside, asked of move_pages(2)
 * @mem: the memory
 * @first: first page
 * @nr: number of pages
 * @nodes: out: node of each page, or a negative errno (-ENOENT: no page)
 */
int mem_nodes(const struct mem *mem, u64 first, u64 nr, int *nodes,
	      struct err *err);

/**
 * mem_move() - move pages by move_pages(2), the stock way
 * @status: out: node of each page afterwards, or a negative errno
 */
int mem_move(struct mem *mem, u64 first, u64 nr, int node, int *status,
	     struct err *err);

/* Bookkeeping memory that is zero and costs nothing until it is written. */
void *zmap(u64 size);
void zunmap(void *p, u64 size);

/* Whether the page has memory or swap of its own, by /proc/self/pagemap. */
int mem_populated(const struct mem *mem, u64 first, u64 nr, bool *populated,
		  struct err *err);

#endif
