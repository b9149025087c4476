# SPDX-License-Identifier: GPL-2.0-only
# vtmm: the module, the tools, the tests. `make help` lists the targets.
# Everything that is built goes to build/; the source tree stays clean.

VERSION := 0.1.0
BUILD   := $(CURDIR)/build

# The kernels that emulated hosts boot, from the table of those that are supported.
HOST_SERIES := $(shell scripts/kernels series)

# The kernel to build for: KVER names it, KDIR its build tree. Default: the running
# kernel if its headers are here, else the newest headers that are installed, else
# the newest of those that scripts/fetch-headers has unpacked.
CACHE   := $(or $(VTMM_CACHE),$(CURDIR)/build/cache)
FETCHED := $(CACHE)/headers/usr/src/linux-headers-
ifeq ($(KVER)$(KDIR),)
KVER := $(shell r=$$(uname -r); if [ -d /lib/modules/$$r/build ]; then echo $$r; \
	else { ls -d $(FETCHED)*-amd64 | sed 's,.*/linux-headers-,,' | sort -V; \
		ls -d /lib/modules/*/build | cut -d/ -f4 | sort -V; } 2>/dev/null | tail -n 1; fi)
endif
KDIR ?= $(firstword $(wildcard /lib/modules/$(KVER)/build $(FETCHED)$(KVER)) /lib/modules/$(KVER)/build)
KTAG  = $(if $(KVER),$(KVER),custom)

all: module tools

# One file per subject; each says what it adds with `##` lines.
include $(sort $(wildcard scripts/mk/*.mk))

# Downloads (build/cache) survive a clean.
clean:
	find $(BUILD) -mindepth 1 -maxdepth 1 ! -name cache -exec rm -rf {} + 2>/dev/null || true

distclean:
	rm -rf $(BUILD)

help:
	@echo 'vtmm $(VERSION)'
	@sed -n 's/^## \([a-z-]*\): */  \1\t/p' $(MAKEFILE_LIST) | expand -t 18 | sort -u

## all: the module and the tools
## clean: remove what was built
## distclean: remove build/, downloads too
## help: this list

.PHONY: all clean distclean help
.DEFAULT_GOAL := all
