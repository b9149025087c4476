// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command language's lines. Pure; refuses whatever it does not know, so
 * that a typing error in a scenario is never a step that was left out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

#define BLANKS " \t\r\n"

const char *line_split(struct line *l, const char *text)
{
	char *verb;

	if (strlen(text) >= sizeof(l->text))
		return NULL;
	memset(l, 0, sizeof(*l));
	memcpy(l->text, text, strlen(text));
	verb = l->text + strspn(l->text, BLANKS);
	l->args[0] = verb + strcspn(verb, BLANKS);
	if (*l->args[0])
		*l->args[0]++ = '\0';
	return *verb == '#' ? "" : verb;
}

/* Whether the word of @len bytes is one of the names in @list. */
static bool in_list(const char *list, const char *word, size_t len)
{
	while (list && *list) {
		size_t n = strcspn(list, " ");

		if (n == len && !memcmp(list, word, n))
			return true;
		list += n;
		list += strspn(list, " ");
	}
	return false;
}

static int sort_word(struct line *l, const struct grammar *g, char *word,
		     struct err *err)
{
	char *eq = strchr(word, '=');

	if (eq && *word != '@') {
		if (!in_list(g->keys, word, eq - word))
			return err_set(err, "'%s' has no option '%.*s'",
				       g->verb, (int)(eq - word), word);
		l->opts[l->nr_opts++] = word;
	} else if (in_list(g->flags, word, strlen(word))) {
		l->flags[l->nr_flags++] = word;
	} else {
		l->args[l->nr_args++] = word;
	}
	return 0;
}

int line_match(struct line *l, const struct grammar *g, struct err *err)
{
	char *save, *word, *rest = l->args[0];
	int nr = 0;

	for (word = strtok_r(rest, BLANKS, &save); word;
	     word = strtok_r(NULL, BLANKS, &save)) {
		if (++nr > MAX_WORDS)
			return err_set(err, "more than %d words", MAX_WORDS);
		if (sort_word(l, g, word, err))
			return -1;
	}
	if (l->nr_args < g->min_args)
		return err_set(err, "'%s' needs %d argument(s)", g->verb,
			       g->min_args);
	if (l->nr_args > g->max_args)
		return err_set(err, "'%s' does not know what '%s' is", g->verb,
			       l->args[g->max_args]);
	return 0;
}

bool line_flag(const struct line *l, const char *name)
{
	int i;

	for (i = 0; i < l->nr_flags; i++)
		if (!strcmp(l->flags[i], name))
			return true;
	return false;
}

const char *line_opt(const struct line *l, const char *key)
{
	size_t len = strlen(key);
	int i;

	for (i = 0; i < l->nr_opts; i++)
		if (!strncmp(l->opts[i], key, len) && l->opts[i][len] == '=')
			return l->opts[i] + len + 1;
	return NULL;
}

int parse_num(const char *text, u64 *value, struct err *err)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;
	int shift = 0;

	errno = 0;
	*value = strtoul(text, &end, 0);
	if (end == text || *text == '-' || errno)
		return err_set(err, "'%s' is no number", text);
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		shift = 10 * (int)(unit - units + 1);
		end++;
	}
	if (*end || *value << shift >> shift != *value)
		return err_set(err, "'%s' is no number", text);
	*value <<= shift;
	return 0;
}

int line_num(const struct line *l, const char *key, u64 def, u64 *value,
	     struct err *err)
{
	const char *text = line_opt(l, key);

	*value = def;
	return text ? parse_num(text, value, err) : 0;
}

int line_real(const struct line *l, const char *key, double def, double *value,
	      struct err *err)
{
	const char *text = line_opt(l, key);
	char *end;

	*value = def;
	if (!text)
		return 0;
	*value = strtod(text, &end);
	if (end == text || *end || !(*value >= 0))
		return err_set(err, "%s=%s is no number", key, text);
	return 0;
}
