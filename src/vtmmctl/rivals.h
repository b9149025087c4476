/* SPDX-License-Identifier: GPL-2.0-only */
/* rivals: what else moves pages on this host. */
#ifndef VTMMCTL_RIVALS_H
#define VTMMCTL_RIVALS_H

#include "ctl.h"

/**
 * struct rival - a part of the kernel that moves pages too
 * @name: for a heading
 * @remedy: what it does and how to stop it, a sentence
 */
struct rival {
	const char *name;
	const char *remedy;
};

#define RIVALS 2

const struct rival *rival_at(size_t i);
bool rival_is_on(const struct ctl *ctl, const struct rival *rival);
bool host_line(const struct ctl *ctl, const char *path, char *to, size_t size);

#endif /* VTMMCTL_RIVALS_H */
