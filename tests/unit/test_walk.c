// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_walk: the walk of src/kmod/kvm over made-up tables: what it enters, what
 * it clears, what it says, and how long it holds the lock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel.h"
#include "kvm/internal.h"

#define ACC BIT_ULL(5)
#define DIRTY BIT_ULL(6)
#define CHUNKS 4
#define PAGES (CHUNKS * 512)
#define ROOT 4

struct page kernel_pages[PAGES];

/* The VM, and what the walk asked and said. */
static struct {
	struct kvm kvm;
	struct vtmm_mmu_page root;
	u64 *pml4, *pdpt, *pd, *pt[CHUNKS];
	struct vtmm_access buf[VTMM_WALK_BUF];
	struct vtmm_pass pass;
	struct vtmm_seen seen;
	bool locked, asleep[PAGES], found_due[CHUNKS], unknown, log_by_dirty;
	u64 clock, tick;
	bool wanted; /* somebody waits for the lock */
	u64 *racing; /* an entry that a CPU writes when the walk does */
	unsigned int holds, stop_after, emit_fails_at;
	unsigned int emitted[PAGES], entered[CHUNKS];
	u8 flags[PAGES];
} t;

bool pfn_valid(u64 pfn)
{
	return pfn < PAGES;
}

u64 local_clock(void)
{
	t.clock += t.tick;
	return t.clock;
}

bool rwlock_needbreak(int *lock)
{
	assert_ptr_equal(lock, &t.kvm.mmu_lock);
	return t.wanted;
}

bool try_cmpxchg64(u64 *p, u64 *old, u64 new)
{
	assert_true(t.locked);
	assert_true(vtmm_spte_present(*old));
	if (p == t.racing)
		*p |= DIRTY;
	if (*p != *old) {
		*old = *p;
		return false;
	}
	*p = new;
	return true;
}

u64 vtmm_accessed_mask(void)
{
	return ACC;
}

u64 vtmm_dirty_mask(void)
{
	return DIRTY;
}

bool vtmm_log_by_dirty(void)
{
	return t.log_by_dirty;
}

bool vtmm_has_roots(struct kvm *kvm)
{
	return kvm == &t.kvm;
}

int vtmm_tables_lock(struct kvm *kvm)
{
	assert_ptr_equal(kvm, &t.kvm);
	assert_false(t.locked);
	t.locked = true;
	t.holds++;
	return 0;
}

void vtmm_tables_unlock(struct kvm *kvm, int idx)
{
	assert_ptr_equal(kvm, &t.kvm);
	assert_int_equal(idx, 0);
	assert_true(t.locked);
	t.locked = false;
}

struct vtmm_mmu_page *vtmm_next_root(struct kvm *kvm,
				     struct vtmm_mmu_page *root)
{
	assert_ptr_equal(kvm, &t.kvm);
	return root ? NULL : &t.root;
}

int vtmm_walk_shadow(struct vtmm_walk *w)
{
	assert_non_null(w);
	return 0;
}

static bool op_stop(void *ctx)
{
	assert_ptr_equal(ctx, &t);
	assert_false(t.locked);
	return t.stop_after && t.holds >= t.stop_after;
}

static bool op_due(void *ctx, u64 gfn)
{
	assert_ptr_equal(ctx, &t);
	assert_true(t.locked);
	return !t.asleep[gfn];
}

static bool op_any_due(void *ctx, u64 gfn, u64 n)
{
	u64 i;

	assert_ptr_equal(ctx, &t);
	assert_true(t.locked);
	for (i = 0; i < CHUNKS; i++)
		if (t.found_due[i] && i * 512 >= gfn && i * 512 < gfn + n)
			return true;
	return false;
}

static int op_tier(void *ctx, struct page *page)
{
	assert_ptr_equal(ctx, &t);
	assert_true(t.locked);
	return page->tier;
}

static bool op_known(void *ctx, u64 gfn)
{
	assert_ptr_equal(ctx, &t);
	assert_true(gfn < PAGES);
	return !t.unknown;
}

static bool op_huge(void *ctx, u64 gfn)
{
	assert_ptr_equal(ctx, &t);
	assert_true(gfn < PAGES);
	return false;
}

static int op_emit(void *ctx, const struct vtmm_access *a, size_t n)
{
	size_t i;

	assert_ptr_equal(ctx, &t);
	assert_false(t.locked);
	for (i = 0; i < n; i++) {
		assert_true(a[i].gfn < PAGES);
		if (a[i].flags & VTMM_ACC_ENTERED) {
			t.entered[a[i].gfn / 512]++;
			continue;
		}
		t.emitted[a[i].gfn]++;
		t.flags[a[i].gfn] = a[i].flags;
	}
	return t.emit_fails_at && t.holds >= t.emit_fails_at ? -ENOMEM : 0;
}

static const struct vtmm_walk_ops ops = {
	.stop = op_stop,
	.due = op_due,
	.any_due = op_any_due,
	.tier = op_tier,
	.known = op_known,
	.huge = op_huge,
	.emit = op_emit,
};

static u64 *new_table(void)
{
	u64 *table = aligned_alloc(PAGE_SIZE, PAGE_SIZE);

	assert_non_null(table);
	memset(table, 0, PAGE_SIZE);
	return table;
}

static u64 upper(const u64 *table)
{
	return (unsigned long)table | VTMM_SPTE_PRESENT;
}

/* Four chunks, all of whose pages are mapped and none was accessed. */
static int setup(void **state)
{
	u64 i;

	(void)state;
	memset(&t, 0, sizeof(t));
	t.pml4 = new_table();
	t.pdpt = new_table();
	t.pd = new_table();
	t.pml4[0] = upper(t.pdpt);
	t.pdpt[0] = upper(t.pd);
	for (i = 0; i < PAGES; i++) {
		if (i % 512 == 0) {
			t.pt[i / 512] = new_table();
			t.pd[i / 512] = upper(t.pt[i / 512]);
		}
		t.pt[i / 512][i % 512] = i << PAGE_SHIFT | VTMM_SPTE_PRESENT;
		kernel_pages[i] = (struct page){.mapping = &t, .tier = i % 2};
	}
	t.root.spt = t.pml4;
	t.root.role.level = ROOT;
	t.kvm.slots.slot.npages = PAGES;
	t.pass = (struct vtmm_pass){.kvm = &t.kvm,
				    .ops = &ops,
				    .ctx = &t,
				    .prune = true,
				    .buf = t.buf};
	return 0;
}

static int teardown(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < CHUNKS; i++)
		free(t.pt[i]);
	free(t.pd);
	free(t.pdpt);
	free(t.pml4);
	return 0;
}

static int walk(void)
{
	t.holds = 0;
	memset(t.emitted, 0, sizeof(t.emitted));
	memset(t.entered, 0, sizeof(t.entered));
	return vtmm_walk_all(&t.pass, &t.seen);
}

static u64 *spte(u64 gfn)
{
	return &t.pt[gfn / 512][gfn % 512];
}

/* A CPU goes through the tables to a page. */
static void access_page(u64 gfn, u64 bits)
{
	t.pml4[0] |= ACC;
	t.pdpt[0] |= ACC;
	t.pd[gfn / 512] |= ACC;
	*spte(gfn) |= bits;
}

/* Every page of a chunk was told @n times. */
static void assert_chunk(int chunk, unsigned int n)
{
	int i;

	for (i = 0; i < 512; i++)
		assert_int_equal(t.emitted[chunk * 512 + i], n);
}

static void test_prune(void **state)
{
	(void)state;
	access_page(2 * 512 + 7, ACC);
	assert_int_equal(walk(), 0);
	assert_chunk(0, 0);
	assert_chunk(1, 0);
	assert_chunk(2, 1);
	assert_chunk(3, 0);
	assert_int_equal(t.entered[2], 1);
	assert_int_equal(t.flags[2 * 512 + 7], VTMM_ACC_READ);
	assert_int_equal(t.flags[2 * 512 + 8], 0);
	assert_true(t.seen.cleared);
	assert_int_equal(t.seen.rearmed, 1);
	/* All bits on the way are clear again: the next pass ends at the root.
	 */
	assert_int_equal(walk(), 0);
	assert_int_equal(t.seen.visited, 512);
	assert_false(t.seen.cleared);
}

static void test_no_prune(void **state)
{
	int i;

	(void)state;
	t.pass.prune = false;
	assert_int_equal(walk(), 0);
	for (i = 0; i < CHUNKS; i++)
		assert_chunk(i, 1);
	/* After each hold the entries above are looked at once more. */
	assert_in_range(t.seen.visited, (3 + CHUNKS) * 512,
			(3 + CHUNKS) * 512 + t.holds * (ROOT - 1));
	assert_false(t.seen.cleared);
}

/* A chunk whose bits were cleared last time is looked at once more. */
static void test_again(void **state)
{
	static const u64 again[] = {512, 3 * 512};

	(void)state;
	t.pass.again = again;
	t.pass.nr_again = 2;
	assert_int_equal(walk(), 0);
	assert_chunk(0, 0);
	assert_chunk(1, 1);
	assert_chunk(2, 0);
	assert_chunk(3, 1);
}

static void test_any_due(void **state)
{
	(void)state;
	t.found_due[1] = true;
	assert_int_equal(walk(), 0);
	assert_chunk(0, 0);
	assert_chunk(1, 1);
	assert_chunk(2, 0);
}

/* Only the bits of a page that is due are cleared; the other says so. */
static void test_due(void **state)
{
	(void)state;
	access_page(5, ACC | DIRTY);
	access_page(6, ACC | DIRTY);
	t.asleep[6] = true;
	assert_int_equal(walk(), 0);
	assert_int_equal(t.flags[5], VTMM_ACC_READ | VTMM_ACC_WRITE);
	assert_int_equal(t.flags[6],
			 VTMM_ACC_READ | VTMM_ACC_WRITE | VTMM_ACC_SLEPT);
	assert_int_equal(*spte(5) & (ACC | DIRTY), 0);
	assert_int_equal(*spte(6) & (ACC | DIRTY), ACC | DIRTY);
	assert_true(kernel_pages[5].dirty);
	assert_false(kernel_pages[6].dirty);
	assert_int_equal(t.seen.rearmed, 1);
}

/* A CPU was faster: the bits stay, the page is not told, nothing is lost. */
static void test_race(void **state)
{
	(void)state;
	access_page(5, ACC);
	t.racing = spte(5);
	assert_int_equal(walk(), 0);
	assert_int_equal(t.flags[5], VTMM_ACC_READ | VTMM_ACC_SLEPT);
	assert_int_equal(*spte(5) & (ACC | DIRTY), ACC | DIRTY);
	assert_false(kernel_pages[5].dirty);
	assert_int_equal(t.seen.rearmed, 0);
}

/* While the VMM logs a slot by dirty bits these are KVM's. */
static void test_logged(void **state)
{
	(void)state;
	access_page(5, ACC | DIRTY);
	t.kvm.slots.slot.logged = true;
	t.log_by_dirty = true;
	assert_int_equal(walk(), 0);
	assert_int_equal(t.flags[5], VTMM_ACC_READ);
	assert_int_equal(*spte(5) & (ACC | DIRTY), DIRTY);
	t.log_by_dirty = false;
	access_page(5, ACC);
	assert_int_equal(walk(), 0);
	assert_int_equal(t.flags[5], VTMM_ACC_READ | VTMM_ACC_WRITE);
	assert_int_equal(*spte(5) & (ACC | DIRTY), 0);
}

/* What a balloon gave back is told once, and is in no tier. */
static void test_empty(void **state)
{
	(void)state;
	access_page(5, ACC);
	kernel_pages[5].mapping = NULL;
	assert_int_equal(walk(), 0);
	assert_int_equal(t.emitted[5], 1);
	assert_int_equal(t.flags[5], VTMM_ACC_EMPTY);
	assert_int_equal(*spte(5) & ACC, ACC);
	t.unknown = true;
	access_page(5, ACC);
	assert_int_equal(walk(), 0);
	assert_int_equal(t.emitted[5], 0);
	assert_int_equal(t.emitted[6], 1);
}

/* A leaf of 2 MiB is told as one, in its place. */
static void test_huge(void **state)
{
	(void)state;
	t.pml4[0] |= ACC;
	t.pdpt[0] |= ACC;
	t.pd[1] = 512ULL << PAGE_SHIFT | VTMM_SPTE_PRESENT | VTMM_SPTE_LARGE |
		  ACC;
	assert_int_equal(walk(), 0);
	assert_int_equal(t.emitted[512], 1);
	assert_int_equal(t.emitted[513], 0);
	assert_int_equal(t.flags[512], VTMM_ACC_READ | VTMM_ACC_HUGE);
	assert_int_equal(t.pd[1] & ACC, 0);
}

static void test_stop(void **state)
{
	(void)state;
	t.pass.prune = false;
	t.stop_after = 2;
	assert_int_equal(walk(), -ESRCH);
	assert_int_equal(t.holds, 2);
	assert_chunk(CHUNKS - 1, 0);
}

static void test_emit_fails(void **state)
{
	(void)state;
	t.pass.prune = false;
	t.emit_fails_at = 3;
	assert_int_equal(walk(), -ENOMEM);
	assert_int_equal(t.holds, 3);
}

/* However long a walk is, no hold is: by entries, by the clock, by who waits.
 */
static void check_bounded(u64 most)
{
	int i;

	t.pass.prune = false;
	for (i = 0; i < PAGES; i++)
		access_page(i, ACC);
	assert_int_equal(walk(), 0);
	for (i = 0; i < CHUNKS; i++)
		assert_chunk(i, 1);
	/* An upper entry and the first below it are looked at in one hold. */
	assert_in_range(t.seen.held, 1, most + ROOT);
	assert_in_range(t.holds, t.seen.visited / (most + ROOT),
			t.seen.visited / most + 2 * ROOT);
	for (i = 0; i < PAGES; i++)
		assert_int_equal(t.flags[i], VTMM_ACC_READ);
}

static void test_bounded(void **state)
{
	(void)state;
	check_bounded(VTMM_WALK_BUDGET);
}

static void test_bounded_by_clock(void **state)
{
	(void)state;
	t.tick = 1000000;
	check_bounded(VTMM_WALK_STEP);
}

static void test_bounded_by_others(void **state)
{
	(void)state;
	t.wanted = true;
	check_bounded(VTMM_WALK_STEP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_prune, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_prune, setup, teardown),
		cmocka_unit_test_setup_teardown(test_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_any_due, setup, teardown),
		cmocka_unit_test_setup_teardown(test_due, setup, teardown),
		cmocka_unit_test_setup_teardown(test_race, setup, teardown),
		cmocka_unit_test_setup_teardown(test_logged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_huge, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stop, setup, teardown),
		cmocka_unit_test_setup_teardown(test_emit_fails, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bounded_by_clock, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_bounded_by_others, setup,
						teardown),
	};

	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
