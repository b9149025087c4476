/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How commands come in: lines on standard input, or connections to a unix
 * socket, any number at once. And the other end of that socket.
 */
#ifndef VMM_CONTROL_H
#define VMM_CONTROL_H

#include "util.h"

/**
 * control_stdin() - carry out the lines of standard input until its end
 *
 * Return: number of commands that failed.
 */
u64 control_stdin(void);

/* Open the socket; connections are answered by control_serve(). */
int control_listen(const char *path, struct err *err);

/* Answer connections until a client says quit. */
void control_serve(int fd);

/**
 * client_main() - tinyvmm ctl [-q] SOCKET [COMMAND...]
 *
 * One command per argument, else the lines of standard input. Prints data
 * lines, or the answer if there are none; errors go to standard error.
 * Return: exit status: 0, 1 a command failed, 2 no VMM there.
 */
int client_main(int argc, char **argv);

#endif
