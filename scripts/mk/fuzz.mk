# SPDX-License-Identifier: GPL-2.0-only
# Fuzzing of src/core with libFuzzer. What it has found worth keeping stays in
# build/fuzz/corpus; a crash leaves its input in build/fuzz.

CORE_FUZZ_OUT := $(BUILD)/fuzz
FUZZ_CC       ?= clang
FUZZ_SECONDS  ?= 60
CORE_FUZZ     := $(patsubst tests/fuzz/%.c,$(CORE_FUZZ_OUT)/%,$(wildcard tests/fuzz/fuzz_*.c))

$(CORE_FUZZ_OUT)/fuzz_%: tests/fuzz/fuzz_%.c $(wildcard src/core/*.[ch] include/vtmm/*.h)
	@mkdir -p $(CORE_FUZZ_OUT)
	$(FUZZ_CC) -std=gnu11 -g -O1 -Wall -Wextra -Iinclude \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-o $@ $< $(wildcard src/core/*.c)

core-fuzz: $(CORE_FUZZ)
	@for t in $(CORE_FUZZ); do \
		mkdir -p $(CORE_FUZZ_OUT)/corpus/$$(basename $$t); \
		$$t -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -print_final_stats=1 \
			-artifact_prefix=$(CORE_FUZZ_OUT)/ \
			$(CORE_FUZZ_OUT)/corpus/$$(basename $$t) >$$t.log 2>&1 && \
			echo "ok $$(basename $$t): $$(sed -n 's/.*number_of_executed_units: //p' $$t.log) runs" || \
			{ echo "not ok $$(basename $$t): see $$t.log"; ret=1; }; \
	done; exit $${ret:-0}

fuzz: core-fuzz

## core-fuzz: fuzz heat, plans and the pool, FUZZ_SECONDS=60 for each
.PHONY: fuzz core-fuzz
