/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small things that every part of the VMM uses: errors as one sentence, and
 * arrays that grow.
 */
#ifndef VMM_UTIL_H
#define VMM_UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "guest_abi.h"

#define __printf(f, a) __attribute__((format(printf, f, a)))
#define __noreturn __attribute__((noreturn))

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define ROUND_UP(x, to) (((x) + (to)-1) / (to) * (to))
#define SIZE_2M (2UL << 20)
#define PAGES_2M (SIZE_2M / PAGE_SIZE)

/* Why something failed: one sentence without a full stop. */
struct err {
	char msg[240];
};

/* Sets the reason of a failure: where it goes, the sentence, as for printf. */
void err_fill(struct err *err, const char *fmt, ...) __printf(2, 3);

/*
 * The same, and -1, so that a caller can write `return err_set(...)`; a macro,
 * for then the analyzers see that a caller fails.
 */
#define err_set(...)                   \
	({                             \
		err_fill(__VA_ARGS__); \
		-1;                    \
	})

/**
 * err_errno() - as err_set(), followed by the text of errno
 */
int err_errno(struct err *err, const char *fmt, ...) __printf(2, 3);

/**
 * grow() - make room for one more element of a growing array
 * @array: the array, may move
 * @nr: elements in use
 * @size: size of an element
 *
 * The array doubles at each power of two; it ends the program without memory.
 * Return: the array's address.
 */
void *grow(void *array, size_t nr, size_t size);

/* As calloc(), but ends the program with a sentence instead of failing. */
void *zalloc(size_t nr, size_t size);

#endif
