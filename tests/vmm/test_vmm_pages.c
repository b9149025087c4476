// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of page sets, ranges, bitmaps and random sequences.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bits.h"
#include "pageset.h"
#include "random.h"

static const struct span spans[MAX_SLOTS] = {
	{.gfn = 0x40000, .pages = 1000},
	{.gfn = 0x80000, .pages = 64},
};

/* The set as text: gfns separated by blanks. */
static const char *pages_of(const char *text)
{
	static char out[1024];
	struct pageset set = {0};
	struct err err;
	u64 *list, i;
	size_t len = 0;

	if (pageset_parse(&set, text, spans, &err)) {
		pageset_free(&set);
		return "error";
	}
	list = pageset_list(&set);
	out[0] = '\0';
	for (i = 0; i < pageset_count(&set); i++)
		len += snprintf(out + len, sizeof(out) - len, "%s%lx",
				i ? " " : "", list[i]);
	free(list);
	pageset_free(&set);
	return out;
}

static void test_sets(void **state)
{
	(void)state;
	assert_string_equal(pages_of("7"), "40007");
	assert_string_equal(pages_of("0-2,5"), "40000 40001 40002 40005");
	assert_string_equal(pages_of("1-8/3"), "40001 40004 40007");
	assert_string_equal(pages_of("5,4"), "40005 40004");
	assert_string_equal(pages_of("s1:63"), "8003f");
	assert_string_equal(pages_of("g40010-40011,g80000"),
			    "40010 40011 80000");
	assert_string_equal(pages_of("b8:f05"),
			    "40008 40009 4000a 4000b 40010 40012");
}

static void test_bad_sets(void **state)
{
	static const char *const bad[] = {
		"1000", "s1:64", "s2:0",  "sx:1",    "g3ffff",	 "5-4",
		"x",	"",	 "0-9/0", "g403e8-", "b0:G",	 "b999:3",
		"1-",	"-1",	 "s1",	  ",",	     "@/nofile",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (strcmp(pages_of(bad[i]), "error"))
			fail_msg("'%s' was taken for a set", bad[i]);
}

static void test_all(void **state)
{
	struct pageset set = {0};
	struct err err;

	(void)state;
	assert_int_equal(pageset_parse(&set, "all,s1:all", spans, &err), 0);
	assert_int_equal(pageset_count(&set), 1064);
	pageset_free(&set);
}

static void test_file(void **state)
{
	char name[] = "/tmp/test_vmm_XXXXXX";
	char text[64];
	int fd = mkstemp(name);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "1,2\n\n9-10\n", 10), 10);
	close(fd);
	snprintf(text, sizeof(text), "@%s", name);
	assert_string_equal(pages_of(text), "40001 40002 40009 4000a");
	unlink(name);
}

static void test_sort(void **state)
{
	struct pageset set = {0};
	struct err err;

	(void)state;
	assert_int_equal(pageset_parse(&set, "9,0-8/2,1-3,9", spans, &err), 0);
	pageset_sort(&set);
	assert_int_equal(set.nr, 3);
	assert_int_equal(set.r[0].gfn, 0x40000);
	assert_int_equal(set.r[0].count, 5);
	assert_int_equal(set.r[1].gfn, 0x40006);
	assert_int_equal(set.r[2].gfn, 0x40008);
	assert_int_equal(set.r[2].count, 2);
	pageset_free(&set);
}

static void sample_of(u64 seed, u64 keep, u64 *hits)
{
	struct pageset set = {0};
	u64 *list, i;

	pageset_add(&set, 0, 100, 1);
	pageset_sample(&set, keep, seed);
	assert_int_equal(pageset_count(&set), keep);
	list = pageset_list(&set);
	for (i = 0; i < keep; i++) {
		assert_true(list[i] < 100);
		assert_true(!i || list[i] > list[i - 1]);
		hits[list[i]]++;
	}
	free(list);
	pageset_free(&set);
}

static void test_sample(void **state)
{
	u64 hits[100] = {0}, again[100] = {0}, first[100] = {0}, i;

	(void)state;
	for (i = 0; i < 1000; i++)
		sample_of(i, 30, hits);
	/* 300 expected, standard deviation 14.5 */
	for (i = 0; i < 100; i++)
		assert_in_range(hits[i], 230, 370);
	sample_of(5, 30, first);
	sample_of(5, 30, again);
	assert_memory_equal(first, again, sizeof(first));
	sample_of(6, 100, hits);
}

static void test_zipf(void **state)
{
	u64 hits[10] = {0}, seed = 3, i;
	struct zipf z;

	(void)state;
	zipf_init(&z, 10, 1.0);
	for (i = 0; i < 100000; i++)
		hits[zipf_draw(&z, &seed)]++;
	zipf_free(&z);
	/* 1/k of the first one's 100000 / 2.929 */
	for (i = 0; i < 10; i++)
		assert_in_range(hits[i], 34140 / (i + 1) * 94 / 100,
				34140 / (i + 1) * 106 / 100);
}

static void add_text(struct ranges *rs, const char *text)
{
	struct err err;

	while (text && *text) {
		assert_int_equal(ranges_parse_line(rs, text, &err), 0);
		text = strchr(text, '\n');
		text += text ? 1 : 0;
	}
}

/* One line of text at a time, as truthcmp reads them. */
static struct ranges ranges_of(const char *a, const char *b, const char *c)
{
	struct ranges rs = {0};

	add_text(&rs, a);
	add_text(&rs, b);
	add_text(&rs, c);
	return rs;
}

static void test_normalise(void **state)
{
	struct ranges rs = ranges_of("20 16 w", "10 24 r", "28 4 r");

	(void)state;
	ranges_normalise(&rs);
	/* 10-1f r, 20-27 rw, 28-2b rw (joined), 2c-2f w */
	assert_int_equal(rs.nr, 3);
	assert_int_equal(rs.r[0].count, 16);
	assert_int_equal(rs.r[0].mode, RUN_READ);
	assert_int_equal(rs.r[1].gfn, 0x20);
	assert_int_equal(rs.r[1].count, 12);
	assert_int_equal(rs.r[1].mode, RUN_READ | RUN_WRITE);
	assert_int_equal(rs.r[2].count, 4);
	assert_int_equal(rs.r[2].mode, RUN_WRITE);
	ranges_clip(&rs, 0x1f, 2);
	assert_int_equal(rs.nr, 2);
	assert_int_equal(rs.r[1].count, 1);
	ranges_to_chunks(&rs);
	assert_int_equal(rs.nr, 1);
	assert_int_equal(rs.r[0].gfn, 0);
	assert_int_equal(rs.r[0].count, 512);
	ranges_free(&rs);
}

static void test_bad_lines(void **state)
{
	static const char *const bad[] = {
		"10 1", "10 1 x", "zz 1 r", "10 0 r", "10 1 r more", "10 1 rww",
	};
	struct ranges rs = {0};
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(ranges_parse_line(&rs, bad[i], &err), -1);
	assert_int_equal(ranges_parse_line(&rs, "# 10 1 r\n", &err), 0);
	assert_int_equal(ranges_parse_line(&rs, "ok lines=3\n", &err), 0);
	assert_int_equal(ranges_parse_line(&rs, "\n", &err), 0);
	assert_int_equal(rs.nr, 0);
}

static void test_compare(void **state)
{
	struct ranges truth = ranges_of("10 8 r", "20 8 w", "30 8 rw");
	struct ranges answer = ranges_of("14 8 r", "20 8 rw", "30 8 r");
	struct range_diff d = {0};

	(void)state;
	ranges_compare(&truth, &answer, &d);
	assert_int_equal(d.pages, 24);
	assert_int_equal(d.missing, 4);
	assert_int_equal(d.invented, 4);
	assert_int_equal(d.read_invented, 8);
	assert_int_equal(d.write_missing, 8);
	assert_int_equal(d.read_missing, 0);
	assert_int_equal(d.write_invented, 0);
	ranges_free(&d.examples);
	d = (struct range_diff){0};
	ranges_compare(&truth, &truth, &d);
	assert_int_equal(d.missing + d.invented + d.write_missing, 0);
	assert_int_equal(d.examples.nr, 0);
	ranges_free(&truth);
	ranges_free(&answer);
}

/* Against a model with one byte per page. */
static void test_compare_random(void **state)
{
	u64 seed = 11, round, i;

	(void)state;
	for (round = 0; round < 200; round++) {
		struct ranges rs[2] = {0};
		u8 model[2][64] = {0};
		struct range_diff d = {0};
		u64 missing = 0, invented = 0;

		for (i = 0; i < 20; i++) {
			u64 k = i & 1, at = random_below(&seed, 56), n;
			u64 count = 1 + random_below(&seed, 8);
			u32 mode = 1 + (u32)random_below(&seed, 3);

			ranges_add(&rs[k], at, count, mode);
			for (n = 0; n < count; n++)
				model[k][at + n] |= mode;
		}
		ranges_normalise(&rs[0]);
		ranges_normalise(&rs[1]);
		ranges_compare(&rs[0], &rs[1], &d);
		for (i = 0; i < 64; i++) {
			missing += model[0][i] && !model[1][i];
			invented += model[1][i] && !model[0][i];
		}
		assert_int_equal(d.missing, missing);
		assert_int_equal(d.invented, invented);
		ranges_free(&rs[0]);
		ranges_free(&rs[1]);
		ranges_free(&d.examples);
	}
}

static void test_bits(void **state)
{
	u64 r[4] = {0}, w[4] = {0};
	struct ranges rs = {0};

	(void)state;
	bits_set(r, 0);
	bits_set(r, 63);
	bits_set(w, 64);
	bits_set(r, 64);
	bits_set(w, 199);
	bits_to_ranges(&rs, 0x100, 200, r, w);
	assert_int_equal(rs.nr, 4);
	assert_int_equal(rs.r[1].gfn, 0x13f);
	assert_int_equal(rs.r[2].mode, RUN_READ | RUN_WRITE);
	assert_int_equal(rs.r[3].gfn, 0x1c7);
	ranges_free(&rs);
}

static u64 word_of(u64 gfn, u32 version, u64 i)
{
	return pattern_word(pattern_base(gfn, version, 1), version, i);
}

static void test_patterns(void **state)
{
	u64 gfn, seen[3][64], k, i;

	(void)state;
	/* Neighbours in page, version and seed share no word. */
	for (k = 0; k < 3; k++)
		for (i = 0; i < 64; i++)
			seen[k][i] = word_of(5 + (k == 1), 1 + (k == 2), i);
	for (i = 0; i < 64; i++)
		for (k = 0; k < 64; k++)
			assert_true(seen[0][i] != seen[1][k] &&
				    seen[0][i] != seen[2][k]);
	for (gfn = 0; gfn < 64; gfn++)
		assert_int_equal(pattern_word(pattern_base(gfn, 0, 1), 0, gfn),
				 0);
	assert_true(tag_word(5, 1) != tag_word(6, 1));
	assert_true(tag_word(5, 1) != tag_word(5, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_bad_sets),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_zipf),
		cmocka_unit_test(test_normalise),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_compare_random),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_patterns),
	};

	return cmocka_run_group_tests_name("vmm_pages", tests, NULL, NULL);
}
