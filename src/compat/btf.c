// SPDX-License-Identifier: GPL-2.0-only
/*
 * btf: reads type information. Nothing here allocates, and nothing here trusts a
 * number in the data: an offset that leads outside of it ends as "no such type".
 */
#ifdef __KERNEL__
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#else
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <linux/btf.h>
#endif
#include "btf.h"

#define VTMM_BTF_KINDS	(BTF_KIND_ENUM64 + 1)
#define VTMM_BTF_DEPTH	8	/* of a type within a type */

/* The bytes that follow a type of this kind: a fixed and a counted part. */
static const struct {
	__u8 fixed;
	__u8 each;
} vtmm_btf_size[VTMM_BTF_KINDS] = {
	[BTF_KIND_INT] = { .fixed = sizeof(__u32) },
	[BTF_KIND_ARRAY] = { .fixed = sizeof(struct btf_array) },
	[BTF_KIND_STRUCT] = { .each = sizeof(struct btf_member) },
	[BTF_KIND_UNION] = { .each = sizeof(struct btf_member) },
	[BTF_KIND_ENUM] = { .each = sizeof(struct btf_enum) },
	[BTF_KIND_FUNC_PROTO] = { .each = sizeof(struct btf_param) },
	[BTF_KIND_VAR] = { .fixed = sizeof(struct btf_var) },
	[BTF_KIND_DATASEC] = { .each = sizeof(struct btf_var_secinfo) },
	[BTF_KIND_DECL_TAG] = { .fixed = sizeof(struct btf_decl_tag) },
	[BTF_KIND_ENUM64] = { .each = sizeof(struct btf_enum64) },
};

static __u32 vtmm_btf_kind(const struct btf_type *t)
{
	return BTF_INFO_KIND(t->info);
}

/* The header, if all that it names lies within @len bytes. */
static const struct btf_header *vtmm_btf_header(const void *data, size_t len)
{
	const struct btf_header *h = data;
	__u64 types, strings;

	if (len < sizeof(*h) || h->magic != BTF_MAGIC || h->hdr_len < sizeof(*h))
		return NULL;
	types = (__u64)h->hdr_len + h->type_off + h->type_len;
	strings = (__u64)h->hdr_len + h->str_off + h->str_len;
	if (types > len || strings > len || (h->hdr_len + h->type_off) % sizeof(__u32))
		return NULL;
	if (!h->str_len || ((const char *)data + strings)[-1])
		return NULL;
	return h;
}

/* Counts the types, and notes in @at where they begin, if it is not NULL. */
static long vtmm_btf_index(const struct btf_header *h, __u32 *at)
{
	const char *types = (const char *)h + h->hdr_len + h->type_off;
	const struct btf_type *t;
	size_t pos = 0, size;
	long nr = 0;

	while (pos + sizeof(*t) <= h->type_len) {
		t = (const struct btf_type *)(types + pos);
		if (vtmm_btf_kind(t) >= VTMM_BTF_KINDS)
			return -EINVAL;
		size = sizeof(*t) + vtmm_btf_size[vtmm_btf_kind(t)].fixed +
		       (size_t)vtmm_btf_size[vtmm_btf_kind(t)].each * BTF_INFO_VLEN(t->info);
		if (size > h->type_len - pos)
			return -EINVAL;
		if (at)
			at[nr] = pos;
		nr++;
		pos += size;
	}
	return pos == h->type_len ? nr : -EINVAL;
}

/**
 * vtmm_btf_count() - types in the data
 * @data: raw type information, as in /sys/kernel/btf
 * @len: its bytes
 *
 * Context: any.
 * Return: how many, or -EINVAL: it is none, or of a kind that is not known.
 */
long vtmm_btf_count(const void *data, size_t len)
{
	const struct btf_header *h = vtmm_btf_header(data, len);

	return h ? vtmm_btf_index(h, NULL) : -EINVAL;
}

/**
 * vtmm_btf_open() - get ready to read types
 * @b: out: refers to @data, @base and @at
 * @data: raw type information
 * @len: its bytes
 * @base: the kernel's own if @data is a module's, else NULL
 * @at: room for as many numbers as vtmm_btf_count() says
 *
 * Context: any.
 * Return: the number of types, or -EINVAL.
 */
long vtmm_btf_open(struct vtmm_btf *b, const void *data, size_t len,
		   const struct vtmm_btf *base, __u32 *at)
{
	const struct btf_header *h = vtmm_btf_header(data, len);
	long nr = h ? vtmm_btf_index(h, at) : -EINVAL;

	if (nr < 0)
		return nr;
	b->base = base;
	b->types = (const char *)data + h->hdr_len + h->type_off;
	b->strings = (const char *)data + h->hdr_len + h->str_off;
	b->strings_len = h->str_len;
	b->first = base ? base->first + base->nr : 1;
	b->nr = nr;
	b->at = at;
	return nr;
}

static const struct btf_type *vtmm_btf_type(const struct vtmm_btf *b, __u32 id)
{
	while (b && id < b->first)
		b = b->base;
	if (!b || id - b->first >= b->nr)
		return NULL;
	return (const struct btf_type *)(b->types + b->at[id - b->first]);
}

static const char *vtmm_btf_name(const struct vtmm_btf *b, __u32 off)
{
	__u32 before = b->base ? b->base->strings_len : 0;

	if (off < before)
		return vtmm_btf_name(b->base, off);
	return off - before < b->strings_len ? b->strings + (off - before) : "";
}

/**
 * struct vtmm_text - a text that is put together
 * @to: where; always ends with a NUL
 * @size: room there
 * @len: what it would have, had it room
 */
struct vtmm_text {
	char *to;
	size_t size;
	size_t len;
};

static void vtmm_put(struct vtmm_text *text, const char *word)
{
	size_t left = text->len < text->size ? text->size - text->len : 0;

	text->len += snprintf(text->to + text->size - left, left, "%s", word);
}

static const char *vtmm_btf_prefix(const struct btf_type *t)
{
	switch (vtmm_btf_kind(t)) {
	case BTF_KIND_CONST:
		return "const ";
	case BTF_KIND_STRUCT:
		return "struct ";
	case BTF_KIND_UNION:
		return "union ";
	case BTF_KIND_FWD:
		return BTF_INFO_KFLAG(t->info) ? "union " : "struct ";
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return "enum ";
	default:
		return "";
	}
}

static bool vtmm_btf_compound(const struct btf_type *t)
{
	return vtmm_btf_kind(t) == BTF_KIND_STRUCT || vtmm_btf_kind(t) == BTF_KIND_UNION;
}

/* Is it only a word about another type: const, a pointer to it, ... */
static bool vtmm_btf_about(const struct btf_type *t)
{
	switch (vtmm_btf_kind(t)) {
	case BTF_KIND_PTR:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return true;
	default:
		return false;
	}
}

/* The type as C writes it: "const struct kvm *". */
static void vtmm_put_type(struct vtmm_text *text, const struct vtmm_btf *b, __u32 id)
{
	const struct btf_type *t = vtmm_btf_type(b, id);
	unsigned int depth, pointers = 0;

	for (depth = 0; t && vtmm_btf_about(t) && depth < VTMM_BTF_DEPTH; depth++) {
		pointers += vtmm_btf_kind(t) == BTF_KIND_PTR;
		vtmm_put(text, vtmm_btf_prefix(t));
		id = t->type;
		t = vtmm_btf_type(b, id);
	}
	vtmm_put(text, t ? vtmm_btf_prefix(t) : "");
	vtmm_put(text, t ? vtmm_btf_name(b, t->name_off) : id ? "?" : "void");
	vtmm_put(text, pointers ? " " : "");
	while (pointers--)
		vtmm_put(text, "*");
}

/* "bool (struct kvm *, gfn_t)". */
static void vtmm_put_prototype(struct vtmm_text *text, const struct vtmm_btf *b,
			       const struct btf_type *proto)
{
	const struct btf_param *param = (const struct btf_param *)(proto + 1);
	unsigned int i, n = BTF_INFO_VLEN(proto->info);

	vtmm_put_type(text, b, proto->type);
	vtmm_put(text, " (");
	for (i = 0; i < n; i++) {
		vtmm_put(text, i ? ", " : "");
		vtmm_put_type(text, b, param[i].type);
	}
	vtmm_put(text, n ? ")" : "void)");
}

/* The same, but for blanks? */
static bool vtmm_same_words(const char *a, const char *b)
{
	do {
		while (*a == ' ')
			a++;
		while (*b == ' ')
			b++;
		if (*a != *b)
			return false;
	} while (*a++ && *b++);
	return true;
}

static enum vtmm_btf_verdict vtmm_compare_prototype(const struct vtmm_btf *b,
						    const struct vtmm_fact *fact, __u32 id,
						    char *say, size_t size)
{
	const struct btf_type *proto = vtmm_btf_type(b, id);
	char theirs[160] = "no function";
	struct vtmm_text text = { .to = theirs, .size = sizeof(theirs) };

	if (proto && vtmm_btf_kind(proto) == BTF_KIND_FUNC_PROTO)
		vtmm_put_prototype(&text, b, proto);
	if (vtmm_same_words(theirs, fact->what))
		return VTMM_BTF_SAME;
	snprintf(say, size, "%s of %s is %s here, vtmm knows it as %s",
		 fact->name, fact->module, theirs, fact->what);
	return VTMM_BTF_DIFFERS;
}

/* Bytes from the begin of a struct to a member, also of an unnamed one; or -1. */
static long vtmm_btf_offset(const struct vtmm_btf *b, const struct btf_type *t,
			    const char *name, int depth)
{
	const struct btf_member *m = (const struct btf_member *)(t + 1);
	const struct btf_member *end = m + BTF_INFO_VLEN(t->info);
	const struct btf_type *in;
	long start, more;

	for (; m < end; m++) {
		start = BTF_INFO_KFLAG(t->info) ? BTF_MEMBER_BIT_OFFSET(m->offset) : m->offset;
		if (m->name_off && !strcmp(vtmm_btf_name(b, m->name_off), name))
			return start / 8;
		in = m->name_off ? NULL : vtmm_btf_type(b, m->type);
		if (!in || depth == VTMM_BTF_DEPTH || !vtmm_btf_compound(in))
			continue;
		more = vtmm_btf_offset(b, in, name, depth + 1);
		if (more >= 0)
			return start / 8 + more;
	}
	return -1;
}

static enum vtmm_btf_verdict vtmm_compare_member(const struct vtmm_btf *b,
						 const struct vtmm_fact *fact,
						 const struct btf_type *t,
						 char *say, size_t size)
{
	long at = vtmm_btf_offset(b, t, fact->what, 0);

	if (at == fact->offset)
		return VTMM_BTF_SAME;
	if (at < 0)
		snprintf(say, size, "struct %s of %s has no %s here",
			 fact->name, fact->module, fact->what);
	else
		snprintf(say, size, "struct %s of %s has its %s at %ld here, vtmm knows it at %u",
			 fact->name, fact->module, fact->what, at, fact->offset);
	return VTMM_BTF_DIFFERS;
}

/* The same for a type that has the fact's name, if it is one of its kind. */
static enum vtmm_btf_verdict vtmm_compare_type(const struct vtmm_btf *b,
					       const struct vtmm_fact *fact,
					       const struct btf_type *t,
					       char *say, size_t size)
{
	const struct btf_type *pointer;
	__u32 kind = vtmm_btf_kind(t);

	if (fact->kind == VTMM_FACT_MEMBER && kind == BTF_KIND_STRUCT)
		return vtmm_compare_member(b, fact, t, say, size);
	if (fact->kind == VTMM_FACT_FUNCTION && kind == BTF_KIND_FUNC)
		return vtmm_compare_prototype(b, fact, t->type, say, size);
	if (fact->kind == VTMM_FACT_POINTER && kind == BTF_KIND_TYPEDEF) {
		pointer = vtmm_btf_type(b, t->type);
		return vtmm_compare_prototype(b, fact, pointer ? pointer->type : 0, say, size);
	}
	return VTMM_BTF_ABSENT;
}

/**
 * vtmm_btf_compare() - is it so?
 * @b: the types of the fact's module
 * @fact: what vtmm believes
 * @say: out: a sentence, when the kernel has it otherwise
 * @size: bytes in @say
 *
 * Types of the same name are all looked at: a module may have several.
 *
 * Context: any.
 * Return: the verdict.
 */
enum vtmm_btf_verdict vtmm_btf_compare(const struct vtmm_btf *b,
				       const struct vtmm_fact *fact,
				       char *say, size_t size)
{
	enum vtmm_btf_verdict verdict, all = VTMM_BTF_ABSENT;
	const struct btf_type *t;
	__u32 i;

	for (i = 0; i < b->nr; i++) {
		t = (const struct btf_type *)(b->types + b->at[i]);
		if (!t->name_off || strcmp(vtmm_btf_name(b, t->name_off), fact->name))
			continue;
		verdict = vtmm_compare_type(b, fact, t, say, size);
		if (verdict == VTMM_BTF_DIFFERS)
			return verdict;
		if (verdict == VTMM_BTF_SAME)
			all = verdict;
	}
	return all;
}
