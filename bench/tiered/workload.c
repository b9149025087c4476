// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bench's workloads.
 */
#include <math.h>
#include <string.h>

#include "workload.h"

#define SHARE(percent) ((u32)((percent)*65536 / 100))
#define CHUNK 512

static u64 mix(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15UL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9UL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebUL;
	return z ^ z >> 31;
}

/* Ranks stand for pages in the order of addresses, from @first on. */
static void in_order(struct work *w, u32 first)
{
	for (u32 i = 0; i < w->pages; i++)
		w->order[i] = (first + i) % w->pages;
}

/* Ranks are strewn over all pages; another @shuffle, other pages. */
static void scatter(struct work *w, u64 shuffle)
{
	u64 seed = w->seed + shuffle * 0x51ed2701;

	in_order(w, 0);
	for (u32 left = w->pages; left > 1; left--) {
		u32 j = mix(&seed) % left, page = w->order[left - 1];

		w->order[left - 1] = w->order[j];
		w->order[j] = page;
	}
}

/* Ranks go from chunk to chunk, so that the first ones are some pages of each.
 */
static void skew(struct work *w)
{
	u64 seed = w->seed;
	u32 rank = 0;

	for (u32 part = 0; part < CHUNK; part++)
		for (u32 chunk = 0; chunk < w->pages / CHUNK; chunk++)
			w->order[rank++] = chunk * CHUNK + part;
	/* Within a chunk the parts begin anywhere and are 37 apart. */
	for (u32 i = 0; i < w->pages; i++) {
		u32 chunk = w->order[i] / CHUNK, part = w->order[i] % CHUNK;

		seed = w->seed + chunk;
		w->order[i] = chunk * CHUNK + (part * 37 + mix(&seed)) % CHUNK;
	}
}

/* @percent of the accesses go to the first @hot ranks, the rest to the others.
 */
static void two_levels(struct work *w, u32 hot, double percent)
{
	double at = percent / 100;

	for (u32 i = 0; i <= QUANTILES; i++) {
		double q = (double)i / QUANTILES;
		double rank =
			q < at ? q / at * hot
			       : hot + (q - at) / (1 - at) * (w->pages - hot);

		w->load->quantile[i] = (u32)(fmin(rank, w->pages - 1) * 256);
	}
}

static void all_alike(struct work *w, u32 pages)
{
	for (u32 i = 0; i <= QUANTILES; i++)
		w->load->quantile[i] =
			(u32)(fmin((double)i / QUANTILES * pages, pages - 1) *
			      256);
}

/* Ranks by Zipf's law: rank r is drawn in proportion to 1 / (r + 1)^s. */
static void zipf(struct work *w, double s)
{
	double sum = 0, all = 0;
	u32 rank = 0;

	for (u32 i = 0; i < w->pages; i++)
		all += pow(i + 1, -s);
	for (u32 i = 0; i <= QUANTILES; i++) {
		double want = (double)i / QUANTILES * all, next;

		while (rank < w->pages - 1 &&
		       (next = sum + pow(rank + 1, -s)) <= want) {
			sum = next;
			rank++;
		}
		w->load->quantile[i] =
			(u32)((rank +
			       fmin(1, (want - sum) * pow(rank + 1, s))) *
			      256);
		if (w->load->quantile[i] > (w->pages - 1) * 256)
			w->load->quantile[i] = (w->pages - 1) * 256;
	}
}

static void stream(struct work *w, double percent, u32 first, u32 pages,
		   double write)
{
	w->load->mix = SHARE(percent);
	w->load->stream_first = first;
	w->load->stream_pages = pages;
	w->load->stream_lines = 8;
	w->load->stream_write = SHARE(write);
}

static void hot_tenth(struct work *w, u32 phase, u32 contiguous)
{
	if (phase)
		return;
	if (contiguous)
		in_order(w, w->pages - w->pages / 10);
	else
		scatter(w, 0);
	two_levels(w, w->pages / 10, 90);
}

static void zipf_work(struct work *w, u32 phase, u32 hundredths)
{
	if (phase)
		return;
	scatter(w, 0);
	zipf(w, hundredths / 100.);
}

/* Each @phases phases the hot tenth is another. */
static void moving(struct work *w, u32 phase, u32 phases)
{
	if (phase % phases)
		return;
	scatter(w, phase / phases);
	two_levels(w, w->pages / 10, 90);
}

/* Two hot tenths take turns. */
static void day_night(struct work *w, u32 phase, u32 phases)
{
	if (phase % phases)
		return;
	scatter(w, phase / phases % 2);
	two_levels(w, w->pages / 10, 90);
}

static void scan_hot(struct work *w, u32 phase, u32 percent)
{
	hot_tenth(w, phase, 0);
	stream(w, percent, 0, w->pages, 0);
}

/* A loop over half as much again as fast memory has. */
static void loop(struct work *w, u32 phase, u32 percent)
{
	u32 pages = w->fast * percent / 100;

	if (phase)
		return;
	in_order(w, 0);
	all_alike(w, w->pages);
	stream(w, 99, 0, pages < w->pages ? pages : w->pages, 10);
}

static void read_hot(struct work *w, u32 phase, u32 percent)
{
	if (!phase) {
		scatter(w, 0);
		two_levels(w, w->pages / 10, 95);
	}
	w->load->write = 0;
	stream(w, percent, 0, w->pages, 100);
}

/* The VM fills up; nine of ten accesses go to its newest tenth. */
static void growth(struct work *w, u32 phase, u32 phases)
{
	u32 filled = w->pages / 4 + (u64)w->pages * 3 / 4 * phase / phases;

	if (filled > w->pages)
		filled = w->pages;
	for (u32 i = 0; i < filled; i++)
		w->order[i] = filled - 1 - i;
	two_levels(w, w->pages / 10, 90);
	for (u32 i = 0; i <= QUANTILES; i++)
		if (w->load->quantile[i] > (filled - 1) * 256)
			w->load->quantile[i] = (filled - 1) * 256;
}

static void uniform(struct work *w, u32 phase, u32 arg)
{
	(void)arg;
	if (phase)
		return;
	in_order(w, 0);
	all_alike(w, w->pages);
}

/* Of the 512 pages of each chunk @parts get nine of ten accesses. */
static void skewed(struct work *w, u32 phase, u32 parts)
{
	if (phase)
		return;
	skew(w);
	two_levels(w, w->pages / CHUNK * parts, 90);
}

static void bimodal(struct work *w, u32 phase, u32 hot_percent)
{
	if (phase)
		return;
	scatter(w, 0);
	two_levels(w, w->pages * hot_percent / 100, 95);
}

#define ALL 1024
const struct workload workloads[] = {
	{"hot-scattered", hot_tenth, 0, ALL,
	 "90 % of the accesses to a strewn tenth"},
	{"hot-contiguous", hot_tenth, 1, ALL, "... to a tenth in one piece"},
	{"zipf-0.6", zipf_work, 60, ALL, "Zipf's law, strewn"},
	{"zipf-0.8", zipf_work, 80, ALL, "Zipf's law, strewn"},
	{"zipf-0.99", zipf_work, 99, ALL, "Zipf's law, strewn"},
	{"zipf-1.2", zipf_work, 120, ALL, "Zipf's law, strewn"},
	{"move-6s", moving, 12, ALL, "a hot tenth, another every 6 s"},
	{"move-30s", moving, 60, ALL, "a hot tenth, another every 30 s"},
	{"move-2s", moving, 4, ALL, "a hot tenth, another every 2 s"},
	{"day-night", day_night, 12, ALL,
	 "two hot tenths take turns, 6 s each"},
	{"scan-hot", scan_hot, 30, ALL,
	 "a hot tenth, and 30 % scan all memory"},
	{"loop", loop, 150, ALL, "round and round 1.5 times fast memory"},
	{"read-hot", read_hot, 30, ALL,
	 "a tenth is read, 30 % write all memory"},
	{"growth", growth, 40, ALL / 4, "the VM fills up, the newest is hot"},
	{"uniform", uniform, 0, ALL, "all pages alike"},
	{"skew-1", skewed, 1, ALL, "1 page of 512 is hot"},
	{"skew-16", skewed, 16, ALL, "16 pages of 512 are hot"},
	{"skew-64", skewed, 64, ALL, "64 pages of 512 are hot"},
	{"bimodal", bimodal, 20, ALL, "95 % of the accesses to a strewn fifth"},
	{},
};

const struct workload *workload_named(const char *name)
{
	for (const struct workload *w = workloads; w->name; w++)
		if (!strcmp(w->name, name))
			return w;
	return NULL;
}
