// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VM's life, its control area and its data slots.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bits.h"
#include "fault.h"
#include "guest.h"
#include "host_access.h"
#include "nested.h"
#include "vcpu.h"
#include "vm.h"

pthread_mutex_t world_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t world_changed = PTHREAD_COND_INITIALIZER;

/* KVM slot 0 is the control area. */
#define KVM_SLOT(number) ((u32)(number) + 1)

/* Map it in the guest's tables, and in those for its own guests. */
static int map(struct vm *vm, u64 gpa, u64 size, bool huge, struct err *err)
{
	if (pgtable_map(&vm->tables, gpa, size, huge, err))
		return -1;
	return vm->nr_nested ? pgtable_map(&vm->nested, gpa, size, huge, err)
			     : 0;
}

static int make_tables(struct vm *vm, struct err *err)
{
	u64 end = vm->area.size;
	u64 middle = vm->nr_nested
			     ? (AREA_TABLES + end) / 2 / PAGE_SIZE * PAGE_SIZE
			     : end;

	if (pgtable_init(&vm->tables, PGTABLE_CPU, vm->area.hva, AREA_TABLES,
			 middle, err))
		return -1;
	if (vm->nr_nested && pgtable_init(&vm->nested, nested_form(),
					  vm->area.hva, middle, end, err))
		return -1;
	if (map(vm, 0, AREA_TABLES, false, err))
		return -1;
	/* A nested guest walks the guest's tables by what is mapped for it. */
	return vm->nr_nested ? pgtable_map(&vm->nested, AREA_TABLES,
					   middle - AREA_TABLES, false, err)
			     : 0;
}

static size_t code_size(void)
{
	/* cppcheck-suppress comparePointers; both end one section */
	return __stop_guest_text - __start_guest_text;
}

int vm_check_area(struct vm *vm, struct err *err)
{
	if (memcmp(vm_area(vm, AREA_CODE), __start_guest_text, code_size()))
		return err_set(err, "the guest's code is not what it was");
	if (pgtable_check(&vm->tables, err))
		return -1;
	return vm->nr_nested ? pgtable_check(&vm->nested, err) : 0;
}

static int fill_area(struct vm *vm, struct err *err)
{
	size_t code = code_size();

	if (code > AREA_CODE_END - AREA_CODE)
		return err_set(err, "the guest's code is too large");
	memcpy(vm_area(vm, AREA_CODE), __start_guest_text, code);
	fault_fill(vm_area(vm, AREA_DESCRIPTORS),
		   guest_address(guest_fault_stubs));
	return make_tables(vm, err);
}

struct vm *vm_create(const struct vm_spec *spec, struct err *err)
{
	u64 size = AREA_TABLES + (spec->tables + SPARE_TABLES) *
					 (spec->nested ? 2 : 1) * PAGE_SIZE;
	struct vm *vm = zalloc(1, sizeof(*vm));

	vm->huge = spec->huge;
	vm->nested_from = spec->nested_from;
	vm->nr_nested = spec->nested;
	vm->no_ad = spec->no_ad;
	vm->seed = spec->seed;
	vm->dirty = spec->dirty;
	vm->epoch = 1;
	vm->fd = kvm_create_vm(VM_TYPE_DEFAULT, err);
	if (vm->fd < 0)
		goto err_free;
	if ((spec->irqchip && kvm_create_irqchip(vm->fd, err)) ||
	    dirty_set_up(vm, err))
		goto err_fd;
	if (mem_map(&vm->area, BACKING_ANON, ROUND_UP(size, SIZE_2M), err))
		goto err_fd;
	if (fill_area(vm, err) ||
	    kvm_set_slot(vm->fd, 0, 0, vm->area.size, vm->area.hva, 0, err))
		goto err_area;
	return vm;

err_area:
	mem_unmap(&vm->area);
err_fd:
	close(vm->fd);
err_free:
	free(vm);
	return NULL;
}

static void free_slot(struct slot *s)
{
	mem_unmap(&s->mem);
	zunmap(s->rec, s->pages * sizeof(*s->rec));
	zunmap(s->read, bits_bytes(s->pages));
	zunmap(s->written, bits_bytes(s->pages));
	zunmap(s->logged, bits_bytes(s->pages));
	*s = (struct slot){0};
}

void vm_destroy(struct vm *vm)
{
	int i;

	for (i = 0; i < vm->nr_vcpus; i++)
		vcpu_destroy(vm->vcpus[i]);
	close(vm->fd);
	for (i = 0; i < MAX_SLOTS; i++)
		if (vm->slots[i].pages)
			free_slot(&vm->slots[i]);
	mem_unmap(&vm->area);
	free(vm);
}

static bool overlaps(const struct vm *vm, u64 gfn, u64 pages)
{
	int i;

	if (gfn < vm->area.size / PAGE_SIZE)
		return true;
	for (i = 0; i < MAX_SLOTS; i++)
		if (gfn < vm->spans[i].gfn + vm->spans[i].pages &&
		    vm->spans[i].gfn < gfn + pages)
			return true;
	return false;
}

static int check_slot(const struct vm *vm, int number,
		      const struct slot_spec *spec, struct err *err)
{
	if (number < 0 || number >= MAX_SLOTS)
		return err_set(err, "slots are numbered 0 to %d",
			       MAX_SLOTS - 1);
	if (vm->slots[number].pages)
		return err_set(err, "slot %d exists already", number);
	if (spec->gpa % PAGE_SIZE)
		return err_set(err, "%#lx is not page aligned", spec->gpa);
	if (overlaps(vm, spec->gpa / PAGE_SIZE, spec->size / PAGE_SIZE))
		return err_set(err, "there is memory at %#lx already",
			       spec->gpa);
	return 0;
}

static int back_slot(struct slot *s, const struct slot_spec *spec,
		     struct err *err)
{
	if (mem_map(&s->mem, spec->backing, spec->size, err))
		return -1;
	if ((spec->populate || spec->node != NODE_ANY) &&
	    mem_populate(&s->mem, spec->node, err)) {
		mem_unmap(&s->mem);
		return -1;
	}
	return 0;
}

int vm_add_slot(struct vm *vm, int number, const struct slot_spec *spec,
		struct err *err)
{
	struct slot s = {.gfn = spec->gpa / PAGE_SIZE};

	if (check_slot(vm, number, spec, err) || back_slot(&s, spec, err))
		return -1;
	if (map(vm, spec->gpa, spec->size, vm->huge, err) ||
	    kvm_set_slot(vm->fd, KVM_SLOT(number), spec->gpa, spec->size,
			 s.mem.hva, 0, err)) {
		mem_unmap(&s.mem);
		return -1;
	}
	s.pages = spec->size / PAGE_SIZE;
	s.rec = zmap(s.pages * sizeof(*s.rec));
	s.read = zmap(bits_bytes(s.pages));
	s.written = zmap(bits_bytes(s.pages));
	s.logged = zmap(bits_bytes(s.pages));
	vm->slots[number] = s;
	vm->spans[number] = (struct span){s.gfn, s.pages};
	return 0;
}

static struct slot *slot_of_number(struct vm *vm, int number, struct err *err)
{
	if (number < 0 || number >= MAX_SLOTS || !vm->slots[number].pages) {
		err_set(err, "there is no data slot %d", number);
		return NULL;
	}
	return &vm->slots[number];
}

int vm_delete_slot(struct vm *vm, int number, struct err *err)
{
	struct slot *s = slot_of_number(vm, number, err);

	if (!s || kvm_set_slot(vm->fd, KVM_SLOT(number), s->gfn * PAGE_SIZE, 0,
			       s->mem.hva, 0, err))
		return -1;
	vm->spans[number] = (struct span){0};
	free_slot(s);
	return 0;
}

static void reset_slot(struct slot *s)
{
	memset(s->read, 0, bits_bytes(s->pages));
	memset(s->written, 0, bits_bytes(s->pages));
}

static int check_move(struct vm *vm, int number, u64 gpa, struct err *err)
{
	struct span old = vm->spans[number];
	bool bad;
	int i;

	for (i = 0; i < vm->nr_vcpus; i++)
		if (vm->vcpus[i]->busy)
			return err_set(err, "vCPU %d is busy", i);
	if (gpa % PAGE_SIZE)
		return err_set(err, "%#lx is not page aligned", gpa);
	vm->spans[number] = (struct span){0};
	bad = overlaps(vm, gpa / PAGE_SIZE, old.pages);
	vm->spans[number] = old;
	return bad ? err_set(err, "there is memory at %#lx already", gpa) : 0;
}

int vm_move_slot(struct vm *vm, int number, u64 gpa, struct err *err)
{
	struct slot *s = slot_of_number(vm, number, err);

	if (!s || check_move(vm, number, gpa, err) ||
	    map(vm, gpa, s->mem.size, vm->huge, err) ||
	    kvm_set_slot(vm->fd, KVM_SLOT(number), gpa, s->mem.size, s->mem.hva,
			 s->log ? KVM_MEM_LOG_DIRTY_PAGES : 0, err))
		return -1;
	s->gfn = gpa / PAGE_SIZE;
	vm->spans[number].gfn = s->gfn;
	reset_slot(s);
	host_refill(vm, s);
	return 0;
}

int vm_log_slot(struct vm *vm, int number, bool on, struct err *err)
{
	struct slot *s = slot_of_number(vm, number, err);

	if (!s || kvm_set_slot(vm->fd, KVM_SLOT(number), s->gfn * PAGE_SIZE,
			       s->mem.size, s->mem.hva,
			       on ? KVM_MEM_LOG_DIRTY_PAGES : 0, err))
		return -1;
	s->log = on;
	return 0;
}

struct slot *vm_slot_of(struct vm *vm, u64 gfn)
{
	int i;

	for (i = 0; i < MAX_SLOTS; i++)
		if (gfn - vm->spans[i].gfn < vm->spans[i].pages)
			return &vm->slots[i];
	return NULL;
}

void vm_reset_truth(struct vm *vm)
{
	int i;

	vm->epoch++;
	for (i = 0; i < MAX_SLOTS; i++) {
		struct slot *s = &vm->slots[i];

		if (s->pages)
			reset_slot(s);
	}
}
