# SPDX-License-Identifier: GPL-2.0-only
# What follows from docs/netlink/vtmm.yaml: written by hand never, committed always.

generate:
	python3 scripts/gen/generate.py

## generate: write the uapi header, limits, policies and tables that docs/netlink/vtmm.yaml implies
.PHONY: generate
