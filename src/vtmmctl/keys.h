/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keys: the values of the library's structs by name, from the tables that also
 * decode them: "pages_fast", "stats.promoted". In a list a number may choose an
 * element, "members.0.allotment"; without one all elements are meant.
 */
#ifndef VTMMCTL_KEYS_H
#define VTMMCTL_KEYS_H

#include <stdio.h>

#include "../lib/fields.h"

/* The longest key, with numbers in it. */
#define KEY_SIZE 128

/* Takes a value: its full key, and where it is, to be read as @f says. */
typedef void (*keys_fn)(void *ctx, const char *key, const struct vtmm_field *f,
			const void *at);

bool keys_known(const struct vtmm_set *set, const char *key);
bool keys_visit(const struct vtmm_set *set, const void *obj, const char *key,
		keys_fn fn, void *ctx);
void keys_list(FILE *out, const struct vtmm_set *set, const char *prefix);

#endif /* VTMMCTL_KEYS_H */
