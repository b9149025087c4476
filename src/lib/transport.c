// SPDX-License-Identifier: GPL-2.0-only
/*
 * transport: messages to and from the kernel, through libnl. It knows sockets
 * and nothing of what the messages say.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <linux/netlink.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "vtmm.h"

/* Room for events of a busy host: bytes that the kernel keeps for us. */
#define RECEIVE_BUFFER (1 << 20)

struct netlink {
	struct nl_sock *sock;
};

/**
 * vtmm_netlink_new() - the context of &vtmm_netlink
 *
 * Return: the context, to be freed by vtmm_netlink_free(); NULL without memory.
 */
void *vtmm_netlink_new(void)
{
	return calloc(1, sizeof(struct netlink));
}

/**
 * vtmm_netlink_free() - free the context of &vtmm_netlink
 * @ctx: from vtmm_netlink_new(), or NULL
 */
void vtmm_netlink_free(void *ctx)
{
	free(ctx);
}

/* libnl has error numbers of its own; those that matter have an errno. */
static int to_errno(int err)
{
	switch (-err) {
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_NOMEM:
		/* It also stands for ENOBUFS: a full receive buffer. */
		return errno == ENOBUFS ? -ENOBUFS : -ENOMEM;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	default:
		return errno ? -errno : -EIO;
	}
}

static void nl_close_ctx(void *ctx)
{
	struct netlink *nl = ctx;

	nl_socket_free(nl->sock);
	nl->sock = NULL;
}

/* Sentences with refusals; only the head of the request comes back with them.
 */
static void ask_for_extack(int fd)
{
	int one = 1;

	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
}

static int nl_open_ctx(void *ctx)
{
	struct netlink *nl = ctx;
	int err;

	nl->sock = nl_socket_alloc();
	if (!nl->sock)
		return -ENOMEM;
	errno = 0;
	err = nl_connect(nl->sock, NETLINK_GENERIC);
	if (err < 0)
		return to_errno(err);
	ask_for_extack(nl_socket_get_fd(nl->sock));
	/* A heat map comes in large datagrams: look at their size first. */
	nl_socket_enable_msg_peek(nl->sock);
	nl_socket_set_buffer_size(nl->sock, RECEIVE_BUFFER, 0);
	return 0;
}

static int nl_send_ctx(void *ctx, const void *msg, size_t len)
{
	struct netlink *nl = ctx;
	int err;

	errno = 0;
	/* libnl does not write to the buffer; its prototype lacks the const. */
	err = nl_sendto(nl->sock, (void *)msg, len);
	return err < 0 ? to_errno(err) : 0;
}

/* libnl starts over when a signal comes, so wait here, where one ends it. */
static int wait_for_message(int fd, int timeout_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int ret = poll(&p, 1, timeout_ms);

	if (ret < 0)
		return -errno;
	return ret ? 0 : -EAGAIN;
}

/* One datagram, whoever sent it: its length, or -errno. */
static ssize_t recv_one(struct netlink *nl, struct sockaddr_nl *from,
			unsigned char **buf, int timeout_ms)
{
	int ret = wait_for_message(nl_socket_get_fd(nl->sock), timeout_ms);

	if (ret)
		return ret;
	errno = 0;
	ret = nl_recv(nl->sock, from, buf, NULL);
	if (ret < 0)
		return to_errno(ret);
	return ret ? ret : -EIO;
}

static ssize_t nl_recv_ctx(void *ctx, void **msg, int timeout_ms)
{
	struct sockaddr_nl from = {0};
	unsigned char *buf = NULL;
	ssize_t len;

	/* Other programs may send to this socket; only the kernel counts. */
	do {
		free(buf);
		buf = NULL;
		len = recv_one(ctx, &from, &buf, timeout_ms);
	} while (len > 0 && from.nl_pid != 0);
	*msg = buf;
	return len;
}

static int nl_join_ctx(void *ctx, uint32_t group)
{
	struct netlink *nl = ctx;
	int err;

	errno = 0;
	err = nl_socket_add_membership(nl->sock, group);
	return err < 0 ? to_errno(err) : 0;
}

const struct vtmm_transport vtmm_netlink = {
	.open = nl_open_ctx,
	.close = nl_close_ctx,
	.send = nl_send_ctx,
	.recv = nl_recv_ctx,
	.join = nl_join_ctx,
};
