// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins, other processes and advice on guest memory. Everything ends with the
 * program, however that ends.
 */
#define _GNU_SOURCE
#include <linux/io_uring.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hold.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

#define MAX_HOLDS 16

static int rings[MAX_HOLDS];
static int nr_rings;

int hold_pin(void *hva, u64 len, struct err *err)
{
	struct io_uring_params params = {0};
	struct iovec iov = {hva, len};
	int fd;

	if (nr_rings == MAX_HOLDS)
		return err_set(err, "at most %d pins", MAX_HOLDS);
	fd = (int)syscall(SYS_io_uring_setup, 1, &params);
	if (fd < 0)
		return err_errno(err, "cannot create an io_uring");
	if (syscall(SYS_io_uring_register, fd, IORING_REGISTER_BUFFERS, &iov,
		    1)) {
		err_errno(err, "cannot pin %lu bytes", len);
		close(fd);
		return -1;
	}
	rings[nr_rings++] = fd;
	return 0;
}

void hold_unpin(void)
{
	/* Closing alone would unpin the pages at some later time. */
	while (nr_rings) {
		syscall(SYS_io_uring_register, rings[--nr_rings],
			IORING_UNREGISTER_BUFFERS, NULL, 0);
		close(rings[nr_rings]);
	}
}

static pid_t sharers[MAX_HOLDS];
static int nr_sharers;

/*
 * The second process; it must keep no VM alive. The signal that a parent's
 * death can send would come when the thread ends that began this.
 */
static void share(const u8 *hva, u64 len, int ready, pid_t vmm)
{
	u64 i;

	for (i = 0; i < len; i += PAGE_SIZE)
		(void)__atomic_load_n(hva + i, __ATOMIC_RELAXED);
	if (write(ready, "x", 1) != 1)
		_exit(1);
	syscall(SYS_close_range, 0U, ~0U, 0U);
	while (getppid() == vmm)
		usleep(100000);
	_exit(0);
}

int hold_share(void *hva, u64 len, struct err *err)
{
	pid_t pid, vmm = getpid();
	int fds[2];
	char c;

	if (nr_sharers == MAX_HOLDS)
		return err_set(err, "at most %d shares", MAX_HOLDS);
	if (pipe(fds))
		return err_errno(err, "cannot make a pipe");
	pid = fork();
	if (!pid)
		share(hva, len, fds[1], vmm);
	close(fds[1]);
	if (pid < 0 || read(fds[0], &c, 1) != 1) {
		close(fds[0]);
		return err_errno(err, "no second process");
	}
	close(fds[0]);
	sharers[nr_sharers++] = pid;
	return 0;
}

void hold_unshare(void)
{
	while (nr_sharers) {
		kill(sharers[--nr_sharers], SIGKILL);
		waitpid(sharers[nr_sharers], NULL, 0);
	}
}

static const struct {
	const char *name;
	int advice;
} advices[] = {
	{"cold", MADV_COLD},
	{"free", MADV_FREE},
	{"pageout", MADV_PAGEOUT},
	{"willneed", MADV_WILLNEED},
	{"populate", MADV_POPULATE_WRITE},
	{"hugepage", MADV_HUGEPAGE},
	{"nohugepage", MADV_NOHUGEPAGE},
	{"collapse", MADV_COLLAPSE},
	{"mergeable", MADV_MERGEABLE},
	{"unmergeable", MADV_UNMERGEABLE},
};

const char hold_advice_names[] =
	"cold|free|pageout|willneed|populate|[no]hugepage|collapse|[un]mergeable";

int hold_advise(void *hva, u64 len, const char *advice, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(advices) / sizeof(*advices); i++) {
		if (strcmp(advice, advices[i].name))
			continue;
		if (madvise(hva, len, advices[i].advice))
			return err_errno(err, "madvise %s", advice);
		return 0;
	}
	return err_set(err, "no advice '%s': use %s", advice,
		       hold_advice_names);
}
