/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mm: what differs between kernels in moving, copying and protecting pages. It must
 * never hold policy or state.
 */
#ifndef _VTMM_COMPAT_MM_H
#define _VTMM_COMPAT_MM_H

#include <linux/highmem.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include "features.h"

/* Makes of fn(folio, private) what migrate_pages() calls for a page to move to. */
#if VTMM_HAS_FOLIO_TARGETS
#define VTMM_COMPAT_DEFINE_TARGET(name, fn)				\
static struct folio *name(struct folio *folio, unsigned long private)	\
{									\
	return fn(folio, private);					\
}
#else
#define VTMM_COMPAT_DEFINE_TARGET(name, fn)				\
static struct page *name(struct page *page, unsigned long private)	\
{									\
	struct folio *dst = fn(page_folio(page), private);		\
									\
	return dst ? &dst->page : NULL;					\
}
#endif

/* What folio_isolate_lru() returns, and whether that is success. */
#if VTMM_HAS_BOOL_ISOLATE
#define VTMM_COMPAT_ISOLATE_RET	bool
static inline bool vtmm_compat_isolated(bool ret)
{
	return ret;
}
#else
#define VTMM_COMPAT_ISOLATE_RET	int
static inline bool vtmm_compat_isolated(int ret)
{
	return ret == 0;
}
#endif

/* The function that migrate_pages() copies by, and a copy as it makes them. */
#if VTMM_HAS_MC_COPY
#define VTMM_COMPAT_COPY_NAME	"folio_mc_copy"
static inline int vtmm_compat_copy(struct folio *dst, struct folio *src)
{
	return folio_mc_copy(dst, src);
}
#else
#define VTMM_COMPAT_COPY_NAME	"folio_copy"
static inline int vtmm_compat_copy(struct folio *dst, struct folio *src)
{
	long i;

	for (i = 0; i < folio_nr_pages(src); i++) {
		copy_highpage(folio_page(dst, i), folio_page(src, i));
		cond_resched();
	}
	return 0;
}
#endif

#endif /* _VTMM_COMPAT_MM_H */
