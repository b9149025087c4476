/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vCPUs: a thread each that does one job after the other. Everything here is
 * called with world_lock held, unless it says otherwise.
 */
#ifndef VMM_VCPU_H
#define VMM_VCPU_H

#include "job.h"

enum vcpu_state {
	VCPU_IDLE, /* no job; its thread is outside KVM */
	VCPU_RUNNING,
	VCPU_PAUSED, /* in the middle of a job, outside KVM */
	VCPU_DEAD,   /* KVM could not run it: see its job's failure */
};

/**
 * struct vcpu - a vCPU
 * @nested: it runs as a guest of the guest
 * @inside: it has become one; it stays that
 * @job: the job it does, or has done last
 * @busy: it has not finished @job
 * @pause: number of reasons to stay outside KVM
 * @ring: its dirty ring, NULL if it has none
 * @ring_next: number of the ring's next entry
 * @exits: returns of KVM_RUN
 * @eintr: those because of a signal
 */
struct vcpu {
	struct vm *vm;
	int index;
	int fd;
	int tid;
	struct kvm_run *run;
	struct mailbox *m;
	pthread_t thread;
	enum vcpu_state state;
	struct job *job;
	bool nested;
	bool inside;
	bool busy;
	bool quit;
	int pause;
	struct kvm_dirty_gfn *ring;
	u32 ring_next;
	u64 exits;
	u64 eintr;
};

const char *vcpu_state_name(enum vcpu_state state);

/* Once per program: the signal that brings a sleeping vCPU out of KVM. */
void vcpu_init_signals(void);

/* Create the VM's next vCPU and its thread. */
struct vcpu *vcpu_create(struct vm *vm, struct err *err);

/* Stop its job, end its thread, close it; without world_lock. */
void vcpu_destroy(struct vcpu *v);

/**
 * vcpu_start() - give it a job
 * @v: the vCPU
 * @job: belongs to the vCPU from now on, also when this fails
 *
 * Return: 0, or -1 when it is busy or dead.
 */
int vcpu_start(struct vcpu *v, struct job *job, struct err *err);

/* Wait until its job is done; sleeps, releasing world_lock. */
void vcpu_wait(struct vcpu *v);

/* End its job at the next access and wait for that. */
void vcpu_stop(struct vcpu *v);

/* Bring it out of KVM at the next access; counts. Accounts for its job. */
void vcpu_pause(struct vcpu *v);
void vcpu_resume(struct vcpu *v);

/* The same for all vCPUs of a VM. */
void vm_pause(struct vm *vm);
void vm_resume(struct vm *vm);

#endif
