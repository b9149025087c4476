// SPDX-License-Identifier: GPL-2.0-only
/*
 * exitcost: a VM that tells what one of its exits costs, in ticks of the time
 * stamp counter. Its guest executes cpuid, which KVM answers without the VMM.
 * It takes commands, one a line, and answers each with a number:
 *   clock     ticks of 1000 instructions of its own
 *   exits     of an exit and the entry after it
 *   writes N  of a run that writes N pages and has two exits
 * The shortest of many runs counts, where a run can be repeated: an interrupt
 * makes others longer. It must never touch pages that it was not asked to.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <x86intrin.h>

#define PAGES 2048
#define PAGE 4096ull
#define RUNS 60
#define EXITS 50
#define LOOPS 50000

/*
 * Protected mode, no paging: esi pages to write, from edi on; ebp exits.
 *	test %esi,%esi; jz 2f
 * 1:	movb $1,(%edi); add $4096,%edi; dec %esi; jnz 1b
 * 2:	xor %eax,%eax; cpuid; dec %ebp; jnz 2b; hlt
 */
static const uint8_t guest_code[] = {
	0x85, 0xf6, 0x74, 0x0c, 0xc6, 0x07, 0x01, 0x81, 0xc7, 0x00, 0x10, 0x00,
	0x00, 0x4e, 0x75, 0xf4, 0x31, 0xc0, 0x0f, 0xa2, 0x4d, 0x75, 0xf9, 0xf4,
};

static int vcpu;
static struct kvm_run *run;

static int checked(int ret, const char *what)
{
	if (ret < 0)
		err(1, "%s", what);
	return ret;
}

static void *mapped(size_t size, int flags, int fd)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p;
}

static void make_segment(struct kvm_segment *s, uint8_t type)
{
	*s = (struct kvm_segment){.limit = 0xffffffff,
				  .type = type,
				  .present = 1,
				  .db = 1,
				  .s = 1,
				  .g = 1};
}

static void set_mode(void)
{
	struct kvm_sregs s;

	checked(ioctl(vcpu, KVM_GET_SREGS, &s), "KVM_GET_SREGS");
	make_segment(&s.cs, 11);
	make_segment(&s.ds, 3);
	s.es = s.ds;
	s.fs = s.ds;
	s.gs = s.ds;
	s.ss = s.ds;
	s.cr0 |= 1;
	checked(ioctl(vcpu, KVM_SET_SREGS, &s), "KVM_SET_SREGS");
}

static void make_vm(void)
{
	int kvm = checked(open("/dev/kvm", O_RDWR), "/dev/kvm");
	int vm = checked(ioctl(kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
	struct kvm_userspace_memory_region slot = {.memory_size = PAGES * PAGE};
	uint8_t *mem = mapped(PAGES * PAGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	int size = checked(ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0),
			   "KVM_GET_VCPU_MMAP_SIZE");

	madvise(mem, PAGES * PAGE, MADV_NOHUGEPAGE);
	memcpy(mem, guest_code, sizeof(guest_code));
	slot.userspace_addr = (uintptr_t)mem;
	checked(ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot),
		"KVM_SET_USER_MEMORY_REGION");
	vcpu = checked(ioctl(vm, KVM_CREATE_VCPU, 0), "KVM_CREATE_VCPU");
	run = mapped(size, MAP_SHARED, vcpu);
	set_mode();
}

/* ticks_of() - a run of the guest that writes pages, from page 1 on, and exits
 */
static uint64_t ticks_of(unsigned int pages, unsigned int exits)
{
	struct kvm_regs regs = {
		.rflags = 2, .rsi = pages, .rdi = PAGE, .rbp = exits};
	uint64_t begun;

	checked(ioctl(vcpu, KVM_SET_REGS, &regs), "KVM_SET_REGS");
	begun = __rdtsc();
	checked(ioctl(vcpu, KVM_RUN, 0), "KVM_RUN");
	begun = __rdtsc() - begun;
	if (run->exit_reason != KVM_EXIT_HLT)
		errx(1, "the guest has ended with exit reason %u",
		     run->exit_reason);
	return begun;
}

static uint64_t shortest(unsigned int exits)
{
	uint64_t ticks, best = UINT64_MAX;
	int i;

	for (i = 0; i < RUNS; i++) {
		ticks = ticks_of(0, exits);
		best = ticks < best ? ticks : best;
	}
	return best;
}

static uint64_t clock_ticks(void)
{
	uint64_t begun, best = UINT64_MAX;
	int i;

	for (i = 0; i < RUNS; i++) {
		begun = __rdtsc();
		__asm__ volatile("mov %0, %%ecx\n1:\tdec %%ecx\n\tjnz 1b"
				 :
				 : "i"(LOOPS)
				 : "ecx", "cc");
		begun = __rdtsc() - begun;
		best = begun < best ? begun : best;
	}
	return best / (2 * LOOPS / 1000);
}

static void answer(const char *line)
{
	unsigned int pages;

	if (!strcmp(line, "clock\n"))
		printf("%" PRIu64 "\n", clock_ticks());
	else if (!strcmp(line, "exits\n"))
		printf("%" PRIu64 "\n",
		       (shortest(1 + EXITS) - shortest(1)) / EXITS);
	else if (sscanf(line, "writes %u", &pages) == 1 && pages < PAGES)
		printf("%" PRIu64 "\n", ticks_of(pages, 1));
	else
		errx(2, "no such command: %s", line);
}

int main(void)
{
	char line[80];

	setvbuf(stdout, NULL, _IOLBF, 0);
	make_vm();
	ticks_of(PAGES - 1, 1);
	puts("ok");
	while (fgets(line, sizeof(line), stdin))
		answer(line);
	return 0;
}
