#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# self-stop: for the self test of the harness: it stops half-way.
. /mnt/tests/host/lib.sh

exit 3
