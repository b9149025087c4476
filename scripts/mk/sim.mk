# SPDX-License-Identifier: GPL-2.0-only
# vtmm-sim: the policy in user space, against other policies and an oracle.

SIM_OUT    := $(BUILD)/sim
SIM_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Iinclude
SIM_SRC    := $(wildcard src/core/*.c) $(wildcard bench/sim/*.c) src/lib/trace.c
SIM_PAGES  ?= 65536
SIM_COST   ?= 268435456

$(SIM_OUT)/vtmm-sim: $(SIM_SRC) $(wildcard src/core/*.h include/vtmm/*.h bench/sim/*.h) src/lib/trace.h
	@mkdir -p $(SIM_OUT)
	$(CC) $(SIM_CFLAGS) -o $@ $(SIM_SRC) -lm

sim: $(SIM_OUT)/vtmm-sim

# The same for emulated hosts, which have no libraries.
$(BUILD)/tests/vtmm-sim: $(SIM_OUT)/vtmm-sim
	@mkdir -p $(@D)
	$(CC) $(SIM_CFLAGS) -static -o $@ $(SIM_SRC) -lm

HOST_PROGRAMS += $(BUILD)/tests/vtmm-sim

# Figures depend on the seed only, times on the machine too. The goals stand in the
# table at the end; the exit status tells whether all are met.
bench-sim: sim
	@mkdir -p bench/results
	{ echo "# costs on $$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"; \
	  $(SIM_OUT)/vtmm-sim -n $(SIM_PAGES) -a -C $(SIM_COST); } >bench/results/sim.txt; \
	ret=$$?; cat bench/results/sim.txt; exit $$ret

## sim: build vtmm-sim, the policy simulator
## bench-sim: every policy over every workload, three seeds, and costs; to bench/results
.PHONY: sim bench-sim
