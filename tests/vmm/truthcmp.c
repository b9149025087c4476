// SPDX-License-Identifier: GPL-2.0-only
/*
 * truthcmp: compares the truth of a tiny VMM with what somebody claims about
 * the same pages. It must never call two files equal that it could not read
 * to the end.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "ranges.h"

struct options {
	bool exact;
	bool any;
	bool chunk;
	u64 from;
	u64 count;
};

static const char usage[] =
	"usage: truthcmp [--exact | --any] [--chunk] [--within GFN:COUNT]...\n"
	"                TRUTH ANSWER\n"
	"Compares two files of lines '<gfn-hex> <count> r|w|rw' ('-': stdin).\n"
	"  --exact            'w' is not 'rw' (else a write counts as a read\n"
	"                     too, as the hardware's accessed bit does)\n"
	"  --any              compare only whether a page was touched\n"
	"  --chunk            compare whole 2 MiB chunks\n"
	"  --within GFN:COUNT look only at these pages (hex, decimal)\n"
	"Exit status: 0 equal, 1 different, 2 something could not be read.\n";

static int load(const char *name, struct ranges *rs, struct err *err)
{
	FILE *f = strcmp(name, "-") ? fopen(name, "r") : stdin;
	char line[256];
	int ret = 0;

	if (!f)
		return err_errno(err, "cannot open %s", name);
	while (!ret && fgets(line, sizeof(line), f))
		ret = ranges_parse_line(rs, line, err);
	if (!ret && ferror(f))
		ret = err_errno(err, "cannot read %s", name);
	if (f != stdin)
		fclose(f);
	return ret;
}

static void prepare(struct ranges *rs, const struct options *o)
{
	size_t i;

	for (i = 0; i < rs->nr; i++) {
		if (o->any)
			rs->r[i].mode = RUN_READ;
		else if (!o->exact && rs->r[i].mode & RUN_WRITE)
			rs->r[i].mode |= RUN_READ;
	}
	ranges_normalise(rs);
	if (o->count)
		ranges_clip(rs, o->from, o->count);
	if (o->chunk)
		ranges_to_chunks(rs);
}

static int parse_within(struct options *o, const char *text)
{
	int n = 0;

	return sscanf(text, "%lx:%lu%n", &o->from, &o->count, &n) == 2 &&
			       !text[n] && o->count
		       ? 0
		       : -1;
}

static int parse_options(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{"exact", no_argument, NULL, 'e'},
		{"any", no_argument, NULL, 'a'},
		{"chunk", no_argument, NULL, 'c'},
		{"within", required_argument, NULL, 'w'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "eacw:h", longs, NULL)) != -1) {
		if (c == 'e')
			o->exact = true;
		else if (c == 'a')
			o->any = true;
		else if (c == 'c')
			o->chunk = true;
		else if (c != 'w' || parse_within(o, optarg))
			return -1;
	}
	return argc - optind == 2 ? 0 : -1;
}

static int print_diff(const struct range_diff *d)
{
	u64 wrong = d->missing + d->invented + d->read_missing +
		    d->read_invented + d->write_missing + d->write_invented;
	size_t i;

	printf("pages=%lu missing=%lu invented=%lu", d->pages, d->missing,
	       d->invented);
	printf(" read_missing=%lu read_invented=%lu", d->read_missing,
	       d->read_invented);
	printf(" write_missing=%lu write_invented=%lu\n", d->write_missing,
	       d->write_invented);
	for (i = 0; i < d->examples.nr; i++)
		printf("differs: %lx %lu truth %s\n", d->examples.r[i].gfn,
		       d->examples.r[i].count,
		       mode_name(d->examples.r[i].mode));
	return wrong ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct ranges truth = {0}, answer = {0};
	struct range_diff diff = {0};
	struct options o = {0};
	struct err err;
	int ret;

	if (parse_options(&o, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	if (load(argv[optind], &truth, &err) ||
	    load(argv[optind + 1], &answer, &err)) {
		fprintf(stderr, "truthcmp: %s.\n", err.msg);
		return 2;
	}
	prepare(&truth, &o);
	prepare(&answer, &o);
	ranges_compare(&truth, &answer, &diff);
	ret = print_diff(&diff);
	ranges_free(&truth);
	ranges_free(&answer);
	ranges_free(&diff.examples);
	return ret;
}
