// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_trace: any file as a trace. Whatever can be read obeys the format, and
 * can be written and read again as the same.
 */
#include <stdlib.h>
#include <string.h>

#include "../../../src/lib/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_runs(const struct trace_record *rec)
{
	uint64_t end = 0;

	for (size_t i = 0; i < rec->nr; i++) {
		require(rec->runs[i].gfn >= end && rec->runs[i].count);
		end = rec->runs[i].gfn + rec->runs[i].count;
		require(end <= 1ull << TRACE_GFN_BITS);
	}
}

/* Reads @in and writes what could be read to @out; false when it is damaged. */
static bool copy(FILE *in, FILE *out)
{
	struct trace_file from, to;
	struct trace_record rec;
	struct trace_head head;

	if (!trace_open(&from, in, &head)) {
		require(!!from.problem);
		return false;
	}
	require(trace_begin(&to, out, &head));
	while (trace_next(&from, &rec)) {
		check_runs(&rec);
		if (rec.kind == TRACE_END)
			require(trace_finish(&to));
		else
			require(trace_put(&to, &rec));
		trace_record_free(&rec);
	}
	require(from.ended == !from.problem);
	return from.ended;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *once = NULL, *twice = NULL;
	size_t once_size, twice_size;
	FILE *in, *out;
	bool whole;

	if (!size)
		return 0;
	in = fmemopen((void *)data, size, "rb");
	out = open_memstream(&once, &once_size);
	whole = copy(in, out);
	fclose(in);
	fclose(out);
	if (whole) {
		in = fmemopen(once, once_size, "rb");
		out = open_memstream(&twice, &twice_size);
		require(copy(in, out));
		fclose(in);
		fclose(out);
		require(once_size == twice_size &&
			!memcmp(once, twice, once_size));
	}
	free(once);
	free(twice);
	return 0;
}
