// SPDX-License-Identifier: GPL-2.0-only
/*
 * terminal: what the terminal can show, if there is one. It asks and changes
 * nothing there; where nobody looks, nothing is coloured and nothing is cut.
 */
#include <fcntl.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "draw.h"
#include "terminal.h"

/**
 * terminal_files() - have all three standard files
 *
 * Were one of them closed, the netlink socket would get its number, and what is
 * printed would go to the kernel. Read-only, so that writing fails as it
 * should.
 *
 * Return: false when that cannot be.
 */
bool terminal_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			return false;
	return true;
}

static bool want_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") != 0;
}

static unsigned int width_of(int fd)
{
	struct winsize size = {0};

	if (!ioctl(fd, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return DRAW_COLUMNS;
}

/**
 * terminal_look() - note what the terminal can show
 * @ctl: the run; its colour, utf8 and width are set
 * @fd: where the output goes; setlocale() was called
 */
void terminal_look(struct ctl *ctl, int fd)
{
	bool terminal = isatty(fd);

	ctl->colour = terminal && want_colour();
	ctl->width = terminal ? width_of(fd) : 0;
	ctl->utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
}
