// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors as one sentence, and arrays that grow. Knows nothing of VMs.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

void err_fill(struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
}

int err_errno(struct err *err, const char *fmt, ...)
{
	int saved = errno;
	size_t len;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	len = strlen(err->msg);
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s",
		 strerror(saved));
	return -1;
}

static void no_memory(void)
{
	fputs("tinyvmm: out of memory\n", stderr);
	exit(1);
}

void *grow(void *array, size_t nr, size_t size)
{
	if (nr & (nr - 1))
		return array;
	array = realloc(array, (nr ? 2 * nr : 1) * size);
	if (!array)
		no_memory();
	return array;
}

void *zalloc(size_t nr, size_t size)
{
	void *p = calloc(nr, size);

	if (!p)
		no_memory();
	return p;
}
