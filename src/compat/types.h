/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * types: compares what vtmm believes of the kernel with the types of the kernel that
 * runs.
 */
#ifndef _VTMM_COMPAT_TYPES_H
#define _VTMM_COMPAT_TYPES_H

#include <linux/types.h>

int vtmm_types_compare(char *say, size_t size);

#endif /* _VTMM_COMPAT_TYPES_H */
