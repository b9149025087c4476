// SPDX-License-Identifier: GPL-2.0-only
/*
 * answer: is an answer of the kernel made of what the specification has? Every
 * attribute must be known, of its length, and within its limits.
 */
#include <stdio.h>
#include <string.h>

#include "nlfuzz.h"

static const struct spec_attr *attr_of(const struct spec_set *set, uint16_t id)
{
	for (unsigned int i = 0; i < set->nr; i++)
		if (set->attr[i].id == id)
			return &set->attr[i];
	return NULL;
}

static const char *attrs_wrong(const struct spec_set *set, const uint8_t *at,
			       const uint8_t *end);

static const char *number_wrong(const struct spec_attr *a, const uint8_t *at,
				size_t len)
{
	uint64_t n = 0;

	if (len != (a->kind == SPEC_U8 ? 1 : a->kind == SPEC_U32 ? 4 : 8))
		return "has a number of a wrong length";
	memcpy(&n, at, len);
	return n < a->min || n > a->max ? "has a number beyond its limits"
					: NULL;
}

static const char *one_wrong(const struct spec_attr *a, const uint8_t *at,
			     size_t len)
{
	switch (a->kind) {
	case SPEC_NEST:
		return attrs_wrong(a->in, at, at + len);
	case SPEC_FLAG:
		return len ? "has a flag with a value" : NULL;
	case SPEC_STRING:
		if (!len || at[len - 1] || memchr(at, 0, len - 1))
			return "has a string without an end";
		return a->len && len - 1 > a->len
			       ? "has a string that is too long"
			       : NULL;
	default:
		return number_wrong(a, at, len);
	}
}

static const char *attrs_wrong(const struct spec_set *set, const uint8_t *at,
			       const uint8_t *end)
{
	const struct spec_attr *a;
	const char *what;
	struct nlattr head;

	while (end - at >= NLA_HDRLEN) {
		memcpy(&head, at, sizeof(head));
		if (head.nla_len < NLA_HDRLEN || head.nla_len > end - at)
			return "has an attribute that ends after it";
		a = attr_of(set, head.nla_type & NLA_TYPE_MASK);
		if (!a)
			return "has an attribute that the set does not have";
		what = one_wrong(a, at + NLA_HDRLEN, head.nla_len - NLA_HDRLEN);
		if (what)
			return what;
		at += NLA_ALIGN(head.nla_len);
	}
	return NULL;
}

/**
 * answer_wrong() - what is wrong with an answer
 * @hdr: the message
 * @family: of whom it should be
 *
 * Return: words, or NULL if nothing is. Events are answers of their kind.
 */
const char *answer_wrong(const struct nlmsghdr *hdr, uint16_t family)
{
	const uint8_t *at = (const uint8_t *)hdr + NLMSG_HDRLEN + GENL_HDRLEN;
	const struct genlmsghdr *g = NLMSG_DATA(hdr);

	if (hdr->nlmsg_type != family)
		return "is of another family";
	for (unsigned int i = 0; i < spec_nr_ops; i++)
		if (spec_ops[i].cmd == g->cmd)
			return attrs_wrong(spec_ops[i].set, at,
					   (const uint8_t *)hdr +
						   hdr->nlmsg_len);
	return "has a command that the specification lacks";
}
