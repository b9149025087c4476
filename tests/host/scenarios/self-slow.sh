#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# self-slow: for the self test of the harness: it does not end.
. /mnt/tests/host/lib.sh

sleep 1000
