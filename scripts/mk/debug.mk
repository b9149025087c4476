# SPDX-License-Identifier: GPL-2.0-only
# Debug kernels: built by scripts/debug-kernel, with modules of their own.

DEBUG_KERNELS := $(HOST_SERIES:%=%-debug)
DEBUG_MODULES := $(HOST_SERIES:%=module-%-debug) $(HOST_SERIES:%=module-%-kcsan)

debug-kernels:
	@scripts/debug-kernel $(DEBUG_KERNELS)

debug-modules:
	@for k in $(DEBUG_KERNELS); do $(MAKE) --no-print-directory module-$$k || exit; done

$(DEBUG_MODULES): module-%:
	@set -e; kernel=$$(scripts/debug-kernel $*); set -- $$kernel; \
	$(MAKE) --no-print-directory module test-modules KDIR=$$2/build KTAG=$$1 KROOT=$$2

debug-ready: debug-modules
	$(MAKE) --no-print-directory tools host-programs

check-debug:
	scripts/setup build host debug
	$(MAKE) --no-print-directory debug-ready
	tests/host/self-test debug
	tests/host/run debug

## check-debug: scenarios on kernels with KASAN, lockdep, kmemleak, ... (docs/testing.md)
## debug-kernels: build those kernels (half an hour each on two quiet cores)

.PHONY: debug-kernels debug-modules debug-ready check-debug
.PHONY: $(DEBUG_MODULES)
