// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlfuzz: hostile messages to the netlink family, made from its specification
 * (spec_table.py): attributes missing, doubled, of wrong length and type, at
 * and beyond their limits, nests full of noise, random bytes, from many
 * sockets, with dumps broken off, while VMs are attached. A message that the
 * specification forbids must be refused, and each answer must be made of what
 * the specification has. The same seed makes the same messages.
 *
 * It must never do what root can do to a host by other means: it speaks to this
 * family only.
 */
#include "nlfuzz.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKETS 32
#define RESTORE 2048 /* messages after which all VMs are attached again */
#define ERRNOS 134

struct fuzz {
	uint16_t family;
	uint32_t group;
	int fd[SOCKETS];
	struct aim aim;
	unsigned long sent, taken, refused, silent, parts, broken;
	unsigned long by_errno[ERRNOS];
	unsigned long wrong;
};

static void reopen(struct fuzz *f, int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = nl_open();
	/* One in four listens to events and never reads them in time. */
	if (!(rnd(&f->aim.rnd) & 3) &&
	    setsockopt(*fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &f->group,
		       sizeof(f->group)))
		err(1, "events can't be heard");
}

/* With the message itself, for the same seed makes it again only by chance. */
static void tell(struct fuzz *f, const struct shape *s, const char *what,
		 const struct nl_msg *m)
{
	if (f->wrong++ >= 20)
		return;
	printf("message %lu, %s: %s (%s):", f->sent, s->op->name, what, s->why);
	for (size_t i = 0; i < m->len; i++)
		printf("%s%02x", i % 4 ? "" : " ", m->raw[i]);
	printf("\n");
}

static void seen(void *ctx, const struct nlmsghdr *hdr)
{
	struct fuzz *f = ctx;
	const char *what = answer_wrong(hdr, f->family);

	if (what && f->wrong++ < 20)
		printf("message %lu: an answer that %s\n", f->sent, what);
}

/* Counts what came back, and says what should not have. */
static void weigh(struct fuzz *f, const struct shape *s, const struct nl_msg *m,
		  const struct nl_answer *a, unsigned int most)
{
	f->parts += a->nr_dump;
	if (a->error < 0) {
		f->silent++;
		if (s->sound && most > 1)
			tell(f, s, "no answer", m);
		return;
	}
	f->by_errno[a->error < ERRNOS ? a->error : 0]++;
	if (a->error) {
		f->refused++;
		return;
	}
	f->taken++;
	if (s->forbidden)
		tell(f, s, "taken, though the specification forbids it", m);
}

static void one(struct fuzz *f)
{
	int *fd = &f->fd[rnd(&f->aim.rnd) % SOCKETS];
	struct nl_answer answer = {0};
	unsigned int most = ~0u;
	struct nl_msg m;
	struct shape s;
	int dump;

	shape_message(&m, &s, &f->aim, f->family);
	dump = (m.hdr.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	/* A dump may be left after its first part, or without reading any. */
	if (dump && !(rnd(&f->aim.rnd) & 1))
		most = rnd(&f->aim.rnd) & 1;
	f->sent++;
	answer.seq = m.hdr.nlmsg_seq;
	if (nl_send(*fd, &m)) {
		reopen(f, fd);
		return;
	}
	if (nl_read(*fd, most, seen, f, &answer)) {
		/* ENOBUFS: events that nobody read. */
		reopen(f, fd);
		return;
	}
	weigh(f, &s, &m, &answer, most);
	if (most <= 1 || !(rnd(&f->aim.rnd) % 512)) {
		f->broken += dump;
		reopen(f, fd);
	}
}

/* Attaches what should be, with rounds and moves as fast as they get. */
static void restore(struct fuzz *f)
{
	struct nl_msg m;
	int fd = nl_open();

	for (unsigned int i = 0; i < f->aim.nr_vmms; i++) {
		nl_begin(&m, f->family, 0, VTMM_CMD_VM_ATTACH);
		nl_put_u32(&m, VTMM_A_VM_PID, f->aim.pid[i]);
		nl_put_u32(&m, VTMM_A_VM_PERIOD_MS, 10);
		nl_put_u32(&m, VTMM_A_VM_BUDGET_PERMILLE, 0);
		/* It may be attached, or the pool too small for its claims. */
		nl_ask(fd, &m, NULL, NULL);
	}
	close(fd);
}

static void report(const struct fuzz *f)
{
	printf("messages=%lu taken=%lu refused=%lu silent=%lu parts=%lu broken=%lu wrong=%lu\n",
	       f->sent, f->taken, f->refused, f->silent, f->parts, f->broken,
	       f->wrong);
	for (int i = 1; i < ERRNOS; i++)
		if (f->by_errno[i])
			printf("  %lu times: %s\n", f->by_errno[i],
			       strerror(i));
}

static int fuzz_main(struct fuzz *f, unsigned long count)
{
	for (int i = 0; i < SOCKETS; i++) {
		f->fd[i] = -1;
		reopen(f, &f->fd[i]);
	}
	while (f->sent < count) {
		if (f->sent % RESTORE == 0)
			restore(f);
		one(f);
	}
	report(f);
	return f->wrong || !f->taken || !f->refused || !f->parts;
}

static int misused(void)
{
	fprintf(stderr, "usage: nlfuzz SEED COUNT VMMS PID...\n"
			"       nlfuzz refused PID\n"
			"  the first VMMS of the processes have a VM\n");
	return 2;
}

int main(int argc, char **argv)
{
	static struct fuzz f;

	f.family = nl_family(VTMM_FAMILY_NAME, &f.group);
	if (!f.family)
		errx(2, "there is no family " VTMM_FAMILY_NAME);
	if (argc == 3 && !strcmp(argv[1], "refused"))
		return refused_main(f.family, f.group,
				    strtoul(argv[2], NULL, 10));
	if (argc < 5 || argc - 4 > MAX_PIDS)
		return misused();
	setvbuf(stdout, NULL, _IOLBF, 0);
	rnd_seed(&f.aim.rnd, strtoul(argv[1], NULL, 10));
	f.aim.nr_vmms = strtoul(argv[3], NULL, 10);
	for (int i = 4; i < argc; i++)
		f.aim.pid[f.aim.nr_pids++] = strtoul(argv[i], NULL, 10);
	if (f.aim.nr_vmms > f.aim.nr_pids)
		return misused();
	return fuzz_main(&f, strtoul(argv[2], NULL, 10));
}
