// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of data pages: parsing, sampling, listing. Must never need KVM.
 */
#include <stdlib.h>
#include <string.h>

#include "pageset.h"
#include "random.h"
#include "ranges.h"

void pageset_add(struct pageset *set, u64 gfn, u64 count, u64 stride)
{
	struct prange *last = set->nr ? &set->r[set->nr - 1] : NULL;

	if (!count)
		return;
	if (last && stride == 1 && last->stride == 1 &&
	    last->gfn + last->count == gfn) {
		last->count += count;
		return;
	}
	set->r = grow(set->r, set->nr, sizeof(*set->r));
	set->r[set->nr++] = (struct prange){gfn, count, stride};
}

void pageset_free(struct pageset *set)
{
	free(set->r);
	*set = (struct pageset){0};
}

u64 pageset_count(const struct pageset *set)
{
	u64 n = 0;
	size_t i;

	for (i = 0; i < set->nr; i++)
		n += set->r[i].count;
	return n;
}

u64 *pageset_list(const struct pageset *set)
{
	u64 *list = zalloc(pageset_count(set) + 1, sizeof(*list));
	u64 n = 0, k;
	size_t i;

	for (i = 0; i < set->nr; i++)
		for (k = 0; k < set->r[i].count; k++)
			list[n++] = set->r[i].gfn + k * set->r[i].stride;
	return list;
}

void pageset_sort(struct pageset *set)
{
	struct pageset out = {0};
	struct ranges rs = {0};
	size_t i;
	u64 k;

	for (i = 0; i < set->nr; i++) {
		struct prange *r = &set->r[i];

		if (r->stride == 1)
			ranges_add(&rs, r->gfn, r->count, RUN_READ);
		else
			for (k = 0; k < r->count; k++)
				ranges_add(&rs, r->gfn + k * r->stride, 1,
					   RUN_READ);
	}
	ranges_normalise(&rs);
	for (i = 0; i < rs.nr; i++)
		pageset_add(&out, rs.r[i].gfn, rs.r[i].count, 1);
	ranges_free(&rs);
	pageset_free(set);
	*set = out;
}

void pageset_sample(struct pageset *set, u64 keep, u64 seed)
{
	u64 left = pageset_count(set), state = seed, k;
	struct pageset out = {0};
	size_t i;

	for (i = 0; i < set->nr; i++) {
		struct prange *r = &set->r[i];

		for (k = 0; k < r->count && keep; k++, left--) {
			if (random_below(&state, left) >= keep)
				continue;
			pageset_add(&out, r->gfn + k * r->stride, 1, 1);
			keep--;
		}
	}
	pageset_free(set);
	*set = out;
}

static int add_checked(struct pageset *set, const struct prange *r,
		       const struct span *span, struct err *err)
{
	u64 last = r->gfn + (r->count - 1) * r->stride;

	if (r->gfn < span->gfn || last >= span->gfn + span->pages)
		return err_set(err, "pages %lu-%lu: not in the slot of %lu",
			       r->gfn - span->gfn, last - span->gfn,
			       span->pages);
	pageset_add(set, r->gfn, r->count, r->stride);
	return 0;
}

static const struct span *span_of_gfn(const struct span *spans, u64 gfn)
{
	int i;

	for (i = 0; i < MAX_SLOTS; i++)
		if (gfn >= spans[i].gfn && gfn < spans[i].gfn + spans[i].pages)
			return &spans[i];
	return NULL;
}

/* "A", "A-B" or "A-B/S" in the given number base, B included */
static int parse_range(const char *text, int base, struct prange *r,
		       struct err *err)
{
	u64 first, last, stride = 1;
	char *end;

	first = strtoul(text, &end, base);
	if (end == text)
		return err_set(err, "'%s' is no page or range of pages", text);
	last = first;
	if (*end == '-')
		last = strtoul(end + 1, &end, base);
	if (*end == '/')
		stride = strtoul(end + 1, &end, 10);
	if (*end || last < first || !stride || stride > UINT32_MAX)
		return err_set(err, "'%s' is no page or range of pages", text);
	*r = (struct prange){first, (last - first) / stride + 1, stride};
	return 0;
}

static int parse_bitmap(struct pageset *set, const char *text,
			const struct span *span, struct err *err)
{
	u64 page;
	char *end;

	page = strtoul(text, &end, 10);
	if (end == text || *end != ':')
		return err_set(err, "'b%s' is no bitmap: write bPAGE:HEX",
			       text);
	for (end++; *end; end++, page += 4) {
		static const char digits[] = "0123456789abcdef";
		const char *d = strchr(digits, *end);
		struct prange r = {span->gfn + page, 1, 1};
		int bit;

		if (!d)
			return err_set(err, "'%c' is no lower-case hex digit",
				       *end);
		for (bit = 0; bit < 4; bit++, r.gfn++)
			if ((d - digits) >> bit & 1 &&
			    add_checked(set, &r, span, err))
				return -1;
	}
	return 0;
}

static int parse_gfns(struct pageset *set, const char *text,
		      const struct span *spans, struct err *err)
{
	const struct span *span;
	struct prange r;

	if (parse_range(text, 16, &r, err))
		return -1;
	span = span_of_gfn(spans, r.gfn);
	if (!span)
		return err_set(err, "gfn %lx is in no data slot", r.gfn);
	return add_checked(set, &r, span, err);
}

static int parse_item(struct pageset *set, const char *text,
		      const struct span *spans, struct err *err)
{
	const struct span *span = &spans[0];
	struct prange r;

	if (*text == 'g')
		return parse_gfns(set, text + 1, spans, err);
	if (*text == 's') {
		char *end;
		u64 n = strtoul(text + 1, &end, 10);

		if (end == text + 1 || *end != ':' || n >= MAX_SLOTS)
			return err_set(err, "'%s' names no slot: write sN:...",
				       text);
		span = &spans[n];
		text = end + 1;
	}
	if (!span->pages)
		return err_set(err, "there is no data slot %d",
			       (int)(span - spans));
	if (*text == 'b')
		return parse_bitmap(set, text + 1, span, err);
	if (!strcmp(text, "all"))
		r = (struct prange){0, span->pages, 1};
	else if (parse_range(text, 10, &r, err))
		return -1;
	r.gfn += span->gfn;
	return add_checked(set, &r, span, err);
}

static int parse_items(struct pageset *set, char *text, const char *separators,
		       const struct span *spans, struct err *err)
{
	char *save, *item;

	for (item = strtok_r(text, separators, &save); item;
	     item = strtok_r(NULL, separators, &save))
		if (parse_item(set, item, spans, err))
			return -1;
	return 0;
}

static int parse_file(struct pageset *set, const char *name,
		      const struct span *spans, struct err *err)
{
	FILE *f = fopen(name, "r");
	char line[4096];
	int ret = 0;

	if (!f)
		return err_errno(err, "cannot open the page list %s", name);
	while (!ret && fgets(line, sizeof(line), f))
		ret = parse_items(set, line, ", \t\n", spans, err);
	fclose(f);
	return ret;
}

int pageset_parse(struct pageset *set, const char *text,
		  const struct span *spans, struct err *err)
{
	char *copy;
	int ret;

	if (*text == '@')
		return parse_file(set, text + 1, spans, err);
	copy = zalloc(strlen(text) + 1, 1);
	memcpy(copy, text, strlen(text));
	ret = parse_items(set, copy, ",", spans, err);
	free(copy);
	if (!ret && !set->nr)
		ret = err_set(err, "'%s' names no page", text);
	return ret;
}
