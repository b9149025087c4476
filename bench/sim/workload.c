// SPDX-License-Identifier: GPL-2.0-only
/*
 * workload: what simulated guests do, and the trace of it round by round.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define WRITES 300 /* of random accesses, per mille */

static void set(struct trace *t, u32 rank, double weight, u16 write)
{
	t->weight[t->place[rank]] = weight;
	t->write[t->place[rank]] = write;
}

/* @hot of all pages get @share of the accesses; phases use other pages. */
static void hot_cold(struct trace *t, double hot, double share, u16 write,
		     unsigned int phase)
{
	u32 nhot = t->n * hot;

	for (u32 i = 0; i < t->n; i++) {
		u32 rank = (i + phase * nhot) % t->n;

		if (i < nhot)
			set(t, rank, share / nhot, write);
		else
			set(t, rank, (1 - share) / (t->n - nhot), write);
	}
}

static void hot_90_10(struct trace *t, unsigned int phase)
{
	hot_cold(t, 0.10, 0.90, WRITES, phase);
}

static void hot_90_20(struct trace *t, unsigned int phase)
{
	hot_cold(t, 0.20, 0.90, WRITES, phase);
}

static void hot_90_40(struct trace *t, unsigned int phase)
{
	hot_cold(t, 0.40, 0.90, WRITES, phase);
}

static void zipf(struct trace *t, unsigned int phase)
{
	(void)phase;
	for (u32 i = 0; i < t->n; i++)
		set(t, i, 1 / pow(i + 1, 0.99), WRITES);
}

/* Phase @phase replaces a twentieth of the hot set that went before it. */
static void drifting(struct trace *t, unsigned int phase)
{
	u32 nhot = t->n / 10, from = phase * (nhot / 20);

	for (u32 i = 0; i < t->n; i++) {
		u32 at = (i + t->n - from % t->n) % t->n;

		set(t, i, at < nhot ? 0.9 / nhot : 0.1 / (t->n - nhot), WRITES);
	}
}

static void hot_for_scan(struct trace *t, unsigned int phase)
{
	hot_cold(t, 0.10, 0.95, WRITES, phase);
}

static void read_hot(struct trace *t, unsigned int phase)
{
	hot_cold(t, 0.20, 0.99, 0, phase);
}

static void uniform(struct trace *t, unsigned int phase)
{
	hot_cold(t, 0.5, 0.5, WRITES, phase);
}

/* In each chunk a tenth of the pages is hot; half of the chunks more so. */
static void skew_inside(struct trace *t, unsigned int phase)
{
	(void)phase;
	for (u32 i = 0; i < t->n; i++) {
		bool hot = (i * 2654435761u >> 16) % 10 == 0;
		bool more = i / VTMM_CHUNK_PAGES % 2;

		t->weight[i] = hot ? (more ? 12 : 8) : 0.1;
		t->write[i] = WRITES;
	}
}

/*
 * Whole chunks are hot; a cold one is touched in every third round. One bit for
 * 512 pages tells no more: a chunk in which any page is touched is warm.
 */
static void hot_chunks(struct trace *t, unsigned int phase)
{
	(void)phase;
	for (u32 i = 0; i < t->n; i++) {
		bool hot = (i / VTMM_CHUNK_PAGES * 2654435761u >> 16) % 8 == 0;

		t->weight[i] = hot ? 9 : 0.0003;
		t->write[i] = WRITES;
	}
}

const struct workload workloads[] = {
	{.name = "hot-90/10", .setup = hot_90_10, .stationary = true},
	{.name = "zipf-0.99", .setup = zipf, .stationary = true},
	{.name = "moving-hot", .setup = hot_90_10, .change = 25},
	{.name = "moving-hot-tight", .setup = hot_90_20, .change = 25},
	{.name = "moving-hot-40%", .setup = hot_90_40, .change = 25},
	{.name = "drifting-hot", .setup = drifting, .drift = 2},
	{.name = "scan+hot",
	 .setup = hot_for_scan,
	 .stream = 400,
	 .stream_lap = 20,
	 .stationary = true},
	{.name = "read-hot+write-stream",
	 .setup = read_hot,
	 .stream = 200,
	 .stream_lap = 40,
	 .stream_writes = true,
	 .stationary = true},
	{.name = "uniform", .setup = uniform, .stationary = true},
	{.name = "skew-in-huge", .setup = skew_inside, .stationary = true},
	{.name = "hot-chunks-2M",
	 .setup = hot_chunks,
	 .huge = true,
	 .stationary = true},
};

const unsigned int nr_workloads = sizeof(workloads) / sizeof(workloads[0]);

static void shuffle(u32 *v, u32 n, u64 *seed)
{
	for (u32 i = 0; i < n; i++)
		v[i] = i;
	for (u32 i = n; i > 1; i--) {
		u32 j = rng_next(seed) % i, x = v[i - 1];

		v[i - 1] = v[j];
		v[j] = x;
	}
}

static void trace_phase(struct trace *t, unsigned int phase)
{
	t->phase = phase;
	t->load->setup(t, phase);
	alias_build(&t->alias, t->weight, t->n);
}

void trace_start(struct trace *t, const struct workload *w, u32 n, u64 seed)
{
	memset(t, 0, sizeof(*t));
	t->load = w;
	t->n = n;
	t->seed = seed;
	t->per_round = 2 * n;
	t->weight = xcalloc(n, sizeof(*t->weight));
	t->write = xcalloc(n, sizeof(*t->write));
	t->place = xcalloc(n, sizeof(*t->place));
	t->reads = xcalloc(n, sizeof(*t->reads));
	t->writes = xcalloc(n, sizeof(*t->writes));
	t->huge = xcalloc(n >> VTMM_CHUNK_SHIFT, 1);
	memset(t->huge, w->huge, n >> VTMM_CHUNK_SHIFT);
	shuffle(t->place, n, &t->seed);
	trace_phase(t, 0);
}

static void trace_access(struct trace *t, u32 page, bool write)
{
	if (write)
		t->writes[page]++;
	else
		t->reads[page]++;
}

/* The stream touches each page of its part of a lap equally often. */
static void trace_stream(struct trace *t, u32 accesses)
{
	u32 pages = t->n / t->load->stream_lap;

	for (u32 i = 0; i < accesses; i++)
		trace_access(t,
			     (t->stream_at + (u64)i * pages / accesses) % t->n,
			     t->load->stream_writes);
	t->stream_at = (t->stream_at + pages) % t->n;
}

static void trace_change(struct trace *t)
{
	const struct workload *w = t->load;
	u32 window = t->round / WINDOW;

	if (w->change && t->round == w->change * WINDOW)
		trace_phase(t, 1);
	if (w->drift && t->round && t->round % (w->drift * WINDOW) == 0)
		trace_phase(t, window / w->drift);
}

/* The accesses of the next round. */
void trace_round(struct trace *t)
{
	u32 stream = (u64)t->per_round * t->load->stream / 1000;

	if (t->replay) {
		replay_round(t);
		return;
	}
	trace_change(t);
	memset(t->reads, 0, t->n * sizeof(*t->reads));
	memset(t->writes, 0, t->n * sizeof(*t->writes));
	for (u32 i = 0; i < t->per_round - stream; i++) {
		u32 page = alias_draw(&t->alias, &t->seed);

		trace_access(t, page,
			     rng_next(&t->seed) % 1000 < t->write[page]);
	}
	if (stream)
		trace_stream(t, stream);
	t->round++;
}

/* How often a page is accessed in this phase, relative: what the oracle knows.
 */
double trace_expected(const struct trace *t, u32 page)
{
	return t->weight[page];
}

void trace_end(struct trace *t)
{
	alias_free(&t->alias);
	free(t->weight);
	free(t->write);
	free(t->place);
	free(t->reads);
	free(t->writes);
	free(t->huge);
}
