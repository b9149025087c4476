// SPDX-License-Identifier: GPL-2.0-only
/*
 * draw: bars and the histogram in a terminal. It only draws what it is given;
 * without colour and UTF-8 nothing is lost but beauty.
 */
#include "draw.h"
#include "text.h"

/**
 * draw_colour() - switch the colour
 * @ctl: the run; without colour nothing happens
 * @colour: the colour; COLOUR_NONE switches back
 */
void draw_colour(const struct ctl *ctl, enum colour colour)
{
	static const char *const codes[] = {
		[COLOUR_NONE] = "0",  [COLOUR_BOLD] = "1",
		[COLOUR_DIM] = "2",   [COLOUR_FAST] = "33",
		[COLOUR_SLOW] = "34", [COLOUR_GOOD] = "32",
		[COLOUR_WARN] = "33", [COLOUR_BAD] = "31",
	};

	if (ctl->colour)
		fprintf(ctl->out, "\033[%sm", codes[colour]);
}

static void repeat(FILE *out, const char *s, uint64_t times)
{
	while (times--)
		fputs(s, out);
}

/* Eighths of a column. */
static void bar_utf8(FILE *out, uint64_t eighths, unsigned int width, bool pad)
{
	static const char *const parts[] = {"",	 "▏", "▎", "▍",
					    "▌", "▋", "▊", "▉"};

	repeat(out, "█", eighths / 8);
	fputs(parts[eighths % 8], out);
	if (pad)
		repeat(out, " ", width - (eighths + 7) / 8);
}

/* Something is never drawn as nothing. */
static uint64_t scaled(uint64_t part, uint64_t whole, uint64_t steps)
{
	uint64_t n;

	if (!part || !whole)
		return 0;
	if (part >= whole)
		return steps;
	n = (unsigned __int128)part * steps / whole;
	return n ? n : 1;
}

static void bar(const struct ctl *ctl, enum colour colour, uint64_t part,
		uint64_t whole, unsigned int width, const char *rest)
{
	uint64_t n;

	draw_colour(ctl, colour);
	if (ctl->utf8) {
		bar_utf8(ctl->out, scaled(part, whole, 8ull * width), width,
			 *rest);
	} else {
		n = scaled(part, whole, width);
		repeat(ctl->out, "#", n);
		repeat(ctl->out, rest, width - n);
	}
	draw_colour(ctl, COLOUR_NONE);
}

/**
 * draw_bar() - a bar
 * @ctl: the run
 * @colour: of the bar
 * @part: its length; longer than @whole is cut
 * @whole: the length of a full bar
 * @width: columns of a full bar; that many are always written
 */
void draw_bar(const struct ctl *ctl, enum colour colour, uint64_t part,
	      uint64_t whole, unsigned int width)
{
	bar(ctl, colour, part, whole, width, ".");
}

/* Bucket 0 is mostly idle memory and would dwarf all others: leave it out. */
static uint64_t tallest(const struct vtmm_heat_info *heat)
{
	uint64_t max = 0;

	for (size_t i = 1; i < heat->nr_buckets; i++) {
		const struct vtmm_bucket_info *b = &heat->buckets[i];

		if (b->fast > max)
			max = b->fast;
		if (b->slow > max)
			max = b->slow;
	}
	return max;
}

/* Two bars and 28 columns of numbers make up a line. */
static unsigned int bar_width(const struct ctl *ctl)
{
	unsigned int columns = ctl->width ? ctl->width : DRAW_COLUMNS;

	if (columns < 28 + 2 * 4)
		return 4;
	return columns < 28 + 2 * 50 ? (columns - 28) / 2 : 50;
}

/**
 * draw_heat() - the histogram, hottest on top, a bar for each tier
 * @ctl: the run
 * @heat: the histogram
 */
void draw_heat(const struct ctl *ctl, const struct vtmm_heat_info *heat)
{
	unsigned int width = bar_width(ctl);
	uint64_t max = tallest(heat);

	fprintf(ctl->out, "temp      fast  %*s      slow\n", (int)width, "");
	for (size_t i = heat->nr_buckets; i-- > 0;) {
		const struct vtmm_bucket_info *b = &heat->buckets[i];

		fprintf(ctl->out, "%3u%c  %8s  ", b->temp,
			b->temp >= heat->hot_temp ? '*' : ' ',
			text_pages(b->fast).s);
		bar(ctl, COLOUR_FAST, b->fast, max, width, " ");
		fprintf(ctl->out, "  %8s", text_pages(b->slow).s);
		/* No blanks at the end of a line. */
		if (b->slow) {
			fputs("  ", ctl->out);
			bar(ctl, COLOUR_SLOW, b->slow, max, width, "");
		}
		fputc('\n', ctl->out);
	}
}
