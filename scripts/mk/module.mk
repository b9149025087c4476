# SPDX-License-Identifier: GPL-2.0-only
# Building vtmm.ko: the sources are mirrored to build/kmod/<kernel>/, so that
# several kernels can be built side by side and the source tree stays clean.

KMOD_OUT := $(BUILD)/kmod/$(KTAG)
KMOD_SRC := Kbuild src/kmod src/core src/compat include
KMOD_W   ?= 1

module:
	@test -d "$(KDIR)" || { echo "vtmm: no kernel headers at $(KDIR): $(if $(KVER),install linux-headers-$(KVER),name a kernel build tree in KDIR or a release in KVER)." >&2; exit 1; }
	@mkdir -p $(KMOD_OUT)
	@cp -ru --parents --preserve=timestamps $(KMOD_SRC) $(KMOD_OUT)/
	$(MAKE) -C $(KDIR) M=$(KMOD_OUT) VTMM_VERSION=$(VERSION) W=$(KMOD_W) $(KMOD_ARGS) modules

module-sparse: KMOD_ARGS += C=2 CF=-Wsparse-error
module-sparse: module

## module: build vtmm.ko for KVER (or KDIR)
## module-sparse: the same, with sparse over every file

.PHONY: module module-sparse
