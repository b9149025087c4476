# SPDX-License-Identifier: GPL-2.0-only
# Emulated hosts: what runs inside them, and a prompt in one.

# The kernels that the hosts boot.
KERNEL ?= $(lastword $(HOST_SERIES))
HOST_MODULES := $(HOST_SERIES:%=module-%)

$(BUILD)/tests/holdvm $(BUILD)/tests/vmcycle $(BUILD)/tests/exitcost: $(BUILD)/tests/%: tests/host/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -static -o $@ $<

# Preloaded into KVM's own selftests.
$(BUILD)/tests/kvm-hook.so: tests/host/kvm_hook.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -fPIC -shared -o $@ $<

# KVM's own selftests, for scenarios that run them.
kvm-tests:
	scripts/fetch-kvm-tests $(HOST_SERIES)

check-kvm:
	scripts/setup build host
	$(MAKE) --no-print-directory host-ready
	tests/host/run kvm

host-modules:
	@for m in $(HOST_MODULES); do $(MAKE) --no-print-directory $$m || exit; done

# The image as well: its modules have the types that are compared.
$(HOST_MODULES): module-%:
	@set -e; scripts/fetch-kernel $* >/dev/null; headers=$$(scripts/fetch-headers $*); set -- $$headers; \
	$(MAKE) --no-print-directory module test-modules KVER=$$1 KDIR=$$2

# Modules that only tests load, beside vtmm.ko of the same kernel.
TEST_MODULES = $(KMOD_OUT)/test

test-modules: module-sources
	@mkdir -p $(TEST_MODULES)
	@cp -u --preserve=timestamps tests/host/kmod/* $(TEST_MODULES)/
	$(MAKE) -C $(KDIR) M=$(TEST_MODULES) W=$(KMOD_W) modules

# What runs inside a host besides the module and the tools: a .mk file adds its
# own with HOST_PROGRAMS += (a recipe is expanded after all of them were read).
HOST_PROGRAMS += $(BUILD)/tests/holdvm $(BUILD)/tests/vmcycle $(BUILD)/tests/exitcost
HOST_PROGRAMS += $(BUILD)/tests/kvm-hook.so

host-programs:
	$(MAKE) --no-print-directory $(HOST_PROGRAMS)

host-ready: host-modules
	$(MAKE) --no-print-directory tools host-programs

shell: host-ready
	scripts/host shell --kernel $(KERNEL)

## check-kvm: KVM's own selftests with vtmm, on all hosts (half an hour)
## kvm-tests: build KVM's own selftests for both hosts
## shell: a prompt in an emulated AMD host (KERNEL=SERIES)

.PHONY: kvm-tests check-kvm host-ready tools host-modules $(HOST_MODULES) test-modules host-programs shell
