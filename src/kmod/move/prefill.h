/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * prefill: maps pages that have just moved for the guest again, before it traps
 * on them.
 */
#ifndef _VTMM_PREFILL_H
#define _VTMM_PREFILL_H

#include <linux/kvm_host.h>
#include "kvm/kvm.h"
#include "kvm/vcpu_work.h"

/* Pages mapped in one interruption of a vCPU: some 3500 instructions each. */
#define VTMM_PREFILL_MAX	96

struct vtmm_hold;

/**
 * struct vtmm_prefill - one interruption of a vCPU
 * @work: for the vCPU's thread
 * @hold: vCPUs that wait for the pages
 * @vcpu: that runs it; its VM is held by who asked
 * @filled: pages that it mapped, a huge page counts as all of its pages
 * @nr: pages in use
 * @page: what moved: the gfn and how many pages follow it
 */
struct vtmm_prefill {
	struct vtmm_vcpu_work work;
	struct vtmm_hold *hold;
	struct kvm_vcpu *vcpu;
	u32 filled;
	u32 nr;
	struct vtmm_leaf page[VTMM_PREFILL_MAX];
};

const char *vtmm_prefill_missing(void);
u32 vtmm_prefill_run(struct vtmm_prefill *pf, struct kvm *kvm);

#endif /* _VTMM_PREFILL_H */
