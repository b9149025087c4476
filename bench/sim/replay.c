// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay: a trace that vtmmctl recorded, as a workload. Pages are numbered in
 * the order of their addresses, so that each stays where it was in its chunk;
 * chunks without pages are left out. A leaf of 2 MiB has one pair of bits, and
 * moves as a whole, for as long as it is one. All rounds are kept, for the
 * oracle looks ahead.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/lib/trace.h"
#include "sim.h"

#define MAX_PAGES (1u << 28)

struct replay {
	struct trace_head head;
	struct trace_record map;
	struct trace_record *rounds;
	size_t nr_rounds;
	u64 missed;
	struct span *spans; /* all pages that are ever told of, ascending */
	size_t nr_spans;
	u32 pages;
	u32 at; /* next round */
};

/* Neighbouring gfns, and the number of the first. */
struct span {
	u64 gfn;
	u64 end;
	u32 page;
};

static void *grown(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p)
		abort();
	return p;
}

static void add_spans(struct replay *r, const struct trace_record *rec)
{
	r->spans = grown(r->spans,
			 (r->nr_spans + rec->nr + 1) * sizeof(*r->spans));
	for (size_t i = 0; i < rec->nr; i++)
		r->spans[r->nr_spans++] = (struct span){
			.gfn = rec->runs[i].gfn,
			.end = rec->runs[i].gfn + rec->runs[i].count,
		};
}

static int by_gfn(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->gfn < y->gfn ? -1 : x->gfn > y->gfn;
}

/* One span for all that touch each other; numbers them. */
static void merge_spans(struct replay *r)
{
	size_t n = 0;
	u64 pages = 0;

	qsort(r->spans, r->nr_spans, sizeof(*r->spans), by_gfn);
	for (size_t i = 0; i < r->nr_spans; i++) {
		if (n && r->spans[i].gfn <= r->spans[n - 1].end) {
			if (r->spans[i].end > r->spans[n - 1].end)
				r->spans[n - 1].end = r->spans[i].end;
		} else {
			r->spans[n++] = r->spans[i];
		}
	}
	r->nr_spans = n;
	for (size_t i = 0; i < n && pages <= MAX_PAGES; i++) {
		if (i && r->spans[i].gfn >> VTMM_CHUNK_SHIFT !=
				 (r->spans[i - 1].end - 1) >> VTMM_CHUNK_SHIFT)
			pages += -pages & (VTMM_CHUNK_PAGES - 1);
		pages += (r->spans[i].gfn - pages) & (VTMM_CHUNK_PAGES - 1);
		r->spans[i].page = pages;
		pages += r->spans[i].end - r->spans[i].gfn;
	}
	pages += -pages & (VTMM_CHUNK_PAGES - 1);
	r->pages = pages <= MAX_PAGES ? pages : 0;
}

static u32 page_of(const struct replay *r, u64 gfn)
{
	size_t low = 0, high = r->nr_spans - 1, mid;

	while (low < high) {
		mid = (low + high + 1) / 2;
		if (r->spans[mid].gfn <= gfn)
			low = mid;
		else
			high = mid - 1;
	}
	return r->spans[low].page + (gfn - r->spans[low].gfn);
}

static void keep(struct replay *r, struct trace_record *rec)
{
	if (rec->kind == TRACE_MAP) {
		trace_record_free(&r->map);
		r->map = *rec;
	} else if (rec->kind == TRACE_ROUND) {
		r->rounds = grown(r->rounds, (r->nr_rounds + 1) * sizeof(*rec));
		r->rounds[r->nr_rounds++] = *rec;
	} else {
		r->missed = rec->missed;
		return;
	}
	add_spans(r, rec);
}

static const char *load(struct replay *r, FILE *f)
{
	struct trace_record rec;
	struct trace_file t;

	if (!trace_open(&t, f, &r->head))
		return t.problem;
	while (trace_next(&t, &rec))
		keep(r, &rec);
	if (t.problem)
		return t.problem;
	merge_spans(r);
	if (!r->pages)
		return "the trace has no pages, or too many";
	if (r->nr_rounds < 2 * WINDOW)
		return "the trace has less than two windows";
	return NULL;
}

/**
 * replay_load() - read a recorded trace
 * @path: of the file
 *
 * Return: the trace, or NULL after having said why.
 */
struct replay *replay_load(const char *path)
{
	struct replay *r = xcalloc(1, sizeof(*r));
	FILE *f = fopen(path, "rb");
	const char *problem = "it cannot be opened";

	if (f) {
		problem = load(r, f);
		fclose(f);
	}
	if (!problem)
		return r;
	fprintf(stderr, "vtmm-sim: %s: %s\n", path, problem);
	replay_free(r);
	return NULL;
}

u32 replay_pages(const struct replay *r)
{
	return r->pages;
}

/* Pages of the VM that were in fast memory when the trace began. */
u32 replay_fast(const struct replay *r)
{
	u64 fast = 0;

	for (size_t i = 0; i < r->map.nr; i++)
		fast += r->map.runs[i].mark ? 0 : r->map.runs[i].count;
	return fast;
}

u32 replay_period_ms(const struct replay *r)
{
	return r->head.period_ms;
}

/* Whole windows; a simulation has a limit. */
u32 replay_windows(const struct replay *r)
{
	size_t n = r->nr_rounds / WINDOW;

	return n < MAX_WINDOWS ? n : MAX_WINDOWS;
}

/*
 * The pages that were in fast memory first, then all others; what is in no span
 * is no page. Returns how many pages there are.
 */
u32 replay_order(const struct replay *r, u32 *order)
{
	u8 *fast = xcalloc(r->pages, 1);
	u32 n = 0, pages;

	memset(fast, ABSENT, r->pages);
	for (size_t i = 0; i < r->nr_spans; i++)
		memset(fast + r->spans[i].page, 0,
		       r->spans[i].end - r->spans[i].gfn);

	for (size_t i = 0; i < r->map.nr; i++)
		if (!r->map.runs[i].mark)
			memset(fast + page_of(r, r->map.runs[i].gfn), 1,
			       r->map.runs[i].count);
	for (int first = 1; first >= 0; first--)
		for (u32 i = 0; i < r->pages; i++)
			if (fast[i] == first)
				order[n++] = i;
	free(fast);
	pages = n;
	while (n < r->pages)
		order[n++] = r->pages;
	return pages;
}

/* What the oracle knows: the rounds of this window that access each page. */
static void replay_look_ahead(struct trace *t)
{
	struct replay *r = t->replay;
	u32 end = r->at + WINDOW;

	memset(t->weight, 0, t->n * sizeof(*t->weight));
	for (u32 k = r->at; k < end && k < r->nr_rounds; k++) {
		for (size_t i = 0; i < r->rounds[k].nr; i++) {
			u32 page = page_of(r, r->rounds[k].runs[i].gfn);

			for (u64 j = 0; j < r->rounds[k].runs[i].count; j++)
				t->weight[page + j]++;
		}
	}
	t->phase++;
}

/* How the chunks of these runs are mapped. */
static void replay_leaves(struct trace *t, const struct trace_record *rec)
{
	for (size_t i = 0; i < rec->nr; i++) {
		const struct trace_run *run = &rec->runs[i];
		u32 first = page_of(t->replay, run->gfn) >> VTMM_CHUNK_SHIFT;
		u32 last = page_of(t->replay, run->gfn + run->count - 1) >>
			   VTMM_CHUNK_SHIFT;

		memset(t->huge + first, run->huge, last - first + 1);
	}
}

/* The accesses of the next round: one for each page that was accessed. */
void replay_round(struct trace *t)
{
	struct replay *r = t->replay;
	const struct trace_record *rec = &r->rounds[r->at];

	if (r->at % WINDOW == 0)
		replay_look_ahead(t);
	memset(t->reads, 0, t->n * sizeof(*t->reads));
	memset(t->writes, 0, t->n * sizeof(*t->writes));
	replay_leaves(t, rec);
	for (size_t i = 0; i < rec->nr; i++) {
		u32 page = page_of(r, rec->runs[i].gfn);

		for (u64 j = 0; j < rec->runs[i].count; j++)
			(rec->runs[i].mark ? t->writes : t->reads)[page + j]++;
	}
	r->at++;
	t->round++;
}

/* From its first round on; @t was zeroed. */
void replay_begin(struct trace *t, struct replay *r)
{
	t->replay = r;
	r->at = 0;
	t->n = r->pages;
	t->weight = xcalloc(t->n, sizeof(*t->weight));
	t->reads = xcalloc(t->n, sizeof(*t->reads));
	t->writes = xcalloc(t->n, sizeof(*t->writes));
	t->huge = xcalloc(t->n >> VTMM_CHUNK_SHIFT, 1);
	replay_leaves(t, &r->map);
}

/* What the trace is of. */
void replay_tell(const struct replay *r)
{
	u64 accesses = 0, pages = 0;

	for (size_t i = 0; i < r->nr_spans; i++)
		pages += r->spans[i].end - r->spans[i].gfn;
	for (size_t k = 0; k < r->nr_rounds; k++)
		for (size_t i = 0; i < r->rounds[k].nr; i++)
			accesses += r->rounds[k].runs[i].count;
	printf("%llu pages, %u of them fast at first; %zu rounds of %u ms, %llu missed; "
	       "%.1f pages accessed a round%s\n",
	       (unsigned long long)pages, replay_fast(r), r->nr_rounds,
	       r->head.period_ms, (unsigned long long)r->missed,
	       (double)accesses / r->nr_rounds,
	       r->head.flags & TRACE_QUEUE
		       ? "; with the queue on: some are claims of sleeping pages"
		       : "");
}

/* The pages of each round, as the tests of the tiny VMM write them. */
void replay_list(const struct replay *r)
{
	for (size_t k = 0; k < r->nr_rounds; k++) {
		const struct trace_record *rec = &r->rounds[k];

		printf("# round %llu\n", (unsigned long long)rec->round);
		for (size_t i = 0; i < rec->nr; i++)
			printf("%llx %llu %s\n",
			       (unsigned long long)rec->runs[i].gfn,
			       (unsigned long long)rec->runs[i].count,
			       rec->runs[i].mark ? "rw" : "r");
	}
}

void replay_free(struct replay *r)
{
	for (size_t i = 0; i < r->nr_rounds; i++)
		trace_record_free(&r->rounds[i]);
	trace_record_free(&r->map);
	free(r->rounds);
	free(r->spans);
	free(r);
}
