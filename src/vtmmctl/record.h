/* SPDX-License-Identifier: GPL-2.0-only */
/* record: what is remembered of pages becomes records of a trace. */
#ifndef VTMMCTL_RECORD_H
#define VTMMCTL_RECORD_H

#include "../lib/trace.h"
#include "../lib/vtmm.h"

bool record_map(struct trace_file *t, const struct vtmm_pages_info *pages);
bool record_rounds(struct trace_file *t, const struct vtmm_pages_info *pages,
		   uint64_t most);

#endif /* VTMMCTL_RECORD_H */
