/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * features: which kernels vtmm is built for, and what they have. Here alone the
 * kernel's version and configuration are asked for; everything else asks for a
 * feature by its name. It must never hold code.
 *
 * "Since 6.12" means that of the supported kernels 6.12 is the first that has it. A
 * new series is a row of scripts/kernels.txt, and a line here for each thing that it
 * does in another way.
 */
#ifndef _VTMM_COMPAT_FEATURES_H
#define _VTMM_COMPAT_FEATURES_H

#include <linux/version.h>
#include "supported.h"	/* made from scripts/kernels.txt: refuses all others */

#ifndef CONFIG_X86_64
#error "vtmm supports x86-64 only."
#endif

#define VTMM_SINCE(major, minor)	(LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0))

/* KVM */

/* "The TDP MMU is in use" is a flag of kvm.ko; before it is one of each VM. */
#define VTMM_HAS_GLOBAL_TDP_MMU		VTMM_SINCE(6, 12)
/* The number of address spaces depends on the VM. */
#define VTMM_HAS_AS_IDS_BY_VM		VTMM_SINCE(6, 12)
/* Types of VM, and memory that only the guest may read (guest_memfd). */
#define VTMM_HAS_PRIVATE_MEM		VTMM_SINCE(6, 12)
/* Users of the dirty log are counted by an atomic_t. */
#define VTMM_HAS_ATOMIC_DIRTY_LOGGING	VTMM_SINCE(6, 12)
/* An asynchronous page fault has the error code of the fault. */
#define VTMM_HAS_APF_ERROR_CODE		VTMM_SINCE(6, 12)

/* Memory management */

/* migrate_pages() hands folios to its callbacks, not pages. */
#define VTMM_HAS_FOLIO_TARGETS		VTMM_SINCE(6, 12)
/* folio_isolate_lru() returns true for success, not 0. */
#define VTMM_HAS_BOOL_ISOLATE		VTMM_SINCE(6, 12)
/* migrate_pages() copies by a function that bears memory errors and can fail. */
#define VTMM_HAS_MC_COPY		VTMM_SINCE(6, 12)
/* change_protection() takes the protection from the VMA. */
#define VTMM_HAS_VMA_PROTECTION		VTMM_SINCE(6, 12)

/* The rest */

/* What a dump is told of its request holds a struct genl_info. */
#define VTMM_HAS_GENL_DUMP_INFO		VTMM_SINCE(6, 12)
/* Tracers of functions may ask for all registers, and change where it goes on. */
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_REGS
#define VTMM_HAS_FTRACE_REGS		1
#else
#define VTMM_HAS_FTRACE_REGS		0
#endif

#endif /* _VTMM_COMPAT_FEATURES_H */
