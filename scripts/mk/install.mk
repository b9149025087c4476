# SPDX-License-Identifier: GPL-2.0-only
# Installing: the module by DKMS for every supported kernel, or for one kernel
# by hand. The tools name targets of their own in INSTALL_STEPS and
# UNINSTALL_STEPS.

DESTDIR ?=
PREFIX  ?= /usr/local

# DKMS: where the source goes, further flags, and for which kernels it builds
# (all that are supported and have headers, or the one in KVER=).
DKMS_SRC     ?= /usr/src/vtmm-$(VERSION)
DKMS_FLAGS   ?=
DKMS_SOURCES := Makefile Kbuild dkms.conf LICENSE scripts/mk src include
DKMS_SOURCES += scripts/supported scripts/kernels scripts/kernels.txt scripts/types scripts/vmlinux
DKMS_KERNELS ?= $(if $(filter command line environment,$(origin KVER)),$(KVER),$(shell \
	for d in /lib/modules/*/build; do r=$${d%/build}; r=$${r\#\#*/}; \
	scripts/supported $$r 2>/dev/null && echo $$r; done))

install: all
	install -D -m 644 $(KMOD_OUT)/vtmm.ko $(DESTDIR)/lib/modules/$(KVER)/updates/vtmm.ko
	$(if $(INSTALL_STEPS),$(MAKE) --no-print-directory $(INSTALL_STEPS))
	$(if $(DESTDIR),,depmod $(KVER))

uninstall:
	rm -f $(DESTDIR)/lib/modules/$(KVER)/updates/vtmm.ko
	$(if $(UNINSTALL_STEPS),$(MAKE) --no-print-directory $(UNINSTALL_STEPS))
	$(if $(DESTDIR),,depmod $(KVER))

dkms-install:
	@for k in $(DKMS_KERNELS); do scripts/supported $$k || exit 1; done
	@test -n "$(strip $(DKMS_KERNELS))" || { echo "vtmm: no supported kernel with headers is installed: $$(scripts/kernels sentence)." >&2; exit 1; }
	rm -rf $(DKMS_SRC)
	mkdir -p $(DKMS_SRC)
	cp -r --parents $(DKMS_SOURCES) $(DKMS_SRC)/
	dkms status $(DKMS_FLAGS) -m vtmm -v $(VERSION) | grep -q . || \
		dkms add $(DKMS_FLAGS) -m vtmm -v $(VERSION)
	for k in $(DKMS_KERNELS); do \
		dkms build --force $(DKMS_FLAGS) -m vtmm -v $(VERSION) -k $$k && \
		dkms install --force $(DKMS_FLAGS) -m vtmm -v $(VERSION) -k $$k || exit 1; \
	done

# For tests.
print-dkms-sources:
	@echo $(DKMS_SOURCES)

dkms-remove:
	dkms remove $(DKMS_FLAGS) -m vtmm -v $(VERSION) --all
	rm -rf $(DKMS_SRC)

## install: the module of KVER and the tools (DESTDIR, PREFIX)
## uninstall: take those away again
## dkms-install: the module by DKMS, for each supported kernel (or KVER)
## dkms-remove: take it away again

.PHONY: install uninstall dkms-install dkms-remove print-dkms-sources
