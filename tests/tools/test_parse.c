// SPDX-License-Identifier: GPL-2.0-only
/* test_parse: what people type to numbers. */
#include <stdio.h>
#include <string.h>

#include "../../src/vtmmctl/parse.h"
#include "test.h"

struct good {
	const char *text;
	uint64_t value;
};

typedef const char *(*parser)(const char *s, uint64_t *value);

static void check_good(parser parse, const struct good *good, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		uint64_t value = ~good[i].value;

		if (parse(good[i].text, &value))
			fail_msg("'%s' was refused", good[i].text);
		assert_int_equal(value, good[i].value);
	}
}

static void check_bad(parser parse, const char *const *bad, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		uint64_t value;

		if (!parse(bad[i], &value))
			fail_msg("'%s' was taken", bad[i]);
	}
}

static void test_sizes(void **state)
{
	static const struct good good[] = {
		{"0", 0},
		{"4096", 4096},
		{"1B", 1},
		{"64M", 64ull << 20},
		{"64m", 64ull << 20},
		{"4GiB", 4ull << 30},
		{"1.5G", 3ull << 29},
		{"0.25K", 256},
		{"0.000001G", 1073},
		{"1.123456M", 1178028},
		{"2T", 2ull << 40},
		{"18446744073709551615", UINT64_MAX},
		{"16777215T", 16777215ull << 40},
	};
	static const char *const bad[] = {
		"",
		"M",
		"-1",
		"+1",
		" 1",
		"1 M",
		"1.M",
		".5M",
		"1..5M",
		"0x10",
		"1MM",
		"1.1234567M",
		"64X",
		"80%",
		"none",
		"16777216T",
		"1e3",
		"1,5G",
		"64Mb/",
		"18446744073709551616",
		"99999999999999999999G",
	};

	(void)state;
	check_good(parse_size, good, COUNT(good));
	check_bad(parse_size, bad, COUNT(bad));
}

/* Every unit of the manual, in any case: powers of 1024 and nothing else. */
static void test_units(void **state)
{
	static const char *const forms[] = {"%c", "%ciB", "%cIB", "%cib"};
	static const char letters[] = "KMGTkmgt";
	char text[16], unit[8];
	uint64_t bytes;

	(void)state;
	for (size_t i = 0; letters[i]; i++) {
		for (size_t j = 0; j < COUNT(forms); j++) {
			unit[0] = letters[i];
			strcpy(unit + 1, forms[j] + 2);
			snprintf(text, sizeof(text), "3%s", unit);
			assert_null(parse_size(text, &bytes));
			assert_int_equal(bytes, 3ull << 10 * (i % 4 + 1));
		}
	}
	assert_null(parse_size("5b", &bytes));
	assert_int_equal(bytes, 5);
}

static void test_times(void **state)
{
	static const struct good good[] = {
		{"600ms", 600},	 {"10s", 10000},  {"0.5s", 500},
		{"1.5m", 90000}, {"2h", 7200000},
	};
	static const char *const bad[] = {"",	 "600",	  "10 s",
					  "s",	 "5us",	  "-1s",
					  "1.s", "10sec", "5124095576030432h"};

	(void)state;
	check_good(parse_time, good, COUNT(good));
	check_bad(parse_time, bad, COUNT(bad));
}

static void test_rates(void **state)
{
	static const struct good good[] = {
		{"100M", 100ull << 20},
		{"100M/s", 100ull << 20},
		{"none", 0},
		{"1", 1},
	};
	static const char *const bad[] = {
		"",
		"/s",
		"M/s",
		"100M/h",
		"100MB/s",
		"80%",
		"100000000000000000000000000000000000000M/s",
	};

	(void)state;
	check_good(parse_rate, good, COUNT(good));
	check_bad(parse_rate, bad, COUNT(bad));
}

static void test_amounts(void **state)
{
	static const struct {
		const char *text;
		uint64_t whole;
		uint64_t pages;
	} good[] = {
		{"4096", 0, 1},
		{"1", 0, 1},
		{"4097", 0, 2},
		{"64M", 0, 16384},
		{"0", 0, 0},
		{"80%", 1000, 800},
		{"100%", 7, 7},
		{"0%", 7, 0},
		{"50%", UINT64_MAX - 1, UINT64_MAX / 2},
		{"none", 5, UINT64_MAX},
	};
	static const char *const bad[] = {
		"101%", "%",	"-1%",
		"1.5%", "80 %", "None",
		"80%%", "",	"18446744073709551616%"};
	struct amount amount;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_null(parse_amount(good[i].text, &amount));
		assert_int_equal(amount_pages(&amount, good[i].whole),
				 good[i].pages);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (!parse_amount(bad[i], &amount))
			fail_msg("'%s' was taken", bad[i]);
}

static void test_permille(void **state)
{
	static const char *const bad[] = {"",	    "90",     "%",
					  "92.55%", "100.1%", "101%",
					  "-1%",    "9 %",    "90%%"};
	uint32_t n;

	(void)state;
	assert_null(parse_permille("90%", &n));
	assert_int_equal(n, 900);
	assert_null(parse_permille("92.5%", &n));
	assert_int_equal(n, 925);
	assert_null(parse_permille("100.0%", &n));
	assert_int_equal(n, 1000);
	assert_null(parse_permille("0.1%", &n));
	assert_int_equal(n, 1);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (!parse_permille(bad[i], &n))
			fail_msg("'%s' was taken", bad[i]);
}

static void test_numbers(void **state)
{
	uint64_t n;

	(void)state;
	assert_null(parse_number("10", 10, 20, &n));
	assert_null(parse_number("20", 10, 20, &n));
	assert_int_equal(n, 20);
	assert_non_null(parse_number("9", 10, 20, &n));
	assert_non_null(parse_number("21", 10, 20, &n));
	assert_non_null(parse_number("1x", 0, 20, &n));
	assert_non_null(parse_number("-1", 0, 20, &n));
	assert_non_null(parse_number("", 0, 20, &n));
	assert_non_null(parse_number("18446744073709551616", 0, ~0ull, &n));
}

static void test_nodes(void **state)
{
	static const char *const bad[] = {"",	",",	"0,",	  ",0",
					  "1-", "3-1",	"a",	  "0 1",
					  "-1", "1024", "0-1024", "0-1023,0"};
	struct nodes nodes;

	(void)state;
	assert_null(parse_nodes("0,2-4,7", &nodes));
	assert_int_equal(nodes.nr, 5);
	assert_int_equal(nodes.node[0], 0);
	assert_int_equal(nodes.node[3], 4);
	assert_int_equal(nodes.node[4], 7);
	assert_null(parse_nodes("0-1023", &nodes));
	assert_int_equal(nodes.nr, MAX_NODES);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (!parse_nodes(bad[i], &nodes))
			fail_msg("'%s' was taken", bad[i]);
}

static void check_selector(const char *text, enum selector_kind kind,
			   uint32_t number, const char *name)
{
	struct selector s;

	assert_null(parse_selector(text, &s));
	assert_int_equal(s.kind, kind);
	if (kind == SELECT_NAME)
		assert_string_equal(s.name, name);
	else
		assert_int_equal(s.number, number);
}

static void test_selectors(void **state)
{
	static const char *const bad[] = {
		"", "id:", "id:x", "pid:", "pid:-1", "name:", "id:4294967296"};
	struct selector s;

	(void)state;
	check_selector("1234", SELECT_NUMBER, 1234, NULL);
	check_selector("id:7", SELECT_ID, 7, NULL);
	check_selector("pid:4294967295", SELECT_PID, UINT32_MAX, NULL);
	check_selector("db", SELECT_NAME, 0, "db");
	check_selector("name:1234", SELECT_NAME, 0, "1234");
	check_selector("name:id:1", SELECT_NAME, 0, "id:1");
	check_selector("4294967296", SELECT_NAME, 0, "4294967296");
	check_selector("12ab", SELECT_NAME, 0, "12ab");
	for (size_t i = 0; i < COUNT(bad); i++)
		if (!parse_selector(bad[i], &s))
			fail_msg("'%s' was taken", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_amounts),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_permille),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_selectors),
	};

	return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
