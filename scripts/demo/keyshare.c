// SPDX-License-Identifier: GPL-2.0-only
/*
 * keyshare: tells which part of the demo guest's key reads fast memory serves.
 *
 * It looks from outside and asks vtmm nothing: it searches the memory of the
 * VMM's process for the marker with which every value begins, and asks the
 * kernel (move_pages(2), which moves nothing when no node is named) on which
 * node each of these pages is now. It only reads; it must never touch a page
 * that is not there, for that would change what it measures.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096UL
#define BATCH 512

/*
 * A value's page as redis lays it out: the header of a string of up to 64 KiB
 * (length and capacity as u16, type 2), then the value as DEBUG POPULATE makes
 * it: "value:<number of the key>", and zeros.
 */
#define HEADER 5
#define SDS_TYPE_16 2
#define MARK "value:"
#define MARK_LEN (sizeof(MARK) - 1)
#define DIGITS 8
#define HEAD (HEADER + MARK_LEN + DIGITS + 1)

struct demo {
	int pid;
	unsigned long keys;
	unsigned long hot;    /* ranks below it are hot */
	double hot_part;      /* of the reads that go to hot keys, 0...1 */
	unsigned long stride; /* key = rank * stride mod keys */
	unsigned long value_size;
	int fast_node;
	uintptr_t *page; /* key -> address in the VMM, 0 if not found */
	bool *is_hot;	 /* by key */
	unsigned long found;
	unsigned long twice; /* further pages that carry a key's marker */
};

struct tally {
	unsigned long hot_fast, hot_slow, cold_fast, cold_slow;
};

static bool parse_number(const char *text, unsigned long max,
			 unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 10);
	return !errno && end != text && !*end && *value <= max;
}

/* The key whose value begins on the page that begins with @head, or -1. */
static long key_of(const struct demo *demo, const unsigned char *head)
{
	const char *number = (const char *)head + HEADER + MARK_LEN;
	unsigned int len = head[0] | head[1] << 8;
	unsigned long key;

	if (len != demo->value_size || head[4] != SDS_TYPE_16 ||
	    memcmp(head + HEADER, MARK, MARK_LEN) || head[HEAD - 1])
		return -1;
	if (!parse_number(number, demo->keys - 1, &key))
		return -1;
	return (long)key;
}

/*
 * Reads the first bytes of @n pages that are there. One page that vanished
 * meanwhile must not hide the pages behind it, so what is left is read again
 * after it; its own bytes stay zero.
 */
static void read_heads(int pid, const uintptr_t *at, unsigned int n,
		       unsigned char (*head)[HEAD])
{
	struct iovec local[BATCH], remote[BATCH];
	unsigned int i, first = 0;
	ssize_t got;

	memset(head, 0, n * HEAD);
	for (i = 0; i < n; i++) {
		local[i] = (struct iovec){head[i], HEAD};
		remote[i] = (struct iovec){(void *)at[i], HEAD};
	}
	while (first < n) {
		got = process_vm_readv(pid, local + first, n - first,
				       remote + first, n - first, 0);
		if (got < 0 && errno != EFAULT)
			return;
		first += got > 0 ? (unsigned int)got / HEAD : 0;
		if (first < n)
			first++;
	}
}

/* On which node each page is: negative when it is not there. */
static int nodes_of(int pid, const uintptr_t *at, unsigned int n, int *node)
{
	void *pages[BATCH];
	unsigned int i;

	for (i = 0; i < n; i++)
		pages[i] = (void *)at[i];
	return (int)syscall(SYS_move_pages, pid, n, pages, NULL, node, 0);
}

static void note_page(struct demo *demo, long key, uintptr_t at)
{
	if (demo->page[key]) {
		demo->twice++;
		return;
	}
	demo->page[key] = at;
	demo->found++;
}

/* Searches @n pages from @start on for values. */
static int search_batch(struct demo *demo, uintptr_t start, unsigned int n)
{
	static unsigned char head[BATCH][HEAD];
	unsigned int i, there = 0;
	uintptr_t at[BATCH] = {0};
	int node[BATCH];
	long key;

	for (i = 0; i < n; i++)
		at[i] = start + i * PAGE;
	if (nodes_of(demo->pid, at, n, node))
		return -1;
	for (i = 0; i < n; i++)
		if (node[i] >= 0)
			at[there++] = at[i];
	read_heads(demo->pid, at, there, head);
	for (i = 0; i < there; i++) {
		key = key_of(demo, head[i]);
		if (key >= 0)
			note_page(demo, key, at[i]);
	}
	return 0;
}

static int search_range(struct demo *demo, uintptr_t start, uintptr_t end)
{
	unsigned long left;

	for (; start < end; start += BATCH * PAGE) {
		left = (end - start) / PAGE;
		if (search_batch(demo, start, left < BATCH ? left : BATCH))
			return -1;
	}
	return 0;
}

/* The guest's memory is among the VMM's writable mappings without a file. */
static int search(struct demo *demo)
{
	unsigned long start, end, inode;
	char path[32], perms[5], line[256];
	int ret = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", demo->pid);
	maps = fopen(path, "r");
	if (!maps)
		return -1;
	while (!ret && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %4s %*x %*s %lu", &start, &end, perms,
			   &inode) != 4)
			continue;
		if (!strncmp(perms, "rw", 2) && !inode &&
		    end - start >= demo->keys * PAGE)
			ret = search_range(demo, start, end);
	}
	fclose(maps);
	return ret;
}

static void count_page(const struct demo *demo, unsigned long key, int node,
		       struct tally *tally)
{
	bool fast = node == demo->fast_node;

	if (node < 0)
		return;
	if (demo->is_hot[key])
		*(fast ? &tally->hot_fast : &tally->hot_slow) += 1;
	else
		*(fast ? &tally->cold_fast : &tally->cold_slow) += 1;
}

/*
 * Where every key's page is now; with @check, only if it still holds that key's
 * value: looking costs as much again.
 */
static int count(const struct demo *demo, bool check, struct tally *tally)
{
	static unsigned char head[BATCH][HEAD];
	unsigned long key, base = 0;
	uintptr_t at[BATCH];
	int node[BATCH];
	unsigned int i, n;

	*tally = (struct tally){0};
	for (base = 0; base < demo->keys; base += n) {
		for (n = 0; n < BATCH && base + n < demo->keys; n++)
			at[n] = demo->page[base + n];
		if (nodes_of(demo->pid, at, n, node))
			return -1;
		if (check)
			read_heads(demo->pid, at, n, head);
		for (i = 0; i < n; i++) {
			key = base + i;
			if (!check || key_of(demo, head[i]) == (long)key)
				count_page(demo, key, node[i], tally);
		}
	}
	return 0;
}

static double part(unsigned long of, unsigned long rest)
{
	return of + rest ? (double)of / (of + rest) : 0;
}

/*
 * One line: the share of the reads that fast memory serves, in percent: each
 * part's share of the reads times the part of its pages that are fast.
 */
static void report(const struct demo *demo, const struct tally *t)
{
	unsigned long seen =
		t->hot_fast + t->hot_slow + t->cold_fast + t->cold_slow;
	double share = demo->hot_part * part(t->hot_fast, t->hot_slow) +
		       (1 - demo->hot_part) * part(t->cold_fast, t->cold_slow);

	printf("share=%.1f hot_fast=%lu hot_slow=%lu ", 100 * share,
	       t->hot_fast, t->hot_slow);
	printf("cold_fast=%lu cold_slow=%lu lost=%lu twice=%lu\n", t->cold_fast,
	       t->cold_slow, demo->keys - seen, demo->twice);
	fflush(stdout);
}

static int prepare(struct demo *demo)
{
	unsigned long rank;

	demo->page = calloc(demo->keys, sizeof(*demo->page));
	demo->is_hot = calloc(demo->keys, sizeof(*demo->is_hot));
	if (!demo->page || !demo->is_hot)
		return -1;
	for (rank = 0; rank < demo->hot; rank++)
		demo->is_hot[rank * demo->stride % demo->keys] = true;
	return 0;
}

static int parse(struct demo *demo, char **arg)
{
	unsigned long pid, percent, node;

	if (!parse_number(arg[1], INT32_MAX, &pid) ||
	    !parse_number(arg[2], 1023, &node) ||
	    !parse_number(arg[3], 99999999, &demo->keys) ||
	    !parse_number(arg[4], demo->keys, &demo->hot) ||
	    !parse_number(arg[5], 100, &percent) ||
	    !parse_number(arg[6], UINT32_MAX, &demo->stride) ||
	    !parse_number(arg[7], UINT16_MAX, &demo->value_size))
		return -1;
	demo->pid = (int)pid;
	demo->fast_node = (int)node;
	demo->hot_part = percent / 100.0;
	return 0;
}

/* Answers "count" or "check" on stdin with one line on stdout. */
int main(int argc, char **argv)
{
	static struct demo demo;
	struct tally tally;
	char line[64];

	if (argc != 8 || parse(&demo, argv)) {
		fprintf(stderr,
			"usage: keyshare PID NODE KEYS HOT PERCENT STRIDE SIZE\n");
		return 2;
	}
	if (prepare(&demo) || search(&demo)) {
		fprintf(stderr,
			"keyshare: cannot read the memory of process %d: %s\n",
			demo.pid, strerror(errno));
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		if (count(&demo, !strcmp(line, "check\n"), &tally)) {
			fprintf(stderr, "keyshare: process %d: %s\n", demo.pid,
				strerror(errno));
			return 1;
		}
		report(&demo, &tally);
	}
	return 0;
}
