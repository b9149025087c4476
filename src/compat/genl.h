/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * genl: what differs between kernels in generic netlink.
 */
#ifndef _VTMM_COMPAT_GENL_H
#define _VTMM_COMPAT_GENL_H

#include <net/genetlink.h>
#include "features.h"

/* The attributes of the request that a dump answers. */
static inline struct nlattr **vtmm_compat_dump_attrs(struct netlink_callback *cb)
{
#if VTMM_HAS_GENL_DUMP_INFO
	return genl_dumpit_info(cb)->info.attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

#endif /* _VTMM_COMPAT_GENL_H */
