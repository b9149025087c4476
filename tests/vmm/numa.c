// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory and NUMA nodes, by raw system calls: populating from one node,
 * asking where pages are, moving them the stock way.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/mempolicy.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* Pages per move_pages() call: bounds the arrays that a call needs. */
#define BATCH 4096

int mem_bind(struct mem *mem, u64 first, u64 nr, u64 mask, struct err *err)
{
	if (syscall(SYS_mbind, mem->hva + first * PAGE_SIZE, nr * PAGE_SIZE,
		    mask ? MPOL_BIND : MPOL_DEFAULT, mask ? &mask : NULL,
		    mask ? MAX_NODES + 1 : 0, 0))
		return err_errno(err, "cannot bind memory to nodes %#lx", mask);
	return 0;
}

int mem_populate(struct mem *mem, int node, struct err *err)
{
	u64 pages = mem->size / PAGE_SIZE;

	if (node >= MAX_NODES)
		return err_set(err, "node %d is beyond %d", node,
			       MAX_NODES - 1);
	if (node != NODE_ANY && mem_bind(mem, 0, pages, 1UL << node, err))
		return -1;
	if (madvise(mem->hva, mem->size, MADV_POPULATE_WRITE))
		return err_errno(err, "cannot populate guest memory");
	return node == NODE_ANY ? 0 : mem_bind(mem, 0, pages, 0, err);
}

static int move_batch(const struct mem *mem, u64 first, u64 nr,
		      const int *nodes, int *status)
{
	void *pages[BATCH];
	u64 i;

	for (i = 0; i < nr; i++) {
		pages[i] = mem->hva + (first + i) * PAGE_SIZE;
		status[i] = -EAGAIN;
	}
	return (int)syscall(SYS_move_pages, 0, nr, pages, nodes, status,
			    nodes ? MPOL_MF_MOVE : 0);
}

int mem_nodes(const struct mem *mem, u64 first, u64 nr, int *nodes,
	      struct err *err)
{
	u64 i, n;

	for (i = 0; i < nr; i += n) {
		n = MIN(nr - i, (u64)BATCH);
		if (move_batch(mem, first + i, n, NULL, nodes + i) < 0)
			return err_errno(err, "cannot ask where pages are");
	}
	return 0;
}

int mem_move(struct mem *mem, u64 first, u64 nr, int node, int *status,
	     struct err *err)
{
	int nodes[BATCH];
	u64 i, n;

	for (i = 0; i < BATCH; i++)
		nodes[i] = node;
	for (i = 0; i < nr; i += n) {
		n = MIN(nr - i, (u64)BATCH);
		if (move_batch(mem, first + i, n, nodes, status + i) < 0)
			return err_errno(err, "cannot move pages to node %d",
					 node);
	}
	/* When some pages fail, the call does not tell which: ask. */
	return mem_nodes(mem, first, nr, status, err);
}
