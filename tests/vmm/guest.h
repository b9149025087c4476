/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's code as the VMM sees it: a block of bytes to be copied and the
 * entry in it. Never call guest_entry() in the VMM itself.
 */
#ifndef VMM_GUEST_H
#define VMM_GUEST_H

#include "guest_abi.h"

/* Named by the linker after the section that the build puts the code into. */
extern const u8 __start_guest_text[];
extern const u8 __stop_guest_text[];

/* Where a function of the guest is in the guest's memory. */
#define guest_address(fn) (AREA_CODE + ((u8 *)(fn)-__start_guest_text))

void guest_entry(struct mailbox *m);
void guest_enter_svm(const struct nested_boot *b);
void guest_enter_vmx(const struct nested_boot *b);
void guest_left(void);
void guest_fault(const u64 *frame);
void guest_fault_stubs(void);

#endif
