// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvm_hook: preloaded into a program that uses KVM. With KVM_HOOK_MODE, a mode
 * of vtmm, it attaches each VM as soon as the program has created it, and has a
 * round done each time that a vCPU comes back from the guest, the first times
 * at least: a test's VM may live for milliseconds. What happened is added to
 * the file KVM_HOOK_LOG. With KVM_HOOK_IF each vCPU begins with interrupts
 * enabled: Bochs holds back the host's own interrupts as long as a guest that
 * has them disabled spins without an exit, and the host would never get its CPU
 * back. That is for programs that send their guests none. The program itself
 * must see nothing of either.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each takes a process: more would only make a long test longer. */
#define MAX_ROUNDS 16
/* For the worker to have its round before the test goes on. */
#define ROUND_US 20000
#define RFLAGS_IF 0x200

typedef int (*ioctl_fn)(int fd, unsigned long request, ...);

static atomic_int rounds;

/* Adds a line to the log; a short one is written at once or not at all. */
static void say(const char *what, int pid, int fd)
{
	const char *name = getenv("KVM_HOOK_LOG");
	int out = name ? open(name, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;

	if (out < 0)
		return;
	dprintf(out, "%s %d %d\n", what, pid, fd);
	close(out);
}

/* The environment without the hook: vtmmctl is not to be hooked. */
static char **plain_environment(void)
{
	static char *plain[256];
	size_t n = 0;

	for (char **e = environ; *e && n < 255; e++)
		if (strncmp(*e, "LD_PRELOAD=", 11) != 0)
			plain[n++] = *e;
	return plain;
}

/*
 * What a child gets: a file for what it says, or for its complaints, and no
 * signal is blocked that the test has blocked.
 */
static int start(pid_t *pid, char *const argv[], int kept)
{
	const char *log = getenv("KVM_HOOK_LOG");
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	int ret;

	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 3 - kept, "/dev/null",
					 O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&files, kept, log ? log : "/dev/null",
					 O_WRONLY | O_APPEND, 0);
	ret = posix_spawnp(pid, argv[0], &files, &attr, argv,
			   plain_environment());
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return ret;
}

/*
 * Runs a program, of which the log keeps stdout (1) or stderr (2); returns
 * whether it ended well.
 */
static int run(char *const argv[], int kept)
{
	int status;
	pid_t pid;

	if (start(&pid, argv, kept))
		return 0;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void attach(int vm, char *mode)
{
	char pid[16], fd[16];
	char *argv[] = {"vtmmctl", "attach",   pid,    "--fd",
			fd,	   "--mode",   mode,   "--period",
			"10ms",	   "--budget", "none", NULL};

	snprintf(pid, sizeof(pid), "%d", getpid());
	snprintf(fd, sizeof(fd), "%d", vm);
	say(run(argv, STDERR_FILENO) ? "attached" : "failed", getpid(), vm);
}

static void ask_for_round(void)
{
	char vm[24];
	char *argv[] = {"vtmmctl", "-j", "set", vm, "--round-now", NULL};

	/* It may well be detached now. Else the log gets the VM's state. */
	snprintf(vm, sizeof(vm), "pid:%d", getpid());
	say(run(argv, STDOUT_FILENO) ? "round" : "no-round", getpid(), 0);
	usleep(ROUND_US);
}

int ioctl(int fd, unsigned long request, ...)
{
	static ioctl_fn next;
	struct kvm_regs regs;
	int ret, saved;
	va_list args;
	void *arg, *mode = getenv("KVM_HOOK_MODE");

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (!next)
		next = (ioctl_fn)dlsym(RTLD_NEXT, "ioctl");
	if (request == KVM_SET_REGS && getenv("KVM_HOOK_IF")) {
		regs = *(struct kvm_regs *)arg;
		regs.rflags |= RFLAGS_IF;
		arg = &regs;
	}
	ret = next(fd, request, arg);
	saved = errno;
	if (mode && request == KVM_CREATE_VM && ret >= 0)
		attach(ret, mode);
	else if (mode && request == KVM_RUN &&
		 atomic_fetch_add(&rounds, 1) < MAX_ROUNDS)
		ask_for_round();
	errno = saved;
	return ret;
}
