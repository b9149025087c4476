// SPDX-License-Identifier: GPL-2.0-only
/*
 * codec: attributes of a message to a struct and back, by the tables of
 * fields.c. It trusts no length, no count and no string that it is given; an
 * attribute that it does not know is skipped, for a newer module may send it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"

static uint64_t *present_of(void *obj)
{
	return obj;
}

static void *member(void *obj, size_t offset)
{
	return (char *)obj + offset;
}

static const void *const_member(const void *obj, size_t offset)
{
	return (const char *)obj + offset;
}

/* The size of one element of a list. */
static size_t element_size(const struct vtmm_field *f)
{
	switch (f->kind) {
	case VTMM_FIELD_LIST_U32:
		return sizeof(uint32_t);
	case VTMM_FIELD_LIST_STRING:
		return sizeof(char *);
	default:
		return f->set->size;
	}
}

static bool is_list(const struct vtmm_field *f)
{
	return f->kind >= VTMM_FIELD_LIST_U32;
}

/* Pointers to all kinds of structs are read and written as bytes. */
static void *list_get(const void *obj, const struct vtmm_field *f, size_t *nr)
{
	void *list;

	memcpy(&list, const_member(obj, f->offset), sizeof(list));
	memcpy(nr, const_member(obj, f->extra), sizeof(*nr));
	return list;
}

static void list_put(void *obj, const struct vtmm_field *f, void *list,
		     size_t nr)
{
	memcpy(member(obj, f->offset), &list, sizeof(list));
	memcpy(member(obj, f->extra), &nr, sizeof(nr));
}

/* Makes room for one element more: zeroed, and counted. NULL without memory. */
static void *list_grow(void *obj, const struct vtmm_field *f)
{
	size_t size = element_size(f), nr;
	char *list = list_get(obj, f, &nr), *grown;

	/* Doubled whenever the count is a power of two. */
	if (!(nr & (nr - 1))) {
		grown = reallocarray(list, nr ? 2 * nr : 1, size);
		if (!grown)
			return NULL;
		list = grown;
	}
	memset(list + nr * size, 0, size);
	list_put(obj, f, list, nr + 1);
	return list + nr * size;
}

/**
 * vtmm_field_of() - the field of an attribute
 * @set: the attribute set
 * @attr: number of the attribute
 *
 * Return: the field, or NULL when the set has no such attribute.
 */
const struct vtmm_field *vtmm_field_of(const struct vtmm_set *set, int attr)
{
	for (size_t i = 0; i < set->nr; i++)
		if (set->fields[i].attr == attr)
			return &set->fields[i];
	return NULL;
}

/**
 * vtmm_field_number() - the number that a member holds
 * @f: a field that is a number, not a list
 * @obj: the struct
 *
 * Return: the number.
 */
uint64_t vtmm_field_number(const struct vtmm_field *f, const void *obj)
{
	const void *at = const_member(obj, f->offset);
	uint64_t u64;
	uint32_t u32;

	switch (f->kind) {
	case VTMM_FIELD_U8:
	case VTMM_FIELD_BOOL:
		return *(const uint8_t *)at;
	case VTMM_FIELD_U32:
	case VTMM_FIELD_ENUM:
		memcpy(&u32, at, sizeof(u32));
		return u32;
	default:
		memcpy(&u64, at, sizeof(u64));
		return u64;
	}
}

/**
 * vtmm_field_set_number() - put a number into a member, and say that it is
 * there
 * @f: a field that is a number, not a list
 * @obj: the struct
 * @value: fits the type of the field
 */
void vtmm_field_set_number(const struct vtmm_field *f, void *obj,
			   uint64_t value)
{
	void *at = member(obj, f->offset);
	uint32_t u32 = (uint32_t)value;

	*present_of(obj) |= 1ull << f->attr;
	switch (f->kind) {
	case VTMM_FIELD_U8:
	case VTMM_FIELD_BOOL:
		*(uint8_t *)at = (uint8_t)value;
		break;
	case VTMM_FIELD_U32:
	case VTMM_FIELD_ENUM:
		memcpy(at, &u32, sizeof(u32));
		break;
	default:
		memcpy(at, &value, sizeof(value));
	}
}

/**
 * vtmm_enum_name() - the name of a value of an enum
 * @names: of the enum, NULL at the end
 * @value: what the kernel sent
 *
 * Return: the name, or "unknown" for a value that a newer module may know.
 */
const char *vtmm_enum_name(const char *const *names, uint32_t value)
{
	for (uint32_t i = 0; names[i]; i++)
		if (i == value)
			return names[i];
	return "unknown";
}

/* A string ends with its only NUL, as the kernel puts it. */
static const char *check_string(const struct nlattr *a, size_t size)
{
	const char *s = nla_data(a);
	size_t len = nla_len(a);

	if (!len || memchr(s, '\0', len) != s + len - 1)
		return "is not one terminated string";
	return len > size ? "is too long" : NULL;
}

static const char *check(const struct vtmm_field *f, const struct nlattr *a)
{
	size_t len = nla_len(a);

	switch (f->kind) {
	case VTMM_FIELD_U8:
		return len == 1 ? NULL : "has a wrong length";
	case VTMM_FIELD_BOOL:
		if (len != 1)
			return "has a wrong length";
		return nla_get_u8(a) <= 1 ? NULL : "is neither 0 nor 1";
	case VTMM_FIELD_U32:
	case VTMM_FIELD_ENUM:
	case VTMM_FIELD_LIST_U32:
		return len == 4 ? NULL : "has a wrong length";
	case VTMM_FIELD_U64:
		return len == 8 ? NULL : "has a wrong length";
	case VTMM_FIELD_FLAG:
		return len == 0 ? NULL : "has a wrong length";
	case VTMM_FIELD_STRING:
		return check_string(a, f->extra);
	case VTMM_FIELD_LIST_STRING:
		return check_string(a, SIZE_MAX);
	default:
		return NULL;
	}
}

static int decode_element(const struct vtmm_field *f, struct nlattr *a,
			  void *to, struct vtmm_fault *fault)
{
	switch (f->kind) {
	case VTMM_FIELD_LIST_U32:
		memcpy(to, nla_data(a), sizeof(uint32_t));
		return 0;
	case VTMM_FIELD_LIST_STRING: {
		char *copy = strdup(nla_data(a));

		memcpy(to, &copy, sizeof(copy));
		return copy ? 0 : -ENOMEM;
	}
	default:
		return vtmm_decode(f->set, nla_data(a), nla_len(a), to, fault);
	}
}

/* The attribute has passed check(). */
static int decode_one(const struct vtmm_field *f, struct nlattr *a, void *obj,
		      struct vtmm_fault *fault)
{
	void *to = member(obj, f->offset);

	if (is_list(f)) {
		to = list_grow(obj, f);
		return to ? decode_element(f, a, to, fault) : -ENOMEM;
	}
	if (f->kind == VTMM_FIELD_NEST)
		return vtmm_decode(f->set, nla_data(a), nla_len(a), to, fault);
	memcpy(to, nla_data(a), nla_len(a));
	return 0;
}

static int bad(struct vtmm_fault *fault, const struct vtmm_set *set,
	       const struct vtmm_field *f, const char *what)
{
	*fault = (struct vtmm_fault){set, f, what};
	return -EBADMSG;
}

/**
 * vtmm_decode() - put the attributes of a message or nest into a struct
 * @set: the attribute set
 * @head: first attribute
 * @len: bytes of attributes
 * @obj: the struct of @set; zeroed, or holding lists that shall grow
 * @fault: is told what is wrong with the message
 *
 * Return: 0, -EBADMSG, or -ENOMEM. Whatever it is, what @obj holds must be
 * freed with vtmm_obj_free().
 */
int vtmm_decode(const struct vtmm_set *set, struct nlattr *head, int len,
		void *obj, struct vtmm_fault *fault)
{
	uint64_t seen = 0;
	struct nlattr *a;
	int ret, rem;

	for (a = head, rem = len; nla_ok(a, rem); a = nla_next(a, &rem)) {
		const struct vtmm_field *f = vtmm_field_of(set, nla_type(a));
		const char *what;

		if (!f)
			continue;
		what = check(f, a);
		if (!what && !is_list(f) && (seen >> f->attr & 1))
			what = "is there twice";
		if (what)
			return bad(fault, set, f, what);
		seen |= 1ull << f->attr;
		ret = decode_one(f, a, obj, fault);
		if (ret)
			return ret;
	}
	*present_of(obj) |= seen;
	/* What is left is shorter than an attribute: at most padding. */
	return rem > 0 ? bad(fault, set, NULL, "has bytes left over") : 0;
}

static int encode_list(const struct vtmm_field *f, const void *obj,
		       struct nl_msg *msg)
{
	size_t nr;
	const char *list = list_get(obj, f, &nr);
	int ret = 0;

	for (size_t i = 0; i < nr && !ret; i++) {
		const void *from = list + i * element_size(f);
		struct nlattr *nest;

		if (f->kind == VTMM_FIELD_LIST_U32) {
			ret = nla_put(msg, f->attr, sizeof(uint32_t), from);
		} else if (f->kind == VTMM_FIELD_LIST_STRING) {
			ret = nla_put_string(msg, f->attr,
					     *(const char *const *)from);
		} else {
			nest = nla_nest_start(msg, f->attr | NLA_F_NESTED);
			ret = nest ? vtmm_encode(f->set, from, msg) : -1;
			if (!ret)
				nla_nest_end_keep_empty(msg, nest);
		}
	}
	return ret;
}

static int encode_one(const struct vtmm_field *f, const void *obj,
		      struct nl_msg *msg)
{
	const void *from = const_member(obj, f->offset);
	struct nlattr *nest;

	switch (f->kind) {
	case VTMM_FIELD_U8:
	case VTMM_FIELD_BOOL:
		return nla_put(msg, f->attr, sizeof(uint8_t), from);
	case VTMM_FIELD_U32:
	case VTMM_FIELD_ENUM:
		return nla_put(msg, f->attr, sizeof(uint32_t), from);
	case VTMM_FIELD_U64:
		return nla_put(msg, f->attr, sizeof(uint64_t), from);
	case VTMM_FIELD_FLAG:
		return nla_put_flag(msg, f->attr);
	case VTMM_FIELD_STRING:
		return nla_put_string(msg, f->attr, from);
	case VTMM_FIELD_NEST:
		nest = nla_nest_start(msg, f->attr | NLA_F_NESTED);
		if (!nest || vtmm_encode(f->set, from, msg))
			return -1;
		nla_nest_end_keep_empty(msg, nest);
		return 0;
	default:
		return encode_list(f, obj, msg);
	}
}

/**
 * vtmm_encode() - append the attributes that a struct has
 * @set: the attribute set
 * @obj: the struct; its "present" bits say what to send
 * @msg: the message
 *
 * Return: 0, or -EMSGSIZE when the message is full.
 */
int vtmm_encode(const struct vtmm_set *set, const void *obj, struct nl_msg *msg)
{
	uint64_t present;

	memcpy(&present, obj, sizeof(present));
	for (size_t i = 0; i < set->nr; i++) {
		const struct vtmm_field *f = &set->fields[i];

		if ((present >> f->attr & 1) && encode_one(f, obj, msg))
			return -EMSGSIZE;
	}
	return 0;
}

static void list_free(void *obj, const struct vtmm_field *f)
{
	size_t nr;
	char *list = list_get(obj, f, &nr);

	for (size_t i = 0; i < nr; i++) {
		void *at = list + i * element_size(f);
		void *string;

		if (f->kind == VTMM_FIELD_LIST_NEST) {
			vtmm_obj_free(f->set, at);
		} else if (f->kind == VTMM_FIELD_LIST_STRING) {
			memcpy(&string, at, sizeof(string));
			free(string);
		}
	}
	free(list);
	list_put(obj, f, NULL, 0);
}

/**
 * vtmm_obj_free() - free what a struct points to, not the struct itself
 * @set: its attribute set
 * @obj: the struct, filled by vtmm_decode() or zeroed
 */
void vtmm_obj_free(const struct vtmm_set *set, void *obj)
{
	for (size_t i = 0; i < set->nr; i++) {
		const struct vtmm_field *f = &set->fields[i];

		if (is_list(f))
			list_free(obj, f);
		else if (f->kind == VTMM_FIELD_NEST)
			vtmm_obj_free(f->set, member(obj, f->offset));
	}
}
