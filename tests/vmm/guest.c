// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest: the code that a vCPU runs. It is copied as one block into the
 * guest's control area, so it must never call anything outside this file,
 * nor use data of its own: everything it knows is in the mailbox.
 */
#include "guest.h"

/* State of the loop over the runs; saved to the mailbox before each exit. */
struct walk {
	struct mailbox *m;
	struct guest_pos pos;
	u64 budget;
	u64 accesses;
	u64 page_sum;
	u64 last_tsc;
};

static inline u64 read_tsc(void)
{
	u32 lo, hi;

	asm volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return ((u64)hi << 32) | lo;
}

#ifdef GUEST_NATIVE
/* The unit tests run this code as a function and look on. */
void tell(u8 code);

static inline void wait_for_interrupt(void)
{
}
#else
static inline void tell(u8 code)
{
	asm volatile("outb %0, %1"
		     :
		     : "a"(code), "Nd"((unsigned short)GUEST_PORT)
		     : "memory");
}

static inline void wait_for_interrupt(void)
{
	asm volatile("hlt" : : : "memory");
}
#endif

static void save(struct walk *w)
{
	struct mailbox *m = w->m;

	m->pos = w->pos;
	m->accesses = w->accesses;
	m->page_sum = w->page_sum;
}

static void leave(struct walk *w, u8 code)
{
	save(w);
	tell(code);
	w->budget = w->m->exit_every;
}

/* Accesses that the compiler may neither leave out nor join. */
static inline u64 load(const u64 *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline void store(u64 *p, u64 value)
{
	__atomic_store_n(p, value, __ATOMIC_RELAXED);
}

/* Between two accesses: exits if the VMM wants it or the budget is used up. */
static inline void checkpoint(struct walk *w, u64 cost)
{
	if (__atomic_load_n(&w->m->attention, __ATOMIC_ACQUIRE))
		leave(w, GUEST_ATTENTION);
	else if (w->budget < cost)
		leave(w, GUEST_YIELD);
	else
		w->budget -= cost;
}

static inline void count_access(struct walk *w, u64 gpa)
{
	w->accesses++;
	w->page_sum += gpa;
}

static void note_gap(struct walk *w)
{
	struct mailbox *m = w->m;
	u64 now = read_tsc();
	u64 gap = now - w->last_tsc;

	if (w->last_tsc) {
		if (gap > m->gap_max)
			m->gap_max = gap;
		m->gap_hist[63 - __builtin_clzl(gap | 1)]++;
	}
	w->last_tsc = read_tsc();
}

static inline void touch_page(u64 *p, const struct run *r)
{
	if (r->mode & RUN_READ)
		(void)load(p);
	if (r->mode & RUN_WRITE)
		store(p, tag_word((u64)p >> PAGE_SHIFT, r->tag));
}

static void touch_run(struct walk *w, const struct run *r)
{
	u64 gpa = r->gfn << PAGE_SHIFT;
	u64 step = (u64)r->stride << PAGE_SHIFT;
	u64 gaps = w->m->gaps;

	while (w->pos.off < r->count) {
		checkpoint(w, 1);
		touch_page((u64 *)gpa, r);
		if (gaps)
			note_gap(w);
		count_access(w, gpa);
		w->pos.off++;
		gpa += step;
	}
}

static void bad_word(struct mailbox *m, u64 gfn)
{
	if (!m->errors++)
		m->bad_gfn = gfn;
}

static void check_page(struct mailbox *m, u64 *p, u32 version, u32 tag)
{
	u64 gfn = (u64)p >> PAGE_SHIFT;
	u64 base = pattern_base(gfn, version, m->seed);
	u32 i = 0;

	if (tag) {
		if (load(p) != tag_word(gfn, tag))
			bad_word(m, gfn);
		i = 1;
	}
	for (; i < PAGE_WORDS; i++)
		if (load(p + i) != pattern_word(base, version, i))
			bad_word(m, gfn);
}

static void write_page(struct mailbox *m, u64 *p, u32 version)
{
	u64 base = pattern_base((u64)p >> PAGE_SHIFT, version, m->seed);
	u32 i;

	for (i = 0; i < PAGE_WORDS; i++)
		store(p + i, pattern_word(base, version, i));
}

static void whole_page(struct walk *w, u64 *p, const struct run *r)
{
	struct mailbox *m = w->m;
	u32 pass = (u32)w->pos.pass;

	if (m->op == OP_FILL) {
		write_page(m, p, r->version);
	} else if (m->op == OP_VERIFY) {
		check_page(m, p, r->version, r->tag);
	} else {
		check_page(m, p, r->version + pass, pass ? 0 : r->tag);
		write_page(m, p, r->version + pass + 1);
	}
}

static void pattern_run(struct walk *w, const struct run *r)
{
	u64 gpa = r->gfn << PAGE_SHIFT;
	u64 step = (u64)r->stride << PAGE_SHIFT;
	u64 cost = PAGE_WORDS;

	while (w->pos.off < r->count) {
		checkpoint(w, cost);
		whole_page(w, (u64 *)gpa, r);
		count_access(w, gpa);
		w->pos.off++;
		gpa += step;
	}
}

static void walk_runs(struct walk *w)
{
	struct mailbox *m = w->m;
	const struct run *runs = (const struct run *)m->runs;

	for (; w->pos.pass < m->passes; w->pos.pass++) {
		for (w->pos.run = 0; w->pos.run < m->nr_runs; w->pos.run++) {
			w->pos.off = 0;
			if (m->op == OP_TOUCH)
				touch_run(w, &runs[w->pos.run]);
			else
				pattern_run(w, &runs[w->pos.run]);
		}
	}
}

static void spin(struct walk *w)
{
	u64 gaps = w->m->gaps;

	for (; w->pos.pass < w->m->passes; w->pos.pass++) {
		checkpoint(w, 1);
		if (gaps)
			note_gap(w);
	}
}

/* Nothing wakes the guest: the VMM makes the vCPU runnable to end this. */
static void halt(struct walk *w)
{
	for (; w->pos.pass < w->m->passes; w->pos.pass++) {
		checkpoint(w, 1);
		wait_for_interrupt();
	}
}

/* Read what the guest's tables do not map. */
static void crash(void)
{
	(void)load((const u64 *)CRASH_ADDRESS);
}

/**
 * guest_entry() - where every vCPU starts; does one operation per mailbox
 * @m: the vCPU's mailbox
 *
 * The VMM enters again after GUEST_DONE once it has refilled the mailbox.
 */
void guest_entry(struct mailbox *m)
{
	for (;;) {
		struct walk w = {.m = m, .budget = m->exit_every};

		if (m->op == OP_SPIN)
			spin(&w);
		else if (m->op == OP_HALT)
			halt(&w);
		else if (m->op == OP_CRASH)
			crash();
		else
			walk_runs(&w);
		save(&w);
		tell(GUEST_DONE);
	}
}

/**
 * guest_left() - where a vCPU goes on that has left its nested guest
 *
 * It never should: the nested guest's exits are the host's.
 */
void guest_left(void)
{
	for (;;)
		tell(GUEST_LEFT);
}

#ifndef GUEST_NATIVE
/**
 * guest_fault_stubs() - GUEST_VECTORS entries of GUEST_STUB_SIZE bytes
 *
 * Each pushes its vector's number and gives the frame to guest_fault().
 */
__attribute__((naked, aligned(GUEST_STUB_SIZE))) void guest_fault_stubs(void)
{
	asm volatile(".set vector, 0\n"
		     ".rept %c0\n"
		     "push $vector\n"
		     "mov %%rsp, %%rdi\n"
		     "jmp guest_fault\n"
		     ".balign %c1\n"
		     ".set vector, vector + 1\n"
		     ".endr\n"
		     :
		     : "i"(GUEST_VECTORS), "i"(GUEST_STUB_SIZE));
}

/**
 * guest_fault() - tell the VMM of an exception, for ever
 * @frame: on the vCPU's stack: the vector, then what the CPU pushed
 *
 * The guest never causes one by itself.
 */
void guest_fault(const u64 *frame)
{
	struct mailbox *m = (void *)((u64)frame & ~(AREA_VCPU_SIZE - 1));
	u32 i;

	for (i = 0; i < FAULT_WORDS; i++)
		m->fault[i] = frame[i];
	asm volatile("mov %%cr2, %0" : "=r"(m->fault_address));
	for (;;)
		tell(GUEST_FAULT);
}
#endif

/**
 * guest_enter_svm() - become a nested guest that runs guest_entry(), on AMD
 * @b: all that it takes
 */
void guest_enter_svm(const struct nested_boot *b)
{
	asm volatile("vmrun %%rax"
		     :
		     : "a"(b->vmcb), "D"(b->mailbox)
		     : "memory");
	guest_left();
}

/**
 * guest_enter_vmx() - the same on Intel
 * @b: all that it takes
 */
void guest_enter_vmx(const struct nested_boot *b)
{
	u64 i;

	asm volatile("vmxon %0" : : "m"(b->vmxon) : "cc", "memory");
	asm volatile("vmclear %0" : : "m"(b->vmcs) : "cc", "memory");
	asm volatile("vmptrld %0" : : "m"(b->vmcs) : "cc", "memory");
	for (i = 0; i < b->nr_fields; i++)
		asm volatile("vmwrite %1, %0"
			     :
			     : "r"(b->fields[i].field), "r"(b->fields[i].value)
			     : "cc", "memory");
	asm volatile("vmlaunch" : : "D"(b->mailbox) : "cc", "memory");
	guest_left();
}
