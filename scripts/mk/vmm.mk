# SPDX-License-Identifier: GPL-2.0-only
# The tiny VMM of the tests and its comparer: static programs, so that they
# run in any emulated host; their unit tests run here, with sanitizers.

VMM_SRC := $(CURDIR)/tests/vmm
VMM_OUT := $(BUILD)/tests
VMM_OBJ := $(VMM_OUT)/vmm

VMM_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Wshadow -Werror -MMD -MP

# The guest's code is copied away from the program: no call out of it, no data
# of its own, none of the registers that its vCPU has not set up.
VMM_GUEST_CFLAGS := $(VMM_CFLAGS) -ffreestanding -fno-builtin -fpie \
	-mgeneral-regs-only -mno-red-zone -fno-stack-protector \
	-fcf-protection=none -fno-jump-tables -fno-asynchronous-unwind-tables \
	-fno-tree-loop-distribute-patterns

VMM_NAMES := main modes client control command command_access command_memory \
	command_vm script pageset ranges bits random util memory numa \
	host_access job kvm pgtable vcpu vm
VMM_OBJS := $(VMM_NAMES:%=$(VMM_OBJ)/%.o) $(VMM_OBJ)/guest.o
TRUTHCMP_OBJS := $(addprefix $(VMM_OBJ)/,truthcmp.o ranges.o util.o)

vmm: $(VMM_OUT)/tinyvmm $(VMM_OUT)/truthcmp
host-programs: $(VMM_OUT)/tinyvmm $(VMM_OUT)/truthcmp

$(VMM_OUT)/tinyvmm: $(VMM_OBJS)
	$(CC) -static -pthread -o $@ $^ -lm

$(VMM_OUT)/truthcmp: $(TRUTHCMP_OBJS)
	$(CC) -static -o $@ $^

$(VMM_OBJ)/guest.o: $(VMM_SRC)/guest.c
	@mkdir -p $(@D)
	$(CC) $(VMM_GUEST_CFLAGS) -c -o $@.tmp $<
	@if nm -u $@.tmp | grep . || \
	   objdump -h $@.tmp | grep -E ' \.(ro)?data[^ ]* +0*[1-9a-f]'; then \
		echo "guest.c: uses something outside its code." >&2; exit 1; fi
	objcopy --rename-section .text=guest_text $@.tmp $@
	@rm -f $@.tmp

$(VMM_OBJ)/%.o: $(VMM_SRC)/%.c
	@mkdir -p $(@D)
	$(CC) $(VMM_CFLAGS) -c -o $@ $<

-include $(wildcard $(VMM_OBJ)/*.d)

## vmm: the tiny VMM of the tests, and truthcmp

.PHONY: vmm
