#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# demo: the scenario of `make demo`; see docs/demo.md.
exec bash /mnt/scripts/demo/inside "$@"
