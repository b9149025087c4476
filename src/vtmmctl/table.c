// SPDX-License-Identifier: GPL-2.0-only
/* table: rows of cells. Foreign text is escaped as it comes in. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

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
 * @left: columns aligned to the left, a bit for each
 * @head: what stands above the columns, NULL at the end
 */
void table_init(struct table *t, const struct ctl *ctl, unsigned int left,
		const char *const *head)
{
	*t = (struct table){.utf8 = ctl->utf8, .left = left};
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
	memset(widths, 0, TABLE_COLUMNS * sizeof(*widths));
	for (size_t i = 0; i < t->nr; i++) {
		size_t width = text_width(t->cells[i]);
		size_t column = i % t->columns;

		if (width > widths[column])
			widths[column] = width;
	}
}

static void put_cell(FILE *out, const char *cell, size_t width, bool left,
		     bool last)
{
	int pad = (int)(width - text_width(cell));

	if (!left)
		fprintf(out, "%*s", pad, "");
	fputs(cell, out);
	/* No blanks at the end of a line. */
	if (left && !last)
		fprintf(out, "%*s", pad, "");
	fputs(last ? "\n" : "  ", out);
}

/**
 * table_print() - print a table and free it
 * @t: the table
 * @out: where to
 */
void table_print(struct table *t, FILE *out)
{
	size_t widths[TABLE_COLUMNS];

	measure(t, widths);
	for (size_t i = 0; i < t->nr; i++) {
		size_t column = i % t->columns;

		put_cell(out, t->cells[i], widths[column],
			 t->left >> column & 1, column + 1 == t->columns);
	}
	free(t->cells);
	t->cells = NULL;
	t->nr = 0;
}
