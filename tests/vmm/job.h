/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A job: what one vCPU is to do, handed to the guest window by window, and
 * the account of what the guest has done of it. Everything here is called
 * with world_lock held.
 */
#ifndef VMM_JOB_H
#define VMM_JOB_H

#include "vm.h"

#define FOR_EVER (~0UL)

struct job;

/**
 * struct job - one operation of the script
 * @vm: its VM
 * @op: enum guest_op
 * @runs: what to access
 * @nr_runs: entries in @runs
 * @times: passes over @runs (SPIN: iterations), FOR_EVER until stopped
 * @exit_every: accesses between two exits for the host's scheduler
 * @gaps: measure the time between accesses
 * @refill: when not NULL: called after @times passes; makes new runs and
 *	returns true, or returns false at the end
 * @refill_data: for @refill, freed with the job
 * @stop: somebody wants it to end
 * @passes: complete passes over all of @runs in the windows before
 * @accesses: pages accessed so far
 * @errors: wrong words found by the guest, or accesses not made
 * @bad_gfn: page of the first wrong word
 * @gap_max: longest gap between accesses in TSC ticks
 * @gap_hist: gaps by the position of their highest bit
 * @failure: why the vCPU could not finish it, "" if it could
 */
struct job {
	struct vm *vm;
	u32 op;
	struct run *runs;
	u64 nr_runs;
	u64 times;
	u64 exit_every;
	bool gaps;
	bool (*refill)(struct job *job);
	void *refill_data;
	bool stop;
	u64 passes;
	u64 accesses;
	u64 errors;
	u64 bad_gfn;
	u64 gap_max;
	u64 gap_hist[GAP_BUCKETS];
	struct err failure;

	/* private: the window that the guest works on */
	bool in_window;
	u64 start;
	u64 nr;
	u64 window_passes;
	u64 window_epoch; /* all of it is marked since this epoch */
	u64 done_before;  /* accesses before this window */
	struct guest_pos last;
};

/* Add the pages of a set to the job's runs. */
void job_add_set(struct job *job, const struct pageset *set, u32 mode,
		 u32 version, u32 tag);
void job_add_run(struct job *job, const struct run *run);

/**
 * job_add_known() - add pages, each with the content that it must hold now
 */
void job_add_known(struct job *job, const struct pageset *set);

/**
 * job_feed() - put the next window into the guest's mailbox
 * @job: the job
 * @m: the vCPU's mailbox
 * @runs: its run list
 * @runs_gpa: guest-physical address of that list
 *
 * Return: false when the job is done.
 */
bool job_feed(struct job *job, struct mailbox *m, struct run *runs,
	      u64 runs_gpa);

/**
 * job_account() - record what the guest has done since the last call
 * @job: the job
 * @m: the mailbox, after an exit
 * @done: the guest has finished the window
 */
void job_account(struct job *job, const struct mailbox *m, bool done);

/* Complete passes by the last account, those of the current window too. */
u64 job_passes(const struct job *job);

void job_free(struct job *job);

#endif
