// SPDX-License-Identifier: GPL-2.0-only
/*
 * meter: a TCG plugin that prices what the guest of the emulated host does.
 * Each access of the guest to its data goes through a model of the last-level
 * cache; each miss is charged by the tier that holds the page at that moment.
 * Instructions are counted by who executes them: the guest, the host's kernel,
 * the host's programs. One line a phase goes to the file out=.
 *
 * It must never change what the machine does, and knows nothing of policies.
 *
 * Who executes is known by VMRUN and by the instruction behind it, where the
 * host goes on after an exit. Only one CPU is supported.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "meter_api.h"

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

#define LINE_SHIFT 6
#define WAYS 16
#define NR_TIERS 2
#define NR_RANGES 128 /* of the guest's memory, for the picture of its heat */

enum who { WHO_GUEST, WHO_KERNEL, WHO_USER, NR_WHO };

/**
 * struct counts - what is added up
 * @insns: by who executed them
 * @accesses: of the guest to its data
 * @misses: of those that missed the cache: by tier, reads and writes
 */
struct counts {
	uint64_t insns[NR_WHO];
	uint64_t accesses;
	uint64_t misses[NR_TIERS][2];
};

static struct {
	FILE *out;
	uint64_t split; /* addresses from here on are of the slow tier */
	uint64_t pages; /* of the guest's data */
	uint64_t fast;	/* pages that the best placement may make fast */
	uint64_t sets;	/* of the cache */
	unsigned int ns[NR_TIERS][2]; /* of a miss */
} set = {
	.sets = 1024,
	.ns = {{80, 80}, {250, 250}},
};

static struct counts now, before;
static bool in_guest, in_phase;
static uint64_t host_entry; /* where the host goes on after an exit */
static uint64_t phase;
static uint64_t *cache;	  /* [sets][WAYS], the latest first; 0: empty */
static uint32_t *heat[2]; /* misses of each page in this phase: read, written */
static uint32_t *total[2]; /* ... and in all phases */
static uint64_t range_misses[NR_RANGES][NR_TIERS];

/* Is the line in the cache? It is afterwards. */
static bool hit(uint64_t line)
{
	uint64_t *way = cache + line % set.sets * WAYS;
	int i;

	for (i = 0; i < WAYS && way[i] != line; i++)
		;
	if (i == 0)
		return true;
	memmove(way + 1, way, (i < WAYS ? i : WAYS - 1) * sizeof(*way));
	way[0] = line;
	return i < WAYS;
}

static void on_access(unsigned int cpu, qemu_plugin_meminfo_t info,
		      uint64_t vaddr, void *data)
{
	uint64_t page = (vaddr - LOAD_DATA) >> PAGE_SHIFT, addr;
	struct qemu_plugin_hwaddr *hw;
	int tier, write;

	(void)cpu;
	(void)data;
	if (vaddr < LOAD_DATA || page >= set.pages)
		return;
	hw = qemu_plugin_get_hwaddr(info, vaddr);
	if (!hw || qemu_plugin_hwaddr_is_io(hw))
		return;
	addr = qemu_plugin_hwaddr_phys_addr(hw);
	now.accesses++;
	if (hit(addr >> LINE_SHIFT))
		return;
	tier = addr >= set.split;
	write = qemu_plugin_mem_is_store(info);
	now.misses[tier][write]++;
	if (!in_phase)
		return;
	heat[write][page]++;
	range_misses[page * NR_RANGES / set.pages][tier]++;
}

static uint64_t gain(const uint32_t *const h[2], uint64_t page)
{
	return (uint64_t)h[0][page] * (set.ns[1][0] - set.ns[0][0]) +
	       (uint64_t)h[1][page] * (set.ns[1][1] - set.ns[0][1]);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x < y) - (x > y);
}

/* Nanoseconds if the pages that gain most were in fast memory. */
static uint64_t best_ns(uint32_t *const h[2])
{
	const uint32_t *const c[2] = {h[0], h[1]};
	uint64_t *gains = calloc(set.pages, sizeof(*gains));
	uint64_t ns = 0, i;

	for (i = 0; i < set.pages; i++) {
		gains[i] = gain(c, i);
		ns += (uint64_t)h[0][i] * set.ns[1][0] +
		      (uint64_t)h[1][i] * set.ns[1][1];
	}
	qsort(gains, set.pages, sizeof(*gains), by_size);
	for (i = 0; i < set.pages && i < set.fast; i++)
		ns -= gains[i];
	free(gains);
	return ns;
}

static void print_ranges(void)
{
	int i, t;

	for (t = 0; t < NR_TIERS; t++) {
		fprintf(set.out, "heat %" PRIu64 " %d", phase, t);
		for (i = 0; i < NR_RANGES; i++)
			fprintf(set.out, " %" PRIu64, range_misses[i][t]);
		fputc('\n', set.out);
	}
	memset(range_misses, 0, sizeof(range_misses));
}

static void print_phase(void)
{
	const struct counts *a = &before, *b = &now;
	int i, t, w;

	fprintf(set.out, "phase %" PRIu64 " insns", phase);
	for (i = 0; i < NR_WHO; i++)
		fprintf(set.out, " %" PRIu64, b->insns[i] - a->insns[i]);
	fprintf(set.out, " accesses %" PRIu64 " misses",
		b->accesses - a->accesses);
	for (t = 0; t < NR_TIERS; t++)
		for (w = 0; w < 2; w++)
			fprintf(set.out, " %" PRIu64,
				b->misses[t][w] - a->misses[t][w]);
	fprintf(set.out, " oracle_ns %" PRIu64 "\n", best_ns(heat));
}

static void end_phase(void)
{
	uint64_t i;
	int w;

	print_phase();
	print_ranges();
	for (w = 0; w < 2; w++) {
		for (i = 0; i < set.pages; i++)
			total[w][i] += heat[w][i];
		memset(heat[w], 0, set.pages * sizeof(*heat[w]));
	}
	phase++;
}

static void on_mark(unsigned int cpu, void *data)
{
	uint32_t mark = (uint32_t)(uintptr_t)data;

	(void)cpu;
	if (mark == MARK_BEGIN) {
		before = now;
		in_phase = true;
	} else if (mark == MARK_END && in_phase) {
		in_phase = false;
		end_phase();
	}
}

static void on_vmrun(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	in_guest = true;
}

static void on_host_entry(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	in_guest = false;
}

static uint32_t mark_of(const struct qemu_plugin_insn *insn)
{
	static const uint8_t nopl[] = {0x0f, 0x1f, 0x80};
	const uint8_t *code = qemu_plugin_insn_data(insn);
	uint32_t mark;

	if (qemu_plugin_insn_size(insn) != 7 ||
	    memcmp(code, nopl, sizeof(nopl)))
		return 0;
	memcpy(&mark, code + 3, sizeof(mark));
	return (mark & 0xffff0000) == MARK_BASE ? mark : 0;
}

static bool counts(const struct qemu_plugin_insn *insn)
{
	return *(const uint8_t *)qemu_plugin_insn_data(insn) == MARK_PREFIX;
}

static bool is_vmrun(const struct qemu_plugin_insn *insn)
{
	static const uint8_t vmrun[] = {0x0f, 0x01, 0xd8};

	return qemu_plugin_insn_size(insn) == sizeof(vmrun) &&
	       !memcmp(qemu_plugin_insn_data(insn), vmrun, sizeof(vmrun));
}

static void look_at(struct qemu_plugin_insn *insn, bool guest)
{
	uint32_t mark = mark_of(insn);

	if (mark)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark,
						       QEMU_PLUGIN_CB_NO_REGS,
						       (void *)(uintptr_t)mark);
	if (guest && counts(insn)) {
		qemu_plugin_register_vcpu_mem_cb(insn, on_access,
						 QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, NULL);
	} else if (!guest && is_vmrun(insn)) {
		host_entry = qemu_plugin_insn_vaddr(insn) + 3;
		qemu_plugin_register_vcpu_insn_exec_cb(
			insn, on_vmrun, QEMU_PLUGIN_CB_NO_REGS, NULL);
	}
}

/* Translated when it is first executed: who executes it is who runs now. */
static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(tb, 0);
	uint64_t vaddr = qemu_plugin_insn_vaddr(first);
	bool entry = host_entry && vaddr == host_entry;
	bool guest = in_guest && !entry;
	size_t i, n = qemu_plugin_tb_n_insns(tb);
	enum who who = guest ? WHO_GUEST : vaddr >> 63 ? WHO_KERNEL : WHO_USER;

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
						 &now.insns[who], n);
	if (entry)
		qemu_plugin_register_vcpu_insn_exec_cb(
			first, on_host_entry, QEMU_PLUGIN_CB_NO_REGS, NULL);
	for (i = 0; i < n; i++)
		look_at(qemu_plugin_tb_get_insn(tb, i), guest);
}

static void at_end(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	fprintf(set.out, "end phases %" PRIu64 " static_ns %" PRIu64 "\n",
		phase, best_ns(total));
	fclose(set.out);
}

/* What a miss costs. */
static bool option_ns(const char *arg, uint64_t n)
{
	if (!strncmp(arg, "fastns=", 7)) {
		set.ns[0][0] = n;
		set.ns[0][1] = n;
	} else if (!strncmp(arg, "readns=", 7)) {
		set.ns[1][0] = n;
	} else if (!strncmp(arg, "writens=", 8)) {
		set.ns[1][1] = n;
	} else {
		return false;
	}
	return true;
}

/* NAME=VALUE of the command line; numbers are decimal. */
static bool option(const char *arg)
{
	const char *value = strchr(arg, '=');
	uint64_t n;

	if (!value)
		return false;
	value++;
	if (!strncmp(arg, "out=", 4)) {
		set.out = fopen(value, "w");
		return set.out;
	}
	n = strtoull(value, NULL, 10);
	if (!strncmp(arg, "split=", 6))
		set.split = n;
	else if (!strncmp(arg, "pages=", 6))
		set.pages = n;
	else if (!strncmp(arg, "fast=", 5))
		set.fast = n;
	else if (!strncmp(arg, "sets=", 5))
		set.sets = n;
	else
		return option_ns(arg, n);
	return true;
}

__attribute__((visibility("default"))) int
qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info,
		    int argc, char **argv)
{
	int i, w;

	(void)info;
	for (i = 0; i < argc; i++)
		if (!option(argv[i])) {
			fprintf(stderr, "meter: '%s' is not understood\n",
				argv[i]);
			return -1;
		}
	if (!set.out || !set.split || !set.pages || !set.sets) {
		fprintf(stderr,
			"meter: out=, split=, pages= and sets= are needed\n");
		return -1;
	}
	cache = calloc(set.sets * WAYS, sizeof(*cache));
	for (w = 0; w < 2; w++) {
		heat[w] = calloc(set.pages, sizeof(*heat[w]));
		total[w] = calloc(set.pages, sizeof(*total[w]));
	}
	if (!cache || !heat[1] || !total[1])
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	qemu_plugin_register_atexit_cb(id, at_end, NULL);
	return 0;
}
