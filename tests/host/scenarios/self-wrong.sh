#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# self-wrong MISTAKE: for the self test of the harness on a debug kernel: a module
# makes the mistake, which the kernel reports.
. /mnt/tests/host/lib.sh

insmod "${VTMM_KO%/*}/test/vtmm_wrong.ko" what="$1" || fail "the module does not load"
rmmod vtmm_wrong
ok "$1"
