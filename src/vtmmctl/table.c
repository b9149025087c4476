// SPDX-License-Identifier: GPL-2.0-only
/* table: rows of cells. Foreign text is escaped as it comes in. */
#include <stdarg.h>
#include <stdlib.h>

#include "table.h"
#include "text.h"

static char *new_cell(struct table *t)
{
	void *cells = reallocarray(t->cells, t->nr + 1, sizeof(*t->cells));

	/* A table that cannot grow is printed as far as it goes. */
	if (!cells)
		return NULL;
	t->cells = cells;
	return t->cells[t->nr++];
}

/**
 * table_init() - begin a table
 * @t: the table
 * @ctl: the run
 * @left: columns of text, a bit for each
 * @head: what stands above the columns, NULL at the end
 */
void table_init(struct table *t, const struct ctl *ctl, unsigned int left,
		const char *const *head)
{
	*t = (struct table){
		.utf8 = ctl->utf8, .width = ctl->width, .left = left};
	while (head[t->columns])
		table_cell(t, "%s", head[t->columns++]);
}

/**
 * table_text() - add a cell of foreign text
 * @t: the table
 * @s: the text
 */
void table_text(struct table *t, const char *s)
{
	char *cell = new_cell(t);

	if (cell)
		text_escape(cell, TABLE_CELL, s, t->utf8);
}

/**
 * table_cell() - add a cell of our own text
 * @t: the table
 * @fmt: of the text
 */
void table_cell(struct table *t, const char *fmt, ...)
{
	char *cell = new_cell(t);
	va_list args;

	if (!cell)
		return;
	va_start(args, fmt);
	vsnprintf(cell, TABLE_CELL, fmt, args);
	va_end(args);
}

static void measure(const struct table *t, size_t *widths)
{
	for (size_t i = 0; i < t->nr; i++) {
		size_t width = text_width(t->cells[i]);
		size_t column = i % t->columns;

		if (width > widths[column])
			widths[column] = width;
	}
}

static bool is_text(const struct table *t, size_t column)
{
	return t->left >> column & 1;
}

/* What the first @columns of @widths take, with @gap blanks between them. */
static size_t sum_of(const size_t *widths, size_t columns, size_t gap)
{
	size_t sum = (columns - 1) * gap;

	for (size_t i = 0; i < columns; i++)
		sum += widths[i];
	return sum;
}

/* The columns from the first on that fit when texts are cut to the utmost. */
static size_t columns_that_fit(const struct table *t, const size_t *widths)
{
	size_t least[TABLE_COLUMNS] = {0}, columns = t->columns;

	for (size_t i = 0; i < t->columns; i++)
		least[i] = is_text(t, i) && widths[i] > TABLE_TEXT_MIN
				   ? TABLE_TEXT_MIN
				   : widths[i];
	while (columns > 1 && sum_of(least, columns, 1) > t->width)
		columns--;
	return columns;
}

/* Takes a column from the widest text; false when all are as short as may be.
 */
static bool cut_a_text(const struct table *t, size_t *widths, size_t columns)
{
	size_t *widest = NULL;

	for (size_t i = 0; i < columns; i++)
		if (is_text(t, i) && widths[i] > TABLE_TEXT_MIN &&
		    (!widest || widths[i] > *widest))
			widest = &widths[i];
	if (widest)
		--*widest;
	return widest;
}

/* Makes the table fit: how many columns are shown, how wide, how far apart. */
static size_t fit(const struct table *t, size_t *widths, size_t *gap)
{
	size_t columns;

	*gap = 2;
	if (!t->width || sum_of(widths, t->columns, *gap) <= t->width)
		return t->columns;
	*gap = 1;
	columns = columns_that_fit(t, widths);
	while (sum_of(widths, columns, *gap) > t->width)
		if (!cut_a_text(t, widths, columns))
			break;
	return columns;
}

static void blanks(FILE *out, size_t n)
{
	fprintf(out, "%*s", (int)n, "");
}

/* A text that is too wide ends in a mark. */
static void put_text(const struct table *t, FILE *out, const char *cell,
		     size_t width, bool last)
{
	size_t used = text_width(cell), bytes;

	if (used > width) {
		bytes = text_fit(cell, width - 1, &used);
		fprintf(out, "%.*s%s", (int)bytes, cell, t->utf8 ? "…" : "~");
		used++;
	} else {
		fputs(cell, out);
	}
	/* No blanks at the end of a line. */
	if (!last)
		blanks(out, width - used);
}

static void put_number(FILE *out, const char *cell, size_t width)
{
	blanks(out, width - text_width(cell));
	fputs(cell, out);
}

static void put_row(const struct table *t, FILE *out, size_t row,
		    const size_t *widths, size_t columns, size_t gap)
{
	for (size_t i = 0; i < columns && row + i < t->nr; i++) {
		const char *cell = t->cells[row + i];

		blanks(out, i ? gap : 0);
		if (is_text(t, i))
			put_text(t, out, cell, widths[i], i + 1 == columns);
		else
			put_number(out, cell, widths[i]);
	}
	fputc('\n', out);
}

static void tell_left_out(const struct table *t, FILE *out, size_t shown)
{
	for (size_t i = shown; i < t->columns && i < t->nr; i++)
		fprintf(out, "%s%s",
			i > shown ? ", " : "no room for: ", t->cells[i]);
	if (shown < t->columns)
		fputc('\n', out);
}

/**
 * table_print() - print a table and free it
 * @t: the table
 * @out: where to
 */
void table_print(struct table *t, FILE *out)
{
	size_t widths[TABLE_COLUMNS] = {0}, gap, shown;

	measure(t, widths);
	shown = fit(t, widths, &gap);
	for (size_t row = 0; row < t->nr; row += t->columns)
		put_row(t, out, row, widths, shown, gap);
	tell_left_out(t, out, shown);
	free(t->cells);
	t->cells = NULL;
	t->nr = 0;
}
