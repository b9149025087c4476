/* SPDX-License-Identifier: GPL-2.0-only */
/* table: rows of cells, each column as wide as its widest cell. */
#ifndef VTMMCTL_TABLE_H
#define VTMMCTL_TABLE_H

#include "ctl.h"

#define TABLE_COLUMNS 16
#define TABLE_CELL 80

/**
 * struct table - a table being filled
 * @utf8: see text_escape()
 * @left: columns that are aligned to the left, a bit for each; others right
 * @columns: how many
 * @cells: cells, row by row
 * @nr: how many
 */
struct table {
	bool utf8;
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
