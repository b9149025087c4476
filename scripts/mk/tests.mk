# SPDX-License-Identifier: GPL-2.0-only
# Checks. The suites stand in tests/suites.txt; scripts/check runs them.

setup:
	scripts/setup

check:
	scripts/setup
	scripts/check quick

check-long:
	scripts/setup
	scripts/check long

style:
	@ret=0; tests/style/run || ret=1; tests/style/analyze || ret=1; exit $$ret

## setup: install the Debian packages that are missing
## check: all quick suites (25 minutes at most on two cores)
## check-long: the quick suites and the long ones
## style: checkpatch, sparse, warnings, clang-format, shellcheck, static analysis

.PHONY: setup check check-long style
