/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * text: numbers and foreign text for people to read. Names of VMs are
 * untrusted: they reach a terminal by text_put() and table_text() only.
 */
#ifndef VTMMCTL_TEXT_H
#define VTMMCTL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TEXT_SIZE 32

/* A short text of a number, returned by value. */
struct text {
	char s[TEXT_SIZE];
};

struct text text_bytes(uint64_t bytes);
struct text text_pages(uint64_t pages);
struct text text_limit(uint64_t pages);
struct text text_us(uint64_t us);
struct text text_percent(uint64_t part, uint64_t whole);
struct text text_rate(uint64_t bytes);

size_t text_escape(char *to, size_t size, const char *from, bool utf8);
void text_put(FILE *out, const char *s, bool utf8);
size_t text_next(const char *s, uint32_t *character);
size_t text_width(const char *s);
size_t text_fit(const char *s, size_t width, size_t *used);

#endif /* VTMMCTL_TEXT_H */
