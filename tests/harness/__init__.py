# SPDX-License-Identifier: GPL-2.0-only
"""
harness: plans the boots of emulated hosts, runs them, judges what they sent, and
counts what all suites of tests said. scripts/host, scripts/check and tests/host/run
are its commands. It never takes silence for success, and it never leaves an emulator
behind.
"""
