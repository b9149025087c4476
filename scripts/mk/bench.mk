# SPDX-License-Identifier: GPL-2.0-only
# Benchmarks on emulated hosts; bench/results has what they found.

bench-tracking: host-ready
	bench/tracking/run

## bench-tracking: what tracking costs; table in bench/results
.PHONY: bench-tracking
