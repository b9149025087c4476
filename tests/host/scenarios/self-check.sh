#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# self-check: for the self test of the harness: a check that fails.
. /mnt/tests/host/lib.sh

not_ok "one" "because"
ok "two"
