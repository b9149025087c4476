// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bench's guest: makes the accesses of one phase after the other. It is
 * copied as one block into guest memory, so it must never call anything
 * outside this file, nor use data of its own.
 */
#include "guest.h"

static inline __attribute__((always_inline)) void mark(int which)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80\n.long %c0"
		     :
		     : "i"(which)
		     : "memory");
}

static inline void tell(u8 code)
{
	asm volatile("outb %0, %1"
		     :
		     : "a"(code), "Nd"((unsigned short)GUEST_PORT)
		     : "memory");
}

/* A linear congruential step; only the high bits are used as they are. */
static inline u64 draw(u64 *state)
{
	*state = *state * 0x5851f42d4c957f2dUL + 0x14057b7ef767814fUL;
	return *state;
}

static inline u32 drawn_page(const struct load *l, u32 r)
{
	const u32 *order = (const u32 *)LOAD_ORDER;
	u32 at = r >> 22, part = (r >> 12) & 1023;
	u64 low = l->quantile[at], high = l->quantile[at + 1];

	return order[(low + ((high - low) * part >> 10)) >> 8];
}

static inline u32 stream_page(struct load *l)
{
	u64 at = l->stream_at++;

	return l->stream_first + at / l->stream_lines % l->stream_pages;
}

/*
 * A prefix without a meaning tells the meter which accesses count. What is read
 * goes into the next address, as nothing: a real CPU can't begin it earlier.
 */
static inline u64 touch(u64 gpa, u32 write)
{
	u64 value = 0;

	if (write)
		asm volatile(".byte %c2\nmovl %1, (%0)"
			     :
			     : "r"(gpa), "r"(write), "i"(MARK_PREFIX)
			     : "memory");
	else
		asm volatile(".byte %c2\nmovl (%1), %k0\nand $0, %0"
			     : "=r"(value)
			     : "r"(gpa), "i"(MARK_PREFIX)
			     : "memory", "cc");
	return value;
}

static inline void idle(u64 turns)
{
	if (turns)
		asm volatile("1: dec %0\njnz 1b" : "+r"(turns) : : "cc");
}

static void phase(struct load *l)
{
	u64 rng = l->rng, n, turns = l->idle;
	u32 mix = l->mix, drawn_write = l->write;

	for (n = l->accesses; n; n--) {
		u64 x = draw(&rng), y = (x ^ x >> 29) * 0x9e3779b97f4a7c15UL;
		u32 page, write;

		if ((x >> 48) < mix) {
			page = stream_page(l);
			write = (y >> 48) < l->stream_write;
		} else {
			page = drawn_page(l, (u32)(x >> 16));
			write = (y >> 48) < drawn_write;
		}
		rng += touch(LOAD_DATA + ((u64)page << PAGE_SHIFT) +
				     (y >> 36 & 0xfc0),
			     write);
		idle(turns);
	}
	l->rng = rng;
}

/**
 * load_entry() - where the vCPU starts; a phase for each entry
 * @l: the phase, filled in anew by the VMM after each GUEST_DONE
 */
void load_entry(struct load *l)
{
	for (;;) {
		mark(MARK_BEGIN);
		phase(l);
		mark(MARK_END);
		tell(GUEST_DONE);
	}
}

/* As guest_fault_stubs() of the tiny VMM. */
__attribute__((naked, aligned(GUEST_STUB_SIZE))) void load_fault_stubs(void)
{
	asm volatile(".set vector, 0\n"
		     ".rept %c0\n"
		     "push $vector\n"
		     "mov %%rsp, %%rdi\n"
		     "jmp load_fault\n"
		     ".balign %c1\n"
		     ".set vector, vector + 1\n"
		     ".endr\n"
		     :
		     : "i"(GUEST_VECTORS), "i"(GUEST_STUB_SIZE));
}

/**
 * load_fault() - tell the VMM of an exception, for ever
 * @frame: on the stack: the vector, then what the CPU pushed
 */
void load_fault(const u64 *frame)
{
	struct mailbox *m = (void *)LOAD_MAILBOX;
	u32 i;

	for (i = 0; i < FAULT_WORDS; i++)
		m->fault[i] = frame[i];
	asm volatile("mov %%cr2, %0" : "=r"(m->fault_address));
	for (;;)
		tell(GUEST_FAULT);
}
