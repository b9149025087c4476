// SPDX-License-Identifier: GPL-2.0-only
/*
 * lifecycle: VMs and vtmm come and go, as often as it is told and at moments
 * that differ from time to time: see ways[] for what there is. It ends with an
 * error at the first thing that is not as it should be. It must never leave a
 * VM attached, nor the module in another state than it was found in.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vtmm.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../nl/nl.h"
#include "vmm.h"

#define THREADS 4
#define PATIENCE 60000 /* ms until what must happen counts as not happening */

static uint16_t family;
static int nl = -1;
static const char *module_file;

static void nap(unsigned int us)
{
	struct timespec t = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&t, NULL);
}

/* Up to so many ms, another number each time. */
static void nap_up_to(unsigned int ms)
{
	nap(rand() % (ms * 1000));
}

static void find_family(void)
{
	uint32_t group;

	family = nl_family(VTMM_FAMILY_NAME, &group);
	if (!family)
		errx(1, "vtmm is not loaded");
	if (nl < 0)
		nl = nl_open();
}

static int command(int fd, uint8_t cmd, pid_t pid, nl_seen seen, void *ctx)
{
	struct nl_msg m;

	nl_begin(&m, family, 0, cmd);
	nl_put_u32(&m, VTMM_A_VM_PID, pid);
	if (cmd == VTMM_CMD_VM_ATTACH) {
		nl_put_u32(&m, VTMM_A_VM_PERIOD_MS, 10);
		nl_put_u32(&m, VTMM_A_VM_BUDGET_PERMILLE, 0);
		nl_put_u32(&m, VTMM_A_VM_WINDOW, 2);
		nl_put_u32(&m, VTMM_A_VM_COOLDOWN, 0);
		nl_put(&m, VTMM_A_VM_FLOOR, NULL, 8);
	}
	return nl_ask(fd, &m, seen, ctx);
}

static void must(uint8_t cmd, pid_t pid)
{
	int ret = command(nl, cmd, pid, NULL, NULL);

	if (ret)
		errx(1, "command %u: %s", cmd, strerror(ret));
}

/* The VM's owner has gone: vtmm lets go of it by itself. */
static void let_go(pid_t pid)
{
	int ret, waited = 0;

	while ((ret = command(nl, VTMM_CMD_VM_GET, pid, NULL, NULL)) !=
	       ENOENT) {
		if (ret || waited++ > PATIENCE)
			errx(1, "the VM is still attached: %s", strerror(ret));
		nap(1000);
	}
}

static void see_promoted(void *ctx, const struct nlmsghdr *hdr)
{
	const struct nlattr *a = nl_find(hdr, VTMM_A_VM_STATS);

	if (a)
		a = nl_find_in(a, VTMM_A_STATS_PROMOTED);
	if (a)
		memcpy(ctx, a + 1, sizeof(uint64_t));
}

static unsigned int unfinished; /* times that pages were still on their way */

/* The first pages have moved; others are moving, mostly. */
static void wait_until_moved(const struct vmm *v)
{
	uint64_t promoted = 0;
	int waited = 0;

	while (!promoted) {
		if (command(nl, VTMM_CMD_VM_GET, v->pid, see_promoted,
			    &promoted) ||
		    waited++ > PATIENCE)
			errx(1, "no page of the VM moves");
		nap(1000);
	}
	unfinished += promoted < v->pages;
}

static void attach_detach(struct vmm *v)
{
	must(VTMM_CMD_VM_ATTACH, v->pid);
	if (rand() & 1)
		nap_up_to(12);
	must(VTMM_CMD_VM_DETACH, v->pid);
}

static void killed(struct vmm *v)
{
	*v = vmm_start(VMM_SMALL);
	must(VTMM_CMD_VM_ATTACH, v->pid);
	nap_up_to(25);
	vmm_end(v);
	let_go(v->pid);
}

static void killed_moving(struct vmm *v)
{
	*v = vmm_start(VMM_LARGE);
	must(VTMM_CMD_VM_ATTACH, v->pid);
	wait_until_moved(v);
	vmm_end(v);
	let_go(v->pid);
}

/* The descriptor of the VM is held here when its VMM has died: it is nobody's.
 */
static void passed(struct vmm *v)
{
	int process, vm;

	*v = vmm_start(VMM_SMALL);
	process = syscall(SYS_pidfd_open, v->pid, 0);
	vm = syscall(SYS_pidfd_getfd, process, v->fd, 0);
	if (vm < 0)
		err(1, "the VM's descriptor");
	must(VTMM_CMD_VM_ATTACH, v->pid);
	nap_up_to(12);
	vmm_end(v);
	let_go(v->pid);
	if (command(nl, VTMM_CMD_VM_ATTACH, getpid(), NULL, NULL) != EINVAL)
		errx(1, "a VM whose owner has died is attached");
	close(vm);
	close(process);
}

/* vtmm has the last reference when the VMM closes its VM. */
static void last(struct vmm *v)
{
	*v = vmm_start(VMM_SMALL);
	must(VTMM_CMD_VM_ATTACH, v->pid);
	nap_up_to(12);
	vmm_close_vm(v);
	let_go(v->pid);
	vmm_end(v);
}

static pthread_barrier_t barrier;

struct race {
	pid_t pid;
	uint8_t cmd;
	int ret;
};

static void *race_one(void *arg)
{
	struct race *r = arg;
	int fd = nl_open();

	pthread_barrier_wait(&barrier);
	r->ret = command(fd, r->cmd, r->pid, NULL, NULL);
	close(fd);
	return NULL;
}

/* All at once: one must be served, the others refused. */
static void race(pid_t pid, uint8_t cmd)
{
	struct race r[THREADS];
	pthread_t thread[THREADS];
	int served = 0;

	for (int i = 0; i < THREADS; i++) {
		r[i] = (struct race){pid, cmd, 0};
		if (pthread_create(&thread[i], NULL, race_one, &r[i]))
			errx(1, "no thread");
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(thread[i], NULL);
		served += !r[i].ret;
	}
	if (served != 1)
		errx(1, "command %u was served %d times", cmd, served);
}

static void threads(struct vmm *v)
{
	race(v->pid, VTMM_CMD_VM_ATTACH);
	race(v->pid, VTMM_CMD_VM_DETACH);
}

static void insert(void)
{
	int fd = open(module_file, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "fast=0 slow=1", 0))
		err(1, "%s does not load", module_file);
	close(fd);
}

static void take_out(const char *name, int patience)
{
	while (syscall(SYS_delete_module, name, O_NONBLOCK)) {
		if ((errno != EAGAIN && errno != EBUSY) || !patience--)
			err(1, "%s does not unload", name);
		nap(1000);
	}
}

static void load_unload(struct vmm *v)
{
	(void)v;
	insert();
	take_out("vtmm", 0);
}

/* Unloaded while rounds run; every fourth time before the first has ended. */
static void unload_attached(struct vmm *v)
{
	insert();
	find_family();
	must(VTMM_CMD_VM_ATTACH, v->pid);
	if (rand() % 4)
		nap_up_to(25);
	take_out("vtmm", 0);
}

static void unload_moving(struct vmm *v)
{
	*v = vmm_start(VMM_LARGE);
	insert();
	find_family();
	must(VTMM_CMD_VM_ATTACH, v->pid);
	wait_until_moved(v);
	take_out("vtmm", 0);
	vmm_end(v);
}

/* Of an amd host, on which no other VM is open. */
static void vendor(struct vmm *v)
{
	int ret;

	if (system("modprobe kvm_amd"))
		errx(1, "kvm_amd does not load");
	*v = vmm_start(VMM_SMALL);
	must(VTMM_CMD_VM_ATTACH, v->pid);
	nap_up_to(25);
	vmm_close_vm(v);
	/* Unless vtmm has let go of it already. */
	ret = command(nl, VTMM_CMD_VM_DETACH, v->pid, NULL, NULL);
	if (ret && ret != ENOENT)
		errx(1, "detach: %s", strerror(ret));
	take_out("kvm_amd", PATIENCE);
	vmm_end(v);
}

enum {
	ONE_VMM = 1, /* for all times */
	LOADS = 2,   /* loads the module itself */
	MOVES = 4,   /* ends while pages move */
};

static const struct way {
	const char *name;
	void (*once)(struct vmm *v);
	int flags;
} ways[] = {
	{"attach", attach_detach, ONE_VMM},
	{"killed", killed, 0},
	{"killed-moving", killed_moving, MOVES},
	{"passed", passed, 0},
	{"last", last, 0},
	{"threads", threads, ONE_VMM},
	{"load", load_unload, LOADS},
	{"unload", unload_attached, ONE_VMM | LOADS},
	{"unload-moving", unload_moving, LOADS | MOVES},
	{"vendor", vendor, 0},
};

/* Of the moves that were to be ended, a part must have been going on. */
static int report(const struct way *w, unsigned int times)
{
	printf("%s: %u times", w->name, times);
	if (w->flags & MOVES)
		printf(", %u of them with pages on their way", unfinished);
	putchar('\n');
	if (!(w->flags & MOVES) || unfinished * 4 >= times)
		return 0;
	warnx("pages were on their way too seldom");
	return 1;
}

static int misused(void)
{
	fprintf(stderr, "usage: lifecycle WAY TIMES MODULE\n"
			"ways:");
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		fprintf(stderr, " %s", ways[i].name);
	fputc('\n', stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const struct way *w = ways, *end = ways + sizeof(ways) / sizeof(*ways);
	struct vmm v = {0};
	int times;

	if (argc != 4)
		return misused();
	while (w < end && strcmp(w->name, argv[1]))
		w++;
	if (w == end)
		return misused();
	times = atoi(argv[2]);
	module_file = argv[3];
	srand(times);
	pthread_barrier_init(&barrier, NULL, THREADS);
	if (!(w->flags & LOADS))
		find_family();
	if (w->flags & ONE_VMM)
		v = vmm_start(VMM_SMALL);
	for (int i = 0; i < times; i++)
		w->once(&v);
	if (w->flags & ONE_VMM)
		vmm_end(&v);
	return report(w, times);
}
