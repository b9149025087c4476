// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges of pages with a mode: text form, merging, comparison. Pure: reads no
 * file and needs no KVM, so that it is tested by itself.
 */
#include <stdlib.h>
#include <string.h>

#include "ranges.h"

void ranges_add(struct ranges *rs, u64 gfn, u64 count, u32 mode)
{
	struct range *last = rs->nr ? &rs->r[rs->nr - 1] : NULL;

	if (!count)
		return;
	if (last && last->mode == mode && last->gfn + last->count == gfn) {
		last->count += count;
		return;
	}
	rs->r = grow(rs->r, rs->nr, sizeof(*rs->r));
	rs->r[rs->nr++] = (struct range){gfn, count, mode};
}

void ranges_free(struct ranges *rs)
{
	free(rs->r);
	*rs = (struct ranges){0};
}

/* A place where ranges of one mode begin (+1) or end (-1). */
struct edge {
	u64 gfn;
	int read;
	int write;
};

static int edge_order(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return x->gfn < y->gfn ? -1 : x->gfn > y->gfn;
}

static size_t collect_edges(const struct ranges *rs, struct edge *e)
{
	size_t i, n = 0;

	for (i = 0; i < rs->nr; i++) {
		const struct range *r = &rs->r[i];
		int read = !!(r->mode & RUN_READ);
		int write = !!(r->mode & RUN_WRITE);

		e[n++] = (struct edge){r->gfn, read, write};
		e[n++] = (struct edge){r->gfn + r->count, -read, -write};
	}
	qsort(e, n, sizeof(*e), edge_order);
	return n;
}

void ranges_normalise(struct ranges *rs)
{
	struct edge *e = zalloc(2 * rs->nr + 1, sizeof(*e));
	size_t i, n = collect_edges(rs, e);
	struct ranges out = {0};
	int read = 0, write = 0;
	u64 from = 0;

	for (i = 0; i < n; i++) {
		u32 mode = (read ? RUN_READ : 0) | (write ? RUN_WRITE : 0);

		if (mode)
			ranges_add(&out, from, e[i].gfn - from, mode);
		from = e[i].gfn;
		read += e[i].read;
		write += e[i].write;
	}
	free(e);
	ranges_free(rs);
	*rs = out;
}

void ranges_clip(struct ranges *rs, u64 gfn, u64 count)
{
	struct ranges out = {0};
	size_t i;

	for (i = 0; i < rs->nr; i++) {
		u64 from = MAX(rs->r[i].gfn, gfn);
		u64 to = MIN(rs->r[i].gfn + rs->r[i].count, gfn + count);

		if (from < to)
			ranges_add(&out, from, to - from, rs->r[i].mode);
	}
	ranges_free(rs);
	*rs = out;
}

void ranges_to_chunks(struct ranges *rs)
{
	size_t i;

	for (i = 0; i < rs->nr; i++) {
		struct range *r = &rs->r[i];
		u64 end = ROUND_UP(r->gfn + r->count, PAGES_2M);

		r->gfn = r->gfn / PAGES_2M * PAGES_2M;
		r->count = end - r->gfn;
	}
	ranges_normalise(rs);
}

const char *mode_name(u32 mode)
{
	static const char *const names[] = {"-", "r", "w", "rw"};

	return names[mode & (RUN_READ | RUN_WRITE)];
}

static int parse_mode(const char *text, u32 *mode)
{
	for (*mode = RUN_READ; *mode <= (RUN_READ | RUN_WRITE); (*mode)++)
		if (!strcmp(text, mode_name(*mode)))
			return 0;
	return -1;
}

int ranges_parse_line(struct ranges *rs, const char *line, struct err *err)
{
	u64 gfn, count;
	char mode_text[4];
	u32 mode;
	int n = 0;

	line += strspn(line, " \t");
	if (!*line || *line == '\n' || *line == '#' || !strncmp(line, "ok", 2))
		return 0;
	if (sscanf(line, "%lx %lu %3s %n", &gfn, &count, mode_text, &n) != 3 ||
	    line[n] || !count || parse_mode(mode_text, &mode))
		return err_set(err, "not '<gfn> <count> r|w|rw': %.60s", line);
	ranges_add(rs, gfn, count, mode);
	return 0;
}

#define MAX_EXAMPLES 16

static void count_diff(struct range_diff *d, u64 gfn, u64 count, u32 truth,
		       u32 answer)
{
	u32 lost = truth & ~answer, extra = answer & ~truth;

	if (truth)
		d->pages += count;
	if (lost | extra && d->examples.nr < MAX_EXAMPLES)
		ranges_add(&d->examples, gfn, count, truth);
	if (!answer && truth) {
		d->missing += count;
	} else if (answer && !truth) {
		d->invented += count;
	} else {
		d->read_missing += lost & RUN_READ ? count : 0;
		d->write_missing += lost & RUN_WRITE ? count : 0;
		d->read_invented += extra & RUN_READ ? count : 0;
		d->write_invented += extra & RUN_WRITE ? count : 0;
	}
}

/* Mode of the page @gfn and in *@end the page where that mode may change. */
static u32 mode_at(const struct ranges *rs, size_t *i, u64 gfn, u64 *end)
{
	while (*i < rs->nr && rs->r[*i].gfn + rs->r[*i].count <= gfn)
		(*i)++;
	if (*i == rs->nr)
		return 0;
	if (rs->r[*i].gfn > gfn) {
		*end = MIN(*end, rs->r[*i].gfn);
		return 0;
	}
	*end = MIN(*end, rs->r[*i].gfn + rs->r[*i].count);
	return rs->r[*i].mode;
}

void ranges_compare(const struct ranges *truth, const struct ranges *answer,
		    struct range_diff *diff)
{
	size_t t = 0, a = 0;
	u64 gfn = 0;

	for (;;) {
		u64 end = ~0UL;
		u32 in_truth = mode_at(truth, &t, gfn, &end);
		u32 in_answer = mode_at(answer, &a, gfn, &end);

		if (t == truth->nr && a == answer->nr)
			break;
		count_diff(diff, gfn, end - gfn, in_truth, in_answer);
		gfn = end;
	}
}
