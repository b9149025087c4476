// SPDX-License-Identifier: GPL-2.0-only
/* main: vtmmctl on a real host; all else is in run.c. */
#include <locale.h>
#include <unistd.h>

#include "terminal.h"

int main(int argc, char **argv)
{
	struct ctl ctl = {
		.out = stdout,
		.err = stderr,
		.root = "",
		.transport = &vtmm_netlink,
	};
	int ret;

	if (!terminal_files())
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
