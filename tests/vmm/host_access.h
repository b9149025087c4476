/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guest memory through the VMM's own mapping: verifying it against what each
 * page must hold, and filling it. The vCPUs of the VM must be paused.
 */
#ifndef VMM_HOST_ACCESS_H
#define VMM_HOST_ACCESS_H

#include "vm.h"

/**
 * struct check - result of a verification
 * @pages: pages compared
 * @skipped: pages that have no memory yet and were left so
 * @errors: words that are wrong
 * @bad_gfn: page of the first of them
 */
struct check {
	u64 pages;
	u64 skipped;
	u64 errors;
	u64 bad_gfn;
};

/* Compare every page of a set with what it must hold; adds to @check. */
int host_verify(struct vm *vm, const struct pageset *set, struct check *check,
		struct err *err);

/* Write the pattern of a version into every page of a set. */
void host_fill(struct vm *vm, const struct pageset *set, u32 version);

/* Write the pattern of the next version into every page of a set. */
void host_rewrite(struct vm *vm, const struct pageset *set);

/* Another process has called host_rewrite() for these pages so often. */
void host_expect(struct vm *vm, const struct pageset *set, u32 passes);

/* Write what the pages of a slot must hold that has another gfn now. */
void host_refill(struct vm *vm, struct slot *s);

/* Free pages as a balloon does; they must hold zeros afterwards. */
int host_balloon(struct vm *vm, const struct pageset *set, struct err *err);

#endif
