// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse: what people type to numbers. Nothing is guessed: a number that could
 * mean two things is refused.
 */
#include <string.h>
#include <strings.h>

#include "parse.h"

#define PAGE_SHIFT 12

/* A unit and what it stands for. */
struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit size_units[] = {
	{"", 1},	   {"B", 1},
	{"K", 1ull << 10}, {"KiB", 1ull << 10},
	{"M", 1ull << 20}, {"MiB", 1ull << 20},
	{"G", 1ull << 30}, {"GiB", 1ull << 30},
	{"T", 1ull << 40}, {"TiB", 1ull << 40},
	{NULL, 0},
};

/* Without a unit a time is refused: people differ on what 5 is. */
static const struct unit time_units[] = {
	{"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 60 * 60 * 1000},
	{NULL, 0},
};

/* A decimal number: whole + fraction / scale. */
struct decimal {
	uint64_t whole;
	uint64_t fraction;
	uint64_t scale;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits; NULL when there is none or they are too many. */
static const char *digits(const char *s, uint64_t *value)
{
	if (!is_digit(*s))
		return NULL;
	for (*value = 0; is_digit(*s); s++)
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, *s - '0', value))
			return NULL;
	return s;
}

/* Reads "12" or "1.5"; NULL when it is neither. */
static const char *decimal(const char *s, struct decimal *d)
{
	const char *start;

	*d = (struct decimal){.scale = 1};
	s = digits(s, &d->whole);
	if (!s || *s != '.')
		return s;
	start = s + 1;
	s = digits(start, &d->fraction);
	/* Nobody means more; it keeps the product below 2^64. */
	if (!s || s - start > 6)
		return NULL;
	for (; start < s; start++)
		d->scale *= 10;
	return s;
}

static bool multiply(const struct decimal *d, uint64_t factor, uint64_t *value)
{
	uint64_t rest = (unsigned __int128)d->fraction * factor / d->scale;

	return !__builtin_mul_overflow(d->whole, factor, value) &&
	       !__builtin_add_overflow(*value, rest, value);
}

static bool with_unit(const char *s, const struct unit *units, uint64_t *value)
{
	struct decimal d;
	const char *rest = decimal(s, &d);

	if (!rest)
		return false;
	for (; units->name; units++)
		if (!strcasecmp(rest, units->name))
			return multiply(&d, units->factor, value);
	return false;
}

/**
 * parse_number() - a whole number
 * @s: the text
 * @min: the least
 * @max: the most
 * @value: the number
 *
 * Return: NULL, or what is wrong.
 */
const char *parse_number(const char *s, uint64_t min, uint64_t max,
			 uint64_t *value)
{
	const char *rest = digits(s, value);

	if (!rest || *rest)
		return "is not a whole number";
	return *value < min || *value > max ? "is out of range" : NULL;
}

/**
 * parse_size() - an amount of memory
 * @s: the text: 4096, 64M, 1.5GiB
 * @bytes: the amount
 *
 * Return: NULL, or what is wrong.
 */
const char *parse_size(const char *s, uint64_t *bytes)
{
	return with_unit(s, size_units, bytes)
		       ? NULL
		       : "is not a size such as 64M or 4G";
}

/**
 * parse_amount() - an amount of memory, a part of something, or no limit
 * @s: the text: a size, 80%, none
 * @amount: what it is
 *
 * Return: NULL, or what is wrong.
 */
const char *parse_amount(const char *s, struct amount *amount)
{
	const char *rest = digits(s, &amount->value);

	if (!strcmp(s, "none")) {
		amount->kind = AMOUNT_NONE;
		return NULL;
	}
	if (rest && !strcmp(rest, "%")) {
		amount->kind = AMOUNT_PERCENT;
		return amount->value > 100 ? "is more than 100%" : NULL;
	}
	amount->kind = AMOUNT_BYTES;
	return parse_size(s, &amount->value)
		       ? "is not a size such as 64M, a part such as 80%, or none"
		       : NULL;
}

/**
 * amount_pages() - an amount in pages of 4 KiB
 * @amount: the amount
 * @whole: pages that 100% are
 *
 * Return: pages, rounded up; ~0 for no limit.
 */
uint64_t amount_pages(const struct amount *amount, uint64_t whole)
{
	switch (amount->kind) {
	case AMOUNT_PERCENT:
		return (unsigned __int128)whole * amount->value / 100;
	case AMOUNT_NONE:
		return UINT64_MAX;
	default:
		return (amount->value >> PAGE_SHIFT) +
		       !!(amount->value & ((1 << PAGE_SHIFT) - 1));
	}
}

/**
 * parse_permille() - a percentage, to a tenth
 * @s: the text: 90%, 92.5%
 * @permille: the part of 1000
 *
 * Return: NULL, or what is wrong.
 */
const char *parse_permille(const char *s, uint32_t *permille)
{
	struct decimal d;
	const char *rest = decimal(s, &d);

	if (!rest || strcmp(rest, "%") != 0 || d.scale > 10)
		return "is not a percentage such as 90% or 92.5%";
	if (d.whole > 100 || (d.whole == 100 && d.fraction))
		return "is more than 100%";
	*permille = (uint32_t)(d.whole * 10 + d.fraction * 10 / d.scale);
	return NULL;
}

/**
 * parse_rate() - bytes per second
 * @s: the text: 100M, 100M/s, none
 * @bytes: the rate; 0 for no limit
 *
 * Return: NULL, or what is wrong.
 */
const char *parse_rate(const char *s, uint64_t *bytes)
{
	static const char expected[] =
		"is not a rate such as 100M (bytes per second), or none";
	size_t len = strlen(s);
	char text[32];

	*bytes = 0;
	if (!strcmp(s, "none"))
		return NULL;
	if (len > 2 && !strcmp(s + len - 2, "/s"))
		len -= 2;
	if (len >= sizeof(text))
		return expected;
	memcpy(text, s, len);
	text[len] = '\0';
	return parse_size(text, bytes) ? expected : NULL;
}

/**
 * parse_time() - a time
 * @s: the text: 600ms, 10s, 1.5m
 * @ms: the time in milliseconds
 *
 * Return: NULL, or what is wrong.
 */
const char *parse_time(const char *s, uint64_t *ms)
{
	return with_unit(s, time_units, ms)
		       ? NULL
		       : "is not a time such as 600ms or 10s";
}

/* Reads "3" or "3-5". */
static const char *node_range(const char *s, struct nodes *nodes)
{
	uint64_t first, last;

	s = digits(s, &first);
	last = first;
	if (s && *s == '-')
		s = digits(s + 1, &last);
	if (!s || first > last || last >= MAX_NODES)
		return NULL;
	for (; first <= last; first++) {
		if (nodes->nr == MAX_NODES)
			return NULL;
		nodes->node[nodes->nr++] = (uint32_t)first;
	}
	return s;
}

/**
 * parse_nodes() - a list of NUMA nodes
 * @s: the text: 0, 0,2-3
 * @nodes: the nodes
 *
 * Return: NULL, or what is wrong.
 */
const char *parse_nodes(const char *s, struct nodes *nodes)
{
	nodes->nr = 0;
	for (;;) {
		s = node_range(s, nodes);
		if (s && !*s)
			return NULL;
		if (!s || *s++ != ',')
			return "is not a list of nodes such as 0 or 1,3-5";
	}
}

static bool prefixed(const char *s, const char *prefix, const char **rest)
{
	size_t len = strlen(prefix);

	*rest = s + len;
	return !strncmp(s, prefix, len);
}

/**
 * parse_selector() - who is meant by "VM"
 * @s: the text: 1234, id:1, pid:1234, name:db, db
 * @selector: who; its name points into @s
 *
 * Return: NULL, or what is wrong.
 */
const char *parse_selector(const char *s, struct selector *selector)
{
	const char *rest;
	uint64_t number;

	*selector = (struct selector){.kind = SELECT_NAME, .name = s};
	if (prefixed(s, "name:", &rest)) {
		selector->name = rest;
		return *rest ? NULL : "has no name after name:";
	}
	if (prefixed(s, "id:", &rest))
		selector->kind = SELECT_ID;
	else if (prefixed(s, "pid:", &rest))
		selector->kind = SELECT_PID;
	else if (!parse_number(s, 0, UINT32_MAX, &number))
		selector->kind = SELECT_NUMBER, rest = s;
	if (selector->kind == SELECT_NAME)
		return *s ? NULL : "is empty";
	if (parse_number(rest, 0, UINT32_MAX, &number))
		return "has no number where one must be";
	selector->number = (uint32_t)number;
	return NULL;
}
