/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's exceptions: the descriptor tables that lead each of them to
 * guest_fault(), and what it found, as a sentence. Pure memory reading and
 * writing. Without it a guest would just be gone, as by a triple fault.
 */
#ifndef VMM_FAULT_H
#define VMM_FAULT_H

#include "guest_abi.h"
#include "util.h"

#define FAULT_CODE_SELECTOR 8
#define FAULT_DATA_SELECTOR 16

/* Both tables are in one page. */
#define FAULT_IDT 0
#define FAULT_IDT_SIZE (GUEST_VECTORS * 16)
#define FAULT_GDT FAULT_IDT_SIZE
#define FAULT_GDT_SIZE (3 * 8)
#define FAULT_TABLES_SIZE (FAULT_GDT + FAULT_GDT_SIZE)

/**
 * fault_fill() - write the tables
 * @page: where to, FAULT_TABLES_SIZE bytes
 * @stubs: guest-physical address of guest_fault_stubs
 */
void fault_fill(u8 *page, u64 stubs);

/* Tell what guest_fault() wrote to the vCPU's mailbox. */
void fault_tell(const struct mailbox *m, struct err *err);

#endif
