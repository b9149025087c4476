/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guest memory whose faults user space handles, as after a live migration or
 * for a snapshot. Knows nothing of KVM.
 */
#ifndef VMM_UFFD_H
#define VMM_UFFD_H

#include "util.h"

/**
 * struct uffd_count - faults that user space has handled
 * @missing: pages that were not there: they are zeros then
 * @wp: writes to protected pages: they may be written then
 */
struct uffd_count {
	u64 missing;
	u64 wp;
};

/**
 * uffd_register() - handle the faults of a part of guest memory
 * @hva: first byte
 * @len: bytes
 * @wp: protect its pages from writes too, once each
 *
 * A thread handles them until uffd_end().
 */
int uffd_register(void *hva, u64 len, bool wp, struct err *err);

/* Faults so far, of all parts. */
struct uffd_count uffd_count(void);

/* Give all parts back; pages that are still protected no longer are. */
void uffd_end(void);

#endif
