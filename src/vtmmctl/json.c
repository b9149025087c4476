// SPDX-License-Identifier: GPL-2.0-only
/* json: the structs of the library as JSON. What it prints is pure ASCII. */
#include <string.h>

#include "json.h"
#include "text.h"

/* A copy in valid UTF-8: each byte that is none becomes U+FFFD. */
static struct json_object *text_object(const char *s)
{
	char valid[3 * VTMM_TEXT_SIZE + 1];
	size_t used = 0;
	uint32_t c;

	while (*s && used + 4 < sizeof(valid)) {
		size_t len = text_next(s, &c);

		memcpy(valid + used, len ? s : "\xef\xbf\xbd", len ? len : 3);
		used += len ? len : 3;
		s += len ? len : 1;
	}
	return json_object_new_string_len(valid, (int)used);
}

/**
 * json_scalar() - a value of a struct of the library
 * @f: its field; of lists of numbers and texts, an element is meant
 * @at: where it is
 *
 * Return: a new object.
 */
struct json_object *json_scalar(const struct vtmm_field *f, const void *at)
{
	uint32_t u32;
	uint64_t u64;

	switch (f->kind) {
	case VTMM_FIELD_BOOL:
		return json_object_new_boolean(*(const uint8_t *)at);
	case VTMM_FIELD_U8:
		return json_object_new_int(*(const uint8_t *)at);
	case VTMM_FIELD_U32:
	case VTMM_FIELD_LIST_U32:
		memcpy(&u32, at, sizeof(u32));
		return json_object_new_int64(u32);
	case VTMM_FIELD_ENUM:
		memcpy(&u32, at, sizeof(u32));
		return json_object_new_string(vtmm_enum_name(f->names, u32));
	case VTMM_FIELD_U64:
		memcpy(&u64, at, sizeof(u64));
		return json_object_new_uint64(u64);
	default:
		return text_object(at);
	}
}

static struct json_object *list(const struct vtmm_field *f, const char *obj)
{
	struct json_object *array = json_object_new_array();
	const char *at;
	size_t nr;

	memcpy(&at, obj + f->offset, sizeof(at));
	memcpy(&nr, obj + f->extra, sizeof(nr));
	for (size_t i = 0; i < nr; i++) {
		struct json_object *item;

		if (f->kind == VTMM_FIELD_LIST_NEST)
			item = json_of(f->set, at + i * f->set->size);
		else if (f->kind == VTMM_FIELD_LIST_U32)
			item = json_scalar(f, at + i * sizeof(uint32_t));
		else
			item = text_object(((char *const *)(void *)at)[i]);
		json_object_array_add(array, item);
	}
	return array;
}

/**
 * json_of() - a struct of the library
 * @set: its attribute set
 * @obj: the struct
 *
 * Return: a new object.
 */
struct json_object *json_of(const struct vtmm_set *set, const void *obj)
{
	struct json_object *o = json_object_new_object();
	uint64_t present;

	memcpy(&present, obj, sizeof(present));
	for (size_t i = 0; i < set->nr; i++) {
		const struct vtmm_field *f = &set->fields[i];
		struct json_object *value = NULL;

		/* A flag is a wish, not a state. */
		if (f->kind == VTMM_FIELD_FLAG)
			continue;
		if (f->kind >= VTMM_FIELD_LIST_U32)
			value = list(f, obj);
		else if (f->kind == VTMM_FIELD_NEST)
			value = json_of(f->set, (const char *)obj + f->offset);
		else if (present >> f->attr & 1)
			value = json_scalar(f, (const char *)obj + f->offset);
		json_object_object_add(o, f->name, value);
	}
	return o;
}

/**
 * json_add_text() - add a text to an object
 * @o: the object
 * @key: the key
 * @text: foreign text is fine; NULL becomes null
 */
void json_add_text(struct json_object *o, const char *key, const char *text)
{
	json_object_object_add(o, key, text ? text_object(text) : NULL);
}

/**
 * json_add_number() - add a number to an object
 * @o: the object
 * @key: the key
 * @value: the number
 */
void json_add_number(struct json_object *o, const char *key, uint64_t value)
{
	json_object_object_add(o, key, json_object_new_uint64(value));
}

/*
 * json-c escapes what JSON demands. What else could steer a terminal is outside
 * of ASCII or is DEL, and can stand in strings only: escape that as well.
 */
static void put_ascii(FILE *out, const char *s)
{
	uint32_t c;

	while (*s) {
		size_t len = text_next(s, &c);

		if (len == 1 && c != 0x7f)
			fputc(*s, out);
		else if (c >= 0x10000)
			fprintf(out, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10),
				0xdc00 + (c & 0x3ff));
		else
			fprintf(out, "\\u%04x", c);
		s += len ? len : 1;
	}
}

static void print(FILE *out, struct json_object *o, int flags)
{
	put_ascii(out, json_object_to_json_string_ext(
			       o, flags | JSON_C_TO_STRING_NOSLASHESCAPE));
	fputc('\n', out);
	json_object_put(o);
}

/**
 * json_print() - print an object, for people too
 * @out: where to
 * @o: the object; given away
 */
void json_print(FILE *out, struct json_object *o)
{
	print(out, o, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
}

/**
 * json_print_line() - print an object on one line, for streams
 * @out: where to
 * @o: the object; given away
 */
void json_print_line(FILE *out, struct json_object *o)
{
	print(out, o, JSON_C_TO_STRING_PLAIN);
}
