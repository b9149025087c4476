// SPDX-License-Identifier: GPL-2.0-only
/*
 * benchvm: a VM with one vCPU that does one workload of the bench, phase by
 * phase. Between two phases it only writes what the next one is. It knows
 * nothing of policies, and must never touch guest data after the start.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "../../tests/vmm/fault.h"
#include "../../tests/vmm/kvm.h"
#include "../../tests/vmm/memory.h"
#include "../../tests/vmm/pgtable.h"
#include "guest.h"
#include "workload.h"

/* Instructions of the guest's loop for one access, by the meter. */
#define LOOP_INSNS 43
#define NS_PER_S 1000000000UL

/**
 * struct options - what the command line says
 * @density: accesses a second and page, as far as the guest can
 * @fast: pages that are populated on @node; where @slow is a node too, all
 *	others are populated there
 * @tell: say after each phase how long its accesses took; they come without a
 *	pause then, whatever @density says
 */
struct options {
	const struct workload *workload;
	u64 pages;
	u64 fast;
	u64 density;
	u64 phases;
	u64 seed;
	enum backing backing;
	int node;
	int slow;
	bool tell;
};

struct bench {
	struct options o;
	struct mem area;
	struct mem data;
	int vm;
	int vcpu;
	struct kvm_run *run;
	struct work work;
};

static void *area(struct bench *b, u64 gpa)
{
	return b->area.hva + gpa;
}

/* The first part on one node, the rest on the other. */
static int populate(struct bench *b, u64 pages, struct err *err)
{
	u64 first = b->o.slow == NODE_ANY ? pages : MIN(b->o.fast, pages);
	struct mem part = b->data;

	part.size = first * PAGE_SIZE;
	if (mem_populate(&part, b->o.node, err))
		return -1;
	part.hva += part.size;
	part.size = (pages - first) * PAGE_SIZE;
	return part.size ? mem_populate(&part, b->o.slow, err) : 0;
}

static u64 code_size(void)
{
	/* cppcheck-suppress comparePointers; both end one section */
	return __stop_load_text - __start_load_text;
}

static int map_memory(struct bench *b, struct err *err)
{
	u64 size = LOAD_TABLES +
		   (pgtable_pages(b->o.pages, false) + 8) * PAGE_SIZE;
	u64 ready = ROUND_UP(b->o.pages * b->o.workload->populated / 1024,
			     PAGES_2M);
	struct pgtable tables;

	size = ROUND_UP(size, SIZE_2M);
	if (mem_map(&b->area, BACKING_ANON, size, err) ||
	    mem_map(&b->data, b->o.backing, b->o.pages * PAGE_SIZE, err))
		return -1;
	if (populate(b, MIN(ready, b->o.pages), err) ||
	    kvm_set_slot(b->vm, 0, 0, size, b->area.hva, 0, err) ||
	    kvm_set_slot(b->vm, 1, LOAD_DATA, b->data.size, b->data.hva, 0,
			 err) ||
	    pgtable_init(&tables, PGTABLE_CPU, b->area.hva, LOAD_TABLES, size,
			 err) ||
	    pgtable_map(&tables, 0, size, false, err) ||
	    pgtable_map(&tables, LOAD_DATA, b->data.size, false, err))
		return -1;
	fault_fill(area(b, LOAD_DESCRIPTORS), code_address(load_fault_stubs));
	memcpy(area(b, LOAD_CODE), __start_load_text, code_size());
	b->vcpu = kvm_create_vcpu(b->vm, 0, tables.root, LOAD_DESCRIPTORS,
				  &b->run, err);
	return b->vcpu < 0 ? -1 : 0;
}

static void prepare(struct bench *b, u64 phase)
{
	struct load *l = b->work.load;
	u64 rate = b->o.pages * b->o.density, each = NS_PER_S / MAX(rate, 1UL);

	if (!phase) {
		l->rng = b->o.seed * 2 + 1;
		l->write = 65536 / 5;
	}
	l->accesses = rate * PHASE_MS / 1000;
	l->idle = each > LOOP_INSNS && !b->o.tell ? (each - LOOP_INSNS) / 2 : 0;
	b->o.workload->prepare(&b->work, phase, b->o.workload->arg);
}

/* Let the guest do a phase: until it says so. */
static int run_phase(struct bench *b, struct err *err)
{
	for (;;) {
		u8 code;

		if (ioctl(b->vcpu, KVM_RUN, 0)) {
			if (errno == EINTR)
				continue;
			return err_errno(err, "KVM cannot run the guest");
		}
		if (b->run->exit_reason != KVM_EXIT_IO)
			return err_set(err,
				       "the guest stopped with exit reason %u",
				       b->run->exit_reason);
		code = *((u8 *)b->run + b->run->io.data_offset);
		if (code == GUEST_DONE)
			return 0;
		fault_tell(area(b, LOAD_MAILBOX), err);
		return -1;
	}
}

static u64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* ... and says how long it took, where pages are. */
static int told_phase(struct bench *b, u64 phase, struct err *err)
{
	u64 start = now_ns(), on_node = 0;
	int *nodes;

	if (run_phase(b, err))
		return -1;
	if (!b->o.tell)
		return 0;
	start = now_ns() - start;
	nodes = zalloc(b->o.pages, sizeof(*nodes));
	if (mem_nodes(&b->data, 0, b->o.pages, nodes, err)) {
		free(nodes);
		return -1;
	}
	for (u64 i = 0; i < b->o.pages; i++)
		on_node += nodes[i] == b->o.node;
	free(nodes);
	printf("phase %lu ns_per_access %.2f pages_on_node %lu\n", phase,
	       (double)start / b->work.load->accesses, on_node);
	fflush(stdout);
	return 0;
}

static int start(struct bench *b, struct err *err)
{
	b->vm = kvm_create_vm(VM_TYPE_DEFAULT, err);
	if (b->vm < 0 || map_memory(b, err))
		return -1;
	b->work = (struct work){
		.pages = b->o.pages,
		.fast = b->o.fast,
		.seed = b->o.seed,
		.load = area(b, LOAD_STRUCT),
		.order = area(b, LOAD_ORDER),
	};
	return kvm_start_at(b->vcpu, b->run, code_address(load_entry),
			    LOAD_STRUCT, LOAD_STRUCT, err);
}

/* All phases, once somebody has written a line. */
static int work(struct bench *b, struct err *err)
{
	char line[16];

	prepare(b, 0);
	printf("ready pid=%d\n", getpid());
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return err_set(err, "nobody said go");
	for (u64 phase = 0; phase < b->o.phases; phase++) {
		if (phase)
			prepare(b, phase);
		if (told_phase(b, phase, err))
			return -1;
	}
	printf("done\n");
	fflush(stdout);
	/* Whoever looks at the VM now finds it as it was. */
	while (fgets(line, sizeof(line), stdin))
		;
	return 0;
}

#define PIPE_PAGES 256

/* Keep so many pages of kernel memory, which nobody moves, until killed. */
static void eat(u64 pages)
{
	static char page[PAGE_SIZE];
	int fds[2];

	for (u64 i = 0; i < pages; i++) {
		if (i % PIPE_PAGES == 0 &&
		    (pipe(fds) ||
		     fcntl(fds[1], F_SETPIPE_SZ, PIPE_PAGES * PAGE_SIZE) < 0))
			break;
		if (write(fds[1], page, sizeof(page)) < 0)
			break;
	}
	pause();
}

static u64 positive(const char *text)
{
	char *end;
	u64 n = strtoull(text, &end, 10);

	if (*end || !n) {
		fprintf(stderr, "benchvm: '%s' is no number above 0\n", text);
		exit(2);
	}
	return n;
}

static void misused(void)
{
	fprintf(stderr,
		"usage: benchvm --workload NAME [--pages N] [--fast N] [--density N]\n"
		"               [--phases N] [--seed N] [--backing anon|thp]\n"
		"               [--node N [--slow N]] [--tell]\n"
		"       benchvm --list | --eat PAGES\n");
	exit(2);
}

static void list(void)
{
	for (const struct workload *w = workloads; w->name; w++)
		printf("%s\t%s\n", w->name, w->what);
	exit(0);
}

static void set_option(struct options *o, int c, const char *arg)
{
	struct err err;

	switch (c) {
	case 'w':
		o->workload = workload_named(arg);
		break;
	case 'p':
		o->pages = positive(arg);
		break;
	case 'f':
		o->fast = positive(arg);
		break;
	case 'd':
		o->density = positive(arg);
		break;
	case 'n':
		o->phases = positive(arg);
		break;
	case 's':
		o->seed = positive(arg);
		break;
	case 'N':
		o->node = atoi(arg);
		break;
	case 'S':
		o->slow = atoi(arg);
		break;
	case 't':
		o->tell = true;
		break;
	case 'b':
		if (backing_parse(arg, &o->backing, &err)) {
			fprintf(stderr, "benchvm: %s\n", err.msg);
			exit(2);
		}
		break;
	case 'e':
		eat(positive(arg));
		break;
	case 'l':
		list();
		break;
	default:
		misused();
	}
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{"workload", 1, NULL, 'w'},
		{"pages", 1, NULL, 'p'},
		{"fast", 1, NULL, 'f'},
		{"density", 1, NULL, 'd'},
		{"phases", 1, NULL, 'n'},
		{"seed", 1, NULL, 's'},
		{"backing", 1, NULL, 'b'},
		{"node", 1, NULL, 'N'},
		{"slow", 1, NULL, 'S'},
		{"tell", 0, NULL, 't'},
		{"eat", 1, NULL, 'e'},
		{"list", 0, NULL, 'l'},
		{},
	};
	struct bench b = {.o = {.pages = 32768,
				.fast = 8192,
				.density = 700,
				.phases = 48,
				.seed = 1,
				.node = NODE_ANY,
				.slow = NODE_ANY}};
	struct err err;
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1)
		set_option(&b.o, c, optarg);
	if (optind < argc || !b.o.workload || b.o.pages > LOAD_MAX_PAGES ||
	    b.o.pages % PAGES_2M)
		misused();
	if (start(&b, &err) || work(&b, &err)) {
		fprintf(stderr, "benchvm: %s\n", err.msg);
		return 1;
	}
	return 0;
}
