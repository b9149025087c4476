// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_socket: the transport on a socket of this kernel, against the controller
 * that every kernel has: waiting ends when it should, what is lost is told, and
 * only the kernel is heard.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "../../src/lib/vtmm.h"
#include "test.h"

/* None of this takes longer. */
#define HANGS_S 8

/* The first signal is to end waiting; the next one ends the program. */
static void on_alarm(int sig)
{
	signal(sig, SIG_DFL);
	alarm(HANGS_S);
}

/* After so many seconds: a signal that ends waiting, or else the program. */
static void alarm_in(unsigned int seconds, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	sigaction(SIGALRM, &action, NULL);
	alarm(seconds);
}

static void *opened(void)
{
	void *ctx = vtmm_netlink_new();

	assert_non_null(ctx);
	assert_int_equal(vtmm_netlink.open(ctx), 0);
	alarm_in(HANGS_S, SIG_DFL);
	return ctx;
}

static void closed(void *ctx)
{
	vtmm_netlink.close(ctx);
	vtmm_netlink_free(ctx);
}

/* The socket of the transport: the only one of netlink that is open. */
static int socket_of(struct sockaddr_nl *name)
{
	socklen_t len = sizeof(*name);

	*name = (struct sockaddr_nl){0};
	for (int fd = 3; fd < 64; fd++)
		if (!getsockname(fd, (struct sockaddr *)name, &len) &&
		    name->nl_family == AF_NETLINK)
			return fd;
	fail_msg("the transport has no socket");
	return -1;
}

/* A question that the controller answers: who is "nlctrl"? */
struct question {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	struct nlattr attr;
	char name[8];
};

static struct question question(uint32_t seq)
{
	return (struct question){
		.nlh = {.nlmsg_len = sizeof(struct question),
			.nlmsg_type = GENL_ID_CTRL,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
			.nlmsg_seq = seq},
		.genl = {.cmd = CTRL_CMD_GETFAMILY, .version = 1},
		.attr = {.nla_len = NLA_HDRLEN + 7,
			 .nla_type = CTRL_ATTR_FAMILY_NAME},
		.name = "nlctrl",
	};
}

static void ask(void *ctx, uint32_t seq)
{
	struct question q = question(seq);

	assert_int_equal(vtmm_netlink.send(ctx, &q, sizeof(q)), 0);
}

/* Type and number of the next message. */
static ssize_t next(void *ctx, uint16_t *type, uint32_t *seq, int timeout_ms)
{
	void *buf = NULL;
	ssize_t len = vtmm_netlink.recv(ctx, &buf, timeout_ms);
	const struct nlmsghdr *nlh = buf;

	*type = 0;
	*seq = 0;
	if (len > 0) {
		assert_true(len >= (ssize_t)sizeof(*nlh));
		*type = nlh->nlmsg_type;
		*seq = nlh->nlmsg_seq;
	} else {
		assert_null(buf);
	}
	free(buf);
	return len;
}

static void test_answer(void **state)
{
	void *ctx = opened();
	uint16_t type;
	uint32_t seq;

	(void)state;
	ask(ctx, 77);
	assert_true(next(ctx, &type, &seq, 1000) > 0);
	assert_int_equal(type, GENL_ID_CTRL);
	assert_int_equal(seq, 77);
	assert_true(next(ctx, &type, &seq, 1000) > 0);
	assert_int_equal(type, NLMSG_ERROR);
	closed(ctx);
}

static void test_nothing_comes(void **state)
{
	void *ctx = opened();
	uint16_t type;
	uint32_t seq;

	(void)state;
	assert_int_equal(next(ctx, &type, &seq, 20), -EAGAIN);
	assert_int_equal(next(ctx, &type, &seq, 0), -EAGAIN);
	closed(ctx);
}

/* Ctrl-C ends waiting for ever. */
static void test_signal(void **state)
{
	void *ctx = opened();
	uint16_t type;
	uint32_t seq;

	(void)state;
	alarm_in(1, on_alarm);
	assert_int_equal(next(ctx, &type, &seq, -1), -EINTR);
	closed(ctx);
}

/* More answers than there is room for: it is told that some are lost. */
static void test_overrun(void **state)
{
	void *ctx = opened();
	struct sockaddr_nl name;
	int room = 1;
	uint16_t type;
	uint32_t seq;

	(void)state;
	assert_int_equal(setsockopt(socket_of(&name), SOL_SOCKET, SO_RCVBUF,
				    &room, sizeof(room)),
			 0);
	for (uint32_t i = 1; i < 50; i++)
		ask(ctx, i);
	assert_int_equal(next(ctx, &type, &seq, 1000), -ENOBUFS);
	/* What did not get lost can be read. */
	assert_true(next(ctx, &type, &seq, 1000) > 0);
	closed(ctx);
}

/* Another program sends to the socket what looks like an answer. */
static void send_from_another(const struct sockaddr_nl *to)
{
	struct question q = question(666);
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);

	assert_true(fd >= 0);
	assert_int_equal(sendto(fd, &q, sizeof(q), 0,
				(const struct sockaddr *)to, sizeof(*to)),
			 sizeof(q));
	close(fd);
}

static void test_only_the_kernel(void **state)
{
	struct sockaddr_nl name;
	uint16_t type;
	uint32_t seq;
	void *ctx;

	(void)state;
	/* To send to others takes a right that root of a namespace has. */
	if (geteuid())
		assert_int_equal(unshare(CLONE_NEWUSER | CLONE_NEWNET), 0);
	ctx = opened();
	socket_of(&name);
	send_from_another(&name);
	assert_int_equal(next(ctx, &type, &seq, 20), -EAGAIN);
	/* It neither stands for the answer nor keeps it from coming. */
	send_from_another(&name);
	ask(ctx, 78);
	assert_true(next(ctx, &type, &seq, 1000) > 0);
	assert_int_equal(seq, 78);
	closed(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_nothing_comes),
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_overrun),
		cmocka_unit_test(test_only_the_kernel),
	};

	return cmocka_run_group_tests_name("socket", tests, NULL, NULL);
}
