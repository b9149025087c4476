// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of the command language's lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

static const struct grammar grammar = {
	.verb = "read",
	.max_args = 1,
	.keys = "times seed",
	.flags = "loop bg",
};

static int match(struct line *l, const char *text, struct err *err)
{
	line_split(l, text);
	return line_match(l, &grammar, err);
}

static void test_words(void **state)
{
	struct line l;
	struct err err;

	(void)state;
	assert_string_equal(line_split(&l, "  read 0-9 times=3 loop\n"),
			    "read");
	assert_int_equal(line_match(&l, &grammar, &err), 0);
	assert_int_equal(l.nr_args, 1);
	assert_string_equal(l.args[0], "0-9");
	assert_string_equal(line_opt(&l, "times"), "3");
	assert_null(line_opt(&l, "seed"));
	assert_true(line_flag(&l, "loop"));
	assert_false(line_flag(&l, "bg"));
}

static void test_empty(void **state)
{
	struct line l;
	char *text;

	(void)state;
	assert_string_equal(line_split(&l, "\n"), "");
	assert_string_equal(line_split(&l, "  # a comment\n"), "");
	text = zalloc(5000, 1);
	memset(text, 'x', 4999);
	assert_null(line_split(&l, text));
	free(text);
}

static void test_unknown(void **state)
{
	struct line l;
	struct err err;

	(void)state;
	assert_int_equal(match(&l, "read time=3", &err), -1);
	assert_non_null(strstr(err.msg, "no option 'time'"));
	assert_int_equal(match(&l, "read timess=3", &err), -1);
	assert_int_equal(match(&l, "read 1 2", &err), -1);
	assert_non_null(strstr(err.msg, "'2'"));
	/* A file's name may hold '='. */
	assert_int_equal(match(&l, "read @a=b", &err), 0);
	assert_string_equal(l.args[0], "@a=b");
}

static void test_min_args(void **state)
{
	static const struct grammar two = {
		.verb = "log", .min_args = 2, .max_args = 2};
	struct line l;
	struct err err;

	(void)state;
	line_split(&l, "log 0");
	assert_int_equal(line_match(&l, &two, &err), -1);
	line_split(&l, "log 0 on");
	assert_int_equal(line_match(&l, &two, &err), 0);
}

static void test_too_many(void **state)
{
	char text[256] = "read";
	struct line l;
	struct err err;
	int i;

	(void)state;
	for (i = 0; i < MAX_WORDS + 1; i++)
		strcat(text, " loop");
	assert_int_equal(match(&l, text, &err), -1);
}

static void test_numbers(void **state)
{
	struct err err;
	u64 n;

	(void)state;
	assert_int_equal(parse_num("64M", &n, &err), 0);
	assert_int_equal(n, 64UL << 20);
	assert_int_equal(parse_num("0x1000", &n, &err), 0);
	assert_int_equal(n, 4096);
	assert_int_equal(parse_num("-1", &n, &err), -1);
	assert_int_equal(parse_num("", &n, &err), -1);
	assert_int_equal(parse_num("12Q", &n, &err), -1);
	assert_int_equal(parse_num("1Mx", &n, &err), -1);
	assert_int_equal(parse_num("99999999T", &n, &err), -1);
	assert_int_equal(parse_num("99999999999999999999", &n, &err), -1);
}

static void test_options(void **state)
{
	struct line l;
	struct err err;
	double d;
	u64 n;

	(void)state;
	assert_int_equal(match(&l, "read times=0.5 seed=2K", &err), 0);
	assert_int_equal(line_num(&l, "seed", 1, &n, &err), 0);
	assert_int_equal(n, 2048);
	assert_int_equal(line_num(&l, "other", 7, &n, &err), 0);
	assert_int_equal(n, 7);
	assert_int_equal(line_num(&l, "times", 1, &n, &err), -1);
	assert_int_equal(line_real(&l, "times", 1, &d, &err), 0);
	assert_true(d == 0.5);
	assert_int_equal(match(&l, "read times=-1", &err), 0);
	assert_int_equal(line_real(&l, "times", 1, &d, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_min_args),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests_name("vmm_script", tests, NULL, NULL);
}
