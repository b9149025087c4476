/* SPDX-License-Identifier: GPL-2.0-only */
/* settings: the settings of a VM, typed and shown. */
#ifndef VTMMCTL_SETTINGS_H
#define VTMMCTL_SETTINGS_H

#include "tables.h"
#include "text.h"

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

const char *settings_note(struct settings *s, const struct setting *what,
			  const char *arg);
struct text settings_text(const struct vtmm_vm_info *vm,
			  const struct setting *what);
enum ctl_exit settings_resolve(struct ctl *ctl, struct settings *s);

#endif /* VTMMCTL_SETTINGS_H */
