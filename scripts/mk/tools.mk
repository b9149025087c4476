# SPDX-License-Identifier: GPL-2.0-only
# The netlink spec, the library, vtmmctl, and their tests.

spec-test:
	@python3 tests/spec/test_spec.py "$$(scripts/fetch-ynl)" docs/netlink/vtmm.yaml include/uapi/linux/vtmm.h

## spec-test: the netlink spec is valid and agrees with the uapi header

.PHONY: spec-test
