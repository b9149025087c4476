// SPDX-License-Identifier: GPL-2.0-only
/*
 * refused: every command of the specification, each way that it has, and the
 * events, asked by callers that may not: without CAP_NET_ADMIN, as nobody, as
 * root of a user namespace of their own with and without a network of their
 * own, and over a socket that was opened when the caller still could.
 */
#include <err.h>
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nlfuzz.h"

static void drop_caps(void)
{
	struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		err(2, "capget");
	data[0].effective &= ~(1u << CAP_NET_ADMIN);
	data[0].permitted &= ~(1u << CAP_NET_ADMIN);
	if (syscall(SYS_capset, &head, data))
		err(2, "capset");
}

static void be_nobody(void)
{
	if (setgid(65534) || setuid(65534))
		err(2, "setuid");
}

/*
 * Whose root is not that of its mount namespace can't have a user namespace,
 * and the scenarios run in such a root. From a root below one's own folder, all
 * ways up are open.
 */
static void leave_chroot(void)
{
	char dir[] = "/tmp/nlfuzz.XXXXXX";

	if (!mkdtemp(dir) || chdir("/") || chroot(dir))
		err(2, "chroot");
	for (int i = 0; i < 32; i++)
		if (chdir(".."))
			err(2, "chdir");
	if (chroot("."))
		err(2, "chroot");
}

static void own_user_ns(void)
{
	if (unshare(CLONE_NEWUSER))
		err(2, "a user namespace");
}

static void nobodys_user_ns(void)
{
	be_nobody();
	own_user_ns();
}

static void own_net_ns(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		err(2, "user and network namespaces");
}

static const struct {
	const char *name;
	void (*become)(void);
	int early; /* the socket is older than the loss */
	int error; /* a network of its own does not have the family at all */
} callers[] = {
	{"without CAP_NET_ADMIN", drop_caps, 0, EPERM},
	{"as nobody", be_nobody, 0, EPERM},
	{"as nobody, over a socket that root opened", be_nobody, 1, EPERM},
	{"as root of a user namespace", own_user_ns, 0, EPERM},
	{"as root of nobody's user namespace", nobodys_user_ns, 0, EPERM},
	{"in a network namespace", own_net_ns, 0, ENOENT},
	{"from a user namespace, over a socket that root opened", own_user_ns,
	 1, EPERM},
};

/* A request that root would be given: it names a VM in every way. */
static int ask_op(int fd, const struct spec_op *op, uint16_t family,
		  uint16_t flags, uint32_t pid)
{
	struct nl_msg m;

	nl_begin(&m, family, flags, op->cmd);
	for (unsigned int i = 0; i < op->set->nr; i++) {
		const struct spec_attr *a = &op->set->attr[i];

		if (!strcmp(a->name, "pid"))
			nl_put_u32(&m, a->id, pid);
		else if (!strcmp(a->name, "vm-id"))
			nl_put_u32(&m, a->id, 1);
	}
	return nl_ask(fd, &m, NULL, NULL);
}

/* Returns how many requests did not end as they should. */
static int ask_all(int fd, uint16_t family, uint32_t pid, int wanted)
{
	int bad = 0, got;

	for (unsigned int i = 0; i < spec_nr_ops; i++) {
		const struct spec_op *op = &spec_ops[i];

		for (int dump = 0; dump < 2; dump++) {
			if (dump ? !op->can_dump : !op->can_do)
				continue;
			got = ask_op(fd, op, family, dump ? NLM_F_DUMP : 0,
				     pid);
			if (got == wanted)
				continue;
			printf("%s%s: %s\n", op->name, dump ? " (dump)" : "",
			       strerror(got));
			bad++;
		}
	}
	return bad;
}

/* One caller, in a process of its own. */
static int try_caller(unsigned int i, uint16_t family, uint32_t group,
		      uint32_t pid)
{
	int early = callers[i].early ? nl_open() : -1;
	int fd, bad;

	leave_chroot();
	callers[i].become();
	fd = callers[i].early ? early : nl_open();
	bad = ask_all(fd, family, pid, callers[i].error);
	if (!callers[i].early &&
	    !setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			sizeof(group)) &&
	    callers[i].error == EPERM) {
		puts("it hears events");
		bad++;
	}
	return bad;
}

/* Root must be given what the others are refused, or the test shows nothing. */
static int root_is_served(uint16_t family, uint32_t pid)
{
	return ask_op(nl_open(), &spec_ops[0], family, 0, pid);
}

/**
 * refused_main() - try every caller
 * @family: of vtmm
 * @group: of its events
 * @pid: of a VMM
 *
 * Return: exit status: 0 if each was refused everything.
 */
int refused_main(uint16_t family, uint32_t group, uint32_t pid)
{
	int status, ret = 0;
	pid_t child;

	if (root_is_served(family, pid))
		errx(2, "root is refused, too");
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (unsigned int i = 0; i < sizeof(callers) / sizeof(*callers); i++) {
		child = fork();
		if (child < 0)
			err(2, "fork");
		if (!child)
			_exit(try_caller(i, family, group, pid) ? 1 : 0);
		if (waitpid(child, &status, 0) < 0 || status) {
			printf("not ok refused %s: see above\n",
			       callers[i].name);
			ret = 1;
		} else {
			printf("ok refused %s: %u commands\n", callers[i].name,
			       spec_nr_ops);
		}
	}
	return ret;
}
