# SPDX-License-Identifier: GPL-2.0-only
"""
test: runs the unit tests of the harness, and prints one result for each. With names
as arguments, only those that have one of them in theirs.
"""
import unittest
from collections.abc import Iterator, Sequence

from .tree import TOP


class Result(unittest.TestResult):
    """Says how each test went. A skipped test, and one that succeeds though it should
    not, have failed."""

    def say(self, test: unittest.TestCase, why: str = "") -> None:
        """One line, and the rest as text."""
        first, *rest = why.strip().split("\n")[::-1]
        name = test.id().removeprefix("harness.unit.")
        print(f"not ok {name}: {first}" if why else f"ok {name}")
        for line in reversed(rest):
            print(f"# {line}")

    def stopTest(self, test: unittest.TestCase) -> None:
        """It has ended."""
        super().stopTest(test)
        bad = [*self.errors, *self.failures, *self.skipped]
        why = [text or "no reason" for failed, text in bad if test.id() in failed.id()]
        if any(test is one for one in self.unexpectedSuccesses):
            why.append("it should fail")
        self.say(test, "\n".join(why))


def flat(suite: unittest.TestSuite | unittest.TestCase) -> Iterator[unittest.TestCase]:
    """Its tests."""
    if isinstance(suite, unittest.TestCase):
        yield suite
        return
    for test in suite:
        yield from flat(test)


def main(arguments: Sequence[str]) -> int:
    """The command."""
    folder = TOP / "tests"
    found = unittest.defaultTestLoader.discover(str(folder / "harness/unit"), top_level_dir=str(folder))
    tests = [t for t in flat(found)
             if not arguments or any(word in t.id() for word in arguments)]
    result = Result()
    unittest.TestSuite(tests).run(result)
    return 0 if tests and result.wasSuccessful() and not result.skipped else 1
