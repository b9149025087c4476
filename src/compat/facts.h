/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * facts: what vtmm believes of the kernel that no header shows. The records stand in
 * a section of vtmm.ko, where the program that compares them at build finds them;
 * the module compares them itself when it is loaded.
 */
#ifndef _VTMM_COMPAT_FACTS_H
#define _VTMM_COMPAT_FACTS_H

#include <linux/types.h>

#define VTMM_FACTS_SECTION	".vtmm.facts"

/**
 * enum vtmm_fact_kind - what a fact is about
 * @VTMM_FACT_FUNCTION: the prototype of a function
 * @VTMM_FACT_POINTER: the prototype behind a typedef of a pointer to a function
 * @VTMM_FACT_MEMBER: where a member of a struct is
 */
enum vtmm_fact_kind {
	VTMM_FACT_FUNCTION,
	VTMM_FACT_POINTER,
	VTMM_FACT_MEMBER,
};

/**
 * struct vtmm_fact - one of them; all in itself, to be read out of the file
 * @module: whose type information tells: "vmlinux", "kvm", ...
 * @name: the function, typedef or struct
 * @what: its prototype, "bool (struct kvm *, gfn_t)", or the member's name
 * @kind: enum vtmm_fact_kind
 * @offset: of the member, in bytes
 */
struct vtmm_fact {
	char module[16];
	char name[48];
	char what[120];
	__u32 kind;
	__u32 offset;
};

#ifdef __KERNEL__
extern const struct vtmm_fact vtmm_facts[];
extern const unsigned int vtmm_nr_facts;
#endif

#endif /* _VTMM_COMPAT_FACTS_H */
