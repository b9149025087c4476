/* SPDX-License-Identifier: GPL-2.0-only */
/* settings: the options that attach and set have in common. */
#ifndef VTMMCTL_SETTINGS_H
#define VTMMCTL_SETTINGS_H

#include "ctl.h"

/**
 * struct settings - settings of a VM as they were typed
 * @vm: what is known at once
 * @min: fast memory guaranteed; meant when @has_min
 * @max: fast memory at most; meant when @has_max
 * @has_min: @min was given
 * @has_max: @max was given
 */
struct settings {
	struct vtmm_vm_info vm;
	struct amount min;
	struct amount max;
	bool has_min;
	bool has_max;
};

extern const struct ctl_option setting_options[];

enum ctl_exit settings_resolve(struct ctl *ctl, struct settings *s);

#endif /* VTMMCTL_SETTINGS_H */
