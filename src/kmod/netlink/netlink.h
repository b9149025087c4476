/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netlink: the netlink family, by which all of the module is used.
 */
#ifndef _VTMM_NETLINK_NETLINK_H
#define _VTMM_NETLINK_NETLINK_H

int vtmm_netlink_init(void);
void vtmm_netlink_exit(void);

#endif /* _VTMM_NETLINK_NETLINK_H */
