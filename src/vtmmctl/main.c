// SPDX-License-Identifier: GPL-2.0-only
/* main: vtmmctl on a real host and terminal; all else is in run.c. */
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl.h"

static bool want_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && term &&
	       strcmp(term, "dumb") != 0;
}

static unsigned int terminal_width(void)
{
	struct winsize size = {0};

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return 80;
}

/*
 * Were one of them closed, the netlink socket would get its number, and what is
 * printed would go to the kernel. Read-only, so that writing fails as it
 * should.
 */
static bool standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			return false;
	return true;
}

int main(int argc, char **argv)
{
	struct ctl ctl = {
		.out = stdout,
		.err = stderr,
		.colour = want_colour(),
		.width = terminal_width(),
		.root = "",
		.transport = &vtmm_netlink,
		.transport_ctx = vtmm_netlink_new(),
	};
	int ret;

	if (!standard_files())
		return CTL_FAILED;
	setlocale(LC_CTYPE, "");
	ctl.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (!ctl.transport_ctx)
		return ctl_fail(&ctl, "out of memory");
	ret = ctl_run(&ctl, argc, argv);
	vtmm_netlink_free(ctl.transport_ctx);
	return ret;
}
