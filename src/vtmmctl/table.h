/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table: rows of cells, each column as wide as its widest cell. A table that is
 * wider than the terminal is made to fit, never wrapped: first columns stand
 * closer, then texts are cut, then the last columns are left out, which a line
 * below tells.
 */
#ifndef VTMMCTL_TABLE_H
#define VTMMCTL_TABLE_H

#include "ctl.h"

#define TABLE_COLUMNS 16
#define TABLE_CELL 80
/* Texts are not cut to less. */
#define TABLE_TEXT_MIN 8

/**
 * struct table - a table being filled
 * @utf8: see text_escape()
 * @width: columns of the terminal, 0 for no limit
 * @left: columns of text, a bit for each: aligned to the left, and cut where
 *	room lacks; others are numbers and stand at the right
 * @columns: how many
 * @cells: cells, row by row
 * @nr: how many
 */
struct table {
	bool utf8;
	size_t width;
	unsigned int left;
	size_t columns;
	char (*cells)[TABLE_CELL];
	size_t nr;
};

void table_init(struct table *t, const struct ctl *ctl, unsigned int left,
		const char *const *head);
void table_text(struct table *t, const char *s);
void table_cell(struct table *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void table_print(struct table *t, FILE *out);

#endif /* VTMMCTL_TABLE_H */
