# SPDX-License-Identifier: GPL-2.0-only
# Unit tests of src/core in user space, under AddressSanitizer and UBSan. Each
# tests/unit/test_*.c is a suite of its own; all print TAP.

UNIT_OUT    := $(BUILD)/unit
UNIT_CFLAGS := -std=c11 -g -O1 -Wall -Wextra -Werror -Iinclude -D_GNU_SOURCE
UNIT_CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all
UNIT_CORE   := $(wildcard src/core/*.c)
UNIT_DEPS   := $(wildcard src/core/*.h include/vtmm/*.h tests/unit/*.h)
UNIT_TESTS  := $(patsubst tests/unit/%.c,$(UNIT_OUT)/%,$(wildcard tests/unit/test_*.c))
UNIT_OBJS   := $(patsubst src/core/%.c,$(UNIT_OUT)/core-%.o,$(UNIT_CORE)) $(UNIT_OUT)/unit.o

$(UNIT_OUT)/core-%.o: src/core/%.c $(UNIT_DEPS)
	@mkdir -p $(UNIT_OUT)
	$(CC) $(UNIT_CFLAGS) -c -o $@ $<

$(UNIT_OUT)/unit.o: tests/unit/unit.c $(UNIT_DEPS)
	@mkdir -p $(UNIT_OUT)
	$(CC) $(UNIT_CFLAGS) -c -o $@ $<

$(UNIT_OUT)/test_%: tests/unit/test_%.c $(UNIT_OBJS) $(UNIT_DEPS)
	$(CC) $(UNIT_CFLAGS) -o $@ $< $(UNIT_OBJS) -lcmocka -lm

# The walk over second-level tables, in user space: what it includes of the kernel
# is empty, and tests/unit/kernel.h, which comes first, has what it needs.
WALK_SRC    := src/kmod/kvm/walk.c src/kmod/kvm/leaf.c
WALK_EMPTY  := linux/completion.h linux/kvm_host.h linux/mm.h linux/moduleparam.h
WALK_EMPTY  += linux/sched/clock.h linux/sched/signal.h linux/task_work.h
WALK_EMPTY  += compat/symbols.h compat/kvm.h
WALK_CFLAGS := -std=gnu11 -I$(UNIT_OUT)/empty -Itests/unit -Isrc/kmod -Isrc -include tests/unit/kernel.h

$(UNIT_OUT)/test_walk: tests/unit/test_walk.c $(WALK_SRC) $(wildcard src/kmod/kvm/*.h) src/compat/spte.h $(UNIT_DEPS)
	@mkdir -p $(UNIT_OUT)/empty/linux/sched $(UNIT_OUT)/empty/compat
	@for h in $(WALK_EMPTY); do : >$(UNIT_OUT)/empty/$$h; done
	$(CC) $(UNIT_CFLAGS) $(WALK_CFLAGS) -o $@ $< $(WALK_SRC) -lcmocka

unit: $(UNIT_TESTS)
	@ret=0; for t in $(UNIT_TESTS); do \
		echo "# $$(basename $$t)"; \
		CMOCKA_MESSAGE_OUTPUT=tap timeout 300 $$t || ret=1; \
	done; exit $$ret

## unit: run the unit tests of src/core, and of the walk, under sanitizers
.PHONY: unit
.SECONDARY: $(UNIT_OBJS)
