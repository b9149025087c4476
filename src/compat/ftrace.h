/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ftrace: what differs between kernels in tracing functions.
 */
#ifndef _VTMM_COMPAT_FTRACE_H
#define _VTMM_COMPAT_FTRACE_H

#include <linux/ftrace.h>
#include "features.h"

#if VTMM_HAS_FTRACE_REGS
/* All registers at the entry of a function that is traced with SAVE_REGS. */
static inline struct pt_regs *vtmm_compat_traced_regs(struct ftrace_regs *fregs)
{
	return ftrace_get_regs(fregs);
}
#endif

#endif /* _VTMM_COMPAT_FTRACE_H */
