// SPDX-License-Identifier: GPL-2.0-only
/*
 * copy_ahead: copies pages while the guest still runs, so that they are away from
 * it for as long as it takes to unmap and to map them, and not to copy them too.
 *
 * The witness that a page was not written since is the write bit of the VMM's own
 * entry for it. It is taken away first, of which KVM and all others that map the
 * page are told; nobody may hold a reference to the page then. From there on who
 * writes has to go through a write fault, which gives the write bit back, and
 * nobody takes it away again without telling this file's notifier. When the page
 * is unmapped the migration entry says whether the bit was there.
 *
 * It must never take a page for unwritten when any of that is in doubt: then the
 * kernel copies it again, unmapped. It must never touch dirty bits or flags.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/rculist.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/userfaultfd_k.h>
#include "compat/symbols.h"
#include "compat/tlb.h"
#include "move/hook.h"
#include "move/internal.h"

/* For so many pages mmap_lock is held: a few milliseconds. The others are copied once. */
#define VTMM_AHEAD_PAGES	1024

static bool copy_ahead;
module_param(copy_ahead, bool, 0444);
MODULE_PARM_DESC(copy_ahead, "copy pages of private anonymous memory while the guest runs, and again if it writes them (default: no)");

/* Who copies ahead just now. Readers: the hook, under RCU. */
static LIST_HEAD(vtmm_aheads);
static DEFINE_SPINLOCK(vtmm_aheads_lock);

static bool vtmm_ahead_ready;	/* set once, by vtmm_ahead_init() */

static const char *vtmm_ahead_hidden(void)
{
	return VTMM_HIDDEN(VTMM_SYM_PROTECT, VTMM_SYM_TLB_GATHER, VTMM_SYM_TLB_FINISH);
}

/**
 * vtmm_ahead_wanted() - did the operator ask for it?
 *
 * Context: any.
 */
bool vtmm_ahead_wanted(void)
{
	return copy_ahead;
}

/**
 * vtmm_ahead_missing() - why no page is copied while the guest runs
 *
 * Context: any.
 * Return: a sentence, or NULL when pages are.
 */
const char *vtmm_ahead_missing(void)
{
	if (!copy_ahead)
		return "switched off by the parameter copy_ahead";
	if (!vtmm_ahead_ready)
		return vtmm_ahead_hidden();
	return NULL;
}

static pmd_t *vtmm_ahead_pmd(struct mm_struct *mm, unsigned long addr)
{
	pgd_t *pgd = pgd_offset(mm, addr);
	p4d_t *p4d;
	pud_t *pud;

	if (!pgd_present(*pgd))
		return NULL;
	p4d = p4d_offset(pgd, addr);
	if (!p4d_present(*p4d))
		return NULL;
	pud = pud_offset(p4d, addr);
	if (!pud_present(*pud) || pud_leaf(*pud))
		return NULL;
	return pmd_offset(pud, addr);
}

/*
 * The VMM's entry for an item: a PMD's value for a huge page. Tables are not freed
 * while mmap_lock is held. Zero when there is no entry of this size.
 */
static pteval_t vtmm_ahead_entry(const struct vtmm_batch *b,
				 const struct vtmm_batch_item *item)
{
	pmd_t *pmdp = vtmm_ahead_pmd(b->mm, item->hva), pmd;

	if (!pmdp)
		return 0;
	pmd = READ_ONCE(*pmdp);
	if (item->pages > 1)
		return pmd_none(pmd) || (pmd_present(pmd) && !pmd_leaf(pmd)) ?
			0 : pmd_val(pmd);
	if (!pmd_present(pmd) || pmd_leaf(pmd))
		return 0;
	return pte_val(READ_ONCE(*pte_offset_kernel(&pmd, item->hva)));
}

static bool vtmm_ahead_writable(const struct vtmm_batch *b,
				const struct vtmm_batch_item *item)
{
	pteval_t val = vtmm_ahead_entry(b, item);

	if (item->pages > 1)
		return pmd_present(__pmd(val)) && pmd_write(__pmd(val)) &&
		       pmd_pfn(__pmd(val)) == folio_pfn(item->folio);
	return pte_present(__pte(val)) && pte_write(__pte(val)) &&
	       pte_pfn(__pte(val)) == folio_pfn(item->folio);
}

/* Is it mapped, and only its write bit missing? */
static bool vtmm_ahead_protected(const struct vtmm_batch *b,
				 const struct vtmm_batch_item *item)
{
	pteval_t val = vtmm_ahead_entry(b, item);

	if (item->pages > 1)
		return pmd_present(__pmd(val)) && !pmd_protnone(__pmd(val)) &&
		       !pmd_write(__pmd(val));
	return pte_present(__pte(val)) && !pte_protnone(__pte(val)) &&
	       !pte_write(__pte(val));
}

/*
 * The page is unmapped. Has no one written it since it was copied? The entry first:
 * who changes it has said so before.
 */
static bool vtmm_ahead_unwritten(const struct vtmm_batch *b,
				 const struct vtmm_batch_item *item)
{
	pteval_t val = vtmm_ahead_entry(b, item);
	swp_entry_t entry;

	if (!val || pte_present(__pte(val)) ||
	    (item->pages > 1 && !is_pmd_migration_entry(__pmd(val))))
		return false;
	entry = item->pages > 1 ? pmd_to_swp_entry(__pmd(val)) : pte_to_swp_entry(__pte(val));
	if (!is_migration_entry(entry) || is_writable_migration_entry(entry) ||
	    swp_offset_pfn(entry) != folio_pfn(item->folio))
		return false;
	smp_rmb(); /* pairs with the lock in vtmm_watch_start() */
	return !READ_ONCE(item->disturbed);
}

/* Takes the place of the kernel's function for a page that is copied already. */
static noinline notrace int vtmm_ahead_skip(struct folio *dst, struct folio *src)
{
	return 0;
}

static struct vtmm_batch *vtmm_ahead_mine(void)
{
	struct vtmm_ahead *a;

	list_for_each_entry_rcu(a, &vtmm_aheads, node)
		if (a->task == current)
			return a->locked ? container_of(a, struct vtmm_batch, ahead) : NULL;
	return NULL;
}

/*
 * The kernel is about to copy a folio to another, unmapped; with preemption off. When
 * this is not called the kernel copies, which is always right.
 */
static unsigned long notrace vtmm_ahead_hook(void *dst, void *src)
{
	struct vtmm_batch *b = vtmm_ahead_mine();
	struct vtmm_batch_item *item;

	item = b ? vtmm_batch_find(b, src) : NULL;
	if (!item || !item->taken || item->copy != dst)
		return 0;
	if (!vtmm_ahead_unwritten(b, item)) {
		item->copied = VTMM_COPIED_AGAIN;
		return 0;
	}
	item->copied = VTMM_COPIED_AHEAD;
	return (unsigned long)vtmm_ahead_skip;
}

/**
 * vtmm_ahead_init() - get ready, if the parameter asks for it
 *
 * Context: module init; may sleep.
 * Return: 0, or why the kernel's copying can't be hooked: a live patch is there.
 */
int vtmm_ahead_init(void)
{
	int ret;

	if (!copy_ahead || vtmm_ahead_hidden())
		return 0;
	ret = vtmm_hook_set(VTMM_COMPAT_COPY_NAME, vtmm_ahead_hook);
	vtmm_ahead_ready = !ret;
	return ret;
}

/**
 * vtmm_ahead_exit() - undo vtmm_ahead_init()
 *
 * Context: module exit, no VM is attached; sleeps until nobody is in the hook.
 */
void vtmm_ahead_exit(void)
{
	if (vtmm_ahead_ready)
		vtmm_hook_clear();
}

/**
 * vtmm_watch_init() - nothing is underway
 * @w: out: of a VM whose notifier is not registered yet
 *
 * Context: any.
 */
void vtmm_watch_init(struct vtmm_watch *w)
{
	spin_lock_init(&w->lock);
}

static void vtmm_watch_mark(struct vtmm_batch *b, unsigned long start, unsigned long end)
{
	struct vtmm_batch_item *item;

	for (item = b->item; item < b->item + b->nr; item++)
		if (item->hva && item->hva < end &&
		    item->hva + item->pages * PAGE_SIZE > start)
			WRITE_ONCE(item->disturbed, true);
}

/**
 * vtmm_watch_start() - entries of the VMM's page tables are about to change
 * @vm: whose VMM
 * @range: where
 *
 * Context: any in which no spinlock of mm is held; does not sleep.
 */
void vtmm_watch_start(struct vtmm_vm *vm, const struct mmu_notifier_range *range)
{
	struct vtmm_watch *w = &vm->mover->watch;

	if (!vtmm_ahead_ready || READ_ONCE(w->task) == current)
		return;
	spin_lock(&w->lock);
	w->running++;
	if (w->batch)
		vtmm_watch_mark(w->batch, range->start, range->end);
	spin_unlock(&w->lock);
}

/**
 * vtmm_watch_end() - they have changed
 * @vm: whose VMM
 * @range: where
 *
 * Context: as vtmm_watch_start().
 */
void vtmm_watch_end(struct vtmm_vm *vm, const struct mmu_notifier_range *range)
{
	struct vtmm_watch *w = &vm->mover->watch;

	if (!vtmm_ahead_ready || READ_ONCE(w->task) == current)
		return;
	spin_lock(&w->lock);
	w->running--;
	spin_unlock(&w->lock);
}

/* False when somebody is changing entries already: what, is not known any more. */
static bool vtmm_watch_begin(struct vtmm_batch *b)
{
	struct vtmm_watch *w = &b->vm->mover->watch;
	bool quiet;

	spin_lock(&w->lock);
	quiet = !w->running;
	w->batch = quiet ? b : NULL;
	spin_unlock(&w->lock);
	return quiet;
}

static void vtmm_watch_stop(struct vtmm_batch *b)
{
	struct vtmm_watch *w = &b->vm->mover->watch;

	spin_lock(&w->lock);
	w->batch = NULL;
	spin_unlock(&w->lock);
}

/**
 * vtmm_ahead_open() - this thread will copy ahead
 * @b: what it moves, batch by batch; to be closed by vtmm_ahead_close()
 *
 * Context: process context.
 */
void vtmm_ahead_open(struct vtmm_batch *b)
{
	if (vtmm_ahead_missing())
		return;
	b->ahead.task = current;
	WRITE_ONCE(b->vm->mover->watch.task, current);
	spin_lock(&vtmm_aheads_lock);
	list_add_rcu(&b->ahead.node, &vtmm_aheads);
	spin_unlock(&vtmm_aheads_lock);
}

/**
 * vtmm_ahead_close() - it does no more
 * @b: open, ended
 *
 * Context: process context; sleeps until no hook sees @b.
 */
void vtmm_ahead_close(struct vtmm_batch *b)
{
	if (!b->ahead.task)
		return;
	spin_lock(&vtmm_aheads_lock);
	list_del_rcu(&b->ahead.node);
	spin_unlock(&vtmm_aheads_lock);
	WRITE_ONCE(b->vm->mover->watch.task, NULL);
	synchronize_rcu();
}

static bool vtmm_ahead_vma(const struct vtmm_batch *b, unsigned long addr,
			   unsigned long bytes)
{
	struct vm_area_struct *vma = vma_lookup(b->mm, addr);

	lockdep_assert_held(&b->mm->mmap_lock);
	return vma && addr + bytes <= vma->vm_end && (vma->vm_flags & VM_WRITE) &&
	       !(vma->vm_flags & (VM_SHARED | VM_HUGETLB | VM_PFNMAP | VM_MIXEDMAP)) &&
	       !userfaultfd_armed(vma);
}

/* Private anonymous memory that the VMM can write, mapped by one entry. */
static bool vtmm_ahead_choose(const struct vtmm_batch *b, struct vtmm_batch_item *item)
{
	struct folio *folio = item->folio;
	unsigned long hva;

	if (!folio || !folio_test_anon(folio) || folio_test_ksm(folio))
		return false;
	hva = vtmm_kvm_gfn_to_hva(b->vm->kvm, ALIGN_DOWN(item->gfn, item->pages));
	if (!hva || !vtmm_ahead_vma(b, hva, item->pages * PAGE_SIZE))
		return false;
	item->hva = hva;
	if (!vtmm_ahead_writable(b, item))
		item->hva = 0;
	return item->hva;
}

static u64 vtmm_ahead_choose_all(struct vtmm_batch *b)
{
	struct vtmm_batch_item *item;
	u64 pages = 0;

	for (item = b->item; item < b->item + b->nr; item++)
		if (pages + item->pages <= VTMM_AHEAD_PAGES && vtmm_ahead_choose(b, item))
			pages += item->pages;
	return pages;
}

/* One flush of the guest's TLBs, and one of the VMM's, for all. */
static void vtmm_ahead_protect(struct vtmm_batch *b)
{
	const struct vtmm_batch_item *item;
	struct vm_area_struct *vma;
	struct mmu_gather tlb;
	size_t n = 0;

	lockdep_assert_held(&b->mm->mmap_lock);
	for (item = b->item; item < b->item + b->nr; item++) {
		if (!item->hva)
			continue;
		b->zap[n].gfn = ALIGN_DOWN(item->gfn, item->pages);
		b->zap[n++].pages = item->pages;
	}
	vtmm_kvm_zap(b->vm->kvm, b->zap, n);
	static_call(vtmm_tlb_gather)(&tlb, b->mm);
	for (item = b->item; item < b->item + b->nr; item++) {
		if (!item->hva)
			continue;
		vma = vma_lookup(b->mm, item->hva);
		vtmm_compat_protect(&tlb, vma, item->hva,
				    item->hva + item->pages * PAGE_SIZE);
	}
	static_call(vtmm_tlb_finish)(&tlb);
}

/*
 * Two references, the entry's and the batch's: nobody else holds one that was
 * taken while the page could be written.
 */
static void vtmm_ahead_copy(struct vtmm_batch *b, struct vtmm_batch_item *item)
{
	struct folio *dst;

	if (folio_ref_count(item->folio) != 2)
		return;
	dst = vtmm_target_new(b, folio_order(item->folio));
	if (!dst)
		return;
	if (vtmm_compat_copy(dst, item->folio))
		folio_put(dst);
	else
		item->copy = dst;
}

/**
 * vtmm_ahead_begin() - copy what can be copied of a batch
 * @b: open; isolated, still mapped; to be ended by vtmm_ahead_end()
 *
 * Context: the thread that opened it, in the VMM's address space; no lock held.
 * Returns with mmap_lock held for reading if it can be had at once; else, and for
 * pages that do not qualify, nothing is copied.
 */
void vtmm_ahead_begin(struct vtmm_batch *b)
{
	struct vtmm_batch_item *item;

	if (!b->ahead.task || !mmap_read_trylock(b->mm))
		return;
	if (!vtmm_ahead_choose_all(b) || !vtmm_watch_begin(b)) {
		for (item = b->item; item < b->item + b->nr; item++)
			item->hva = 0;
		mmap_read_unlock(b->mm);
		return;
	}
	b->ahead.locked = true;
	vtmm_ahead_protect(b);
	smp_mb(); /* entries before references: as fast GUP looks at them the other way */
	for (item = b->item; item < b->item + b->nr; item++)
		if (item->hva)
			vtmm_ahead_copy(b, item);
}

/**
 * vtmm_ahead_take() - the folio that a page was copied to
 * @item: the page; it is asked for again when it could not be moved at once
 *
 * Context: the thread that opened the batch.
 * Return: the folio, which is the caller's now, or NULL.
 */
struct folio *vtmm_ahead_take(struct vtmm_batch_item *item)
{
	/* Given back and freed meanwhile: another folio may have its address. */
	if (item->taken)
		item->copy = NULL;
	item->taken = item->copy;
	return item->copy;
}

/* The guest should not trap on its next write: nobody has to know of it any more. */
static void vtmm_ahead_unprotect(const struct vtmm_batch *b,
				 const struct vtmm_batch_item *item)
{
	lockdep_assert_held(&b->mm->mmap_lock);
	if (vtmm_ahead_protected(b, item))
		fixup_user_fault(b->mm, item->hva, FAULT_FLAG_WRITE, NULL);
}

/**
 * vtmm_ahead_end() - the batch has moved
 * @b: begun
 *
 * Copies that were not taken are dropped; entries that still lack their write bit
 * get it back. If that fails the next write faults, and all is well.
 *
 * Context: the thread that opened it; may sleep. Lets go of mmap_lock.
 */
void vtmm_ahead_end(struct vtmm_batch *b)
{
	struct vtmm_batch_item *item;

	if (!b->ahead.locked)
		return;
	vtmm_watch_stop(b);
	for (item = b->item; item < b->item + b->nr; item++) {
		if (!item->hva)
			continue;
		if (item->copy && !item->taken)
			folio_put(item->copy);
		vtmm_ahead_unprotect(b, item);
	}
	b->ahead.locked = false;
	mmap_read_unlock(b->mm);
}
