#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# self-taken: for the self test of the harness: it keeps memory of the host.
. /mnt/tests/host/lib.sh

echo 4 >/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages
ok "taken"
