# SPDX-License-Identifier: GPL-2.0-only
"""
unit: tests of the harness. They boot nothing and take no place of an emulator.
"""
