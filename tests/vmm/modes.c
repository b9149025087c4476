// SPDX-License-Identifier: GPL-2.0-only
/*
 * hold, churn and private: VMs for the harness and for refusals.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modes.h"
#include "vcpu.h"

static int complain(const struct err *err)
{
	fprintf(stderr, "tinyvmm: %s.\n", err->msg);
	return 1;
}

static void __noreturn tell_and_wait(void)
{
	printf("ok pid=%d\n", getpid());
	fflush(stdout);
	for (;;)
		pause();
}

int hold_main(int argc, char **argv)
{
	struct err err;

	(void)argc;
	(void)argv;
	if (kvm_create_vm(VM_TYPE_DEFAULT, &err) < 0)
		return complain(&err);
	tell_and_wait();
}

int private_main(int argc, char **argv)
{
	struct err err;
	int vm;

	(void)argc;
	(void)argv;
	if (kvm_try_guest_memfd(&vm, SIZE_2M, &err)) {
		complain(&err);
		return 3;
	}
	tell_and_wait();
}

#define CHURN_PAGES 512

/* A VM whose vCPU writes in a loop; ends it after a few passes, or leaves it.
 */
static int one_vm(bool leave, struct err *err)
{
	struct vm_spec vs = {.seed = 1};
	struct slot_spec ss = {
		.size = CHURN_PAGES * PAGE_SIZE,
		.gpa = DATA_GPA,
		.node = -1,
	};
	struct pageset set = {0};
	struct vm *vm = vm_create(&vs, err);
	struct job *job = zalloc(1, sizeof(*job));
	struct vcpu *v;

	if (!vm || vm_add_slot(vm, 0, &ss, err))
		return -1;
	v = vcpu_create(vm, err);
	if (!v)
		return -1;
	pageset_add(&set, ss.gpa / PAGE_SIZE, CHURN_PAGES, 1);
	*job = (struct job){.vm = vm, .op = OP_TOUCH, .exit_every = 20000};
	job->times = leave ? FOR_EVER : 4;
	job_add_set(job, &set, RUN_WRITE, 0, 1);
	pageset_free(&set);
	pthread_mutex_lock(&world_lock);
	if (vcpu_start(v, job, err)) {
		pthread_mutex_unlock(&world_lock);
		return -1;
	}
	if (!leave)
		vcpu_wait(v);
	pthread_mutex_unlock(&world_lock);
	if (*job->failure.msg)
		return err_set(err, "%s", job->failure.msg);
	if (!leave)
		vm_destroy(vm);
	return 0;
}

/* A child whose VM runs when it is killed. */
static int killed_vm(struct err *err)
{
	int status, fds[2];
	char c;
	pid_t pid;

	if (pipe(fds))
		return err_errno(err, "pipe");
	pid = fork();
	if (!pid) {
		if (one_vm(true, err)) {
			complain(err);
			_exit(1);
		}
		usleep(1000);
		if (write(fds[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	close(fds[1]);
	if (pid < 0 || read(fds[0], &c, 1) != 1)
		err_set(err, "the child could not start its VM");
	close(fds[0]);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 0
				   : err_set(err, "the child ended by itself");
}

int churn_main(int argc, char **argv)
{
	bool kill = argc > 1 && !strcmp(argv[1], "kill");
	struct err err;
	long i, n = argc > 0 ? strtol(argv[0], NULL, 10) : 0;

	if (n < 1 || argc > 2 || (argc == 2 && !kill)) {
		fputs("usage: tinyvmm churn N [kill]\n", stderr);
		return 2;
	}
	for (i = 0; i < n; i++)
		if (kill ? killed_vm(&err) : one_vm(false, &err))
			return complain(&err);
	printf("ok vms=%ld\n", n);
	return 0;
}
