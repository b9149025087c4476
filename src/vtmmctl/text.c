// SPDX-License-Identifier: GPL-2.0-only
/* text: numbers and foreign text for people to read. It keeps no state. */
#include <string.h>
#include <wchar.h>

#include "../lib/vtmm.h"
#include "text.h"

/**
 * text_bytes() - an amount of memory
 * @bytes: the amount
 *
 * Return: four digits at most and a unit, such as "96.0M"; "0" for none.
 */
struct text text_bytes(uint64_t bytes)
{
	static const char units[] = "BKMGTPE";
	double value = bytes;
	struct text t;
	size_t i = 0;

	for (; value >= 999.95 && units[i + 1]; i++)
		value /= 1024;
	if (!bytes)
		snprintf(t.s, sizeof(t.s), "0");
	else
		snprintf(t.s, sizeof(t.s), i ? "%.1f%c" : "%.0f%c", value,
			 units[i]);
	return t;
}

/**
 * text_pages() - an amount of memory
 * @pages: the amount, in pages of 4 KiB
 *
 * Return: as text_bytes().
 */
struct text text_pages(uint64_t pages)
{
	return text_bytes(pages * VTMM_PAGE_SIZE);
}

/**
 * text_limit() - an amount of memory that may be unlimited
 * @pages: the amount, in pages of 4 KiB; ~0 for no limit
 *
 * Return: as text_bytes(), or "none".
 */
struct text text_limit(uint64_t pages)
{
	struct text none = {"none"};

	return pages == VTMM_NO_LIMIT ? none : text_pages(pages);
}

/**
 * text_us() - a time
 * @us: the time in µs
 *
 * Return: the time with a unit that suits it.
 */
struct text text_us(uint64_t us)
{
	struct text t;

	if (us < 1000)
		snprintf(t.s, sizeof(t.s), "%uus", (unsigned int)us);
	else if (us < 1000000)
		snprintf(t.s, sizeof(t.s), "%.0fms", us / 1e3);
	else if (us < 600 * 1000000ull)
		snprintf(t.s, sizeof(t.s), "%.1fs", us / 1e6);
	else
		snprintf(t.s, sizeof(t.s), "%.0fmin", us / 60e6);
	return t;
}

/**
 * text_percent() - a part of a whole
 * @part: the part
 * @whole: the whole
 *
 * Return: such as "78 %"; "-" of nothing.
 */
struct text text_percent(uint64_t part, uint64_t whole)
{
	double percent = whole ? 100.0 * part / whole : 0;
	struct text t;

	if (!whole)
		return (struct text){"-"};
	snprintf(t.s, sizeof(t.s), percent < 9.95 ? "%.1f %%" : "%.0f %%",
		 percent);
	return t;
}

/**
 * text_rate() - bytes per second
 * @bytes: the rate; 0 for no limit
 *
 * Return: the rate, or "none".
 */
struct text text_rate(uint64_t bytes)
{
	struct text t = {"none"};

	if (bytes)
		snprintf(t.s, sizeof(t.s), "%.16s/s", text_bytes(bytes).s);
	return t;
}

/* Bytes that follow the first one of a UTF-8 character; -1 if it is none. */
static int followers(unsigned char c)
{
	if (c < 0x80)
		return 0;
	if (c >= 0xc2 && c < 0xe0)
		return 1;
	if (c >= 0xe0 && c < 0xf0)
		return 2;
	return c >= 0xf0 && c < 0xf5 ? 3 : -1;
}

/**
 * text_next() - the first character of a UTF-8 string
 * @s: the string, not empty
 * @character: its code point
 *
 * Return: its length in bytes, or 0 when @s does not begin with one (torn,
 * overlong, a surrogate, beyond U+10FFFF).
 */
size_t text_next(const char *s, uint32_t *character)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	unsigned char c = *s;
	int more = followers(c);
	uint32_t value = more > 0 ? c & (0x3f >> more) : c;

	if (more < 0)
		return 0;
	for (int i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (s[i] & 0x3f);
	}
	if (value < least[more] || value > 0x10ffff ||
	    (value >= 0xd800 && value < 0xe000))
		return 0;
	*character = value;
	return more + 1;
}

/* Characters that steer a terminal, hide, or turn the direction of text. */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad ||
	       c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe0fff);
}

/**
 * text_escape() - make foreign text harmless
 * @to: the text, with \xNN for each byte that is not a printable character;
 *	a backslash is doubled
 * @size: of @to, at least 5
 * @from: the foreign text
 * @utf8: the terminal shows UTF-8; else only ASCII is printable
 *
 * Return: length of @to; what does not fit is left out.
 */
size_t text_escape(char *to, size_t size, const char *from, bool utf8)
{
	size_t used = 0;

	while (*from && used + 5 <= size) {
		uint32_t c;
		size_t len = text_next(from, &c);

		if (*from == '\\') {
			memcpy(to + used, "\\\\", 2);
			used += 2;
			from++;
		} else if (!len || is_control(c) || (c >= 0x80 && !utf8)) {
			used += snprintf(to + used, 5, "\\x%02x",
					 (unsigned char)*from++);
		} else {
			memcpy(to + used, from, len);
			used += len;
			from += len;
		}
	}
	to[used] = '\0';
	return used;
}

/**
 * text_put() - print foreign text
 * @out: where to
 * @s: the text
 * @utf8: see text_escape()
 */
void text_put(FILE *out, const char *s, bool utf8)
{
	char escaped[4096];

	text_escape(escaped, sizeof(escaped), s, utf8);
	fputs(escaped, out);
}

/* Columns of a character; those that the locale does not know take one. */
static size_t columns_of(uint32_t c)
{
	int columns = wcwidth((wchar_t)c);

	return columns < 0 ? 1 : (size_t)columns;
}

/**
 * text_fit() - how much of a text fits
 * @s: UTF-8 without control characters
 * @width: columns that there are
 * @used: columns that are taken of them; wide characters may leave one
 *
 * Return: bytes of @s, whole characters.
 */
size_t text_fit(const char *s, size_t width, size_t *used)
{
	const char *at = s;

	for (*used = 0; *at;) {
		uint32_t c = '?';
		size_t len = text_next(at, &c);

		if (*used + columns_of(c) > width)
			break;
		*used += columns_of(c);
		at += len ? len : 1;
	}
	return at - s;
}

/**
 * text_width() - columns that a text takes
 * @s: UTF-8 without control characters
 *
 * Return: the sum of its characters: wide ones take two, combining ones none.
 */
size_t text_width(const char *s)
{
	size_t used;

	text_fit(s, SIZE_MAX, &used);
	return used;
}
