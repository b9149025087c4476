// SPDX-License-Identifier: GPL-2.0-only
/*
 * refusal: an error message of the kernel to a status and one sentence. The
 * sentence of the kernel (extended ack) is handed on as it is; libnl 3.7 does
 * not show it, so it is read here.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <linux/netlink.h>

#include "client.h"

/* The kernel has no larger ones. */
#define MAX_ERRNO 4095

/* What an extended ack says. */
struct extack {
	const char *text;
	int text_len;
	uint32_t offset;
	uint32_t missing;
};

/**
 * vtmm_fail() - note a sentence about a failure
 * @c: the client
 * @status: how the call ends
 * @fmt: of the sentence
 *
 * Return: @status.
 */
enum vtmm_status vtmm_fail(struct vtmm_client *c, enum vtmm_status status,
			   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(c->error, sizeof(c->error), fmt, args);
	va_end(args);
	return status;
}

/**
 * vtmm_fail_errno() - note a sentence about a system call that failed
 * @c: the client
 * @what: was tried
 * @err: -errno
 *
 * Return: the status that goes with @err.
 */
enum vtmm_status vtmm_fail_errno(struct vtmm_client *c, const char *what,
				 int err)
{
	if (err == -EINTR)
		return vtmm_fail(c, VTMM_INTERRUPTED, "interrupted");
	if (err == -EAGAIN)
		return vtmm_fail(c, VTMM_TIMEOUT, "no answer from the module");
	if (err == -EPERM)
		return vtmm_fail(
			c, VTMM_NO_PRIVILEGE,
			"cannot %s without privilege: run as root or with CAP_NET_ADMIN",
			what);
	return vtmm_fail(c, VTMM_FAILED, "cannot %s: %s", what, strerror(-err));
}

static void read_tlvs(struct nlattr *head, int len, struct extack *e)
{
	struct nlattr *a;
	int rem;

	for (a = head, rem = len; nla_ok(a, rem); a = nla_next(a, &rem)) {
		switch (nla_type(a)) {
		case NLMSGERR_ATTR_MSG:
			e->text = nla_data(a);
			e->text_len = strnlen(e->text, nla_len(a));
			break;
		case NLMSGERR_ATTR_OFFS:
			if (nla_len(a) == sizeof(uint32_t))
				e->offset = nla_get_u32(a);
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			if (nla_len(a) == sizeof(uint32_t))
				e->missing = nla_get_u32(a);
			break;
		}
	}
}

/* Errors carry the request, whole or only its head; DONE carries a number. */
static int tlv_offset(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = nlmsg_data(nlh);

	if (nlh->nlmsg_type == NLMSG_DONE)
		return NLMSG_ALIGN(sizeof(int));
	if (nlh->nlmsg_flags & NLM_F_CAPPED)
		return sizeof(*err);
	if (err->msg.nlmsg_len < NLMSG_HDRLEN ||
	    err->msg.nlmsg_len > nlh->nlmsg_len)
		return nlmsg_datalen(nlh);
	return sizeof(*err) + NLMSG_ALIGN(err->msg.nlmsg_len - NLMSG_HDRLEN);
}

static void read_extack(struct nlmsghdr *nlh, struct extack *e)
{
	int offset = tlv_offset(nlh);
	int len = nlmsg_datalen(nlh) - offset;

	if ((nlh->nlmsg_flags & NLM_F_ACK_TLVS) && len > 0)
		read_tlvs((struct nlattr *)((char *)nlmsg_data(nlh) + offset),
			  len, e);
}

/* The name of the top attribute that the kernel points at, or NULL. */
static const char *attribute_at(const struct nl_msg *request,
				const struct vtmm_set *set, uint32_t offset)
{
	struct nlmsghdr *nlh = nlmsg_hdr((struct nl_msg *)request);
	struct nlattr *a = nlmsg_attrdata(nlh, GENL_HDRLEN);
	int rem = nlmsg_attrlen(nlh, GENL_HDRLEN);
	const struct vtmm_field *f;

	for (; nla_ok(a, rem); a = nla_next(a, &rem)) {
		uint32_t at = (char *)a - (char *)nlh;

		if (offset < at || offset >= at + nla_total_size(nla_len(a)))
			continue;
		f = vtmm_field_of(set, nla_type(a));
		return f ? f->name : NULL;
	}
	return NULL;
}

static const char *attribute_of(const struct extack *e,
				const struct nl_msg *request,
				const struct vtmm_set *set)
{
	const struct vtmm_field *f;

	if (!set)
		return NULL;
	if (e->offset)
		return attribute_at(request, set, e->offset);
	f = e->missing ? vtmm_field_of(set, e->missing) : NULL;
	return f ? f->name : NULL;
}

/**
 * vtmm_refusal() - read an error, or the end of a dump
 * @c: the client; gets the sentence
 * @nlh: NLMSG_ERROR or NLMSG_DONE, with at least the error number in it
 * @request: what was sent
 * @set: attribute set of the request, or NULL
 *
 * Return: VTMM_OK when it is none; VTMM_NO_PRIVILEGE, VTMM_REFUSED,
 * VTMM_BAD_ANSWER.
 */
enum vtmm_status vtmm_refusal(struct vtmm_client *c, struct nlmsghdr *nlh,
			      const struct nl_msg *request,
			      const struct vtmm_set *set)
{
	int err = *(int *)nlmsg_data(nlh);
	struct extack e = {0};
	const char *attr;

	if (!err)
		return VTMM_OK;
	if (err > 0 || err < -MAX_ERRNO)
		return vtmm_fail(
			c, VTMM_BAD_ANSWER,
			"the kernel sent an error number that is none");
	read_extack(nlh, &e);
	if (err == -EPERM && !e.text)
		return vtmm_fail(
			c, VTMM_NO_PRIVILEGE,
			"not permitted: run as root or with CAP_NET_ADMIN");
	attr = attribute_of(&e, request, set);
	if (!e.text)
		return vtmm_fail(c, VTMM_REFUSED, "the module refused: %s%s%s",
				 strerror(-err), attr ? ": " : "",
				 attr ? attr : "");
	/* A sentence that names the attribute needs no help. */
	if (attr && !memmem(e.text, e.text_len, attr, strlen(attr)))
		return vtmm_fail(c, VTMM_REFUSED, "%.*s (%s)", e.text_len,
				 e.text, attr);
	return vtmm_fail(c, VTMM_REFUSED, "%.*s", e.text_len, e.text);
}
