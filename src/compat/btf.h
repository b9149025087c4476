/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * btf: reads the kernel's type information (BTF) and compares it with what vtmm
 * believes. Built twice: into the module, and into the program that checks it when
 * it is built. It must never trust a length or an offset in the data.
 */
#ifndef _VTMM_COMPAT_BTF_H
#define _VTMM_COMPAT_BTF_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#endif
#include "facts.h"

/**
 * struct vtmm_btf - the types of the kernel, or of one of its modules
 * @base: the kernel's, for a module's: ids and strings go on where they end
 * @types: the types, one after the other
 * @strings: their names
 * @strings_len: bytes of these
 * @first: the id of the first type
 * @nr: types
 * @at: where each begins in @types
 */
struct vtmm_btf {
	const struct vtmm_btf *base;
	const char *types;
	const char *strings;
	__u32 strings_len;
	__u32 first;
	__u32 nr;
	const __u32 *at;
};

/**
 * enum vtmm_btf_verdict - what comes out of a comparison
 * @VTMM_BTF_SAME: the kernel has it as vtmm believes
 * @VTMM_BTF_ABSENT: the type information does not name it
 * @VTMM_BTF_DIFFERS: the kernel has it otherwise
 */
enum vtmm_btf_verdict {
	VTMM_BTF_SAME,
	VTMM_BTF_ABSENT,
	VTMM_BTF_DIFFERS,
};

long vtmm_btf_count(const void *data, size_t len);
long vtmm_btf_open(struct vtmm_btf *b, const void *data, size_t len,
		   const struct vtmm_btf *base, __u32 *at);
enum vtmm_btf_verdict vtmm_btf_compare(const struct vtmm_btf *b,
				       const struct vtmm_fact *fact,
				       char *say, size_t size);

#endif /* _VTMM_COMPAT_BTF_H */
