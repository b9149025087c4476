// SPDX-License-Identifier: GPL-2.0-only
/*
 * walk: walks the second-level page tables of a VM, reads and re-arms
 * their accessed and dirty bits.
 *
 * It must never write an entry other than by a compare-and-exchange of a value
 * that it saw present: a "frozen" entry has the accessed bit's position set,
 * and clearing a bit in it would make KVM lose a page table. It must never
 * clear a dirty bit without telling the page, and never hold mmu_lock for more
 * than VTMM_WALK_BUDGET entries, nor for long.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include "kvm/walk.h"
#include "symbols.h"

static uint hold_us = 25;
module_param(hold_us, uint, 0644);
MODULE_PARM_DESC(hold_us, "microseconds after which a scan lets go of KVM's MMU lock for a moment (default: 25)");

/**
 * vtmm_has_roots() - may KVM's list of TDP roots be walked?
 * @kvm: the VM
 *
 * tdp_mmu_roots is an empty, uninitialised list head while the TDP MMU is off.
 *
 * Context: any.
 */
bool vtmm_has_roots(struct kvm *kvm)
{
	return vtmm_compat_tdp_mmu(kvm, vtmm_tdp_mmu_flag()) &&
	       kvm->arch.tdp_mmu_roots.next;
}

static bool vtmm_root_sane(const struct vtmm_mmu_page *root)
{
	int level = root->role.level;

	return vtmm_mmu_page_sane(root) && root->tdp_mmu_page &&
	       (level == 4 || level == 5);
}

/**
 * vtmm_kvm_unsupported() - why the tables of this VM can't be read
 * @kvm: the VM
 *
 * Context: process context.
 * Return: a sentence, or NULL when they can.
 */
const char *vtmm_kvm_unsupported(struct kvm *kvm)
{
	const struct vtmm_mmu_page *root;
	const char *why = NULL;

	if (!vtmm_compat_tdp_mmu(kvm, vtmm_tdp_mmu_flag()))
		return "the VM has no TDP MMU: load kvm with tdp_mmu=1, nested paging on";
	if (!vtmm_accessed_mask() || !vtmm_dirty_mask())
		return "this host keeps no accessed bits: load kvm_intel with eptad=1";
	if (!kvm->arch.tdp_mmu_roots.next)
		return "KVM keeps no list of TDP roots for this VM";

	read_lock(&kvm->mmu_lock);
	rcu_read_lock();
	list_for_each_entry_rcu(root, &kvm->arch.tdp_mmu_roots, link)
		if (!vtmm_root_sane(root))
			why = "KVM's roots are laid out otherwise: use a supported kernel";
	rcu_read_unlock();
	read_unlock(&kvm->mmu_lock);
	return why;
}

/**
 * vtmm_kvm_encrypted() - has the VM memory that the host must not move?
 * @kvm: the VM
 *
 * True for SEV, SNP, TDX and VMs with guest_memfd.
 *
 * Context: any.
 */
bool vtmm_kvm_encrypted(struct kvm *kvm)
{
	const struct vtmm_compat_kvm_svm *svm;

	if (vtmm_compat_private_mem(kvm))
		return true;
	if (!boot_cpu_has(X86_FEATURE_SVM))
		return false;
	svm = container_of(kvm, struct vtmm_compat_kvm_svm, kvm);
	return READ_ONCE(svm->sev_active);
}

/**
 * vtmm_kvm_pages() - pages in the VM's memory slots
 * @kvm: the VM
 *
 * KVM's own count (nr_memslot_pages) has them twice when the VMM maps them for
 * system management mode too, as QEMU does.
 *
 * Context: process context.
 */
u64 vtmm_kvm_pages(struct kvm *kvm)
{
	const struct kvm_memory_slot *slot;
	struct kvm_memslots *slots;
	u64 pages = 0;
	int bkt, idx;

	idx = srcu_read_lock(&kvm->srcu);
	/* Once: the macro names it twice, and KVM may put another set in its place. */
	slots = __kvm_memslots(kvm, 0);
	kvm_for_each_memslot(slot, bkt, slots)
		pages += slot->npages;
	srcu_read_unlock(&kvm->srcu, idx);
	return pages;
}

/**
 * vtmm_kvm_nested() - does the VM run a guest of its own?
 * @kvm: the VM
 *
 * Or did so once: KVM does not take it back. What a nested guest touches is
 * marked in shadow tables, see shadow.c.
 */
bool vtmm_kvm_nested(struct kvm *kvm)
{
	/* Pairs with the release in KVM's mmu_first_shadow_root_alloc(). */
	return smp_load_acquire(&kvm->arch.shadow_root_allocated);
}

static const struct kvm_memory_slot *vtmm_walk_slot(struct vtmm_walk *w, u64 gfn)
{
	const struct kvm_memory_slot *slot = w->slot;

	if (slot && gfn >= slot->base_gfn && gfn < slot->base_gfn + slot->npages)
		return slot;
	slot = __gfn_to_memslot(w->slots, gfn);
	w->slot = slot;
	return slot;
}

/* Slots of the VMM's own memory, not KVM's private ones, not guest_memfd. */
static bool vtmm_slot_usable(const struct kvm_memory_slot *slot)
{
	return slot && slot->id < KVM_USER_MEM_SLOTS &&
	       !(slot->flags & KVM_MEMSLOT_INVALID) &&
	       !vtmm_compat_slot_private(slot);
}

/**
 * vtmm_page_owned() - is this memory of a process, or of a file?
 * @page: behind a valid frame number
 *
 * Not so: memory of devices, and the pages of zeros, small and huge, that stand
 * for what was never written or was given back by a balloon. They are shared by
 * the whole host and are in no tier, wherever they lie.
 *
 * Context: any; something must hold the page.
 */
bool vtmm_page_owned(struct page *page)
{
	return !PageReserved(page) && !is_zone_device_page(page) &&
	       READ_ONCE(page_folio(page)->mapping);
}

/* The page behind a leaf, or NULL when it is no ordinary memory. */
static struct page *vtmm_leaf_page(u64 spte)
{
	u64 pfn = vtmm_spte_pfn(spte);
	struct page *page;

	if (!pfn_valid(pfn))
		return NULL;
	page = pfn_to_page(pfn);
	return vtmm_page_owned(page) ? page : NULL;
}

/*
 * Clears @bits of a leaf that was seen as @old. While the VMM logs dirty pages
 * D may belong to KVM: see vtmm_log_by_dirty(). The page is told of its
 * dirtiness under mmu_lock, while the mapping still holds it. False: a race was
 * lost, the bits are still there and will not tell; that is left for the next
 * round.
 */
static bool vtmm_rearm_leaf(struct vtmm_walk *w, u64 *sptep, u64 old, u64 bits)
{
	u64 seen = old;

	if (!(old & bits))
		return true;
	if (!try_cmpxchg64(sptep, &seen, old & ~bits))
		return false;
	if (old & bits & w->dirty)
		kvm_set_pfn_dirty(vtmm_spte_pfn(old));
	w->cleared = true;
	w->rearmed++;
	return true;
}

/**
 * vtmm_emit_leaf() - hand over what was seen of a leaf
 * @w: the pass; its buffer has room
 * @a: of the first page
 * @level: of the leaf
 *
 * Context: mmu_lock held.
 */
void vtmm_emit_leaf(struct vtmm_walk *w, const struct vtmm_access *a, int level)
{
	u64 n = level == PG_LEVEL_4K ? 1 : vtmm_level_pages(level) >> VTMM_CHUNK_SHIFT;
	u8 huge = level == PG_LEVEL_4K ? 0 : VTMM_ACC_HUGE;
	u64 i;

	for (i = 0; i < n; i++)
		w->buf[w->nr++] = (struct vtmm_access) {
			.gfn = a->gfn + i * VTMM_CHUNK_PAGES,
			.flags = a->flags | huge,
			.tier = a->tier,
		};
}

/* What the leaf's bits say; they are armed again if the page is due. */
static u8 vtmm_leaf_harvest(struct vtmm_walk *w, const struct kvm_memory_slot *slot,
			    u64 *sptep, u64 spte, u64 gfn)
{
	u64 arm = w->acc | w->dirty;
	u8 flags = 0;

	if (w->log_by_dirty && !w->shadow && kvm_slot_dirty_track_enabled(slot))
		arm &= ~w->dirty;
	if (spte & w->acc)
		flags |= VTMM_ACC_READ;
	if (spte & arm & w->dirty)
		flags |= VTMM_ACC_WRITE;
	if (!vtmm_heat_due(&w->vm->heat, gfn, w->round) ||
	    !vtmm_rearm_leaf(w, sptep, spte, arm))
		flags |= VTMM_ACC_SLEPT;
	return flags;
}

static const char vtmm_unmarked[] =
	"guests of its own run without accessed bits: all their pages count as read";

/*
 * A leaf that the CPU marks nothing in: never cold. KVM takes all rights away
 * from one that it has found old, and gives them back at a touch.
 */
static u8 vtmm_leaf_unmarked(struct vtmm_walk *w, u64 spte)
{
	if (!w->nested_why)
		w->nested_why = vtmm_unmarked;
	return VTMM_ACC_SLEPT | (spte & VTMM_SPTE_EPT_RIGHTS ? VTMM_ACC_READ : 0);
}

/* What was there is given back, as by a balloon: it is in no tier any more. */
static bool vtmm_leaf_empty(struct vtmm_walk *w, u64 gfn, struct vtmm_access *a)
{
	if (vtmm_heat_tier(&w->vm->heat, gfn) < 0)
		return false;
	*a = (struct vtmm_access) {
		.gfn = gfn,
		.flags = VTMM_ACC_EMPTY,
	};
	return true;
}

/**
 * vtmm_leaf_look() - read a leaf, and re-arm its bits if the page is due
 * @w: the pass
 * @sptep: the entry
 * @spte: what it was, present
 * @gfn: first page that it maps
 * @a: out: what it says
 *
 * Context: mmu_lock held.
 * Return: false when it maps no ordinary memory of the VM, and did not before.
 */
bool vtmm_leaf_look(struct vtmm_walk *w, u64 *sptep, u64 spte, u64 gfn,
		    struct vtmm_access *a)
{
	const struct kvm_memory_slot *slot = vtmm_walk_slot(w, gfn);
	struct page *page;
	int tier;

	if (!vtmm_slot_usable(slot))
		return false;
	page = vtmm_leaf_page(spte);
	if (!page)
		return vtmm_leaf_empty(w, gfn, a);
	tier = vtmm_node_tier(page_to_nid(page));
	if (tier < 0)
		return false;
	a->gfn = gfn;
	a->tier = tier;
	if (w->blind || vtmm_spte_unmarked(spte))
		a->flags = vtmm_leaf_unmarked(w, spte);
	else
		a->flags = vtmm_leaf_harvest(w, slot, sptep, spte, gfn);
	return true;
}

/* Was a chunk in [gfn, gfn + n) touched in the last round? */
static bool vtmm_walk_again(const struct vtmm_walk *w, u64 gfn, u64 n)
{
	size_t lo = 0, hi = w->nr_again;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (w->again[mid] + VTMM_CHUNK_PAGES <= gfn)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < w->nr_again && w->again[lo] < gfn + n;
}

/* How long an entry takes depends on caches more than on us: look at the clock. */
static bool vtmm_walk_long(const struct vtmm_walk *w, u64 held)
{
	return !(held % VTMM_WALK_STEP) && local_clock() >= w->until;
}

/**
 * vtmm_walk_pause() - is it time to let go of mmu_lock?
 * @w: the pass
 *
 * Each hold of the lock goes some way, or a walk would not end while vCPUs keep
 * waiting for the lock.
 *
 * Context: mmu_lock held.
 */
bool vtmm_walk_pause(struct vtmm_walk *w)
{
	u64 held = w->visited - w->begun;

	if (held >= VTMM_WALK_BUDGET || w->nr + VTMM_CHUNK_PAGES + 1 > VTMM_WALK_BUF)
		return true;
	return held >= VTMM_WALK_STEP &&
	       (vtmm_walk_long(w, held) || need_resched() ||
		rwlock_needbreak(&w->vm->kvm->mmu_lock));
}

/*
 * Should the table under this entry be walked? Its accessed bit tells whether
 * a CPU went through it since the bit was cleared (SDM 3C, 29.3.5, "Accessed
 * and Dirty Flags for EPT"; APM 2, 15.25). A CPU that had cached the entry
 * before the last round's flush could set leaf bits without setting it anew,
 * so a chunk whose entry was cleared last round is looked at once more. Pages
 * that sleep set no bit above them while their translation stays cached: who is
 * due is looked for. An entry that begins before the cursor was entered before
 * the lock was dropped.
 */
static bool vtmm_walk_descend(struct vtmm_walk *w, u64 *sptep, u64 spte,
			      int level, u64 gfn)
{
	u64 old = spte;

	if (gfn < w->cursor || w->blind)
		return true;
	if (spte & w->acc) {
		if (try_cmpxchg64(sptep, &old, spte & ~w->acc))
			w->cleared = true;
		if (level == PG_LEVEL_2M)
			w->buf[w->nr++] = (struct vtmm_access) {
				.gfn = gfn,
				.flags = VTMM_ACC_ENTERED,
			};
		return true;
	}
	return !w->prune || vtmm_walk_again(w, gfn, vtmm_level_pages(level)) ||
	       vtmm_heat_any_due(&w->vm->heat, gfn, vtmm_level_pages(level),
				 w->round);
}

/*
 * Walks a table; recursion is bounded by the five levels of the hardware.
 * False: the lock must be dropped; w->cursor says where to go on. Never before
 * the first entry: the accessed bit above it has just been cleared, and a cursor
 * that equals the table's beginning would not tell that it was entered.
 */
static bool vtmm_walk_table(struct vtmm_walk *w, u64 *table, int level, u64 base)
{
	u64 pages = vtmm_level_pages(level);
	struct vtmm_access a;
	u64 gfn, spte;
	int i;

	i = w->cursor > base ? (w->cursor - base) >> ((level - 1) * VTMM_LEVEL_BITS) : 0;
	for (; i < VTMM_NR_SPTES; i++) {
		gfn = base + i * pages;
		if (i && gfn >= w->cursor && vtmm_walk_pause(w)) {
			w->cursor = gfn;
			return false;
		}
		w->visited++;
		spte = READ_ONCE(table[i]);
		if (!vtmm_spte_present(spte))
			continue;
		if (vtmm_spte_leaf(spte, level)) {
			if (vtmm_leaf_look(w, &table[i], spte, gfn, &a))
				vtmm_emit_leaf(w, &a, level);
		} else if (vtmm_walk_descend(w, &table[i], spte, level, gfn) &&
			   !vtmm_walk_table(w, vtmm_spte_table(spte), level - 1, gfn)) {
			return false;
		}
	}
	return true;
}

/*
 * The @nth valid root. Their order may change whenever the lock was dropped: a
 * root that is passed over keeps its bits for the next round.
 */
static struct vtmm_mmu_page *vtmm_nth_root(struct kvm *kvm, int nth)
{
	struct vtmm_mmu_page *root;

	list_for_each_entry_rcu(root, &kvm->arch.tdp_mmu_roots, link)
		if (!root->role.invalid && nth-- == 0)
			return root;
	return NULL;
}

/*
 * A nested guest whose hypervisor uses no nested paging runs on TDP roots of its
 * own. KVM then leaves accessed and dirty bits off on Intel (construct_eptp()),
 * whatever the entries look like.
 */
static bool vtmm_root_blind(const struct vtmm_walk *w, const struct vtmm_mmu_page *root)
{
	return root->role.guest_mode && w->acc == VTMM_SPTE_EPT_ACCESSED;
}

/* In one hold: entries of one root from the cursor on. */
static bool vtmm_walk_root(struct vtmm_walk *w)
{
	struct kvm *kvm = w->vm->kvm;
	struct vtmm_mmu_page *root = vtmm_nth_root(kvm, w->nth);

	if (!root || !vtmm_root_sane(root))
		return false;
	w->blind = vtmm_root_blind(w, root);
	w->slots = __kvm_memslots(kvm, root->role.smm ? 1 : 0);
	if (vtmm_walk_table(w, READ_ONCE(root->spt), root->role.level, 0)) {
		w->nth++;
		w->cursor = 0;
	}
	return true;
}

static bool vtmm_walk_hold(struct vtmm_walk *w, bool (*look)(struct vtmm_walk *w))
{
	struct kvm *kvm = w->vm->kvm;
	bool more;
	u64 since;
	int idx;

	w->slot = NULL;
	w->slots = NULL;
	w->begun = w->visited;
	idx = srcu_read_lock(&kvm->srcu);
	read_lock(&kvm->mmu_lock);
	since = local_clock();
	w->until = since + (u64)READ_ONCE(hold_us) * NSEC_PER_USEC;
	rcu_read_lock();
	more = look(w);
	rcu_read_unlock();
	w->held_ns = max(w->held_ns, local_clock() - since);
	read_unlock(&kvm->mmu_lock);
	srcu_read_unlock(&kvm->srcu, idx);
	w->held = max(w->held, w->visited - w->begun);
	return more;
}

/**
 * vtmm_walk_holds() - look at tables, in as many holds of mmu_lock as it takes
 * @w: the pass
 * @look: looks on from where it stopped until vtmm_walk_pause(), and says
 *	whether there is more. Under mmu_lock and RCU: must not sleep
 * @emit: takes the leaves seen so far, without locks; an error ends the pass
 *
 * Context: process context, vm->lock held; may sleep between holds of mmu_lock.
 * Return: 0, -ESRCH when the VM went away, or what @emit returned.
 */
int vtmm_walk_holds(struct vtmm_walk *w, bool (*look)(struct vtmm_walk *w),
		    int (*emit)(struct vtmm_walk *w))
{
	bool more;
	int ret;

	lockdep_assert_held(&w->vm->lock);
	do {
		if (!vtmm_vm_alive(w->vm))
			return -ESRCH;
		more = vtmm_walk_hold(w, look);
		ret = emit(w);
		w->nr = 0;
		cond_resched();
	} while (more && !ret);
	return ret;
}

/**
 * vtmm_walk_all() - one pass over all roots, and over shadow pages
 * @w: the pass; set up by the caller, @w->buf with room for VTMM_WALK_BUF
 * @emit: takes the leaves seen so far, without locks; an error ends the pass
 *
 * Without a flush afterwards the bits are not trustworthy: see @w->cleared.
 *
 * Context: process context, vm->lock held; may sleep between holds of mmu_lock.
 * Return: 0, -ESRCH when the VM went away, or what @emit returned.
 */
int vtmm_walk_all(struct vtmm_walk *w, int (*emit)(struct vtmm_walk *w))
{
	int ret;

	if (!vtmm_has_roots(w->vm->kvm))
		return 0;
	w->acc = vtmm_accessed_mask();
	w->dirty = vtmm_dirty_mask();
	w->log_by_dirty = vtmm_log_by_dirty();
	ret = vtmm_walk_holds(w, vtmm_walk_root, emit);
	return ret ?: vtmm_walk_shadow(w, emit);
}

/*
 * The entry of the leaf that maps @gfn, or NULL; @spte is what it held. Under
 * mmu_lock and RCU.
 */
static u64 *vtmm_find_sptep(const struct vtmm_mmu_page *root, u64 gfn, int *level,
			    u64 *spte)
{
	u64 *table = READ_ONCE(root->spt);
	int i;

	for (*level = root->role.level; *level >= PG_LEVEL_4K; (*level)--) {
		i = (gfn >> ((*level - 1) * VTMM_LEVEL_BITS)) % VTMM_NR_SPTES;
		*spte = READ_ONCE(table[i]);
		if (!vtmm_spte_present(*spte))
			return NULL;
		if (vtmm_spte_leaf(*spte, *level))
			return &table[i];
		table = vtmm_spte_table(*spte);
	}
	return NULL;
}

/* The leaf that maps @gfn, or 0. Under mmu_lock and RCU. */
static u64 vtmm_find_leaf(const struct vtmm_mmu_page *root, u64 gfn, int *level)
{
	u64 spte;

	return vtmm_find_sptep(root, gfn, level, &spte) ? spte : 0;
}

static struct folio *vtmm_root_get_folio(struct kvm *kvm,
					 const struct vtmm_mmu_page *root,
					 u64 gfn, bool *huge)
{
	const struct kvm_memory_slot *slot;
	struct folio *folio;
	struct page *page;
	int level;
	u64 spte;

	slot = __gfn_to_memslot(__kvm_memslots(kvm, root->role.smm ? 1 : 0), gfn);
	if (!vtmm_slot_usable(slot))
		return NULL;
	spte = vtmm_find_leaf(root, gfn, &level);
	page = spte ? vtmm_leaf_page(spte) : NULL;
	if (!page)
		return NULL;
	folio = page_folio(page);
	*huge = level != PG_LEVEL_4K;
	return folio_try_get(folio) ? folio : NULL;
}

/**
 * vtmm_kvm_get_folio() - the folio that a gfn is mapped to now
 * @kvm: the VM
 * @gfn: guest frame number
 * @huge: out: mapped by a leaf larger than 4 KiB
 *
 * While mmu_lock is held and the leaf is present its page can't be freed, so
 * taking a reference there needs no walk of the host's page tables.
 *
 * Context: process context.
 * Return: the folio with a reference, or NULL when the gfn is not mapped.
 */
struct folio *vtmm_kvm_get_folio(struct kvm *kvm, u64 gfn, bool *huge)
{
	const struct vtmm_mmu_page *root;
	struct folio *folio = NULL;
	int idx;

	if (!vtmm_has_roots(kvm))
		return NULL;
	idx = srcu_read_lock(&kvm->srcu);
	read_lock(&kvm->mmu_lock);
	rcu_read_lock();
	list_for_each_entry_rcu(root, &kvm->arch.tdp_mmu_roots, link) {
		if (root->role.invalid || !vtmm_root_sane(root))
			continue;
		folio = vtmm_root_get_folio(kvm, root, gfn, huge);
		if (folio)
			break;
	}
	rcu_read_unlock();
	read_unlock(&kvm->mmu_lock);
	srcu_read_unlock(&kvm->srcu, idx);
	return folio;
}

/**
 * vtmm_kvm_gfn_to_hva() - where the VMM maps a gfn
 * @kvm: the VM
 * @gfn: guest frame number
 *
 * Context: process context.
 * Return: the address in the VMM, or 0 when the gfn is in no usable slot.
 */
unsigned long vtmm_kvm_gfn_to_hva(struct kvm *kvm, u64 gfn)
{
	const struct kvm_memory_slot *slot;
	unsigned long hva = 0;
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	slot = __gfn_to_memslot(__kvm_memslots(kvm, 0), gfn);
	if (vtmm_slot_usable(slot))
		hva = __gfn_to_hva_memslot(slot, gfn);
	srcu_read_unlock(&kvm->srcu, idx);
	return hva;
}

/**
 * vtmm_kvm_mapped() - is a gfn mapped for the guest now?
 * @kvm: the VM
 * @gfn: guest frame number, outside system-management mode
 *
 * Context: process context.
 */
bool vtmm_kvm_mapped(struct kvm *kvm, u64 gfn)
{
	const struct vtmm_mmu_page *root;
	bool mapped = false;
	int level;

	if (!vtmm_has_roots(kvm))
		return false;
	read_lock(&kvm->mmu_lock);
	rcu_read_lock();
	list_for_each_entry_rcu(root, &kvm->arch.tdp_mmu_roots, link)
		if (!root->role.invalid && !root->role.smm && vtmm_root_sane(root) &&
		    vtmm_find_leaf(root, gfn, &level))
			mapped = true;
	rcu_read_unlock();
	read_unlock(&kvm->mmu_lock);
	return mapped;
}

/**
 * vtmm_kvm_may_map() - may a gfn be mapped for the guest ahead of its touch?
 * @kvm: the VM
 * @gfn: guest frame number
 *
 * Not in a slot whose dirty pages the VMM logs: there the page would be logged
 * as written.
 *
 * Context: process context, kvm->srcu held for reading.
 * Return: where the VMM maps it, or 0 when it may not.
 */
unsigned long vtmm_kvm_may_map(struct kvm *kvm, u64 gfn)
{
	const struct kvm_memory_slot *slot;

	slot = __gfn_to_memslot(__kvm_memslots(kvm, 0), gfn);
	if (!vtmm_slot_usable(slot) || (slot->flags & KVM_MEM_READONLY) ||
	    kvm_slot_dirty_track_enabled(slot))
		return 0;
	return __gfn_to_hva_memslot(slot, gfn);
}

/* Is the leaf of @gfn dirty? With @arm its dirty bit is cleared. */
static bool vtmm_leaf_written(struct vtmm_walk *w, const struct vtmm_mmu_page *root,
			      u64 gfn, bool arm)
{
	const struct kvm_memory_slot *slot = vtmm_walk_slot(w, gfn);
	u64 *sptep, spte;
	int level;

	if (!vtmm_slot_usable(slot))
		return false;
	sptep = vtmm_find_sptep(root, gfn, &level, &spte);
	if (!sptep || vtmm_spte_unmarked(spte) || !vtmm_leaf_page(spte))
		return false;
	if (arm && !(w->log_by_dirty && kvm_slot_dirty_track_enabled(slot)))
		vtmm_rearm_leaf(w, sptep, spte, w->dirty);
	return spte & w->dirty;
}

static void vtmm_root_written(struct vtmm_walk *w, const struct vtmm_mmu_page *root,
			      const struct vtmm_move *move, size_t n,
			      unsigned long *written)
{
	size_t i;

	w->slot = NULL;
	w->slots = __kvm_memslots(w->vm->kvm, root->role.smm ? 1 : 0);
	for (i = 0; i < n; i++)
		if (vtmm_leaf_written(w, root, move[i].gfn, !written) && written)
			__set_bit(i, written);
}

/**
 * vtmm_kvm_written() - which pages has the guest written since they were armed?
 * @vm: the VM
 * @move: the pages
 * @n: how many, VTMM_LOOK_MAX at most: they are looked up in one hold
 * @written: a bit for each, added to; NULL to arm them: their dirty bits are
 *	cleared, and the pages told
 *
 * Once armed they are to be flushed before they are asked. What a round does
 * not learn by this are writes to a page between its last round and its move.
 *
 * Context: process context; takes mmu_lock.
 * Return: bits were cleared: a flush is due.
 */
bool vtmm_kvm_written(struct vtmm_vm *vm, const struct vtmm_move *move, size_t n,
		      unsigned long *written)
{
	struct vtmm_walk w = {
		.vm = vm,
		.dirty = vtmm_dirty_mask(),
		.log_by_dirty = vtmm_log_by_dirty(),
	};
	const struct vtmm_mmu_page *root;
	struct kvm *kvm = vm->kvm;
	int idx;

	if (!vtmm_has_roots(kvm))
		return false;
	idx = srcu_read_lock(&kvm->srcu);
	read_lock(&kvm->mmu_lock);
	rcu_read_lock();
	list_for_each_entry_rcu(root, &kvm->arch.tdp_mmu_roots, link)
		if (!root->role.invalid && vtmm_root_sane(root))
			vtmm_root_written(&w, root, move, n, written);
	rcu_read_unlock();
	read_unlock(&kvm->mmu_lock);
	srcu_read_unlock(&kvm->srcu, idx);
	return w.cleared;
}
