// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_text: any name of a VM to a terminal and to JSON. Nothing that steers a
 * terminal comes out, and the JSON can be read again.
 */
#include <stdlib.h>
#include <string.h>

#include "../../../src/vtmmctl/json.h"
#include "../../../src/vtmmctl/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_terminal(const char *s, bool utf8)
{
	char to[200];
	size_t len = text_escape(to, sizeof(to), s, utf8);
	uint32_t c;

	require(len < sizeof(to) && strlen(to) == len);
	for (const char *at = to; *at;) {
		size_t n = text_next(at, &c);

		/* Whole characters, no C0, DEL, C1 or turned direction. */
		require(n && c >= 0x20 && (c < 0x7f || c >= 0xa0));
		require(c < 0x202a || c > 0x202e);
		require(utf8 || c < 0x7f);
		at += n;
	}
}

static void check_json(const char *s)
{
	struct json_object *o = json_object_new_object();
	char *out = NULL;
	size_t size;
	FILE *f = open_memstream(&out, &size);

	json_add_text(o, "t", s);
	json_print_line(f, o);
	fclose(f);
	for (size_t i = 0; i + 1 < size; i++)
		require(out[i] >= 0x20 && out[i] < 0x7f);
	o = json_tokener_parse(out);
	require(o);
	json_object_put(o);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);

	memcpy(s, data, size);
	s[size] = '\0';
	check_terminal(s, true);
	check_terminal(s, false);
	check_json(s);
	free(s);
	return 0;
}
