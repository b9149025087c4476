// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VMM's end of the control channel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "command.h"
#include "control.h"

u64 control_stdin(void)
{
	char *line = NULL;
	size_t size = 0;
	u64 failed = 0;

	while (!world.quit && getline(&line, &size, stdin) > 0)
		failed += command_run(line, stdout) != 0;
	free(line);
	return failed;
}

int control_listen(const char *path, struct err *err)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path))
		return err_set(err, "the socket's path is too long");
	memcpy(addr.sun_path, path, strlen(path));
	unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(fd, 16)) {
		err_errno(err, "cannot listen on %s", path);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static int listen_fd;

static void *serve_client(void *arg)
{
	FILE *in = arg;
	FILE *out = fdopen(dup(fileno(in)), "w");
	char *line = NULL;
	size_t size = 0;

	while (out && !world.quit && getline(&line, &size, in) > 0)
		command_run(line, out);
	free(line);
	if (out)
		fclose(out);
	fclose(in);
	/* Wakes control_serve() out of accept(). */
	if (world.quit)
		shutdown(listen_fd, SHUT_RDWR);
	return NULL;
}

void control_serve(int fd)
{
	pthread_attr_t detached;

	listen_fd = fd;
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	while (!world.quit) {
		int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
		pthread_t thread;
		FILE *in;

		if (client < 0 && errno != EINTR && errno != ECONNABORTED)
			break;
		in = client < 0 ? NULL : fdopen(client, "r");
		if (in && pthread_create(&thread, &detached, serve_client, in))
			fclose(in);
	}
	close(fd);
}
