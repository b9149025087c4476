// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_trace: what is recorded of a VM can be read again, as it was; a file
 * that was cut off or damaged is refused with a reason.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/vtmmctl/record.h"
#include "run.h"
#include "test.h"

#define MAX_BYTES 4096

/* A trace in memory. */
struct bytes {
	unsigned char data[MAX_BYTES];
	size_t size;
};

/* Three rounds, and a gap of four, of the pages of the fake family. */
static void write_trace(struct bytes *b)
{
	struct trace_head head = {TRACE_QUEUE, 600, 10, 4096, 37};
	struct trace_file t;
	struct fake f;
	FILE *out = fmemopen(b->data, MAX_BYTES, "wb");

	fake_init(&f);
	assert_true(trace_begin(&t, out, &head));
	assert_true(record_map(&t, &f.pages));
	assert_true(record_rounds(&t, &f.pages, UINT64_MAX));
	f.pages.round = 54;
	assert_true(record_rounds(&t, &f.pages, UINT64_MAX));
	assert_int_equal(t.rounds, 13);
	assert_int_equal(t.missed, 4);
	assert_true(trace_finish(&t));
	b->size = (size_t)ftell(out);
	fclose(out);
	fake_free(&f);
}

static void check_run_is(const struct trace_record *rec, size_t i, uint64_t gfn,
			 uint64_t count, bool mark)
{
	assert_true(i < rec->nr);
	assert_int_equal(rec->runs[i].gfn, gfn);
	assert_int_equal(rec->runs[i].count, count);
	assert_int_equal(rec->runs[i].mark, mark);
	assert_false(rec->runs[i].huge);
}

static void next(struct trace_file *t, struct trace_record *rec,
		 enum trace_kind kind, uint64_t round, size_t nr)
{
	trace_record_free(rec);
	assert_true(trace_next(t, rec));
	assert_int_equal(rec->kind, kind);
	assert_int_equal(rec->round, round);
	assert_int_equal(rec->nr, nr);
}

static void test_round_trip(void **state)
{
	struct trace_record rec = {0};
	struct trace_head head;
	struct trace_file t;
	struct bytes b;
	FILE *in;

	(void)state;
	write_trace(&b);
	in = fmemopen(b.data, b.size, "rb");
	assert_true(trace_open(&t, in, &head));
	assert_int_equal(head.flags, TRACE_QUEUE);
	assert_int_equal(head.period_ms, 600);
	assert_int_equal(head.window, 10);
	assert_int_equal(head.mem, 4096);
	assert_int_equal(head.round, 37);
	next(&t, &rec, TRACE_MAP, 37, 2);
	check_run_is(&rec, 0, 0x10, 4, false);
	check_run_is(&rec, 1, 0x20, 2, true);
	next(&t, &rec, TRACE_ROUND, 38, 1);
	check_run_is(&rec, 0, 0x21, 1, true);
	next(&t, &rec, TRACE_ROUND, 39, 1);
	check_run_is(&rec, 0, 0x20, 1, true);
	next(&t, &rec, TRACE_ROUND, 40, 2);
	check_run_is(&rec, 0, 0x10, 4, false);
	check_run_is(&rec, 1, 0x20, 1, false);
	next(&t, &rec, TRACE_ROUND, 45, 0);
	assert_int_equal(rec.missed, 4);
	for (uint64_t round = 46; round < 52; round++)
		next(&t, &rec, TRACE_ROUND, round, 0);
	next(&t, &rec, TRACE_ROUND, 52, 1);
	next(&t, &rec, TRACE_ROUND, 53, 1);
	next(&t, &rec, TRACE_ROUND, 54, 2);
	next(&t, &rec, TRACE_END, 54, 0);
	assert_int_equal(rec.missed, 4);
	assert_false(trace_next(&t, &rec));
	assert_null(t.problem);
	fclose(in);
}

/* What every record holds to that a reader lets through. */
static void check_record(const struct trace_record *rec, uint64_t last)
{
	uint64_t end = 0;

	if (rec->kind == TRACE_ROUND)
		assert_true(rec->round > last);
	for (size_t i = 0; i < rec->nr; i++) {
		assert_true(rec->runs[i].count);
		assert_true(rec->runs[i].gfn >= end);
		end = rec->runs[i].gfn + rec->runs[i].count;
		assert_true(end <= 1ull << TRACE_GFN_BITS);
	}
}

/* All of a trace; what was wrong with it, or NULL. */
static const char *read_all(const unsigned char *data, size_t size)
{
	FILE *in = fmemopen((void *)data, size, "rb");
	struct trace_record rec;
	struct trace_head head;
	struct trace_file t;
	uint64_t last;

	assert_non_null(in);
	if (trace_open(&t, in, &head))
		for (last = head.round; trace_next(&t, &rec);
		     last = rec.round) {
			check_record(&rec, last);
			trace_record_free(&rec);
		}
	assert_true(t.ended == !t.problem);
	fclose(in);
	return t.problem;
}

static void test_cut_off(void **state)
{
	struct bytes b;

	(void)state;
	write_trace(&b);
	assert_null(read_all(b.data, b.size));
	for (size_t size = 1; size < b.size; size++)
		assert_non_null(read_all(b.data, size));
	b.data[b.size] = 'R';
	assert_string_equal(read_all(b.data, b.size + 1),
			    "something follows the end of the trace");
}

static void test_damaged(void **state)
{
	struct bytes b, other;

	(void)state;
	write_trace(&b);
	for (size_t i = 0; i < b.size; i++) {
		for (int bit = 0; bit < 8; bit++) {
			other = b;
			other.data[i] ^= 1 << bit;
			read_all(other.data, other.size);
		}
	}
	other = b;
	other.data[0] = 'x';
	assert_string_equal(read_all(other.data, b.size),
			    "this is no trace of vtmm");
	other = b;
	other.data[8] = 2;
	assert_string_equal(read_all(other.data, b.size),
			    "the trace is of another version of the format");
	other = b;
	other.data[40] = 'X';
	assert_string_equal(read_all(other.data, b.size),
			    "the trace has a record of an unknown kind");
	other = b;
	memset(other.data + 41, 0xff, 12);
	assert_string_equal(read_all(other.data, b.size),
			    "a number in the trace is too large");
}

/* A trace written by hand, after docs/trace.md: head, then @body. */
static const char *read_body(unsigned int head_size, const void *body,
			     size_t size)
{
	unsigned char data[MAX_BYTES] = "vtmmtrc";
	size_t at = head_size > 40 ? head_size : 40;

	data[8] = 1;
	data[10] = head_size & 0xff;
	data[11] = head_size >> 8;
	assert_true(at + size <= sizeof(data));
	memcpy(data + at, body, size);
	return read_all(data, at + size);
}

static void check_bytes(const char *problem, const void *body, size_t size)
{
	const char *found = read_body(40, body, size);

	if (problem)
		assert_string_equal(found, problem);
	else
		assert_null(found);
}

/* Its bytes are written out; 0xff five times and 0x1f are 2^40 - 1. */
#define check_body(problem, ...)                                   \
	check_bytes(problem, (const unsigned char[]){__VA_ARGS__}, \
		    sizeof((const unsigned char[]){__VA_ARGS__}))

static void test_pages_that_can_be(void **state)
{
	static const char impossible[] = "the trace has pages that cannot be";

	(void)state;
	/* The last page there can be: 2^40 - 1. One behind it is none. */
	check_body(NULL, 'M', 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 1 << 2,
		   'E', 0, 0);
	check_body(impossible, 'M', 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f,
		   2 << 2, 'E', 0, 0);
	check_body(impossible, 'M', 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f,
		   1 << 2, 0, 1 << 2, 'E', 0, 0);
	check_body(impossible, 'M', 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f,
		   1 << 2, 1, 1 << 2, 'E', 0, 0);
	/* A run of no page. */
	check_body(impossible, 'M', 1, 5, 0, 'E', 0, 0);
	check_body(impossible, 'R', 1, 1, 5, 3, 'E', 1, 0);
}

static void test_rounds_ascend(void **state)
{
	(void)state;
	check_body(NULL, 'R', 1, 0, 'R', 1, 0, 'E', 2, 0);
	check_body(NULL, 'R', 1, 0, 'R', 3, 0, 'E', 2, 2);
	check_body("the rounds of the trace do not ascend", 'R', 1, 0, 'R', 0,
		   0, 'E', 2, 0);
	check_body("rounds of the trace are lost", 'R', 1, 0, 'R', 1, 0, 'E', 3,
		   0);
	check_body("rounds of the trace are lost", 'R', 1, 0, 'R', 1, 0, 'E', 1,
		   0);
	check_body("rounds of the trace are lost", 'R', 1, 0, 'R', 3, 0, 'E', 2,
		   0);
	check_body("rounds of the trace are lost", 'R', 1, 0, 'R', 3, 0, 'E', 2,
		   4);
}

/* 2^64 - 1 is the largest number; a bit more is none. */
static void test_large_numbers(void **state)
{
	(void)state;
	check_body("the trace has pages that cannot be", 'M', 1, 0xff, 0xff,
		   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 4, 'E', 0, 0);
	check_body("a number in the trace is too large", 'M', 1, 0xff, 0xff,
		   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 4, 'E', 0, 0);
	check_body("a number in the trace is too large", 'M', 1, 0x80, 0x80,
		   0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, 4, 'E', 0,
		   0);
}

/* A later version may have more in the head; who reads skips it. */
static void test_heads(void **state)
{
	static const char body[] = {'R', 1, 0, 'E', 1, 0};
	static const char wrong[] = "the head of the trace has a wrong size";

	(void)state;
	assert_null(read_body(40, body, sizeof(body)));
	assert_null(read_body(41, body, sizeof(body)));
	assert_null(read_body(1000, body, sizeof(body)));
	assert_string_equal(read_body(39, body, sizeof(body)), wrong);
	assert_string_equal(read_body(0, body, sizeof(body)), wrong);
	assert_string_equal(read_body(41, "", 0), "the trace is cut off");
}

/* The fake's rounds do not go on: the recording has a map, and an end. */
static void test_command(void **state)
{
	char path[] = "/tmp/vtmm-trace.XXXXXX", line[128];
	int fd = mkstemp(path);
	struct trace_record rec = {0};
	struct trace_head head;
	struct trace_file t;
	struct fake f;
	FILE *in;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	fake_init(&f);
	fake_add_vm(&f, 1, 100, "db");
	f.vms[0].round = 40;
	snprintf(line, sizeof(line), "record db -o %s -t 1ms", path);
	check_run(&f, line, CTL_OK, "0 rounds recorded, 0 missed\n", "");
	in = fopen(path, "rb");
	assert_true(trace_open(&t, in, &head));
	assert_int_equal(head.mem, f.vms[0].mem);
	next(&t, &rec, TRACE_MAP, 40, 2);
	next(&t, &rec, TRACE_END, 40, 0);
	fclose(in);
	unlink(path);
	check_error(&f, "record db", CTL_USAGE, "needs --output");
	check_error(&f, "record db -o /nowhere/trace", CTL_FAILED,
		    "/nowhere/trace: No such file");
	check_error(&f, "record db -o /dev/full -t 1ms", CTL_FAILED,
		    "/dev/full: the trace cannot be written");
	fake_free(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_pages_that_can_be),
		cmocka_unit_test(test_rounds_ascend),
		cmocka_unit_test(test_large_numbers),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_command),
	};

	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
