# SPDX-License-Identifier: GPL-2.0-only
"""Tests of what runs mutants: a runner that calls a survivor killed, or a test that
did not run passed, would make every figure worthless. Speaks TAP.
usage: test_runner.py
"""

import contextlib
import io
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from unittest import mock

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
import mutants  # noqa: E402
import report  # noqa: E402
import tap  # noqa: E402
import trials  # noqa: E402
from baseline import Baseline  # noqa: E402
from mirror import Mirror, copy, differs  # noqa: E402
from mutants import ListError, Mutant, Stale  # noqa: E402
from trials import HostTrial, Verdict, judge  # noqa: E402

LIST = """
# a remark
[one]
why = somebody
    errs
find = a = b +
    c % 2;
put = a = b;
test = unit test_x
    host amd/6.12 migrate limit=180 anon 4
"""


def mutant(find: str = "x", put: str = "y", where: str = "", area: str = "core") -> Mutant:
    """A mutant of no interest but for its text."""
    return Mutant("m", area, "why", find, put, ("unit test_x",), where)


def said(function: Callable[..., bool], *args: object) -> tuple[bool, str]:
    """What a part of the report returns, and what it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        good = function(*args)
    return good, out.getvalue()


class Lists(unittest.TestCase):
    """The format of the lists."""

    def test_a_list_is_read(self) -> None:
        m, = mutants.parse(LIST, "core", "core.ini")
        self.assertEqual(m.why, "somebody errs")
        self.assertEqual(m.find.split(), ["a", "=", "b", "+", "c", "%", "2;"])
        self.assertEqual(m.tests, ("unit test_x", "host amd/6.12 migrate limit=180 anon 4"))

    def test_what_cannot_be_meant_is_refused(self) -> None:
        for bad in ("[a]\nwhy = x\nfind = x\ntest = unit t", LIST + LIST,
                    LIST.replace("why", "wy"), LIST.replace("test = unit test_x\n    host", "x ="),
                    "[a]\nwhy = x\nfind = x  y\nput = x y\ntest = unit t",
                    "[a]\nwhy = x\nfind =\nput = x y\ntest = unit t"):
            with self.assertRaises(ListError):
                mutants.parse(bad, "core", "core.ini")

    def test_a_name_is_used_once(self) -> None:
        with tempfile.TemporaryDirectory() as d:
            for name in ("core.ini", "module-a.ini"):
                Path(d, name).write_text(LIST)
            with self.assertRaises(ListError):
                mutants.load(Path(d))
            Path(d, "module-a.ini").write_text(LIST.replace("[one]", "[two]"))
            self.assertEqual([m.area for m in mutants.load(Path(d))], ["core", "module"])


class Places(unittest.TestCase):
    """Where a mutant applies."""

    def test_white_space_is_any(self) -> None:
        text = "if (a)\n\t\treturn  b;\n"
        place = mutants.locate(mutant("if (a) return b;"), {"src/x.c": text})
        self.assertEqual(mutants.mutate(text, place, "b();"), "b();\n")

    def test_what_is_not_there_once_is_stale(self) -> None:
        for text in ("", "x x"):
            with self.assertRaises(Stale):
                mutants.locate(mutant(), {"src/x.c": text})

    def test_a_file_can_be_named_by_its_end(self) -> None:
        sources = {"src/a/one.c": "x", "src/b/one.c": "x", "src/b/done.c": "x"}
        self.assertEqual(mutants.locate(mutant(where="b/one.c"), sources).path, "src/b/one.c")
        self.assertEqual(mutants.locate(mutant(where="done.c"), sources).path, "src/b/done.c")
        with self.assertRaises(Stale):
            mutants.locate(mutant(where="one.c"), sources)


class Copies(unittest.TestCase):
    """The copy of the tree."""

    def test_only_what_differs_is_copied(self) -> None:
        with tempfile.TemporaryDirectory() as d:
            a, b = Path(d, "a"), Path(d, "x/b")
            a.write_text("one")
            self.assertTrue(differs(a, b))
            copy(a, b)
            self.assertFalse(differs(a, b))
            b.write_text("two")
            self.assertTrue(differs(a, b))

    def test_a_mutant_is_taken_out_again(self) -> None:
        with tempfile.TemporaryDirectory() as d:
            m = Mirror(Path(d), Path(d))
            Path(d, "f.c").write_text("x;")
            with self.assertRaises(KeyboardInterrupt):
                with m.mutated(mutant(), {"f.c": "x;"}) as path:
                    self.assertEqual(Path(d, path).read_text(), "y;")
                    raise KeyboardInterrupt
            self.assertEqual(Path(d, "f.c").read_text(), "x;")


class Trials(unittest.TestCase):
    """How tests are judged."""

    def test_kinds_of_ends(self) -> None:
        for status, out, kind in (
                (0, "ok 1 - a", trials.PASSED),
                (1, "ok 1 - a\nnot ok 2 - b", trials.FAILED),
                (0, "ok 1 - a\nnot ok 2 - b", trials.FAILED),
                (-11, "ok 1 - a", trials.CRASHED),
                (1, "f.c:1:2: runtime error: signed integer overflow", trials.CRASHED),
                (1, "==1==ERROR: LeakSanitizer: detected memory leaks", trials.CRASHED),
                (None, "ok 1 - a", trials.TIMED_OUT),
                (1, "not ok amd/6.12 boot: HUNG, stopped after 9 s of silence", trials.TIMED_OUT),
                (1, "not ok amd/6.12 plan: kernel log: BUG", trials.CRASHED)):
            self.assertEqual(judge("t", status, out, 1).kind, kind, out)

    def test_silence_is_no_result(self) -> None:
        for status, out in ((0, ""), (0, "1..0"), (1, ""), (127, "not found"), (1, "ok 1 - a")):
            self.assertEqual(judge("t", status, out, 1).kind, trials.BROKEN, out)

    def test_scenarios_of_a_host_share_a_boot(self) -> None:
        t = trials.trials_of(("host amd/6.1 a limit=9", "unit test_x", "host amd/6.1 b 4"))
        self.assertEqual([x.test for x in t], ["host amd/6.1", "unit test_x"])
        assert isinstance(t[0], HostTrial)
        self.assertEqual(t[0].scenarios, ("a limit=9", "b 4"))

    def test_a_boot_has_the_options_of_its_table(self) -> None:
        with tempfile.TemporaryDirectory() as d:
            Path(d, "build").mkdir()
            Path(d, "tests/host").mkdir(parents=True)
            Path(d, "tests/host/boots.txt").write_text("std\nmulti alone --smp 4\n")
            for boot, options in (("", ""), ("+multi", " --smp 4")):
                t, = trials.trials_of((f"host amd/6.1{boot} a 1",))
                self.assertEqual(" ".join(t.command(Path(d))[2:-2]),
                                 "--vendor amd --kernel 6.1" + options)
            self.assertEqual(Path(d, "build/mutants.list").read_text(), "a 1\n")

    def test_without_a_mutant_few_share_a_boot(self) -> None:
        lines = tuple(f"host amd/6.1  s {i}" for i in range(trials.PACK + 1))
        t = trials.packs(trials.trials_of(lines + ("unit test_x",)))
        self.assertEqual([len(x.lines()) for x in t], [trials.PACK, 1, 1])
        self.assertEqual([line for x in t for line in x.lines()],
                         [trials.plain(line) for line in lines] + ["unit test_x"])

    def test_unknown_kinds_are_refused(self) -> None:
        for line in ("unit", "host amd/6.1", "magic x", "unit a b"):
            with self.assertRaises(ValueError):
                trials.trials_of((line,))

    def test_a_hanging_command_is_stopped(self) -> None:
        status, out = trials.PROCESSES.run(["sh", "-c", "echo ok; sleep 60"], Path("/"), 0.3)
        self.assertIsNone(status)
        self.assertEqual(out, "ok\n")

    def test_a_runner_that_is_stopped_stops_what_it_runs(self) -> None:
        code = ("import signal, sys, trials; from pathlib import Path;"
                "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143));"
                "print('go', flush=True);"
                "trials.PROCESSES.run(['sleep', '60'], Path('/'))")
        with subprocess.Popen([sys.executable, "-B", "-c", code], text=True,
                              cwd=Path(__file__).parent, stdout=subprocess.PIPE) as p:
            assert p.stdout
            self.assertEqual(p.stdout.readline(), "go\n")
            time.sleep(0.3)
            p.terminate()
            self.assertEqual(p.wait(10), 143)


class Rigged(HostTrial):
    """A boot that fails as soon as the scenario `bad` is in it."""

    def run(self, tree: Path) -> Verdict:
        kind = trials.FAILED if "bad" in self.scenarios else trials.PASSED
        return Verdict(kind, self.test, "why", 1.0)


class Baselines(unittest.TestCase):
    """Tests without a mutant."""

    def test_a_bad_scenario_spoils_only_its_mutants(self) -> None:
        b = Baseline(Path("/"))
        with mock.patch.object(trials, "HostTrial", Rigged):
            b.look(Rigged("host amd/6.1", scenarios=("a", "bad", "b")))
        self.assertEqual(list(b.unfit), ["host amd/6.1 bad"])
        for tests, spoilt in ((("host amd/6.1 a", "host amd/6.1 b"), False),
                              (("host amd/6.1 a", "host amd/6.1  bad"), True)):
            m = Mutant("m", "module", "why", "x", "y", tests)
            self.assertEqual(bool(b.spoils(m)), spoilt, tests)

    def test_what_passes_spoils_nothing(self) -> None:
        b = Baseline(Path("/"))
        b.look(Rigged("host amd/6.1", scenarios=("a", "b")))
        self.assertEqual((b.unfit, b.seconds), ({}, {"host amd/6.1": 1.0}))


class Reports(unittest.TestCase):
    """Goals."""

    @staticmethod
    def results(killed: int, survived: int, equal: int = 0) -> list[report.Result]:
        """So many of each."""
        states = ([report.KILLED] * killed + [report.SURVIVED] * survived +
                  [report.EQUIVALENT] * equal)
        return [report.Result(mutant(), s, Verdict(trials.PASSED, "t")) for s in states]

    def test_the_goal_is_of_what_is_not_equivalent(self) -> None:
        good, out = said(report.tell_area, "core", self.results(57, 3, 10))
        self.assertTrue(good)
        self.assertIn("ok core: 57 of 60 killed (95.0 %), 10 equivalent; goal 95 %", out)
        self.assertFalse(said(report.tell_area, "core", self.results(56, 4, 10))[0])

    def test_a_short_list_is_no_success(self) -> None:
        self.assertFalse(said(report.tell_area, "core", self.results(59, 0))[0])
        self.assertFalse(said(report.tell_area, "tools", [])[0])

    def test_what_shows_nothing_fails_the_run(self) -> None:
        for state in (report.STALE, report.BROKEN):
            bad = report.Result(mutant(), state, Verdict("", "", "why"))
            self.assertFalse(said(report.tell_faults, [bad])[0])
        self.assertTrue(said(report.tell_faults, self.results(1, 1, 1))[0])


if __name__ == "__main__":
    tap.main(__name__)
