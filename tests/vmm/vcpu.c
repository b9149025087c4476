// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPU threads: enter the guest, look at why it came out, do what the script
 * wants next. Must never touch guest data.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "conflict.h"
#include "fault.h"
#include "guest.h"
#include "nested.h"
#include "vcpu.h"

const char *vcpu_state_name(enum vcpu_state state)
{
	static const char *const names[] = {"idle", "running", "paused",
					    "dead"};

	return names[state];
}

static void set_state(struct vcpu *v, enum vcpu_state state)
{
	v->state = state;
	pthread_cond_broadcast(&world_changed);
}

/* What this thread enters; the signal makes the entry fail at once. */
static _Thread_local struct kvm_run *entered;

static void on_signal(int sig)
{
	(void)sig;
	if (entered)
		entered->immediate_exit = 1;
}

void vcpu_init_signals(void)
{
	struct sigaction sa = {.sa_handler = on_signal};

	sigaction(SIGUSR1, &sa, NULL);
}

static u64 mailbox_gpa(const struct vcpu *v)
{
	return AREA_VCPU + v->index * AREA_VCPU_SIZE;
}

static u64 runs_gpa(const struct vcpu *v)
{
	return AREA_RUNS + v->index * AREA_RUNS_SIZE;
}

static void set_attention(struct vcpu *v, u32 on)
{
	__atomic_store_n(&v->m->attention, on, __ATOMIC_RELEASE);
}

/*
 * Make the guest come out soon. A running guest looks at its mailbox; one that
 * sleeps inside KVM does not, its thread needs a signal.
 */
static void call_out(struct vcpu *v)
{
	set_attention(v, 1);
	if (v->job->op == OP_HALT)
		pthread_kill(v->thread, SIGUSR1);
}

/* A guest that failed by itself: is what it goes by what it was? */
static int guest_died(struct vcpu *v, struct err *why)
{
	struct err area;

	if (!vm_check_area(v->vm, &area))
		err_fill(&area, "its code and tables are right");
	return err_set(&v->job->failure, "%s; %s", why->msg, area.msg);
}

/* Why the guest came out, if not by the guest's own wish. */
static int strange_exit(struct vcpu *v)
{
	struct kvm_run *r = v->run;
	struct err *err = &v->job->failure, why;

	if (r->exit_reason == KVM_EXIT_MMIO)
		return err_set(err, "the guest touched %#llx, where no slot is",
			       (unsigned long long)r->mmio.phys_addr);
	if (r->exit_reason == KVM_EXIT_INTERNAL_ERROR)
		return err_set(err, "KVM internal error %u",
			       r->internal.suberror);
	if (r->exit_reason == KVM_EXIT_FAIL_ENTRY)
		return err_set(err, "KVM cannot enter the guest: reason %#llx",
			       (unsigned long long)r->fail_entry
				       .hardware_entry_failure_reason);
	if (r->exit_reason == KVM_EXIT_HLT)
		return err_set(err, "halt needs --irqchip");
	err_fill(&why, "the guest stopped with exit reason %u", r->exit_reason);
	return guest_died(v, &why);
}

/* Whether the signal was meant to end its sleep. */
static bool was_called_out(struct vcpu *v)
{
	return v->job->op == OP_HALT &&
	       __atomic_load_n(&v->m->attention, __ATOMIC_ACQUIRE);
}

/* KVM refuses to run the vCPU until its ring has room again. */
static int empty_rings(struct vcpu *v)
{
	int ret;

	pthread_mutex_lock(&world_lock);
	ret = dirty_ring_collect(v->vm, &v->job->failure);
	pthread_mutex_unlock(&world_lock);
	return ret;
}

/* Enter the guest until it has something to say; without world_lock. */
static int run_guest(struct vcpu *v)
{
	struct kvm_run *r = v->run;
	u8 code;

	for (;;) {
		v->exits++;
		if (ioctl(v->fd, KVM_RUN, 0)) {
			if (errno != EINTR && errno != EAGAIN)
				return err_errno(&v->job->failure, "KVM_RUN");
			v->eintr++;
			r->immediate_exit = 0;
			if (was_called_out(v))
				return GUEST_ATTENTION;
			continue;
		}
		if (r->exit_reason == KVM_EXIT_DIRTY_RING_FULL) {
			if (empty_rings(v))
				return -1;
			continue;
		}
		if (r->exit_reason != KVM_EXIT_IO || r->io.port != GUEST_PORT)
			return strange_exit(v);
		code = *((u8 *)r + r->io.data_offset);
		if (code != GUEST_YIELD)
			return code;
	}
}

/* Enter the guest until it has done what it was told, or wants the VMM. */
static int enter_guest(struct vcpu *v)
{
	struct err why;
	int code = run_guest(v);

	if (code == GUEST_LEFT)
		return nested_left(v, &v->job->failure);
	if (code != GUEST_FAULT)
		return code;
	fault_tell(v->m, &why);
	return guest_died(v, &why);
}

/* Stay outside KVM while somebody wants that; false when the job must end. */
static bool may_enter(struct vcpu *v)
{
	while (v->pause && !v->job->stop) {
		set_state(v, VCPU_PAUSED);
		pthread_cond_wait(&world_changed, &world_lock);
	}
	set_state(v, VCPU_RUNNING);
	set_attention(v, 0);
	return !v->job->stop;
}

static int run_window(struct vcpu *v)
{
	int code;

	do {
		if (!may_enter(v))
			return 0;
		pthread_mutex_unlock(&world_lock);
		code = enter_guest(v);
		pthread_mutex_lock(&world_lock);
		if (code < 0)
			return -1;
		job_account(v->job, v->m, code == GUEST_DONE);
	} while (code != GUEST_DONE);
	return 0;
}

/* A nested guest is entered once; then the vCPU's registers are that guest's.
 */
static int start_vcpu(struct vcpu *v)
{
	u64 stack = mailbox_gpa(v) + AREA_VCPU_SIZE;
	u64 entry = guest_address(guest_entry);
	u64 arg = mailbox_gpa(v);

	if (kvm_wake_vcpu(v->fd, &v->job->failure))
		return -1;
	if (v->nested && !v->inside) {
		arg = nested_prepare(v, entry, stack, arg, &v->job->failure);
		if (!arg)
			return -1;
		entry = nested_entry();
		v->inside = true;
	}
	return kvm_start_at(v->fd, v->run, entry, stack, arg, &v->job->failure);
}

static int run_job(struct vcpu *v)
{
	struct run *runs = vm_area(v->vm, runs_gpa(v));
	struct job *job = v->job;

	while (!job->stop && job_feed(job, v->m, runs, runs_gpa(v))) {
		if (start_vcpu(v) || run_window(v))
			return -1;
		job->errors += v->m->errors;
	}
	return 0;
}

static void *vcpu_thread(void *arg)
{
	struct vcpu *v = arg;

	pthread_mutex_lock(&world_lock);
	v->tid = gettid();
	entered = v->run;
	set_state(v, VCPU_IDLE);
	while (!v->quit) {
		if (!v->busy) {
			pthread_cond_wait(&world_changed, &world_lock);
			continue;
		}
		set_state(v, VCPU_RUNNING);
		if (run_job(v))
			set_state(v, VCPU_DEAD);
		else
			set_state(v, VCPU_IDLE);
		v->busy = false;
	}
	pthread_mutex_unlock(&world_lock);
	return NULL;
}

struct vcpu *vcpu_create(struct vm *vm, struct err *err)
{
	struct vcpu *v;

	if (vm->nr_vcpus == MAX_VCPUS) {
		err_set(err, "a VM has at most %d vCPUs", MAX_VCPUS);
		return NULL;
	}
	v = zalloc(1, sizeof(*v));
	v->vm = vm;
	v->index = vm->nr_vcpus;
	v->m = vm_area(vm, mailbox_gpa(v));
	v->nested = (u64)v->index - vm->nested_from < vm->nr_nested;
	v->fd = kvm_create_vcpu(vm->fd, v->index, vm->tables.root,
				AREA_DESCRIPTORS, &v->run, err);
	if (v->fd < 0)
		goto err_free;
	if (dirty_ring_map(v, err))
		goto err_close;
	if (pthread_create(&v->thread, NULL, vcpu_thread, v)) {
		err_set(err, "cannot create a thread");
		goto err_close;
	}
	vm->vcpus[vm->nr_vcpus++] = v;
	return v;

err_close:
	dirty_ring_unmap(v);
	kvm_close_vcpu(v->fd, v->run);
err_free:
	free(v);
	return NULL;
}

void vcpu_destroy(struct vcpu *v)
{
	pthread_mutex_lock(&world_lock);
	/* A thread that is to quit takes no job: end its job first. */
	vcpu_stop(v);
	v->quit = true;
	pthread_cond_broadcast(&world_changed);
	pthread_mutex_unlock(&world_lock);
	pthread_join(v->thread, NULL);
	dirty_ring_unmap(v);
	kvm_close_vcpu(v->fd, v->run);
	job_free(v->job);
	free(v);
}

/* The job must leave alone what jobs of other vCPUs write or verify. */
static int check_conflicts(struct vcpu *v, struct job *job, struct err *err)
{
	struct vm *vm = v->vm;
	u64 gfn;
	int i;

	for (i = 0; i < vm->nr_vcpus; i++)
		if (vm->vcpus[i]->busy &&
		    jobs_conflict(job, vm->vcpus[i]->job, &gfn))
			return err_set(err, "vCPU %d works on gfn %lx", i, gfn);
	return 0;
}

int vcpu_start(struct vcpu *v, struct job *job, struct err *err)
{
	int ret = 0;

	if (v->busy)
		ret = err_set(err, "vCPU %d is busy: stop it or wait",
			      v->index);
	else if (v->state == VCPU_DEAD)
		ret = err_set(err, "vCPU %d is dead: %s", v->index,
			      v->job->failure.msg);
	else
		ret = check_conflicts(v, job, err);
	if (ret) {
		job_free(job);
		return ret;
	}
	job_free(v->job);
	v->job = job;
	v->busy = true;
	pthread_cond_broadcast(&world_changed);
	return 0;
}

void vcpu_wait(struct vcpu *v)
{
	while (v->busy)
		pthread_cond_wait(&world_changed, &world_lock);
}

void vcpu_stop(struct vcpu *v)
{
	if (v->busy) {
		v->job->stop = true;
		call_out(v);
		pthread_cond_broadcast(&world_changed);
	}
	vcpu_wait(v);
}

void vcpu_pause(struct vcpu *v)
{
	v->pause++;
	if (v->busy)
		call_out(v);
	/* A job that has not begun yet must not slip through. */
	while (v->busy && v->state != VCPU_PAUSED)
		pthread_cond_wait(&world_changed, &world_lock);
}

void vcpu_resume(struct vcpu *v)
{
	if (v->pause)
		v->pause--;
	pthread_cond_broadcast(&world_changed);
}

void vm_pause(struct vm *vm)
{
	int i;

	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_pause(vm->vcpus[i]);
}

void vm_resume(struct vm *vm)
{
	int i;

	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_resume(vm->vcpus[i]);
}
