// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace: writes and reads files of what a VM's rounds saw, as docs/trace.md
 * says. A file may come from anywhere: the reader believes nothing, and takes
 * no more memory than the file is long, some times over.
 */
#include <stdlib.h>
#include <string.h>

#include "trace.h"

#define MAGIC "vtmmtrc"
#define VERSION 1
#define HEAD_SIZE 40
#define HEAD_SIZE_MAX 4096
#define GFNS (1ull << TRACE_GFN_BITS)

static const char kind_bytes[] = {'M', 'R', 'E'};

static bool fail(struct trace_file *t, const char *problem)
{
	if (!t->problem)
		t->problem = problem;
	return false;
}

/* Numbers of fixed size are little-endian. */
static void put_fixed(unsigned char *to, uint64_t x, int bytes)
{
	for (int i = 0; i < bytes; i++)
		to[i] = x >> 8 * i & 0xff;
}

static uint64_t get_fixed(const unsigned char *from, int bytes)
{
	uint64_t x = 0;

	for (int i = 0; i < bytes; i++)
		x |= (uint64_t)from[i] << 8 * i;
	return x;
}

/* Others take seven bits a byte, lowest first; the last has no top bit. */
static void put_number(struct trace_file *t, uint64_t x)
{
	for (; x >= 0x80; x >>= 7)
		putc((int)(x & 0x7f) | 0x80, t->f);
	putc((int)x, t->f);
}

static bool get_number(struct trace_file *t, uint64_t *x)
{
	int shift = 0, c;

	*x = 0;
	do {
		c = getc(t->f);
		if (c == EOF)
			return fail(t, "the trace is cut off");
		if (shift == 63 && c > 1)
			return fail(t, "a number in the trace is too large");
		*x |= (uint64_t)(c & 0x7f) << shift;
		shift += 7;
	} while (c & 0x80);
	return true;
}

static bool flushed(struct trace_file *t)
{
	/* Whole records: who kills the writer loses none that was complete. */
	if (fflush(t->f) || ferror(t->f))
		return fail(t, "the trace cannot be written");
	return true;
}

/**
 * trace_begin() - begin to write a trace
 * @t: filled in
 * @f: where to; stays the caller's
 * @head: what it begins with
 *
 * Return: false when it cannot be written, with @t->problem set.
 */
bool trace_begin(struct trace_file *t, FILE *f, const struct trace_head *head)
{
	unsigned char bytes[HEAD_SIZE] = MAGIC;

	memset(t, 0, sizeof(*t));
	t->f = f;
	t->round = head->round;
	put_fixed(bytes + 8, VERSION, 2);
	put_fixed(bytes + 10, HEAD_SIZE, 2);
	put_fixed(bytes + 12, head->flags, 4);
	put_fixed(bytes + 16, head->period_ms, 4);
	put_fixed(bytes + 20, head->window, 4);
	put_fixed(bytes + 24, head->mem, 8);
	put_fixed(bytes + 32, head->round, 8);
	fwrite(bytes, sizeof(bytes), 1, f);
	return flushed(t);
}

static void put_runs(struct trace_file *t, const struct trace_record *rec)
{
	uint64_t end = 0;

	put_number(t, rec->nr);
	for (size_t i = 0; i < rec->nr; i++) {
		const struct trace_run *run = &rec->runs[i];

		put_number(t, run->gfn - end);
		put_number(t, run->count << 2 | run->huge << 1 | run->mark);
		end = run->gfn + run->count;
	}
}

/**
 * trace_put() - write a map or a round
 * @t: the trace
 * @rec: the record; rounds ascend, @missed is found from their numbers
 *
 * Return: false when it cannot be written, with @t->problem set.
 */
bool trace_put(struct trace_file *t, const struct trace_record *rec)
{
	putc(kind_bytes[rec->kind], t->f);
	if (rec->kind == TRACE_ROUND) {
		put_number(t, rec->round - t->round);
		t->missed += rec->round - t->round - 1;
		t->round = rec->round;
		t->rounds++;
	}
	put_runs(t, rec);
	return flushed(t);
}

/**
 * trace_finish() - write the end, by which a reader knows that nothing is
 * lacking
 * @t: the trace
 *
 * Return: false when it cannot be written, with @t->problem set.
 */
bool trace_finish(struct trace_file *t)
{
	putc(kind_bytes[TRACE_END], t->f);
	put_number(t, t->rounds);
	put_number(t, t->missed);
	return flushed(t);
}

static bool skip(struct trace_file *t, uint64_t bytes)
{
	for (; bytes; bytes--)
		if (getc(t->f) == EOF)
			return fail(t, "the trace is cut off");
	return true;
}

/**
 * trace_open() - begin to read a trace
 * @t: filled in
 * @f: where from; stays the caller's
 * @head: filled in
 *
 * Return: false when it is no trace that can be read, with @t->problem set.
 */
bool trace_open(struct trace_file *t, FILE *f, struct trace_head *head)
{
	unsigned char bytes[HEAD_SIZE];
	uint64_t size;

	memset(t, 0, sizeof(*t));
	t->f = f;
	if (fread(bytes, sizeof(bytes), 1, f) != 1 ||
	    memcmp(bytes, MAGIC, sizeof(MAGIC)) != 0)
		return fail(t, "this is no trace of vtmm");
	if (get_fixed(bytes + 8, 2) != VERSION)
		return fail(t, "the trace is of another version of the format");
	size = get_fixed(bytes + 10, 2);
	if (size < HEAD_SIZE || size > HEAD_SIZE_MAX)
		return fail(t, "the head of the trace has a wrong size");
	head->flags = (uint32_t)get_fixed(bytes + 12, 4);
	head->period_ms = (uint32_t)get_fixed(bytes + 16, 4);
	head->window = (uint32_t)get_fixed(bytes + 20, 4);
	head->mem = get_fixed(bytes + 24, 8);
	head->round = get_fixed(bytes + 32, 8);
	t->round = head->round;
	return skip(t, size - HEAD_SIZE);
}

/* One run; @end is the gfn behind the one before it. */
static bool get_run(struct trace_file *t, uint64_t *end, struct trace_run *run)
{
	uint64_t gap, what;

	if (!get_number(t, &gap) || !get_number(t, &what))
		return false;
	run->count = what >> 2;
	run->huge = what >> 1 & 1;
	run->mark = what & 1;
	if (!run->count || gap > GFNS - *end || run->count > GFNS - *end - gap)
		return fail(t, "the trace has pages that cannot be");
	run->gfn = *end + gap;
	*end = run->gfn + run->count;
	return true;
}

static bool add_run(struct trace_file *t, struct trace_record *rec,
		    size_t *room, const struct trace_run *run)
{
	struct trace_run *more;

	if (rec->nr == *room) {
		*room = *room ? 2 * *room : 16;
		more = realloc(rec->runs, *room * sizeof(*more));
		if (!more)
			return fail(t, "there is no memory for the trace");
		rec->runs = more;
	}
	rec->runs[rec->nr++] = *run;
	return true;
}

static bool get_runs(struct trace_file *t, struct trace_record *rec)
{
	uint64_t nr, end = 0;
	struct trace_run run;
	size_t room = 0;

	if (!get_number(t, &nr))
		return false;
	/* The number is believed run by run. */
	for (; nr; nr--)
		if (!get_run(t, &end, &run) || !add_run(t, rec, &room, &run))
			return false;
	return true;
}

static bool get_round(struct trace_file *t, struct trace_record *rec)
{
	uint64_t step;

	if (!get_number(t, &step))
		return false;
	if (!step || step > UINT64_MAX - t->round)
		return fail(t, "the rounds of the trace do not ascend");
	rec->missed = step - 1;
	t->missed += step - 1;
	t->round += step;
	t->rounds++;
	rec->round = t->round;
	return get_runs(t, rec);
}

static bool get_end(struct trace_file *t, struct trace_record *rec)
{
	uint64_t rounds;

	if (!get_number(t, &rounds) || !get_number(t, &rec->missed))
		return false;
	if (rounds != t->rounds || rec->missed != t->missed)
		return fail(t, "rounds of the trace are lost");
	if (getc(t->f) != EOF)
		return fail(t, "something follows the end of the trace");
	t->ended = true;
	return true;
}

static bool get_record(struct trace_file *t, struct trace_record *rec)
{
	switch (getc(t->f)) {
	case 'M':
		rec->kind = TRACE_MAP;
		return get_runs(t, rec);
	case 'R':
		rec->kind = TRACE_ROUND;
		return get_round(t, rec);
	case 'E':
		rec->kind = TRACE_END;
		return get_end(t, rec);
	case EOF:
		return fail(t, "the trace is cut off");
	default:
		return fail(t, "the trace has a record of an unknown kind");
	}
}

/**
 * trace_next() - read the next record
 * @t: the trace
 * @rec: filled in, to be freed by trace_record_free(); after TRACE_END there is
 *	none
 *
 * Return: false behind the end, or when the trace is damaged: then @t->problem
 * says how.
 */
bool trace_next(struct trace_file *t, struct trace_record *rec)
{
	memset(rec, 0, sizeof(*rec));
	if (t->ended || t->problem)
		return false;
	rec->round = t->round;
	if (get_record(t, rec))
		return true;
	trace_record_free(rec);
	return false;
}

/**
 * trace_record_free() - free the runs of a record
 * @rec: the record; may be read into again
 */
void trace_record_free(struct trace_record *rec)
{
	free(rec->runs);
	rec->runs = NULL;
	rec->nr = 0;
}
