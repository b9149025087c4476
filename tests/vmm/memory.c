// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory as the host sees it: mapping, populating, ballooning. The
 * questions about NUMA nodes are in numa.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory.h"

static const char *const backing_names[NR_BACKINGS] = {"anon", "thp", "memfd",
						       "hugetlb"};

const char *backing_name(enum backing b)
{
	return backing_names[b];
}

int backing_parse(const char *text, enum backing *b, struct err *err)
{
	int i;

	for (i = 0; i < NR_BACKINGS; i++) {
		if (!strcmp(text, backing_names[i])) {
			*b = i;
			return 0;
		}
	}
	return err_set(err, "no backing '%s': use anon, thp, memfd or hugetlb",
		       text);
}

void *zmap(u64 size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED) {
		fputs("tinyvmm: out of address space\n", stderr);
		exit(1);
	}
	return p;
}

void zunmap(void *p, u64 size)
{
	if (p)
		munmap(p, size);
}

/* An address range of the size, aligned to 2 MiB, with nothing in it yet. */
static u8 *reserve(u64 size)
{
	u8 *p = mmap(NULL, size + SIZE_2M, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	u8 *aligned;

	if (p == MAP_FAILED)
		return NULL;
	aligned = (u8 *)ROUND_UP((u64)p, SIZE_2M);
	if (aligned != p)
		munmap(p, aligned - p);
	munmap(aligned + size, p + SIZE_2M - aligned);
	return aligned;
}

static int open_memfd(u64 size)
{
	int fd = memfd_create("tinyvmm", MFD_CLOEXEC);

	if (fd >= 0 && ftruncate(fd, size)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int map_flags(enum backing b)
{
	if (b == BACKING_MEMFD)
		return MAP_SHARED;
	if (b == BACKING_HUGETLB)
		return MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB;
	return MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
}

static int advise(const struct mem *mem)
{
	if (mem->backing == BACKING_ANON)
		return madvise(mem->hva, mem->size, MADV_NOHUGEPAGE);
	if (mem->backing == BACKING_THP)
		return madvise(mem->hva, mem->size, MADV_HUGEPAGE);
	return 0;
}

int mem_map(struct mem *mem, enum backing backing, u64 size, struct err *err)
{
	u64 unit = backing == BACKING_HUGETLB ? SIZE_2M : PAGE_SIZE;
	u8 *at;

	*mem = (struct mem){.size = size, .backing = backing, .fd = -1};
	if (!size || size % unit)
		return err_set(err, "size %lu is no multiple of %lu", size,
			       unit);
	if (backing == BACKING_MEMFD) {
		mem->fd = open_memfd(size);
		if (mem->fd < 0)
			return err_errno(err, "cannot create a memfd");
	}
	at = reserve(size);
	if (!at) {
		err_errno(err, "no address space for %lu bytes", size);
		goto err_fd;
	}
	mem->hva = mmap(at, size, PROT_READ | PROT_WRITE,
			MAP_FIXED | map_flags(backing), mem->fd, 0);
	if (mem->hva == MAP_FAILED) {
		err_errno(err, "cannot map %lu bytes of %s memory", size,
			  backing_name(backing));
		munmap(at, size);
		goto err_fd;
	}
	if (advise(mem)) {
		err_errno(err, "madvise for %s memory", backing_name(backing));
		munmap(mem->hva, size);
		goto err_fd;
	}
	return 0;

err_fd:
	if (mem->fd >= 0)
		close(mem->fd);
	return -1;
}

void mem_unmap(struct mem *mem)
{
	munmap(mem->hva, mem->size);
	if (mem->fd >= 0)
		close(mem->fd);
	mem->hva = NULL;
}

static u64 smaps_kb(const char *line)
{
	static const char *const fields[] = {
		"AnonHugePages:", "ShmemPmdMapped:", "Private_Hugetlb:"};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (!strncmp(line, fields[i], strlen(fields[i])))
			return strtoul(line + strlen(fields[i]), NULL, 10);
	return 0;
}

u64 mem_huge_bytes(const struct mem *mem)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	u64 kb = 0, from, to, lo = (u64)mem->hva;
	bool inside = false;
	char line[512];

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = from >= lo && to <= lo + mem->size;
		else if (inside)
			kb += smaps_kb(line);
	}
	fclose(f);
	return kb << 10;
}

int mem_balloon(struct mem *mem, u64 offset, u64 len, struct err *err)
{
	int ret;

	if (mem->backing == BACKING_MEMFD)
		ret = fallocate(mem->fd,
				FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				offset, len);
	else
		ret = madvise(mem->hva + offset, len, MADV_DONTNEED);
	return ret ? err_errno(err, "cannot free guest memory") : 0;
}

#define PAGEMAP_PRESENT BIT(63)
#define PAGEMAP_SWAP BIT(62)

int mem_populated(const struct mem *mem, u64 first, u64 nr, bool *populated,
		  struct err *err)
{
	u64 *entries = zalloc(nr, sizeof(*entries)), i;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	off_t at = ((u64)mem->hva / PAGE_SIZE + first) * sizeof(*entries);
	ssize_t want = nr * sizeof(*entries), got = -1;

	if (fd >= 0) {
		got = pread(fd, entries, want, at);
		close(fd);
	}
	for (i = 0; i < nr; i++)
		populated[i] = entries[i] & (PAGEMAP_PRESENT | PAGEMAP_SWAP);
	free(entries);
	return got == want ? 0 : err_errno(err, "cannot read pagemap");
}
