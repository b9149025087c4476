#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# self-crash: for the self test of the harness: the kernel panics.
. /mnt/tests/host/lib.sh

echo c >/proc/sysrq-trigger
