// SPDX-License-Identifier: GPL-2.0-only
/*
 * facts: what vtmm believes of the kernel that no header shows, to be compared with
 * the kernel's type information. A prototype comes from the very list that declares
 * the call, an offset from the very struct that is read.
 *
 * Type information does not tell of variables and #defines: those are read in the
 * sources once for each series (docs/design.md).
 */
#include <linux/stddef.h>
#include <linux/stringify.h>
#include "facts.h"
#include "kvm.h"
#include "spte.h"
#include "symbols.h"
#include "trace.h"

#define VTMM_FUNCTION(id, call, where, function, ret, ...)		\
	{								\
		.kind = VTMM_FACT_FUNCTION,				\
		.module = where,					\
		.name = #function,					\
		.what = __stringify(ret) " (" #__VA_ARGS__ ")",		\
	},
#define VTMM_PROBE(where, event, ...)					\
	{								\
		.kind = VTMM_FACT_POINTER,				\
		.module = where,					\
		.name = "btf_trace_" #event,				\
		.what = "void (void *, " #__VA_ARGS__ ")",		\
	},
#define VTMM_MEMBER(where, theirs, member, ours, our_member)		\
	{								\
		.kind = VTMM_FACT_MEMBER,				\
		.module = where,					\
		.name = #theirs,					\
		.what = #member,					\
		.offset = offsetof(ours, our_member),			\
	},
#define VTMM_MMU_PAGE(member)						\
	VTMM_MEMBER("kvm", kvm_mmu_page, member, struct vtmm_mmu_page, member)

const struct vtmm_fact vtmm_facts[] __section(VTMM_FACTS_SECTION) = {
	VTMM_PRIVATE_FUNCTIONS(VTMM_FUNCTION)
	VTMM_TRACEPOINTS(VTMM_PROBE)
	/* Its first argument is what pml_hook=kprobe reads. */
	VTMM_FUNCTION(none, none, "kvm_intel", vmx_handle_exit, int, struct kvm_vcpu *, fastpath_t)
	VTMM_MMU_PAGE(link)
	VTMM_MMU_PAGE(hash_link)
	VTMM_MMU_PAGE(tdp_mmu_page)
	VTMM_MMU_PAGE(role)
	VTMM_MMU_PAGE(gfn)
	VTMM_MMU_PAGE(spt)
	VTMM_MMU_PAGE(shadowed_translation)
	VTMM_MEMBER("kvm_amd", kvm_svm, kvm, struct vtmm_compat_kvm_svm, kvm)
	/* "SEV is active" is the first member of sev_info. */
	VTMM_MEMBER("kvm_amd", kvm_svm, sev_info, struct vtmm_compat_kvm_svm, sev_active)
	{
		.kind = VTMM_FACT_MEMBER,
		.module = "kvm_amd",
		.name = "kvm_sev_info",
		.what = "active",
		.offset = 0,
	},
};

const unsigned int vtmm_nr_facts = ARRAY_SIZE(vtmm_facts);
