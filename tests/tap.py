# SPDX-License-Identifier: GPL-2.0-only
"""tap: Python's unit tests as lines that scripts/check counts: `ok NAME`, `not ok NAME: why`."""
from __future__ import annotations

import sys
import types
import unittest
from typing import Union

# Why a test failed, as sys.exc_info() has it.
ExcInfo = Union[tuple[type[BaseException], BaseException, types.TracebackType],
                tuple[None, None, None]]


class Result(unittest.TextTestResult):
    """One line a test; a test that was skipped did not pass."""

    def addSuccess(self, test: unittest.TestCase) -> None:
        print(f"ok {test.id()}")
        super().addSuccess(test)

    def addFailure(self, test: unittest.TestCase, err: ExcInfo) -> None:
        print(f"not ok {test.id()}: {err[1]!r}".splitlines()[0])
        super().addFailure(test, err)

    addError = addFailure

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        print(f"not ok {test.id()}: skipped, {reason}")
        super().addSkip(test, reason)


def main(name: str) -> None:
    """Runs the tests of a module and ends the program: 0 if there were some and all passed."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[name])
    result = unittest.TextTestRunner(resultclass=Result, verbosity=0).run(suite)
    sys.exit(0 if result.testsRun and result.wasSuccessful() and not result.skipped else 1)
