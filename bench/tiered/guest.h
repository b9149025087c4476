/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bench's guest as its VMM sees it: a block of bytes to be copied and the
 * entries in it. None of them must be called in the VMM itself.
 */
#ifndef BENCH_GUEST_H
#define BENCH_GUEST_H

#include "load.h"

/* Named by the linker after the section that the build puts the code into. */
extern const u8 __start_load_text[];
extern const u8 __stop_load_text[];

/* Where a function of the guest is in the guest's memory. */
#define code_address(fn) (LOAD_CODE + ((u8 *)(fn)-__start_load_text))

void load_entry(struct load *l);
void load_fault(const u64 *frame);
void load_fault_stubs(void);

#endif
