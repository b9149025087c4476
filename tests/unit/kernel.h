/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel: what src/kmod/kvm/walk.c and leaf.c need of the kernel, in user
 * space: included before them, in place of its headers, which are empty there.
 * Tables are pages of this process, frame numbers count pages of
 * kernel_pages[]. What a test wants to see or to say is a variable or a
 * function of the test's.
 */
#ifndef _VTMM_TESTS_KERNEL_H
#define _VTMM_TESTS_KERNEL_H

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

#include <vtmm/types.h>

typedef unsigned int uint;
typedef u64 gfn_t;
typedef u64 kvm_pfn_t;

#define BIT_ULL(n) (1ULL << (n))
#define GENMASK_ULL(h, l) ((~0ULL >> (63 - (h))) & (~0ULL << (l)))
#define PAGE_SHIFT 12
#define PAGE_SIZE 4096UL
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_ALIGNED(p) (!((unsigned long)(p) & ~PAGE_MASK))
#define __PHYSICAL_MASK ((1ULL << 52) - 1)
#define __va(x) ((void *)(unsigned long)(x))
#define NSEC_PER_USEC 1000L
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define max(a, b) ((a) > (b) ? (a) : (b))

#define __acquires(...)
#define __releases(...)
#define module_param(...)
#define MODULE_PARM_DESC(...)
#define cond_resched() ((void)0)
#define need_resched() false

enum { PG_LEVEL_4K = 1, PG_LEVEL_2M, PG_LEVEL_1G };

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct callback_head {
	void *next;
};

struct completion {
	int done;
};

struct kvm_vcpu;
struct module;
struct task_struct;
struct tracepoint;
typedef void (*task_work_func_t)(struct callback_head *);

/* A page is its own folio. */
struct page {
	void *mapping;
	u8 tier;
	bool dirty;
};

#define PageReserved(...) false
#define is_zone_device_page(...) false
#define page_folio(p) (p)
#define virt_addr_valid(...) true
#define page_private(...) 0UL

extern struct page kernel_pages[];
bool pfn_valid(u64 pfn);
#define pfn_to_page(pfn) (&kernel_pages[pfn])
#define kvm_set_pfn_dirty(pfn) (kernel_pages[pfn].dirty = true)

union kvm_mmu_page_role {
	u32 word;
	struct {
		unsigned int level : 4;
		unsigned int invalid : 1;
		unsigned int guest_mode : 1;
		unsigned int smm : 1;
	};
};

#define KVM_USER_MEM_SLOTS 32764
#define KVM_MEMSLOT_INVALID BIT_ULL(16)
#define vtmm_compat_slot_private(...) false

struct kvm_memory_slot {
	u64 base_gfn;
	u64 npages;
	u32 flags;
	short id;
	bool logged;
};

struct kvm_memslots {
	struct kvm_memory_slot slot;
};

struct kvm {
	int mmu_lock;
	struct kvm_memslots slots;
};

#define __kvm_memslots(kvm, as) ((void)(as), &(kvm)->slots)
#define kvm_slot_dirty_track_enabled(slot) ((slot)->logged)

static inline struct kvm_memory_slot *
__gfn_to_memslot(struct kvm_memslots *slots, u64 gfn)
{
	struct kvm_memory_slot *slot = &slots->slot;

	return gfn - slot->base_gfn < slot->npages ? slot : NULL;
}

/* The test's: the clock, who waits for the lock, who else writes an entry. */
u64 local_clock(void);
bool rwlock_needbreak(int *lock);
bool try_cmpxchg64(u64 *p, u64 *old, u64 new);

/* src/compat/symbols.h */
u64 vtmm_accessed_mask(void);
u64 vtmm_dirty_mask(void);
bool vtmm_log_by_dirty(void);

#endif /* _VTMM_TESTS_KERNEL_H */
