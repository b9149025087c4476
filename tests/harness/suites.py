# SPDX-License-Identifier: GPL-2.0-only
"""
suites: the command scripts/check. It builds what the tests need, runs the suites of
tests/suites.txt, those of a lane one after the other, and counts. The last line is
`N passed, M failed`. A suite that ran no test, that was killed, or whose command failed
without saying what, counts as a failure.
"""
import contextlib
import dataclasses
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence

from . import slots
from .judge import strict
from .plan import lines
from .tree import BUILD, TOP, Refusal, read, shell_status

USAGE = "usage: scripts/check quick|long [SUITE...]"
WHEN = ("quick", "long")
# The lane of the emulated hosts, which take places for themselves.
HOSTS = "hosts"
RESULT = re.compile(r"(not )?ok\b")
LAST_WORDS = 30


@dataclasses.dataclass(frozen=True)
class Suite:
    """A line of the table."""

    lane: str
    name: str
    command: str


def table(when: str, text: str) -> list[Suite]:
    """The suites to run. Long means the quick suites too, but a suite that has a long
    form in that form only."""
    found: dict[tuple[str, str], Suite] = {}
    for number, words in lines(text):
        if len(words) < 4 or words[0] not in WHEN:
            raise Refusal(f"suites.txt:{number}: a line has: quick or long, lane, name, command")
        key = words[0], words[2]
        if key in found:
            raise Refusal(f"suites.txt:{number}: there are two suites '{words[2]}'")
        found[key] = Suite(words[1], words[2], " ".join(words[3:]))
    names = dict.fromkeys(name for w, name in found if w in (when, "quick"))
    forms = (found.get((when, name)) or found["quick", name] for name in names)
    return list(forms)


def choose(suites: list[Suite], only: Sequence[str]) -> list[Suite]:
    """Those that are asked for; all if none is."""
    for name in only:
        if name not in [s.name for s in suites]:
            known = ", ".join(s.name for s in suites)
            raise Refusal(f"there is no suite '{name}'; there are {known}", 2)
    return [s for s in suites if not only or s.name in only]


@dataclasses.dataclass
class Report:
    """What a suite said, and how it ended: its exit status, or minus a signal."""

    name: str
    log: str
    returncode: int
    seconds: int = 0

    def results(self) -> list[str]:
        """One line per test, as it counts."""
        found = [strict(line) for line in self.log.split("\n") if RESULT.match(line)]
        failed = any(line.startswith("not ok") for line in found)
        status = shell_status(self.returncode)
        if self.returncode < 0:
            found.append(f"not ok {self.name}: killed, exit status {status}")
        elif self.returncode and not failed:
            found.append(f"not ok {self.name}: exit status {status}")
        elif not found:
            found.append(f"not ok {self.name}: it ran no test")
        return found

    def count(self) -> tuple[int, int]:
        """Tests that passed, and that failed."""
        results = self.results()
        failed = sum(line.startswith("not ok") for line in results)
        return len(results) - failed, failed

    def failures(self) -> list[str]:
        """The tests that failed, with the suite's name."""
        return [RESULT.sub(f"not ok {self.name}:", line, count=1)
                for line in self.results() if line.startswith("not ok")]

    def lines(self) -> Iterator[str]:
        """What is told of it."""
        said = self.log.rstrip("\n").split("\n")
        if self.returncode and not any(RESULT.match(line) and line.startswith("not ok")
                                       for line in said):
            yield from (f"# {line}" for line in said[-LAST_WORDS:])
        for line in self.results():
            yield RESULT.sub(lambda m: f"{m[0]} {self.name}:", line, count=1)
        if self.returncode:
            yield from (line for line in said if line.startswith("# "))
        passed, failed = self.count()
        yield f"# {self.name}: {self.seconds} s, {passed} passed, {failed} failed"


def run_suite(suite: Suite, log: pathlib.Path) -> Report:
    """Runs it; all that it says stays in the log."""
    start = time.monotonic()
    with log.open("wb") as out:
        done = subprocess.run(["env", "CMOCKA_MESSAGE_OUTPUT=TAP", "setpriv", "--pdeathsig",
                               "TERM", "bash", "-c", suite.command],
                              stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                              cwd=TOP, check=False)
    return Report(suite.name, read(log), done.returncode, int(time.monotonic() - start))


class Lane(threading.Thread):
    """Suites that run one after the other. What is no emulator takes the place of one,
    for a host that has to share its core misses the time that its scenarios have."""

    def __init__(self, name: str, suites: Sequence[Suite], out: pathlib.Path) -> None:
        super().__init__(daemon=True)
        self.suites = suites
        self.out = out
        self.place: contextlib.AbstractContextManager[object] = slots.Slot()
        if name == HOSTS:
            self.place = contextlib.nullcontext()
        self.reports: list[Report] = []

    def run(self) -> None:
        """All of them."""
        with self.place:
            for suite in self.suites:
                print(f"# {suite.name} starts", flush=True)
                report = run_suite(suite, self.out / f"{suite.name}.log")
                self.reports.append(report)
                print("\n".join(report.lines()), flush=True)


def run_lanes(suites: Sequence[Suite], out: pathlib.Path) -> list[Report]:
    """Runs the lanes side by side. A suite whose lane has died has no report."""
    names = sorted({s.lane for s in suites})
    lanes = [Lane(n, [s for s in suites if s.lane == n], out) for n in names]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    reports = {r.name: r for lane in lanes for r in lane.reports}
    return [reports.get(s.name) or Report(s.name, f"not ok {s.name}: no report\n", 1)
            for s in suites]


def total(reports: Sequence[Report]) -> tuple[list[str], bool]:
    """The failures once more and, in the last line, the counts; whether all is good."""
    counts = [report.count() for report in reports]
    passed, failed = sum(c[0] for c in counts), sum(c[1] for c in counts)
    failures = [line for report in reports for line in report.failures()]
    return [*failures, f"{passed} passed, {failed} failed"], bool(passed) and not failed


def prepare_build(out: pathlib.Path) -> bool:
    """All that the suites share, so that they do not race to build it."""
    log = out / "build.log"
    with log.open("wb") as file:
        done = subprocess.run(["nice", "make", "--no-print-directory", "-s", "host-ready"],
                              stdout=file, stderr=subprocess.STDOUT, cwd=TOP, check=False)
    if done.returncode:
        print("\n".join(read(log).rstrip("\n").split("\n")[-40:]))
        print("not ok build: make host-ready failed\n0 passed, 1 failed", flush=True)
    return not done.returncode


def main(arguments: Sequence[str]) -> int:
    """The command."""
    if list(arguments[:1]) in (["-h"], ["--help"]):
        print(USAGE)
        return 0
    if not arguments or arguments[0] not in WHEN:
        print(USAGE, file=sys.stderr)
        return 2
    suites = choose(table(arguments[0], read(TOP / "tests/suites.txt")), arguments[1:])
    out = BUILD / "check"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    if not prepare_build(out):
        return 1
    text, good = total(run_lanes(suites, out))
    print("\n".join(text))
    return 0 if good else 1
