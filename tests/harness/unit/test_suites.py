# SPDX-License-Identifier: GPL-2.0-only
"""
test_suites: what counts as passed. A suite that is killed, that says nothing, that
skips or that fails without a word has failed.
"""
import contextlib
import io
import os
import pathlib
import signal
import tempfile
import unittest
from unittest import mock

from harness.suites import Report, Suite, choose, run_lanes, run_suite, table, total
from harness.tree import TOP, Refusal, read

TABLE = """
# a comment
quick  local  a  tests/a quick
quick  hosts  b  tests/b   x
long   local  a  tests/a
long   hosts  c  tests/c
"""


class Table(unittest.TestCase):
    """suites.txt"""

    def test_quick(self) -> None:
        self.assertEqual(table("quick", TABLE), [Suite("local", "a", "tests/a quick"),
                                                 Suite("hosts", "b", "tests/b x")])

    def test_long_form_instead_of_the_quick_one(self) -> None:
        self.assertEqual(table("long", TABLE), [
            Suite("local", "a", "tests/a"), Suite("hosts", "b", "tests/b x"),
            Suite("hosts", "c", "tests/c")])

    def test_refused(self) -> None:
        with self.assertRaisesRegex(Refusal, "suites.txt:2: there are two suites 'a'"):
            table("quick", "quick local a x\nquick hosts a y\n")
        with self.assertRaisesRegex(Refusal, "suites.txt:1: a line has"):
            table("quick", "quick local a\n")
        with self.assertRaisesRegex(Refusal, "suites.txt:1: a line has"):
            table("quick", "qick local a x\n")

    def test_choice(self) -> None:
        suites = table("quick", TABLE)
        self.assertEqual(choose(suites, ["b"]), suites[1:])
        with self.assertRaisesRegex(Refusal, "no suite 'c'; there are a, b"):
            choose(suites, ["a", "c"])

    def test_the_table_of_this_tree(self) -> None:
        text = read(TOP / "tests/suites.txt")
        quick, long = table("quick", text), table("long", text)
        self.assertLess({s.name for s in quick}, {s.name for s in long})


class Counting(unittest.TestCase):
    """What a suite said and how it ended, and what is counted."""

    def counted(self, log: str, returncode: int, passed: int, failed: int) -> Report:
        """The report, after its counts were looked at."""
        report = Report("s", log, returncode)
        self.assertEqual(report.count(), (passed, failed), report.results())
        return report

    def test_passed(self) -> None:
        report = self.counted("1..2\nok 1 - a\nnoise\nok 2 - b\n", 0, 2, 0)
        self.assertEqual(list(report.lines()),
                         ["ok s: 1 - a", "ok s: 2 - b", "# s: 0 s, 2 passed, 0 failed"])

    def test_empty(self) -> None:
        report = self.counted("nothing to do\n", 0, 0, 1)
        self.assertEqual(report.failures(), ["not ok s: s: it ran no test"])
        self.counted("", 0, 0, 1)

    def test_failed_without_a_word(self) -> None:
        report = self.counted("ok a\nsegfault\n", 2, 1, 1)
        self.assertEqual(list(report.lines())[:4], [
            "# ok a", "# segfault", "ok s: a", "not ok s: s: exit status 2"])

    def test_failed_and_said_so(self) -> None:
        self.counted("ok a\nnot ok b: why\n# more\n", 1, 1, 1)

    def test_failure_counts_though_the_status_is_zero(self) -> None:
        self.counted("ok a\nnot ok b\n", 0, 1, 1)

    def test_killed(self) -> None:
        report = self.counted("ok a\n", -signal.SIGKILL, 1, 1)
        self.assertEqual(report.failures(), ["not ok s: s: killed, exit status 137"])

    def test_killed_after_a_failure(self) -> None:
        self.counted("ok a\nnot ok b\n", -signal.SIGTERM, 1, 2)

    def test_skipped(self) -> None:
        report = self.counted("ok 1 - a # SKIP no pages\nok b # skip\nok c\n", 0, 1, 2)
        self.assertEqual(report.failures(),
                         ["not ok s: 1 - a # SKIP no pages", "not ok s: b # skip"])

    def test_words_that_only_begin_like_results(self) -> None:
        self.counted("okay\nnot okay\nokra\n ok a\n", 0, 0, 1)

    def test_total(self) -> None:
        good, bad = Report("a", "ok 1\n", 0), Report("b", "ok 1\nnot ok 2: x\n", 1)
        self.assertEqual(total([good]), (["1 passed, 0 failed"], True))
        self.assertEqual(total([good, bad]), (["not ok b: 2: x", "2 passed, 1 failed"], False))
        self.assertEqual(total([]), (["0 passed, 0 failed"], False))


class Running(unittest.TestCase):
    """Suites that run."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        patch = mock.patch.dict(os.environ, {"TMPDIR": folder.name})
        patch.start()
        self.addCleanup(patch.stop)

    def run_one(self, command: str) -> Report:
        """Its report."""
        return run_suite(Suite("local", "s", command), self.folder / "s.log")

    def test_status_and_output(self) -> None:
        report = self.run_one("echo ok a; echo not ok b >&2; exit 3")
        self.assertEqual((report.log, report.returncode), ("ok a\nnot ok b\n", 3))

    def test_killed(self) -> None:
        self.assertEqual(self.run_one("echo ok a; kill -KILL $$").failures(),
                         ["not ok s: s: killed, exit status 137"])

    def test_no_such_command(self) -> None:
        self.assertEqual(self.run_one("tests/no-such").failures(),
                         ["not ok s: s: exit status 127"])

    def test_lanes_run_in_order_and_side_by_side(self) -> None:
        log = self.folder / "log"
        wait = f"until grep -q b1 {log}; do sleep 0.01; done"
        suites = [Suite("x", "a1", f"{wait}; echo a1 >>{log}; echo ok a1"),
                  Suite("x", "a2", f"echo a2 >>{log}; echo ok a2"),
                  Suite("hosts", "b1", f"echo b1 >>{log}; echo ok b1")]
        with contextlib.redirect_stdout(io.StringIO()) as said:
            reports = run_lanes(suites, self.folder)
        self.assertEqual(log.read_text().split(), ["b1", "a1", "a2"])
        self.assertEqual([r.name for r in reports], ["a1", "a2", "b1"])
        lines = said.getvalue().splitlines()
        told = [lines.index(line) for line in ("# a1 starts", "ok a1: a1", "# a2 starts",
                                               "ok a2: a2")]
        self.assertEqual(told, sorted(told))

    def test_lane_that_dies(self) -> None:
        with mock.patch("harness.suites.run_suite", side_effect=OSError), \
                mock.patch("threading.excepthook"), \
                contextlib.redirect_stdout(io.StringIO()):
            reports = run_lanes([Suite("hosts", "s", "true")], self.folder)
        self.assertEqual(total(reports), (["not ok s: s: no report", "0 passed, 1 failed"], False))
