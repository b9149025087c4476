# SPDX-License-Identifier: GPL-2.0-only
# The netlink spec, the library, vtmmctl, and their tests.

TOOLS_OUT    := $(BUILD)/tools
TOOLS_PKGS   := libnl-genl-3.0 libnl-3.0 json-c
TOOLS_CFLAGS := -std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wno-missing-field-initializers \
	-Wformat=2 -Wshadow -Wstrict-prototypes -Iinclude/uapi -DVTMM_VERSION='"$(VERSION)"'
TOOLS_SAN    := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# Evaluated when a recipe needs them: `make module` works without the libraries.
TOOLS_PKG_CFLAGS = $(shell pkg-config --cflags $(TOOLS_PKGS))
TOOLS_LIBS       = $(shell pkg-config --libs $(TOOLS_PKGS))
TOOLS_STATIC     = $(shell pkg-config --libs --static $(TOOLS_PKGS))

LIB_SRC := $(wildcard src/lib/*.c)
CTL_SRC := $(filter-out src/vtmmctl/main.c,$(wildcard src/vtmmctl/*.c))

# objs DIR SOURCES: the objects of sources under a directory of the build.
objs = $(patsubst %.c,$(TOOLS_OUT)/$(1)/%.o,$(2))

$(TOOLS_OUT)/plain/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(TOOLS_CFLAGS) $(TOOLS_PKG_CFLAGS) -MMD -c -o $@ $<

$(TOOLS_OUT)/san/%.o: %.c
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

tools: $(BUILD)/bin/vtmmctl $(BUILD)/bin/vtmmctl-static

# Programs of tests: one for each tests/tools/test_*.c, with sanitizers, linked
# with all of vtmmctl but its main().
TOOLS_TESTS := $(patsubst tests/tools/%.c,%,$(wildcard tests/tools/test_*.c))
TOOLS_HELP  := $(filter-out tests/tools/test_%.c,$(wildcard tests/tools/*.c))
TOOLS_TEST_OBJS := $(call objs,san,$(TOOLS_HELP) $(CTL_SRC) $(LIB_SRC))

$(TOOLS_TESTS:%=$(TOOLS_OUT)/%): $(TOOLS_OUT)/%: $(TOOLS_OUT)/san/tests/tools/%.o $(TOOLS_TEST_OBJS)
	$(CC) $(TOOLS_SAN) -o $@ $^ $(TOOLS_LIBS) -lcmocka

tools-test: $(TOOLS_TESTS:%=$(TOOLS_OUT)/%) $(BUILD)/bin/vtmmctl
	@tests/tools/run $(TOOLS_TESTS:%=$(TOOLS_OUT)/%)

$(TOOLS_OUT)/dump_fields: $(call objs,plain,tests/spec/dump_fields.c) $(BUILD)/lib/libvtmm.a
	$(CC) -o $@ $^ $(TOOLS_LIBS)

spec-test: $(TOOLS_OUT)/dump_fields
	@python3 tests/spec/test_spec.py "$$(scripts/fetch-ynl)" docs/netlink/vtmm.yaml include/uapi/linux/vtmm.h $<

# Objects are kept between runs of the tests.
.SECONDARY: $(TOOLS_TEST_OBJS) $(TOOLS_TESTS:%=$(TOOLS_OUT)/san/tests/tools/%.o)

-include $(shell find $(TOOLS_OUT) -name '*.d' 2>/dev/null)

## tools: build/lib/libvtmm.a, build/bin/vtmmctl and vtmmctl-static
## tools-test: tests of the library and of vtmmctl, under sanitizers
## spec-test: the netlink spec is valid and agrees with the uapi header and the library

.PHONY: tools tools-test spec-test
