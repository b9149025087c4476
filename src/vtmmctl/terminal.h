/* SPDX-License-Identifier: GPL-2.0-only */
/* terminal: what the terminal can show. */
#ifndef VTMMCTL_TERMINAL_H
#define VTMMCTL_TERMINAL_H

#include "ctl.h"

bool terminal_files(void);
void terminal_look(struct ctl *ctl, int fd);

#endif /* VTMMCTL_TERMINAL_H */
