#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# self-warn: for the self test of the harness: the kernel says WARNING.
. /mnt/tests/host/lib.sh

echo "WARNING: only a test" >/dev/kmsg
ok "said"
