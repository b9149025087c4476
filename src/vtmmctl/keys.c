// SPDX-License-Identifier: GPL-2.0-only
/*
 * keys: the values of the library's structs by name. It knows no field by
 * itself: what the tables have is there, in their order, which is that of the
 * spec.
 */
#include <stdlib.h>
#include <string.h>

#include "keys.h"

/* No list is so long, and no number of an element has more digits. */
#define ALL SIZE_MAX
#define NUMBER_SIZE 12

/* A visit: what is looked for, and who is told. */
struct visit {
	keys_fn fn;
	void *ctx;
	bool found;
};

static void visit_set(struct visit *v, const struct vtmm_set *set,
		      const void *obj, const char *name, const char *key);

static bool is_list(const struct vtmm_field *f)
{
	return f->kind >= VTMM_FIELD_LIST_U32;
}

/* What follows the first word of a key, "" at its end; NULL if it is another.
 */
static const char *behind(const char *key, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(key, word, len) != 0)
		return NULL;
	if (key[len] == '.')
		return key[len + 1] ? key + len + 1 : NULL;
	return key[len] ? NULL : key + len;
}

/* The same behind a number; @key itself, and ALL, when there is none. */
static const char *behind_number(const char *key, size_t *number)
{
	char word[NUMBER_SIZE];
	size_t len = strspn(key, "0123456789");

	*number = ALL;
	if (!len)
		return key;
	if (len >= sizeof(word))
		return NULL;
	memcpy(word, key, len);
	word[len] = '\0';
	*number = strtoul(word, NULL, 10);
	return behind(key, word);
}

/* A flag is a wish of somebody who sets, and has no value. */
static const struct vtmm_field *field_of(const struct vtmm_set *set,
					 const char *key, const char **rest)
{
	for (size_t i = 0; i < set->nr; i++) {
		*rest = behind(key, set->fields[i].name);
		if (*rest && set->fields[i].kind != VTMM_FIELD_FLAG)
			return &set->fields[i];
	}
	return NULL;
}

/**
 * keys_known() - is there such a key?
 * @set: of the struct
 * @key: the key
 *
 * Return: true if it leads to a value, or would, if the list were long enough.
 */
bool keys_known(const struct vtmm_set *set, const char *key)
{
	const struct vtmm_field *f = field_of(set, key, &key);
	size_t number;

	if (f && is_list(f))
		key = behind_number(key, &number);
	if (!f || !key)
		return false;
	return f->set ? keys_known(f->set, key) : !*key;
}

static void join(char *to, const char *name, const char *word)
{
	snprintf(to, KEY_SIZE, "%s%s%s", name, *name ? "." : "", word);
}

/* One element of a list: a struct, or a value. */
static void visit_element(struct visit *v, const struct vtmm_field *f,
			  const char *list, size_t i, const char *name,
			  const char *key)
{
	char full[KEY_SIZE], number[24];

	snprintf(number, sizeof(number), "%zu", i);
	join(full, name, number);
	if (f->kind == VTMM_FIELD_LIST_NEST)
		visit_set(v, f->set, list + i * f->set->size, full, key);
	else if (f->kind == VTMM_FIELD_LIST_U32)
		v->fn(v->ctx, full, f, list + i * sizeof(uint32_t));
	else
		v->fn(v->ctx, full, f, ((char *const *)(const void *)list)[i]);
}

static void visit_list(struct visit *v, const struct vtmm_field *f,
		       const void *obj, const char *name, const char *key)
{
	size_t nr, number = ALL;
	const char *list;

	memcpy(&list, (const char *)obj + f->offset, sizeof(list));
	memcpy(&nr, (const char *)obj + f->extra, sizeof(nr));
	if (key)
		key = behind_number(key, &number);
	for (size_t i = 0; i < nr; i++)
		if (number == ALL || number == i)
			visit_element(v, f, list, i, name, key);
	/* All elements of an empty list are a value, of no line. */
	if (number == ALL || (number < nr && !f->set))
		v->found = true;
}

static void visit_field(struct visit *v, const struct vtmm_field *f,
			const void *obj, const char *name, const char *key)
{
	const void *at = (const char *)obj + f->offset;
	uint64_t present;

	memcpy(&present, obj, sizeof(present));
	if (is_list(f)) {
		visit_list(v, f, obj, name, key);
	} else if (f->kind == VTMM_FIELD_NEST) {
		visit_set(v, f->set, at, name, key);
	} else if (present >> f->attr & 1) {
		v->found = true;
		v->fn(v->ctx, name, f, at);
	}
}

/* @key: the one that is meant, or NULL for all. */
static void visit_set(struct visit *v, const struct vtmm_set *set,
		      const void *obj, const char *name, const char *key)
{
	const struct vtmm_field *f;
	char full[KEY_SIZE];

	if (key) {
		f = field_of(set, key, &key);
		join(full, name, f->name);
		visit_field(v, f, obj, full, key);
		return;
	}
	for (size_t i = 0; i < set->nr; i++) {
		f = &set->fields[i];
		join(full, name, f->name);
		if (f->kind != VTMM_FIELD_FLAG)
			visit_field(v, f, obj, full, NULL);
	}
}

/**
 * keys_visit() - look at values
 * @set: of the struct
 * @obj: the struct
 * @key: which values, keys_known(); NULL for all that are there
 * @fn: called for each
 * @ctx: for @fn
 *
 * Return: false when the key has no value now.
 */
bool keys_visit(const struct vtmm_set *set, const void *obj, const char *key,
		keys_fn fn, void *ctx)
{
	struct visit v = {.fn = fn, .ctx = ctx};

	visit_set(&v, set, obj, "", key);
	return v.found;
}

/**
 * keys_list() - print all keys, without numbers, a blank before each
 * @out: where to
 * @set: of the struct
 * @prefix: what stands before each, or ""
 */
void keys_list(FILE *out, const struct vtmm_set *set, const char *prefix)
{
	char full[KEY_SIZE];

	for (size_t i = 0; i < set->nr; i++) {
		const struct vtmm_field *f = &set->fields[i];

		join(full, prefix, f->name);
		if (f->set)
			keys_list(out, f->set, full);
		else if (f->kind != VTMM_FIELD_FLAG)
			fprintf(out, " %s", full);
	}
}
