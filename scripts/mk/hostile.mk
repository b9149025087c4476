# SPDX-License-Identifier: GPL-2.0-only
# Programs of the host tests that speak to the netlink family byte by byte.

HOSTILE_OUT    := $(BUILD)/tests/nl
HOSTILE_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wshadow -Iinclude/uapi -Itests/host/nl
HOSTILE_HDR    := $(wildcard tests/host/nl/*.h) include/uapi/linux/vtmm.h

# The commands and attributes come from the specification.
$(HOSTILE_OUT)/spec_table.c: docs/netlink/vtmm.yaml tests/host/nl/spec_table.py
	@mkdir -p $(@D)
	python3 tests/host/nl/spec_table.py $< >$@.tmp
	@mv $@.tmp $@

NLFUZZ_SRC := $(addprefix tests/host/nl/,nlfuzz.c shape.c answer.c refused.c nl.c)

$(BUILD)/tests/nlfuzz: $(NLFUZZ_SRC) $(HOSTILE_OUT)/spec_table.c $(HOSTILE_HDR)
	$(CC) $(HOSTILE_CFLAGS) -static -o $@ $(filter %.c,$^)

HOST_PROGRAMS += $(BUILD)/tests/nlfuzz
