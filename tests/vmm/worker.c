// SPDX-License-Identifier: GPL-2.0-only
/*
 * A second process that works on shared guest memory. It must keep no file of
 * the VMM open, and end with it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host_access.h"
#include "worker.h"

/* What the process says when it ends. */
struct report {
	u64 passes;
	u64 errors;
	u64 bad_gfn;
};

static struct {
	pid_t pid;
	int fd;
	struct vm *vm;
	struct pageset set;
} worker;

static volatile sig_atomic_t enough;

static void stop_work(int sig)
{
	(void)sig;
	enough = 1;
}

/* Only @fd stays open, as file 0. */
static void keep_only(int fd)
{
	dup2(fd, 0);
	syscall(SYS_close_range, 1U, ~0U, 0U);
}

static void __noreturn work(int fd, pid_t vmm)
{
	struct report report = {0};
	struct check check = {0};
	struct err err;

	signal(SIGTERM, stop_work);
	keep_only(fd);
	while (!enough && !check.errors && getppid() == vmm) {
		if (host_verify(worker.vm, &worker.set, &check, &err))
			_exit(1);
		host_rewrite(worker.vm, &worker.set);
		report.passes++;
	}
	report.errors = check.errors;
	report.bad_gfn = check.bad_gfn;
	_exit(write(0, &report, sizeof(report)) != sizeof(report));
}

static bool all_shared(struct vm *vm, const struct pageset *set)
{
	size_t i;

	for (i = 0; i < set->nr; i++)
		if (vm_slot_of(vm, set->r[i].gfn)->mem.backing != BACKING_MEMFD)
			return false;
	return true;
}

int worker_start(struct vm *vm, struct pageset *set, struct err *err)
{
	pid_t vmm = getpid();
	int fds[2];

	if (worker.pid)
		return err_set(err, "a second process works already");
	if (!all_shared(vm, set))
		return err_set(err, "the memory must be shared: use memfd");
	if (pipe(fds))
		return err_errno(err, "cannot make a pipe");
	worker.vm = vm;
	worker.set = *set;
	worker.pid = fork();
	if (!worker.pid)
		work(fds[1], vmm);
	close(fds[1]);
	if (worker.pid < 0) {
		worker.pid = 0;
		close(fds[0]);
		return err_errno(err, "no second process");
	}
	worker.fd = fds[0];
	*set = (struct pageset){0};
	return 0;
}

int worker_stop(u64 *passes, struct err *err)
{
	struct report report = {0};
	ssize_t got;

	if (!worker.pid)
		return err_set(err, "no second process works");
	kill(worker.pid, SIGTERM);
	got = read(worker.fd, &report, sizeof(report));
	close(worker.fd);
	waitpid(worker.pid, NULL, 0);
	worker.pid = 0;
	host_expect(worker.vm, &worker.set, (u32)report.passes);
	pageset_free(&worker.set);
	*passes = report.passes;
	if (got != sizeof(report))
		return err_set(err, "the second process died");
	if (report.errors)
		return err_set(err, "it finds %lu wrong words, first gfn %lx",
			       report.errors, report.bad_gfn);
	return 0;
}
