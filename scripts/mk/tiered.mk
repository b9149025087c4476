# SPDX-License-Identifier: GPL-2.0-only
# The modelled machine: placement by each policy over time, beside the peers.

TIERED     := bench/tiered
TIERED_OUT := $(BUILD)/tiered
TIERED_VMM := $(addprefix $(BUILD)/tests/vmm/,kvm.o memory.o numa.o pgtable.o fault.o util.o)

$(TIERED_OUT)/meter.so: $(TIERED)/meter.c $(TIERED)/meter_api.h $(TIERED)/load.h
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden -o $@ $<

$(TIERED_OUT)/guest.o: $(TIERED)/guest.c $(TIERED)/guest.h $(TIERED)/load.h
	@mkdir -p $(@D)
	$(CC) $(VMM_GUEST_CFLAGS) -c -o $@.tmp $<
	@! nm -u $@.tmp | grep .
	objcopy --rename-section .text=load_text $@.tmp $@
	@rm -f $@.tmp

$(TIERED_OUT)/benchvm: $(TIERED)/benchvm.c $(TIERED)/workload.c $(TIERED_OUT)/guest.o $(TIERED_VMM) \
		$(TIERED)/guest.h $(TIERED)/load.h $(TIERED)/workload.h
	$(CC) $(filter-out -MMD -MP,$(VMM_CFLAGS)) -static -o $@ $(filter %.c %.o,$^) -lm

# The VM alone, for scripts/silicon.
tiered-vm: $(TIERED_OUT)/benchvm

tiered-ready: module-$(lastword $(HOST_SERIES))
	$(MAKE) --no-print-directory tools $(TIERED_OUT)/meter.so $(TIERED_OUT)/benchvm



# Cells that are done are kept; CELLS="hot-scattered zipf" chooses some.
bench-tiered: tiered-ready
	scripts/setup build host bench
	bench/tiered/run $(CELLS)
	bench/tiered/report

bench-tiered-quick: tiered-ready
	bench/tiered/run --quick

## bench-tiered: placement over time beside the peers, on a modelled machine (many hours; CELLS=)
## bench-tiered-quick: a few decisive cells of it
.PHONY: tiered-vm tiered-ready bench-tiered bench-tiered-quick

$(TIERED_OUT)/test_workload: tests/tiered/test_workload.c $(TIERED)/workload.c $(TIERED)/guest.c \
		$(TIERED)/guest.h $(TIERED)/load.h
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -Werror -o $@ $< $(TIERED)/workload.c -lcmocka -lm

# The bench's own tests: what it measures with.
tiered-test: $(TIERED_OUT)/test_workload
	@CMOCKA_MESSAGE_OUTPUT=TAP $<
	@python3 -B tests/tiered/test_figures.py

.PHONY: tiered-test

HOST_PROGRAMS += $(TIERED_OUT)/benchvm
