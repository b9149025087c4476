/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * parse: what people type to numbers. Every parser takes the whole string or
 * nothing, knows its range, and returns NULL, or what was expected instead.
 */
#ifndef VTMMCTL_PARSE_H
#define VTMMCTL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An amount of memory: in bytes, or as a part of something, or no limit. */
struct amount {
	enum amount_kind {
		AMOUNT_BYTES,
		AMOUNT_PERCENT,
		AMOUNT_NONE,
	} kind;
	uint64_t value;
};

/* Who is meant by "VM" on the command line. */
struct selector {
	enum selector_kind {
		SELECT_NUMBER, /* a pid or an id */
		SELECT_ID,
		SELECT_PID,
		SELECT_NAME,
	} kind;
	uint32_t number;
	const char *name;
};

/* A set of NUMA nodes, in the order given. */
#define MAX_NODES 1024

struct nodes {
	uint32_t node[MAX_NODES];
	size_t nr;
};

const char *parse_number(const char *s, uint64_t min, uint64_t max,
			 uint64_t *value);
const char *parse_size(const char *s, uint64_t *bytes);
const char *parse_amount(const char *s, struct amount *amount);
const char *parse_permille(const char *s, uint32_t *permille);
const char *parse_rate(const char *s, uint64_t *bytes);
const char *parse_time(const char *s, uint64_t *ms);
const char *parse_nodes(const char *s, struct nodes *nodes);
const char *parse_selector(const char *s, struct selector *selector);
uint64_t amount_pages(const struct amount *amount, uint64_t whole);

#endif /* VTMMCTL_PARSE_H */
