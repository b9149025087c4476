# SPDX-License-Identifier: GPL-2.0-only
# Mutants: plausible human errors put into a copy of the tree, one at a time; the
# tests must notice. ONLY="NAME ..." tries some of them, JOBS=2 two at a time.

ONLY ?=
JOBS ?= 1

mutants:
	@nice tests/mutants/run --jobs $(JOBS) $(if $(ONLY),$(ONLY),core tools)

mutants-module:
	@tests/mutants/run --jobs $(JOBS) $(if $(ONLY),$(ONLY),module)

mutants-test:
	@python3 -B tests/mutants/test_runner.py

## mutants: does a test notice each human error of tests/mutants/core.ini and tools.ini?
## mutants-module: the same of the module, on emulated hosts (hours)
## mutants-test: tests of what runs mutants

.PHONY: mutants mutants-module mutants-test
