/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Things that hold on to guest memory from outside, as they make moving it
 * hard: pins, locks, other processes, advice. Knows nothing of KVM.
 */
#ifndef VMM_HOLD_H
#define VMM_HOLD_H

#include "memory.h"

/**
 * hold_pin() - pin pages for long, as buffers registered with io_uring
 * @hva: first byte
 * @len: bytes
 *
 * Pins add up until hold_unpin() ends all of them.
 */
int hold_pin(void *hva, u64 len, struct err *err);
void hold_unpin(void);

/**
 * hold_share() - map pages in a second process too
 * @hva: first byte
 * @len: bytes
 *
 * The process reads each page and then sleeps. Private memory is shared with
 * it until either side writes. Shares add up until hold_unshare() ends all.
 */
int hold_share(void *hva, u64 len, struct err *err);
void hold_unshare(void);

/**
 * hold_advise() - madvise(2) by a name: cold, free, pageout, collapse, ...
 *
 * Only advice that keeps the content can be given; but after "free" a page is
 * what it was or zeros, until it is written.
 */
int hold_advise(void *hva, u64 len, const char *advice, struct err *err);

/* All names that hold_advise() knows. */
extern const char hold_advice_names[];

#endif
