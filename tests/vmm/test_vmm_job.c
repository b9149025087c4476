// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of jobs: the guest's own code runs here as a function, on memory
 * that lies where its guest-physical addresses are, and is interrupted at
 * random places. What the job accounts for is compared with what the memory
 * shows. Needs no KVM.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "bits.h"
#include "conflict.h"
#include "guest.h"
#include "job.h"
#include "random.h"

#define PAGES 64
#define GFN (DATA_GPA / PAGE_SIZE)

static struct vm vm;
static struct slot *slot = &vm.slots[0];
static struct mailbox mailbox;
static struct run runs[WINDOW_RUNS];
static struct job *job;
static jmp_buf out;
static u64 seed = 1;
static u64 stop_after; /* attentions until the job is stopped; 0: never */
static u64 attentions;

/* job.c asks for slots; this VM has only one. */
struct slot *vm_slot_of(struct vm *v, u64 gfn)
{
	return gfn - GFN < PAGES ? &v->slots[0] : NULL;
}

static u64 *page(u64 n)
{
	return (u64 *)(DATA_GPA + n * PAGE_SIZE);
}

void tell(u8 code)
{
	if (code == GUEST_YIELD) {
		mailbox.attention = random_below(&seed, 2) != 0;
		return;
	}
	job_account(job, &mailbox, code == GUEST_DONE);
	if (code == GUEST_DONE)
		longjmp(out, 1);
	if (stop_after && ++attentions == stop_after)
		longjmp(out, 2);
	mailbox.attention = random_below(&seed, 2) != 0;
}

static void run_job(void)
{
	while (job_feed(job, &mailbox, runs, (u64)runs)) {
		mailbox.attention = 1;
		attentions = 0;
		switch (setjmp(out)) {
		case 0:
			guest_entry(&mailbox);
			break;
		case 2:
			return;
		}
		job->errors += mailbox.errors;
	}
}

static int setup(void **state)
{
	(void)state;
	memset(page(0), 0, PAGES * PAGE_SIZE);
	memset(slot->rec, 0, PAGES * sizeof(*slot->rec));
	vm_reset_truth(&vm);
	job = zalloc(1, sizeof(*job));
	job->vm = &vm;
	job->times = 1;
	job->exit_every = 7;
	stop_after = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	job_free(job);
	return 0;
}

void vm_reset_truth(struct vm *v)
{
	v->epoch++;
	memset(slot->read, 0, bits_bytes(PAGES));
	memset(slot->written, 0, bits_bytes(PAGES));
}

/* Whether every page holds what its record says. */
static void check_memory(void)
{
	u64 n, i;

	for (n = 0; n < PAGES; n++) {
		const struct page_rec *rec = &slot->rec[n];
		u64 base = pattern_base(GFN + n, rec->version, vm.seed);

		for (i = 0; i < PAGE_WORDS; i++) {
			u64 want = pattern_word(base, rec->version, i);

			if (!i && rec->tag)
				want = tag_word(GFN + n, rec->tag);
			assert_int_equal(page(n)[i], want);
		}
	}
}

static void add_random_set(u32 mode, u32 tag)
{
	struct pageset set = {0};
	u64 i;

	for (i = 0; i < 5; i++) {
		u64 from = random_below(&seed, PAGES / 2);
		u64 stride = 1 + random_below(&seed, 4);

		pageset_add(&set, GFN + from, 1 + random_below(&seed, 8),
			    stride);
	}
	job_add_set(job, &set, mode, 0, tag);
	pageset_free(&set);
}

static void add_pages(u64 from, u64 count)
{
	struct pageset set = {0};

	pageset_add(&set, GFN + from, count, 1);
	job_add_known(job, &set);
	pageset_free(&set);
}

/* Writes that stop anywhere: truth and memory must tell the same. */
static void one_touch(u64 stop)
{
	u64 n;

	teardown(NULL);
	setup(NULL);
	job->op = OP_TOUCH;
	job->times = 1 + random_below(&seed, 3);
	stop_after = stop;
	add_random_set(RUN_WRITE, 3);
	run_job();
	assert_string_equal(job->failure.msg, "");
	assert_int_equal(job->errors, 0);
	for (n = 0; n < PAGES; n++) {
		bool touched = page(n)[0] == tag_word(GFN + n, 3);

		assert_int_equal(touched, bits_test(slot->written, n));
		assert_false(bits_test(slot->read, n));
	}
	check_memory();
}

static void test_touch(void **state)
{
	u64 stop;

	(void)state;
	for (stop = 0; stop < 100; stop++)
		one_touch(stop);
}

/* A truth that is reset in a loop names each page of the next pass again. */
static void test_reset_in_loop(void **state)
{
	u64 n;

	(void)state;
	job->op = OP_TOUCH;
	job->times = FOR_EVER;
	stop_after = 500;
	add_random_set(RUN_READ, 0);
	run_job();
	vm_reset_truth(&vm);
	/* From where it was stopped, as after a pause: one more pass. */
	mailbox.pos.pass++;
	mailbox.accesses = mailbox.accesses / mailbox.pos.pass;
	job->failure.msg[0] = '\0';
	job_account(job, &mailbox, false);
	for (n = 0; n < job->nr_runs; n++)
		assert_true(bits_test(slot->read, job->runs[n].gfn - GFN));
}

static void test_writer(void **state)
{
	u64 stop;

	(void)state;
	for (stop = 1; stop < 60; stop += 7) {
		teardown(NULL);
		setup(NULL);
		job->op = OP_WRITER;
		job->times = FOR_EVER;
		stop_after = stop;
		add_pages(3, 20);
		run_job();
		assert_int_equal(mailbox.errors, 0);
		assert_string_equal(job->failure.msg, "");
		check_memory();
	}
}

/* The writer goes on where touched and filled pages were. */
static void test_mixed(void **state)
{
	struct pageset set = {0};

	(void)state;
	pageset_add(&set, GFN + 5, 10, 1);
	job->op = OP_FILL;
	job_add_set(job, &set, RUN_WRITE, 9, 0);
	run_job();
	check_memory();
	pageset_free(&set);
	job_free(job);
	job = zalloc(1, sizeof(*job));
	*job = (struct job){.vm = &vm, .op = OP_TOUCH, .times = 1};
	add_random_set(RUN_READ | RUN_WRITE, 5);
	run_job();
	check_memory();
	job_free(job);
	job = zalloc(1, sizeof(*job));
	*job = (struct job){.vm = &vm, .op = OP_WRITER, .times = 3};
	add_pages(0, PAGES);
	run_job();
	assert_int_equal(job->errors, 0);
	assert_int_equal(job_passes(job), 3);
	check_memory();
}

static void test_verify_finds(void **state)
{
	(void)state;
	slot->rec[7].version = 2;
	job->op = OP_VERIFY;
	add_pages(0, PAGES);
	run_job();
	assert_int_equal(job->errors, PAGE_WORDS);
	assert_int_equal(job->bad_gfn, GFN + 7);
}

static void test_lost_write_is_found(void **state)
{
	(void)state;
	job->op = OP_WRITER;
	job->times = 2;
	add_pages(0, 4);
	run_job();
	assert_int_equal(job->errors, 0);
	job_free(job);
	job = zalloc(1, sizeof(*job));
	*job = (struct job){.vm = &vm, .op = OP_WRITER, .times = 1};
	add_pages(0, 4);
	/* Page 2 falls back to the version before. */
	for (u64 i = 0; i < PAGE_WORDS; i++)
		page(2)[i] =
			pattern_word(pattern_base(GFN + 2, 1, vm.seed), 1, i);
	run_job();
	assert_int_equal(job->errors, PAGE_WORDS);
	assert_int_equal(job->bad_gfn, GFN + 2);
}

/* More runs than the guest's list holds: several windows, several passes. */
static void test_windows(void **state)
{
	struct run run = {.count = 1, .stride = 1, .mode = RUN_READ};
	u64 i, n = 2 * WINDOW_RUNS + 10;

	(void)state;
	job->op = OP_TOUCH;
	job->times = 2;
	for (i = 0; i < n; i++) {
		run.gfn = GFN + i % (PAGES - 1);
		job_add_run(job, &run);
	}
	run_job();
	assert_int_equal(job->accesses, 2 * n);
	assert_int_equal(job_passes(job), 2);
	assert_string_equal(job->failure.msg, "");
	for (i = 0; i < PAGES; i++)
		assert_int_equal(bits_test(slot->read, i), i < PAGES - 1);
}

/* A guest that does not do what it says must not go unnoticed. */
static void test_liar(void **state)
{
	(void)state;
	job->op = OP_TOUCH;
	add_random_set(RUN_READ, 0);
	job_feed(job, &mailbox, runs, (u64)runs);
	mailbox.pos = (struct guest_pos){.pass = 1};
	mailbox.accesses = 1;
	job_account(job, &mailbox, true);
	assert_int_equal(job->errors, 1);
	assert_string_not_equal(job->failure.msg, "");
}

static struct job *other_job(u32 op, u64 from, u64 count, u32 tag)
{
	struct run run = {.gfn = GFN + from, .stride = 1, .tag = tag};
	struct job *other = zalloc(1, sizeof(*other));

	run.count = (u32)count;
	run.mode = op == OP_TOUCH && !tag ? RUN_READ : RUN_WRITE;
	other->vm = &vm;
	other->op = op;
	job_add_run(other, &run);
	return other;
}

static void expect_conflict(u32 op, u32 tag, u32 op2, u32 tag2, bool conflict)
{
	struct job *a = other_job(op, 0, 10, tag);
	struct job *b = other_job(op2, 9, 10, tag2);
	struct job *c = other_job(op2, 10, 10, tag2);
	u64 gfn = 0;

	assert_int_equal(jobs_conflict(a, b, &gfn), conflict);
	assert_int_equal(jobs_conflict(b, a, &gfn), conflict);
	assert_true(!conflict || gfn == GFN + 9);
	assert_false(jobs_conflict(a, c, &gfn));
	job_free(a);
	job_free(b);
	job_free(c);
}

static void test_conflicts(void **state)
{
	(void)state;
	expect_conflict(OP_TOUCH, 0, OP_TOUCH, 0, false);
	expect_conflict(OP_TOUCH, 0, OP_TOUCH, 1, false);
	expect_conflict(OP_TOUCH, 0, OP_WRITER, 0, false);
	expect_conflict(OP_TOUCH, 1, OP_TOUCH, 1, false);
	expect_conflict(OP_TOUCH, 1, OP_TOUCH, 2, true);
	expect_conflict(OP_TOUCH, 1, OP_WRITER, 0, true);
	expect_conflict(OP_TOUCH, 1, OP_VERIFY, 0, true);
	expect_conflict(OP_FILL, 0, OP_VERIFY, 1, true);
	expect_conflict(OP_WRITER, 0, OP_WRITER, 0, true);
	expect_conflict(OP_VERIFY, 0, OP_VERIFY, 0, false);
}

static int map_memory(void **state)
{
	void *want = page(0);

	(void)state;
	vm.seed = 42;
	slot->gfn = GFN;
	slot->pages = PAGES;
	slot->rec = zalloc(PAGES, sizeof(*slot->rec));
	slot->read = zalloc(1, bits_bytes(PAGES));
	slot->written = zalloc(1, bits_bytes(PAGES));
	return mmap(want, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
		    0) == want
		       ? 0
		       : -1;
}

static int unmap_memory(void **state)
{
	(void)state;
	free(slot->rec);
	free(slot->read);
	free(slot->written);
	return munmap(page(0), PAGES * PAGE_SIZE);
}

#define JOB_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		JOB_TEST(test_touch),	     JOB_TEST(test_reset_in_loop),
		JOB_TEST(test_writer),	     JOB_TEST(test_mixed),
		JOB_TEST(test_verify_finds), JOB_TEST(test_lost_write_is_found),
		JOB_TEST(test_windows),	     JOB_TEST(test_liar),
		JOB_TEST(test_conflicts),
	};

	return cmocka_run_group_tests_name("vmm_job", tests, map_memory,
					   unmap_memory);
}
