// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_answer: any datagrams as the answers of the kernel, from the search for
 * the family on. The library must say how it ended, whatever comes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>

#include "../../../src/lib/vtmm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Datagrams: each begins with its length, in units of 4 bytes. */
struct stream {
	const uint8_t *data;
	size_t size;
};

static int open_stream(void *ctx)
{
	(void)ctx;
	return 0;
}

static void close_stream(void *ctx)
{
	(void)ctx;
}

static int send_nowhere(void *ctx, const void *msg, size_t len)
{
	(void)ctx;
	(void)msg;
	(void)len;
	return 0;
}

static ssize_t recv_stream(void *ctx, void **msg, int timeout_ms)
{
	struct stream *s = ctx;
	size_t len;

	(void)timeout_ms;
	if (!s->size)
		return -EAGAIN;
	len = *s->data * 4;
	s->data++;
	s->size--;
	if (len > s->size)
		len = s->size;
	if (!len)
		return -EAGAIN;
	*msg = malloc(len);
	memcpy(*msg, s->data, len);
	s->data += len;
	s->size -= len;
	return (ssize_t)len;
}

static int join_group(void *ctx, uint32_t group)
{
	(void)ctx;
	(void)group;
	return 0;
}

static const struct vtmm_transport transport = {
	open_stream, close_stream, send_nowhere, recv_stream, join_group,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream s = {data, size};
	struct vtmm_client *c = vtmm_client_new(&transport, &s);
	struct vtmm_event_info event;
	struct vtmm_vm_list list;

	if (!vtmm_connect(c) && !vtmm_vm_list(c, &list))
		vtmm_vm_list_free(&list);
	vtmm_event_next(c, 0, &event);
	if (strnlen(vtmm_error(c), 4096) == 4096)
		abort();
	vtmm_client_free(c);
	return 0;
}
