/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * settings: what an operator can say of a VM, see vtmm/params.h.
 */
#ifndef _VTMM_SETTINGS_H
#define _VTMM_SETTINGS_H

#include <vtmm/params.h>

void vtmm_settings_default(struct vtmm_settings *set, struct vtmm_terms *terms);

#endif /* _VTMM_SETTINGS_H */
