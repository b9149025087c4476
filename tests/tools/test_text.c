// SPDX-License-Identifier: GPL-2.0-only
/* test_text: foreign text is harmless, numbers are readable, bars are right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/vtmmctl/draw.h"
#include "../../src/vtmmctl/json.h"
#include "../../src/vtmmctl/text.h"
#include "test.h"

static void check_escape(const char *from, bool utf8, const char *wanted)
{
	char to[256];

	text_escape(to, sizeof(to), from, utf8);
	assert_string_equal(to, wanted);
}

/* One character as UTF-8. */
static void to_utf8(uint32_t c, char *to)
{
	if (c < 0x800)
		*to++ = (char)(0xc0 | c >> 6);
	else if (c < 0x10000)
		*to++ = (char)(0xe0 | c >> 12);
	else
		*to++ = (char)(0xf0 | c >> 18);
	if (c >= 0x10000)
		*to++ = (char)(0x80 | (c >> 12 & 0x3f));
	if (c >= 0x800)
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	*to++ = (char)(0x80 | (c & 0x3f));
	*to = '\0';
}

static void test_escape(void **state)
{
	(void)state;
	check_escape("plain text", true, "plain text");
	check_escape("a\033[2Jb", true, "a\\x1b[2Jb");
	check_escape("a\nb\tc\r", true, "a\\x0ab\\x09c\\x0d");
	check_escape("del\x7f", true, "del\\x7f");
	check_escape("back\\slash", true, "back\\\\slash");
	/* C1 control (CSI), right-to-left override, zero-width space */
	check_escape("\xc2\x9b", true, "\\xc2\\x9b");
	check_escape("\xe2\x80\xae", true, "\\xe2\\x80\\xae");
	check_escape("\xe2\x80\x8b", true, "\\xe2\\x80\\x8b");
	check_escape("\xef\xbb\xbf", true, "\\xef\\xbb\\xbf");
	/* NEL, and what the first letter behind C1 control characters is */
	check_escape("\xc2\x85", true, "\\xc2\\x85");
	check_escape("\xc2\xa1", true, "\xc2\xa1");
	check_escape("gr\xc3\xbc\xc3\x9f", true, "gr\xc3\xbc\xc3\x9f");
	check_escape("gr\xc3\xbc", false, "gr\\xc3\\xbc");
}

/* Each character that hides, breaks a line, or turns the direction of text. */
static void test_escape_invisible(void **state)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} ranges[] = {
		{0x80, 0x9f},	  {0xad, 0xad},	    {0x61c, 0x61c},
		{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
		{0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
	};
	char from[8], to[32];

	(void)state;
	for (size_t i = 0; i < COUNT(ranges); i++) {
		for (uint32_t c = ranges[i].first; c <= ranges[i].last; c++) {
			to_utf8(c, from);
			text_escape(to, sizeof(to), from, true);
			if (strncmp(to, "\\x", 2))
				fail_msg("U+%04X passes", c);
		}
		/* Their neighbours are letters and signs. */
		to_utf8(0x2190, from);
		text_escape(to, sizeof(to), from, true);
		assert_string_equal(to, from);
	}
}

static void test_escape_torn(void **state)
{
	(void)state;
	check_escape("\xff", true, "\\xff");
	check_escape("\xc3", true, "\\xc3");
	check_escape("\xe2\x82", true, "\\xe2\\x82");
	check_escape("\xc0\xaf", true, "\\xc0\\xaf");
	check_escape("\xe0\x80\xaf", true, "\\xe0\\x80\\xaf");
	check_escape("\xed\xa0\x80", true, "\\xed\\xa0\\x80");
	check_escape("\xf4\x90\x80\x80", true, "\\xf4\\x90\\x80\\x80");
	check_escape("\xc3(", true, "\\xc3(");
}

/* A buffer of every size: never more than fits, always ended. */
static void test_escape_fits(void **state)
{
	(void)state;
	for (size_t size = 5; size < 40; size++) {
		char *to = malloc(size);
		size_t len = text_escape(to, size,
					 "ab\033\\\xe2\x82\xac\xff yz", true);

		assert_true(len < size);
		assert_int_equal(strlen(to), len);
		free(to);
	}
}

/* Prints a text as JSON; the result is the caller's. */
static char *as_json(const char *text)
{
	struct json_object *o = json_object_new_object();
	char *out = NULL;
	size_t size;
	FILE *f = open_memstream(&out, &size);

	json_add_text(o, "t", text);
	json_print_line(f, o);
	fclose(f);
	return out;
}

static void check_json(const char *text, const char *wanted)
{
	char *out = as_json(text);
	struct json_object *back = json_tokener_parse(out);

	assert_string_equal(out, wanted);
	assert_non_null(back);
	json_object_put(back);
	free(out);
}

static void test_json_escape(void **state)
{
	(void)state;
	check_json("plain", "{\"t\":\"plain\"}\n");
	check_json("a\"b\\c/", "{\"t\":\"a\\\"b\\\\c/\"}\n");
	check_json("\033[2J", "{\"t\":\"\\u001b[2J\"}\n");
	check_json("\x7f", "{\"t\":\"\\u007f\"}\n");
	check_json("\xc2\x9b", "{\"t\":\"\\u009b\"}\n");
	check_json("\xe2\x82\xac", "{\"t\":\"\\u20ac\"}\n");
	check_json("\xf0\x9f\x94\xa5", "{\"t\":\"\\ud83d\\udd25\"}\n");
	check_json("\xff", "{\"t\":\"\\ufffd\"}\n");
	check_json(NULL, "{\"t\":null}\n");
}

static void test_numbers(void **state)
{
	(void)state;
	assert_string_equal(text_bytes(0).s, "0");
	assert_string_equal(text_bytes(512).s, "512B");
	assert_string_equal(text_bytes(1024).s, "1.0K");
	assert_string_equal(text_bytes(1023 << 20).s, "1.0G");
	assert_string_equal(text_bytes(UINT64_MAX).s, "16.0E");
	assert_string_equal(text_pages(256).s, "1.0M");
	assert_string_equal(text_limit(VTMM_NO_LIMIT).s, "none");
	assert_string_equal(text_rate(0).s, "none");
	assert_string_equal(text_rate(100 << 20).s, "100.0M/s");
	assert_string_equal(text_percent(0, 0).s, "-");
	assert_string_equal(text_percent(1, 3).s, "33 %");
	assert_string_equal(text_percent(1, 100).s, "1.0 %");
	assert_string_equal(text_percent(5, 5).s, "100 %");
	assert_string_equal(text_percent(997, 10000).s, "10 %");
	assert_string_equal(text_percent(994, 10000).s, "9.9 %");
	assert_string_equal(text_us(999).s, "999us");
	assert_string_equal(text_us(1000).s, "1ms");
	assert_string_equal(text_us(1000000).s, "1.0s");
	assert_string_equal(text_us(599ull * 1000000).s, "599.0s");
	assert_string_equal(text_us(600ull * 1000000).s, "10min");
	assert_string_equal(text_us(600000).s, "600ms");
	assert_string_equal(text_us(10000000).s, "10.0s");
	assert_string_equal(text_us(6000ull * 1000000).s, "100min");
}

/* Four digits at most, whatever the number. */
static void test_short(void **state)
{
	(void)state;
	for (uint64_t bytes = 1; bytes < UINT64_MAX / 3;
	     bytes += bytes / 3 + 1) {
		struct text t = text_bytes(bytes);

		if (strspn(t.s, "0123456789.") > 5 || strlen(t.s) > 6)
			fail_msg("%llu is %s", (unsigned long long)bytes, t.s);
	}
	assert_string_equal(text_bytes(1000 << 10).s, "1.0M");
	assert_string_equal(text_bytes(999 << 10).s, "999.0K");
}

static void check_bar(bool utf8, bool colour, uint64_t part, uint64_t whole,
		      const char *wanted)
{
	struct ctl ctl = {.utf8 = utf8, .colour = colour};
	char *out = NULL;
	size_t size;

	ctl.out = open_memstream(&out, &size);
	draw_bar(&ctl, COLOUR_FAST, part, whole, 8);
	fclose(ctl.out);
	assert_string_equal(out, wanted);
	free(out);
}

static void test_bars(void **state)
{
	(void)state;
	check_bar(false, false, 0, 10, "........");
	check_bar(false, false, 5, 10, "####....");
	check_bar(false, false, 10, 10, "########");
	check_bar(false, false, 1, 1000, "#.......");
	check_bar(false, false, 20, 10, "########");
	check_bar(false, false, 5, 0, "........");
	check_bar(false, false, UINT64_MAX / 2, UINT64_MAX, "###.....");
	check_bar(true, false, 4, 8, "████    ");
	check_bar(true, false, 1, 16, "▌       ");
	check_bar(false, true, 4, 8, "\033[33m####....\033[0m");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_escape_invisible),
		cmocka_unit_test(test_escape_torn),
		cmocka_unit_test(test_escape_fits),
		cmocka_unit_test(test_json_escape),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_bars),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
