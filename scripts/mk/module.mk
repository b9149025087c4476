# SPDX-License-Identifier: GPL-2.0-only
# Building vtmm.ko: the sources are mirrored to build/kmod/<kernel>/, so that
# several kernels can be built side by side and the source tree stays clean.
# A kernel that is not supported is refused before, and one whose KVM is not what
# vtmm believes after it was built.

KMOD_OUT := $(BUILD)/kmod/$(KTAG)
KMOD_SRC := Kbuild src/kmod src/core src/compat include
KMOD_W   ?= 1

# Where boot/ and lib/modules/ of the kernel are, for the comparison of types.
KROOT ?= $(wildcard $(CACHE)/kernels/$(KVER)) /

SUPPORTED_H := $(KMOD_OUT)/src/compat/supported.h
COMPARE     := $(KMOD_OUT)/compare

module: $(COMPARE)
	$(MAKE) -C $(KDIR) M=$(KMOD_OUT) VTMM_VERSION=$(VERSION) W=$(KMOD_W) $(KMOD_ARGS) modules
	@scripts/types/run $(COMPARE) $(KMOD_OUT)/vtmm.ko "$$(scripts/supported --release "$(KVER)" "$(KDIR)")" $(KROOT) || \
		{ rm -f $(KMOD_OUT)/vtmm.ko; exit 1; }

# What the tree has no more must not be found here by an include. The header is
# written only when its content changes, for all is built again then.
module-sources:
	@scripts/supported "$(KVER)" "$(KDIR)"
	@mkdir -p $(KMOD_OUT)/src/compat
	@cp -ru --parents --preserve=timestamps $(KMOD_SRC) $(KMOD_OUT)/
	@cd $(KMOD_OUT) && find src include -name '*.[ch]' ! -name '*.mod.c' ! -path src/compat/supported.h | \
		while read -r f; do [ -e "$(CURDIR)/$$f" ] || rm "$$f"; done
	@scripts/kernels header >$(SUPPORTED_H).new
	@cmp -s $(SUPPORTED_H).new $(SUPPORTED_H) || cp $(SUPPORTED_H).new $(SUPPORTED_H)
	@rm $(SUPPORTED_H).new

$(COMPARE): module-sources scripts/types/compare.c
	@$(HOSTCC) -std=gnu11 -O2 -Wall -Wextra -Isrc -o $@ scripts/types/compare.c src/compat/btf.c

HOSTCC ?= gcc

module-sparse: KMOD_ARGS += C=2 CF=-Wsparse-error
module-sparse: module

## module: build vtmm.ko for KVER (or KDIR)
## module-sparse: the same, with sparse over every file

.PHONY: module module-sources module-sparse
