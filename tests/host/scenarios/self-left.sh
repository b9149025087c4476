#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# self-left: for the self test of the harness: it leaves programs behind.
. /mnt/tests/host/lib.sh

sleep 1000 &
setsid sleep 1001 &
ok "left"
