# SPDX-License-Identifier: GPL-2.0-only
# The demo: a real guest whose hot pages move to fast memory.

DEMO := $(BUILD)/demo

$(DEMO)/keyshare: scripts/demo/keyshare.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -o $@ $<

$(DEMO)/guest.cpio: $(wildcard scripts/guest/*)
	scripts/guest/build $@

# The host boots the newest series, and the guest its cloud kernel.
DEMO_SERIES := $(lastword $(HOST_SERIES))

$(DEMO)/vmlinux:
	@mkdir -p $(@D)
	set -- $$(scripts/fetch-kernel $(DEMO_SERIES)-cloud) && cp $$2/boot/vmlinux-$$1 $@

demo-ready: module-$(DEMO_SERIES) $(DEMO)/keyshare $(DEMO)/guest.cpio $(DEMO)/vmlinux
	$(MAKE) --no-print-directory tools host-programs

# In two steps: what a rule finds missing must be installed before make looks.
demo:
	scripts/setup build host demo
	$(MAKE) --no-print-directory demo-ready
	scripts/demo/run

## demo: redis in a real guest, before and after vtmm, on an emulated host

.PHONY: demo demo-ready
