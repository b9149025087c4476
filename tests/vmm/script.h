/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of the command language: a verb, arguments, options and flags:
 *	VERB ARG... KEY=VALUE... FLAG...
 * Pure: knows no command; a table entry says what each may have.
 */
#ifndef VMM_SCRIPT_H
#define VMM_SCRIPT_H

#include "util.h"

#define MAX_WORDS 24

/**
 * struct grammar - what may follow a verb
 * @verb: the verb
 * @min_args: arguments it needs
 * @max_args: arguments it may have
 * @keys: names of its options, separated by spaces
 * @flags: bare words that are flags, not arguments
 */
struct grammar {
	const char *verb;
	int min_args;
	int max_args;
	const char *keys;
	const char *flags;
};

/* A parsed line; all strings lie in @text. */
struct line {
	char text[4096];
	char *args[MAX_WORDS];
	int nr_args;
	char *opts[MAX_WORDS]; /* "key=value" */
	int nr_opts;
	char *flags[MAX_WORDS];
	int nr_flags;
};

/**
 * line_split() - copy a line and find its verb
 *
 * Return: the verb, "" for an empty line or a comment ('#'), NULL if the line
 * is too long.
 */
const char *line_split(struct line *l, const char *text);

/**
 * line_match() - sort the words after the verb by what they are
 * @l: after line_split()
 * @g: what the verb may have
 * @err: reason of a failure
 *
 * Return: 0, or -1 if a word is unknown, or arguments are missing or too many.
 */
int line_match(struct line *l, const struct grammar *g, struct err *err);

bool line_flag(const struct line *l, const char *name);

/* The option's value, NULL when it is not given. */
const char *line_opt(const struct line *l, const char *key);

/**
 * line_num() - an option that is a number
 * @l: the line
 * @key: the option's name
 * @def: its value when it is not given
 * @value: out
 * @err: reason of a failure
 */
int line_num(const struct line *l, const char *key, u64 def, u64 *value,
	     struct err *err);

/* The same for a number with a fraction, not negative. */
int line_real(const struct line *l, const char *key, double def, double *value,
	      struct err *err);

/**
 * parse_num() - decimal or 0x, with an optional K, M, G or T (powers of 1024)
 */
int parse_num(const char *text, u64 *value, struct err *err);

#endif
