// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scenario's end of the control channel: tinyvmm ctl.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"

static FILE *dial(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) < sizeof(addr.sun_path))
		memcpy(addr.sun_path, path, strlen(path));
	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return NULL;
	return fdopen(fd, "r+");
}

/* Whether to keep the answers of commands that succeed to oneself. */
static bool quiet;

static int print_answer(FILE *vmm)
{
	char *line = NULL;
	size_t size = 0;
	int ret = 2;

	while (ret == 2 && getline(&line, &size, vmm) > 0) {
		if (*line == '\t') {
			if (!quiet)
				fputs(line + 1, stdout);
		} else if (!strncmp(line, "ok", 2)) {
			/* Data lines speak for themselves. */
			if (!quiet && strncmp(line, "ok lines=", 9))
				fputs(line, stdout);
			ret = 0;
		} else {
			fprintf(stderr, "tinyvmm: %s", line);
			ret = 1;
		}
	}
	free(line);
	if (ret == 2)
		fputs("tinyvmm: error the VMM is gone\n", stderr);
	return ret;
}

static int ask(FILE *vmm, const char *command)
{
	size_t len = strlen(command);

	fputs(command, vmm);
	if (!len || command[len - 1] != '\n')
		fputc('\n', vmm);
	fflush(vmm);
	return print_answer(vmm);
}

static int ask_lines(FILE *vmm)
{
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	while (!ret && getline(&line, &size, stdin) > 0)
		ret = ask(vmm, line);
	free(line);
	return ret;
}

int client_main(int argc, char **argv)
{
	FILE *vmm;
	int i, ret = 0;

	if (argc && !strcmp(*argv, "-q")) {
		quiet = true;
		argc--;
		argv++;
	}
	if (!argc) {
		fputs("usage: tinyvmm ctl [-q] SOCKET [COMMAND...]\n", stderr);
		return 2;
	}
	vmm = dial(argv[0]);
	if (!vmm) {
		fprintf(stderr, "tinyvmm: no VMM listens on %s: %s.\n", argv[0],
			strerror(errno));
		return 2;
	}
	for (i = 1; !ret && i < argc; i++)
		ret = ask(vmm, argv[i]);
	if (argc == 1)
		ret = ask_lines(vmm);
	fclose(vmm);
	return ret;
}
