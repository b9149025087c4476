# SPDX-License-Identifier: GPL-2.0-only
# What moving pages costs the guest, beside the kernel's own move_pages(2).
# HOSTS="amd/6.1 intel/6.12" chooses the hosts.

bench-migrate: host-ready
	bench/migrate/run $(HOSTS)

## bench-migrate: what moving pages costs, beside stock; bench/results/migrate.txt
.PHONY: bench-migrate
