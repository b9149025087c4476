// SPDX-License-Identifier: GPL-2.0-only
/*
 * unprivileged: runs a program as root without CAP_NET_ADMIN, to see how it
 * fails. busybox has nothing that can.
 */
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: unprivileged PROGRAM [ARGUMENT...]\n");
		return 2;
	}
	/* exec gives root what is in the bounding set, and nothing else. */
	if (prctl(PR_CAPBSET_DROP, CAP_NET_ADMIN, 0, 0, 0)) {
		perror("unprivileged: prctl");
		return 2;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
