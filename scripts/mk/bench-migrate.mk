# SPDX-License-Identifier: GPL-2.0-only
# What moving pages costs the guest, beside the kernel's own move_pages(2).

bench-migrate: host-ready
	@mkdir -p bench/results
	bench/migrate/run >bench/results/migrate.txt; ret=$$?; \
	cat bench/results/migrate.txt; exit $$ret

## bench-migrate: flushes and traps for each moved page; table in bench/results
.PHONY: bench-migrate
