# SPDX-License-Identifier: GPL-2.0-only
# The netlink spec, the library, vtmmctl, and their tests.

TOOLS_OUT    := $(BUILD)/tools
TOOLS_PKGS   := libnl-genl-3.0 libnl-3.0 json-c
TOOLS_CFLAGS := -std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wno-missing-field-initializers \
	-Wformat=2 -Wshadow -Wstrict-prototypes -Iinclude/uapi -I$(TOOLS_OUT)/gen -DVTMM_VERSION='"$(VERSION)"'
TOOLS_SAN    := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# Evaluated when a recipe needs them: `make module` works without the libraries.
TOOLS_PKG_CFLAGS = $(shell pkg-config --cflags $(TOOLS_PKGS))
TOOLS_LIBS       = $(shell pkg-config --libs $(TOOLS_PKGS))
TOOLS_STATIC     = $(shell pkg-config --libs --static $(TOOLS_PKGS))

LIB_SRC := $(wildcard src/lib/*.c)
CTL_SRC := $(filter-out src/vtmmctl/main.c,$(wildcard src/vtmmctl/*.c))

# objs DIR SOURCES: the objects of sources under a directory of the build.
objs = $(patsubst %.c,$(TOOLS_OUT)/$(1)/%.o,$(2))

# Which kernels are supported, for C.
TOOLS_GEN := $(TOOLS_OUT)/gen/supported.h
$(TOOLS_GEN): scripts/kernels scripts/kernels.txt
	@mkdir -p $(@D)
	scripts/kernels header >$@.tmp
	@mv $@.tmp $@

$(TOOLS_OUT)/plain/%.o: %.c | $(TOOLS_GEN)
	@mkdir -p $(@D)
	$(CC) $(TOOLS_CFLAGS) $(TOOLS_PKG_CFLAGS) -MMD -c -o $@ $<

$(TOOLS_OUT)/san/%.o: %.c | $(TOOLS_GEN)
	@mkdir -p $(@D)
	$(CC) $(TOOLS_CFLAGS) $(TOOLS_PKG_CFLAGS) $(TOOLS_SAN) -MMD -c -o $@ $<

$(BUILD)/lib/libvtmm.a: $(call objs,plain,$(LIB_SRC))
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

CTL_OBJS := $(call objs,plain,src/vtmmctl/main.c $(CTL_SRC))

$(BUILD)/bin/vtmmctl: $(CTL_OBJS) $(BUILD)/lib/libvtmm.a
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS) $(TOOLS_LIBS)

# For hosts without libraries: an initramfs, a rescue system. The linker warns of
# name look-ups in libnl that vtmmctl never makes.
$(BUILD)/bin/vtmmctl-static: $(CTL_OBJS) $(BUILD)/lib/libvtmm.a
	@mkdir -p $(@D)
	$(CC) -static -Wl,--no-warnings -o $@ $^ $(LDFLAGS) $(TOOLS_STATIC)

# A vtmmctl of another ABI, which must refuse to talk to the module.
ABI2 := $(TOOLS_OUT)/abi2
$(BUILD)/tests/vtmmctl-abi2: $(LIB_SRC) $(CTL_SRC) src/vtmmctl/main.c include/uapi/linux/vtmm.h | $(TOOLS_GEN)
	@mkdir -p $(ABI2)/linux $(@D)
	sed 's/\(define VTMM_ABI\t*\)1$$/\12/' include/uapi/linux/vtmm.h >$(ABI2)/linux/vtmm.h
	@grep -q 'VTMM_ABI.*2$$' $(ABI2)/linux/vtmm.h
	$(CC) -I$(ABI2) $(TOOLS_CFLAGS) $(TOOLS_PKG_CFLAGS) -o $@ $(filter %.c,$^) $(TOOLS_LIBS)

$(BUILD)/tests/unprivileged: tests/host/unprivileged.c
	@mkdir -p $(@D)
	$(CC) $(TOOLS_CFLAGS) -static -o $@ $<

HOST_PROGRAMS += $(BUILD)/tests/vtmmctl-abi2 $(BUILD)/tests/unprivileged

MAN_PAGES := $(patsubst docs/man/%.scd,$(BUILD)/man/%,$(wildcard docs/man/*.scd))

# Limits and defaults are put in from the netlink spec.
$(BUILD)/man/%.scd: docs/man/%.scd docs/man/values.sed
	@mkdir -p $(@D)
	sed -f docs/man/values.sed $< >$@.tmp
	@! grep -n '@[a-z-]*\(\.[a-z]*\)\?@' $@.tmp
	@mv $@.tmp $@

$(BUILD)/man/%: $(BUILD)/man/%.scd
	scdoc <$< >$@.tmp
	@mv $@.tmp $@

$(BUILD)/completion/vtmmctl: $(BUILD)/bin/vtmmctl
	@mkdir -p $(@D)
	$< completion bash >$@.tmp
	@mv $@.tmp $@

man: $(MAN_PAGES)

tools: $(BUILD)/bin/vtmmctl $(BUILD)/bin/vtmmctl-static man $(BUILD)/completion/vtmmctl

# Programs of tests: one for each tests/tools/test_*.c, with sanitizers, linked
# with all of vtmmctl but its main().
TOOLS_TESTS := $(patsubst tests/tools/%.c,%,$(wildcard tests/tools/test_*.c))
TOOLS_HELP  := $(filter-out tests/tools/test_%.c,$(wildcard tests/tools/*.c))
TOOLS_TEST_OBJS := $(call objs,san,$(TOOLS_HELP) $(CTL_SRC) $(LIB_SRC))

$(TOOLS_TESTS:%=$(TOOLS_OUT)/%): $(TOOLS_OUT)/%: $(TOOLS_OUT)/san/tests/tools/%.o $(TOOLS_TEST_OBJS)
	$(CC) $(TOOLS_SAN) -o $@ $^ $(TOOLS_LIBS) -lcmocka

tools-test: $(TOOLS_TESTS:%=$(TOOLS_OUT)/%) $(BUILD)/bin/vtmmctl $(BUILD)/sim/vtmm-sim $(MAN_PAGES)
	@tests/tools/run $(TOOLS_TESTS:%=$(TOOLS_OUT)/%)
	@timeout -k 10 300 python3 tests/tools/test_docs.py $(BUILD)/bin/vtmmctl $(BUILD)/man/vtmmctl.8.scd $(BUILD)/man/vtmm.7.scd src/kmod
	@timeout -k 10 300 python3 tests/tools/test_program.py $(BUILD)/bin/vtmmctl
	@timeout -k 10 300 python3 tests/tools/test_replay.py $(BUILD)/sim/vtmm-sim

# Fuzzing of what takes foreign input: FUZZ_SECONDS for each program.
FUZZ_SECONDS ?= 60
FUZZ_CC      := clang
FUZZ_FLAGS   := -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined
TOOLS_FUZZ   := $(patsubst tests/tools/fuzz/%.c,%,$(wildcard tests/tools/fuzz/fuzz_*.c))

$(TOOLS_FUZZ:%=$(TOOLS_OUT)/fuzz/%): $(TOOLS_OUT)/fuzz/%: tests/tools/fuzz/%.c $(CTL_SRC) $(LIB_SRC) | $(TOOLS_GEN)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(TOOLS_CFLAGS) $(TOOLS_PKG_CFLAGS) $(FUZZ_FLAGS) -o $@ $^ $(TOOLS_LIBS)

tools-fuzz: $(TOOLS_FUZZ:%=$(TOOLS_OUT)/fuzz/%)
	@tests/tools/fuzz/run $(FUZZ_SECONDS) $^

fuzz: tools-fuzz

$(TOOLS_OUT)/dump_fields: $(call objs,plain,tests/spec/dump_fields.c) $(BUILD)/lib/libvtmm.a
	$(CC) -o $@ $^ $(TOOLS_LIBS)

spec-test: $(TOOLS_OUT)/dump_fields
	@python3 tests/spec/test_spec.py "$$(scripts/fetch-ynl)" $<
	@python3 tests/spec/test_gen.py

# Objects are kept between runs of the tests.
.SECONDARY: $(MAN_PAGES:%=%.scd) $(TOOLS_TEST_OBJS) $(TOOLS_TESTS:%=$(TOOLS_OUT)/san/tests/tools/%.o)

SBIN := $(DESTDIR)$(PREFIX)/sbin
MAN  := $(DESTDIR)$(PREFIX)/share/man
BASH_COMPLETION := $(DESTDIR)$(PREFIX)/share/bash-completion/completions

install-tools: tools
	install -D -m 755 $(BUILD)/bin/vtmmctl $(SBIN)/vtmmctl
	install -D -m 644 $(BUILD)/man/vtmmctl.8 $(MAN)/man8/vtmmctl.8
	install -D -m 644 $(BUILD)/man/vtmm.7 $(MAN)/man7/vtmm.7
	install -D -m 644 $(BUILD)/completion/vtmmctl $(BASH_COMPLETION)/vtmmctl

uninstall-tools:
	rm -f $(SBIN)/vtmmctl $(MAN)/man8/vtmmctl.8 $(MAN)/man7/vtmm.7 $(BASH_COMPLETION)/vtmmctl

INSTALL_STEPS   += install-tools
UNINSTALL_STEPS += uninstall-tools

-include $(shell find $(TOOLS_OUT) -name '*.d' 2>/dev/null)

## tools: build/lib/libvtmm.a, build/bin/vtmmctl and vtmmctl-static
## tools-fuzz: fuzz the parsers of the tools, FUZZ_SECONDS=60 for each
## fuzz: fuzz all that takes foreign input
## man: the manual pages
## install-tools: vtmmctl, its manual pages and completion (DESTDIR, PREFIX)
## tools-test: tests of the library and of vtmmctl, under sanitizers
## spec-test: the netlink spec is valid, what is generated is up to date, counters are written, settings read

.PHONY: fuzz tools-fuzz tools man install-tools uninstall-tools tools-test spec-test
