// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's exceptions.
 */
#include <string.h>

#include "fault.h"

/* Descriptors of flat 64-bit segments (APM 2, 4.8): present, accessed. */
#define GDT_CODE 0x00af9b000000ffffUL
#define GDT_DATA 0x00cf93000000ffffUL

/* An interrupt gate (APM 2, 4.8.4): present, type 14. */
#define GATE_INTERRUPT 0x8e00UL

/* Vectors for which the CPU pushes an error code (APM 2, 8.2). */
#define WITH_ERROR                                                            \
	(BIT(8) | BIT(10) | BIT(11) | BIT(12) | BIT(13) | BIT(14) | BIT(17) | \
	 BIT(21) | BIT(29) | BIT(30))

static void put_gate(u64 *gate, u64 handler)
{
	gate[0] = (handler & 0xffff) | FAULT_CODE_SELECTOR << 16 |
		  GATE_INTERRUPT << 32 | (handler >> 16 & 0xffff) << 48;
	gate[1] = handler >> 32;
}

void fault_fill(u8 *page, u64 stubs)
{
	const u64 gdt[] = {0, GDT_CODE, GDT_DATA};
	u64 *idt = (u64 *)(page + FAULT_IDT);
	u64 i;

	for (i = 0; i < GUEST_VECTORS; i++)
		put_gate(idt + 2 * i, stubs + i * GUEST_STUB_SIZE);
	memcpy(page + FAULT_GDT, gdt, sizeof(gdt));
}

void fault_tell(const struct mailbox *m, struct err *err)
{
	u64 vector = m->fault[0];
	bool has_error = vector < GUEST_VECTORS && WITH_ERROR & BIT(vector);

	err_fill(err,
		 "the guest met exception %lu (error %#lx) at %#lx, CR2 %#lx",
		 vector, has_error ? m->fault[1] : 0,
		 m->fault[has_error ? 2 : 1], m->fault_address);
}
