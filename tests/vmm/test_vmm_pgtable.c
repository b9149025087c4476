// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the guest goes by: its page tables and the check of them, its
 * exceptions' tables and the sentence about one. The tables are data here, no
 * CPU reads them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "pgtable.h"

#define POOL 0x4000UL
#define POOL_END 0x10000UL
#define MAPPED 0x40000000UL
#define PAGES 700

struct fixture {
	struct pgtable pt;
	u8 *memory;
	struct err err;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->memory = calloc(1, POOL_END);
	if (pgtable_init(&f->pt, PGTABLE_CPU, f->memory, POOL, POOL_END,
			 &f->err) ||
	    pgtable_map(&f->pt, MAPPED, PAGES * PAGE_SIZE, false, &f->err))
		return -1;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	free(f->memory);
	free(f);
	return 0;
}

/* Tables come in the order in which they are needed; the fourth has leaves. */
static u64 *table(struct fixture *f, int number)
{
	return (u64 *)(f->memory + POOL + number * PAGE_SIZE);
}

static void assert_bad(struct fixture *f, const char *part)
{
	assert_int_equal(pgtable_check(&f->pt, &f->err), -1);
	if (!strstr(f->err.msg, part))
		fail_msg("'%s' does not name '%s'", f->err.msg, part);
}

static void test_as_built(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(f->pt.leaves, PAGES);
	assert_int_equal(pgtable_check(&f->pt, &f->err), 0);
}

/* A hypervisor may clear them and a CPU sets them. */
static void test_marks_may_change(void **state)
{
	struct fixture *f = *state;

	table(f, 3)[7] &= ~(BIT(5) | BIT(6));
	assert_int_equal(pgtable_check(&f->pt, &f->err), 0);
}

static void test_lost_leaf(void **state)
{
	struct fixture *f = *state;

	table(f, 3)[7] = 0;
	assert_bad(f, "map 699 pages of 700");
}

static void test_other_page(void **state)
{
	struct fixture *f = *state;

	table(f, 3)[511] ^= PAGE_SIZE;
	assert_bad(f, "table 0x7000 has 0x401fe067 at 511");
}

static void test_lost_right(void **state)
{
	struct fixture *f = *state;

	table(f, 3)[7] &= ~BIT(1);
	assert_bad(f, "at 7");
}

static void test_other_table(void **state)
{
	struct fixture *f = *state;

	table(f, 2)[1] = POOL_END | 0x27;
	assert_bad(f, "table 0x6000 has 0x10027 at 1");
	table(f, 2)[1] = 0;
	assert_bad(f, "map 512 pages of 700");
}

static void test_huge(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
		pgtable_map(&f->pt, 4 * MAPPED, 3 * SIZE_2M, true, &f->err), 0);
	assert_int_equal(pgtable_check(&f->pt, &f->err), 0);
	assert_int_equal(f->pt.leaves, PAGES + 3);
}

/* Where the gate of a vector leads, put together as a CPU does. */
static u64 gate_target(const u64 *idt, int vector)
{
	const u64 *gate = idt + 2 * vector;

	return (gate[0] & 0xffff) | (gate[0] >> 48) << 16 | gate[1] << 32;
}

static void test_gates(void **state)
{
	const u64 stubs = 0x123456789000UL;
	u64 page[FAULT_TABLES_SIZE / 8];
	int i;

	(void)state;
	fault_fill((u8 *)page, stubs);
	for (i = 0; i < GUEST_VECTORS; i++) {
		assert_int_equal(gate_target(page, i),
				 stubs + (u64)i * GUEST_STUB_SIZE);
		assert_int_equal(page[2 * i] >> 16 & 0xffffffff,
				 0x8e000000UL | FAULT_CODE_SELECTOR);
	}
}

static void test_sentences(void **state)
{
	struct mailbox m = {.fault = {14, 2, 0x1234}, .fault_address = 0x5678};
	struct err err;

	(void)state;
	fault_tell(&m, &err);
	assert_string_equal(err.msg, "the guest met exception 14 (error 0x2) "
				     "at 0x1234, CR2 0x5678");
	m.fault[0] = 6;
	fault_tell(&m, &err);
	assert_string_equal(err.msg, "the guest met exception 6 (error 0) "
				     "at 0x2, CR2 0x5678");
}

#define TABLE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(test_as_built),
		TABLE_TEST(test_marks_may_change),
		TABLE_TEST(test_lost_leaf),
		TABLE_TEST(test_other_page),
		TABLE_TEST(test_lost_right),
		TABLE_TEST(test_other_table),
		TABLE_TEST(test_huge),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_sentences),
	};

	return cmocka_run_group_tests_name("vmm_tables", tests, NULL, NULL);
}
