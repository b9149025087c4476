/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the VMM and the guest code agree on: the mailbox, the run list, the
 * operations and the content of pages. Included by both sides, so it must
 * never need a libc header or a call.
 */
#ifndef VMM_GUEST_ABI_H
#define VMM_GUEST_ABI_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

#define BIT(n) (1UL << (n))

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096UL
#define PAGE_WORDS (PAGE_SIZE / sizeof(u64))

/* The guest reports by writing one of these bytes to the port. */
#define GUEST_PORT 0x510
#define GUEST_DONE 1  /* the operation is complete */
#define GUEST_YIELD 2 /* still busy; gives the host's scheduler a chance */
#define GUEST_ATTENTION                                       \
	3 /* saw mailbox.attention; waits to be entered again \
	   */

#define GUEST_LEFT 4  /* a nested guest could not be entered, or was left */
#define GUEST_FAULT 5 /* an exception; what it was is in mailbox.fault */

/* A vCPU's mailbox is the first page of so much memory; its stack is the rest.
 */
#define AREA_VCPU_SIZE 0x2000UL

#define CRASH_ADDRESS 0x7ffffffff000UL

#define GUEST_VECTORS 32
#define GUEST_STUB_SIZE 16 /* code before the handler, per vector */
#define FAULT_WORDS 3

enum guest_op {
	OP_TOUCH = 1, /* one u64 of each page: read, written or both */
	OP_FILL,      /* write whole pages with their pattern */
	OP_VERIFY,    /* compare whole pages with their pattern */
	OP_WRITER,    /* compare, then write the next version, over and over */
	OP_SPIN,      /* touch no data page */
	OP_HALT,      /* sleep inside KVM */
	OP_CRASH,     /* meet an exception */
};

#define RUN_READ 1
#define RUN_WRITE 2

/**
 * struct run - pages that are accessed one after the other
 * @gfn: first page
 * @count: number of pages
 * @stride: distance between two of them, in pages
 * @version: version of their content before the operation (FILL: the new one)
 * @tag: tag of their first word, 0 if it belongs to the pattern
 * @mode: RUN_READ and/or RUN_WRITE
 */
struct run {
	u64 gfn;
	u32 count;
	u32 stride;
	u32 version;
	u32 tag;
	u32 mode;
	u32 pad;
};

/* Where the guest is: the item @off of run @run in pass @pass comes next. */
struct guest_pos {
	u64 pass;
	u64 run;
	u64 off;
};

#define GAP_BUCKETS 64

/**
 * struct mailbox - one page per vCPU, written by the VMM before an operation
 * @attention: set by the VMM at any time: save the position and exit
 * @op: enum guest_op
 * @runs: guest-physical address of the run list
 * @nr_runs: entries in it
 * @passes: how often to go through it (SPIN: iterations); ~0 is for ever
 * @exit_every: accesses between two GUEST_YIELD exits; ~0 is never
 * @seed: seed of the patterns
 * @gaps: measure the time between accesses by the TSC
 * @pos: out: where the guest is, valid at every exit
 * @accesses: out: pages accessed so far
 * @page_sum: out: sum of the guest-physical addresses accessed so far
 * @errors: out: words that did not hold what they should
 * @bad_gfn: out: page of the first such word
 * @gap_max: out: longest gap, in TSC ticks
 * @gap_hist: out: gaps counted by the position of their highest bit
 * @fault: out: the vector of an exception and what the CPU pushed last
 * @fault_address: out: CR2 then
 */
struct mailbox {
	u32 attention;
	u32 op;
	u64 runs;
	u64 nr_runs;
	u64 passes;
	u64 exit_every;
	u64 seed;
	u64 gaps;
	struct guest_pos pos;
	u64 accesses;
	u64 page_sum;
	u64 errors;
	u64 bad_gfn;
	u64 gap_max;
	u64 gap_hist[GAP_BUCKETS];
	u64 fault[FAULT_WORDS];
	u64 fault_address;
};

#define NESTED_FIELDS 80

/**
 * struct nested_boot - how a vCPU enters a guest of its own; one page
 * @mailbox: of the vCPU; the nested guest runs guest_entry() with it
 * @vmcb: AMD: guest-physical address of the control block
 * @vmxon: Intel: guest-physical address of the VMXON region
 * @vmcs: Intel: guest-physical address of the VMCS
 * @nr_fields: Intel: fields to write to it
 * @fields: number and value of each
 */
struct nested_boot {
	u64 mailbox;
	u64 vmcb;
	u64 vmxon;
	u64 vmcs;
	u64 nr_fields;
	struct {
		u64 field;
		u64 value;
	} fields[NESTED_FIELDS];
};

#define PATTERN_STEP 0x9e3779b97f4a7c15UL

/**
 * pattern_base() - first word of a page's pattern; word i adds i steps
 * @gfn: the page
 * @version: its version, from 1; version 0 is a page of zeros
 * @seed: the VM's seed
 */
static inline u64 pattern_base(u64 gfn, u32 version, u64 seed)
{
	u64 x = seed ^ (gfn * 0xd6e8feb86659fd93UL) ^
		((u64)version * 0xa0761d6478bd642fUL);

	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93UL;
	x ^= x >> 32;
	return x | 1;
}

/* The word at index @i of a page of version @version whose base is @base. */
static inline u64 pattern_word(u64 base, u32 version, u64 i)
{
	return version ? base + i * PATTERN_STEP : 0;
}

/* What a plain write access leaves in the first word of the page. */
static inline u64 tag_word(u64 gfn, u32 tag)
{
	return ((u64)tag << 40) | (gfn ^ 0xa5);
}

#endif
