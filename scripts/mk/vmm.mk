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
	command_vm command_hold hold script pageset ranges bits random util memory numa \
	dirty host_access conflict job kvm fault pgtable uffd vcpu vm worker nested svm vmx
VMM_OBJS := $(VMM_NAMES:%=$(VMM_OBJ)/%.o) $(VMM_OBJ)/guest.o
TRUTHCMP_OBJS := $(addprefix $(VMM_OBJ)/,truthcmp.o ranges.o util.o)

vmm: $(VMM_OUT)/tinyvmm $(VMM_OUT)/truthcmp
HOST_PROGRAMS += $(VMM_OUT)/tinyvmm $(VMM_OUT)/truthcmp

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

# Unit tests: what can be tested without KVM, with sanitizers. The guest's code
# is among it, as a function of the test.
VMM_TEST_CFLAGS := $(VMM_CFLAGS) -O1 -fsanitize=address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer -DGUEST_NATIVE
VMM_TESTS := $(addprefix $(VMM_OBJ)/test_vmm_,script pages job pgtable)
vmm_sources = $(addprefix $(VMM_SRC)/,$(addsuffix .c,$(1)))

$(VMM_OBJ)/test_vmm_script: $(call vmm_sources,test_vmm_script script util)
$(VMM_OBJ)/test_vmm_pages: $(call vmm_sources,test_vmm_pages pageset ranges \
	bits random util)
$(VMM_OBJ)/test_vmm_job: $(call vmm_sources,test_vmm_job job conflict guest pageset \
	ranges bits random util)
$(VMM_OBJ)/test_vmm_pgtable: $(call vmm_sources,test_vmm_pgtable pgtable fault util)

$(VMM_TESTS): $(wildcard $(VMM_SRC)/*.h)
	@mkdir -p $(@D)
	$(CC) $(VMM_TEST_CFLAGS) -o $@ $(filter %.c,$^) -lcmocka -lm

vmm-test: $(VMM_TESTS) $(VMM_OUT)/truthcmp
	@ret=0; for t in $(VMM_TESTS); do \
		CMOCKA_MESSAGE_OUTPUT=TAP $$t || ret=1; done; \
	$(VMM_SRC)/test_truthcmp.sh $(VMM_OUT)/truthcmp || ret=1; exit $$ret

## vmm: the tiny VMM of the tests, and truthcmp
## vmm-test: their unit tests

.PHONY: vmm vmm-test
