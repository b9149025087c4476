/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * events: tells who listens what happened to a VM.
 */
#ifndef _VTMM_EVENTS_H
#define _VTMM_EVENTS_H

#include <linux/types.h>
#include <linux/vtmm.h>

struct genl_family;
struct vtmm_vm;

void vtmm_events_open(struct genl_family *family);
void vtmm_event(struct vtmm_vm *vm, enum vtmm_event_kind kind, const char *text);
void vtmm_event_moves(struct vtmm_vm *vm, u64 promoted, u64 demoted);
void vtmm_event_allotment(struct vtmm_vm *vm, u64 allotment);

#endif /* _VTMM_EVENTS_H */
