// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory whose faults user space handles. The thread that does must
 * never touch guest memory or take a lock: others wait for it while they hold
 * theirs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "uffd.h"

static int uffd = -1;
static int quit_pipe[2];
static pthread_t handler;
static struct uffd_count count;

static void handle_wp(u64 page)
{
	struct uffdio_writeprotect wp = {
		.range = {page, PAGE_SIZE},
	};

	ioctl(uffd, UFFDIO_WRITEPROTECT, &wp);
	__atomic_add_fetch(&count.wp, 1, __ATOMIC_RELAXED);
}

static void handle_missing(u64 page)
{
	struct uffdio_zeropage zero = {
		.range = {page, PAGE_SIZE},
	};

	ioctl(uffd, UFFDIO_ZEROPAGE, &zero);
	__atomic_add_fetch(&count.missing, 1, __ATOMIC_RELAXED);
}

static void *handle(void *arg)
{
	struct pollfd fds[] = {{.fd = uffd, .events = POLLIN},
			       {.fd = quit_pipe[0], .events = POLLIN}};
	struct uffd_msg msg;

	(void)arg;
	while (poll(fds, 2, -1) >= 0 && !fds[1].revents) {
		if (read(uffd, &msg, sizeof(msg)) != sizeof(msg) ||
		    msg.event != UFFD_EVENT_PAGEFAULT)
			continue;
		msg.arg.pagefault.address &= ~(PAGE_SIZE - 1);
		if (msg.arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WP)
			handle_wp(msg.arg.pagefault.address);
		else
			handle_missing(msg.arg.pagefault.address);
	}
	return NULL;
}

static int open_uffd(struct err *err)
{
	struct uffdio_api api = {.api = UFFD_API};

	if (uffd >= 0)
		return 0;
	uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (uffd < 0)
		return err_errno(err, "cannot create a userfaultfd");
	if (ioctl(uffd, UFFDIO_API, &api) || pipe2(quit_pipe, O_CLOEXEC)) {
		err_errno(err, "cannot set up a userfaultfd");
		goto err_uffd;
	}
	if (!pthread_create(&handler, NULL, handle, NULL))
		return 0;
	err_set(err, "no thread for faults");
	close(quit_pipe[0]);
	close(quit_pipe[1]);
err_uffd:
	close(uffd);
	uffd = -1;
	return -1;
}

int uffd_register(void *hva, u64 len, bool wp, struct err *err)
{
	struct uffdio_register reg = {
		.range = {(u64)hva, len},
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	struct uffdio_writeprotect protect = {
		.range = {(u64)hva, len},
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};

	if (wp)
		reg.mode |= UFFDIO_REGISTER_MODE_WP;
	if (open_uffd(err))
		return -1;
	if (ioctl(uffd, UFFDIO_REGISTER, &reg))
		return err_errno(err, "cannot register %lu bytes", len);
	if (wp && ioctl(uffd, UFFDIO_WRITEPROTECT, &protect))
		return err_errno(err, "cannot protect %lu bytes", len);
	return 0;
}

struct uffd_count uffd_count(void)
{
	return (struct uffd_count){
		__atomic_load_n(&count.missing, __ATOMIC_RELAXED),
		__atomic_load_n(&count.wp, __ATOMIC_RELAXED),
	};
}

void uffd_end(void)
{
	if (uffd < 0)
		return;
	close(quit_pipe[1]);
	pthread_join(handler, NULL);
	close(quit_pipe[0]);
	close(uffd);
	uffd = -1;
}
