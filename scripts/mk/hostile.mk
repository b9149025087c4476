# SPDX-License-Identifier: GPL-2.0-only
# Programs of the host tests that speak to the netlink family byte by byte.

HOSTILE_OUT    := $(BUILD)/tests/nl
HOSTILE_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wshadow -Iinclude/uapi -Itests/host/nl
HOSTILE_HDR    := $(wildcard tests/host/nl/*.h) include/uapi/linux/vtmm.h

# The commands and attributes come from the specification.
$(HOSTILE_OUT)/spec_table.c: docs/netlink/vtmm.yaml tests/host/nl/spec_table.py scripts/gen/spec.py
	@mkdir -p $(@D)
	python3 tests/host/nl/spec_table.py $< >$@.tmp
	@mv $@.tmp $@

NLFUZZ_SRC := $(addprefix tests/host/nl/,nlfuzz.c shape.c answer.c refused.c nl.c)

$(BUILD)/tests/nlfuzz: $(NLFUZZ_SRC) $(HOSTILE_OUT)/spec_table.c $(HOSTILE_HDR)
	$(CC) $(HOSTILE_CFLAGS) -static -o $@ $(filter %.c,$^)

HOST_PROGRAMS += $(BUILD)/tests/nlfuzz

LIFE_SRC := tests/host/life/lifecycle.c tests/host/life/vmm.c tests/host/nl/nl.c

$(BUILD)/tests/lifecycle: $(LIFE_SRC) $(HOSTILE_HDR) tests/host/life/vmm.h
	@mkdir -p $(@D)
	$(CC) $(HOSTILE_CFLAGS) -static -pthread -o $@ $(filter %.c,$^)

HOST_PROGRAMS += $(BUILD)/tests/lifecycle

soak: host-ready
	tests/host/run soak

## soak: a thousand of everything that ends a VM, or the module (hours)

.PHONY: soak
