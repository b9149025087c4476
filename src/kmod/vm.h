/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vm: the life of an attached VM.
 */
#ifndef _VTMM_VM_H
#define _VTMM_VM_H

#include "vtmm.h"

struct netlink_ext_ack;

/**
 * struct vtmm_order - what a request says of a VM
 * @set: its settings
 * @terms: what it may have of the pool
 * @name: for people, or NULL to leave it (or take the VMM's command name)
 */
struct vtmm_order {
	struct vtmm_settings set;
	struct vtmm_terms terms;
	const char *name;
};

struct vtmm_vm *vtmm_vm_attach(pid_t pid, int fd, const struct vtmm_order *order,
			       struct netlink_ext_ack *extack);
int vtmm_vm_change(struct vtmm_vm *vm, const struct vtmm_order *order,
		   struct netlink_ext_ack *extack);
void vtmm_vm_detach(struct vtmm_vm *vm, enum vtmm_event_kind why);
void vtmm_vm_detach_all(void);
struct vtmm_vm *vtmm_vm_by_id(u32 id);

#endif /* _VTMM_VM_H */
