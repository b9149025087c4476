// SPDX-License-Identifier: GPL-2.0-only
/* main: vtmmctl on a real host; all else is in run.c. */
#include <fcntl.h>
#include <locale.h>
#include <unistd.h>

#include "terminal.h"

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
		.root = "",
		.transport = &vtmm_netlink,
	};
	int ret;

	if (!standard_files())
		return CTL_FAILED;
	setlocale(LC_CTYPE, "");
	terminal_look(&ctl, STDOUT_FILENO);
	ctl.transport_ctx = vtmm_netlink_new();
	if (!ctl.transport_ctx)
		return ctl_fail(&ctl, "out of memory");
	ret = ctl_run(&ctl, argc, argv);
	vtmm_netlink_free(ctl.transport_ctx);
	return ret;
}
