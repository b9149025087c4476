# SPDX-License-Identifier: GPL-2.0-only
"""Tests as mutants are tried by: how each is built, run and judged, in a copy of
the tree. A test that says nothing has shown nothing: it counts as broken.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
from harness import plan  # noqa: E402

PASSED, FAILED, CRASHED, TIMED_OUT, BROKEN = (
    "passed", "a check failed", "crashed", "timed out", "broken")
KILLS = (FAILED, CRASHED, TIMED_OUT)
# Scenarios that share a boot when they are run without a mutant.
PACK = 8
# What a sanitizer says of a program that it stops.
SANITIZER = re.compile(r"(runtime error: .*|ERROR: \w+Sanitizer: .*|Assertion .* failed)")


@dataclass(frozen=True)
class Verdict:
    """How a test went: one of the words above, by which test, and what it said."""

    kind: str
    test: str
    detail: str = ""
    seconds: float = 0.0


class Processes:
    """What runs now, so that nothing is left behind when the runner ends."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()

    def run(self, command: list[str], cwd: Path, limit: float | None = None
            ) -> tuple[int | None, str]:
        """Exit status (None: it took too long) and all that was said."""
        with subprocess.Popen(command, cwd=cwd, env=environment(), text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, errors="replace",
                              start_new_session=True) as p:
            with self._lock:
                self._running.add(p)
            try:
                return self._wait(p, limit)
            finally:
                with self._lock:
                    self._running.discard(p)

    @staticmethod
    def _wait(p: "subprocess.Popen[str]", limit: float | None) -> tuple[int | None, str]:
        try:
            out, _ = p.communicate(timeout=limit)
            return p.returncode, out
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)
            out, _ = p.communicate()
            return None, out
        except BaseException:  # we are to end: so must it, or we would wait for it
            os.killpg(p.pid, signal.SIGTERM)
            raise

    def stop(self) -> None:
        """Ends all that still runs; emulators die with their scripts."""
        with self._lock:
            for p in self._running:
                os.killpg(p.pid, signal.SIGTERM)


PROCESSES = Processes()


def environment() -> dict[str, str]:
    """Ours, without what a make above us would tell the one below."""
    env = {k: v for k, v in os.environ.items()
           if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
    env["CMOCKA_MESSAGE_OUTPUT"] = "TAP"
    env["ASAN_OPTIONS"] = "detect_leaks=1:abort_on_error=0"
    return env


def make(tree: Path, *targets: str) -> str:
    """Builds targets in the copy; what was said if that fails. Without warnings:
    an error that leaves a variable unused is to be found by a test."""
    status, out = PROCESSES.run(["make", "-s", "--no-print-directory", *targets], tree)
    return "" if status == 0 else out or f"make {' '.join(targets)}: status {status}"


def first_error(out: str) -> str:
    """The line of a failed build that says why."""
    lines = [line.strip() for line in out.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "")


def kind_of(failure: str) -> str:
    """Hosts tell by a failed check too that they hung, or what the kernel reported."""
    if re.search(r"boot: HUNG|: stopped after \d+ s", failure):
        return TIMED_OUT
    return CRASHED if re.search(r"boot: DIED|kernel log: ", failure) else FAILED


def judge(test: str, status: int | None, out: str, seconds: float) -> Verdict:
    """From exit status and output to a verdict."""
    failed = re.search(r"^not ok (?:\d+ )?(?:- )?(.*)$", out, re.M)
    sanitizer = SANITIZER.search(out)
    if status is None:
        return Verdict(TIMED_OUT, test, f"after {seconds:.0f} s", seconds)
    if failed:  # what a sanitizer says then may be but what the check left
        return Verdict(kind_of(failed[1]), test, failed[1], seconds)
    if sanitizer:
        return Verdict(CRASHED, test, sanitizer[1], seconds)
    if status < 0:
        return Verdict(CRASHED, test, f"signal {-status}", seconds)
    if status:
        return Verdict(BROKEN, test, f"status {status}: {out.strip()[-200:]}", seconds)
    if not re.search(r"^ok\b", out, re.M):
        return Verdict(BROKEN, test, "it reported no check", seconds)
    return Verdict(PASSED, test, "", seconds)


@dataclass
class Trial:
    """One test program or boot; subclasses say how it is built and run."""

    test: str
    limit: float | None = field(default=None, compare=False)

    def lines(self) -> tuple[str, ...]:
        """What it stands for in the lists."""
        return (self.test,)

    def build(self, tree: Path) -> str:
        """What was said if it cannot be built, else nothing."""
        raise NotImplementedError

    def command(self, tree: Path) -> list[str]:
        """What runs it."""
        raise NotImplementedError

    def run(self, tree: Path) -> Verdict:
        """Builds and runs it."""
        begin = time.monotonic()
        out = self.build(tree)
        if out:
            return Verdict(BROKEN, self.test, "it does not build: " + first_error(out),
                           time.monotonic() - begin)
        begin = time.monotonic()
        status, out = PROCESSES.run(self.command(tree), tree, self.limit)
        return judge(self.test, status, out, time.monotonic() - begin)


class UnitTrial(Trial):
    """`unit test_pick`: one program of tests/unit."""

    def build(self, tree: Path) -> str:
        return make(tree, "CC=gcc -w", str(tree / "build/unit" / self.test.split()[1]))

    def command(self, tree: Path) -> list[str]:
        return [str(tree / "build/unit" / self.test.split()[1])]


class ToolsTrial(Trial):
    """`tools test_parse`: one program of tests/tools; `tools`: all of them."""

    def _program(self) -> str:
        return (self.test.split() + [""])[1]

    def build(self, tree: Path) -> str:
        name = self._program()
        programs = [name] if name else [
            p.stem for p in sorted((tree / "tests/tools").glob("test_*.c"))]
        targets = [str(tree / "build/tools" / p) for p in programs]
        if not name:
            targets += [str(tree / "build/bin/vtmmctl"), str(tree / "build/sim/vtmm-sim")]
        return make(tree, "CC=gcc -w", *targets)

    def command(self, tree: Path) -> list[str]:
        if self._program():
            return ["tests/tools/run", str(tree / "build/tools" / self._program())]
        return ["make", "-s", "--no-print-directory", "CC=gcc -w", "tools-test"]


@dataclass
class HostTrial(Trial):
    """`host amd/6.12 migrate limit=180 anon`: scenarios in one boot of a host."""

    scenarios: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        return tuple(f"{self.test} {s}" for s in self.scenarios)

    def _options(self, tree: Path) -> list[str]:
        host, _, boot = self.test.split()[1].partition("+")
        vendor, _, series = host.partition("/")
        kinds = plan.read_kinds((tree / "tests/host/boots.txt").read_text())
        kind = kinds.get(boot or plan.PLAIN, plan.Kind(boot, (f"--no-such-boot-{boot}",)))
        return ["--vendor", vendor, "--kernel", series, *kind.options]

    def build(self, tree: Path) -> str:
        series = self.test.split()[1].partition("+")[0].partition("/")[2]
        return make(tree, "KMOD_W=", "KCFLAGS=-w", f"module-{series}")

    def command(self, tree: Path) -> list[str]:
        scenarios = tree / "build/mutants.list"
        scenarios.write_text("".join(s + "\n" for s in self.scenarios))
        return ["scripts/host", "run", *self._options(tree), "--list", str(scenarios)]


class BuildTrial(Trial):
    """`build`: the mutant must not compile, thanks to a static assertion."""

    def run(self, tree: Path) -> Verdict:
        begin = time.monotonic()
        out = make(tree, str(tree / "build/unit/test_heat"), "tools") or \
            make(tree, "KMOD_W=", "module-6.12")
        seconds = time.monotonic() - begin
        if not out:
            return Verdict(PASSED, self.test, "", seconds)
        if "static assertion failed" in out or "BUILD_BUG" in out:
            return Verdict(FAILED, self.test, first_error(out), seconds)
        return Verdict(BROKEN, self.test, first_error(out), seconds)


KINDS = {"unit": UnitTrial, "tools": ToolsTrial, "build": BuildTrial}


def plain(line: str) -> str:
    """A line of a list, as lines() has it."""
    return " ".join(line.split())


def packs(trials: list[Trial]) -> list[Trial]:
    """The same, with no more than PACK scenarios in a boot: a host that one of them
    damages must not spoil all others."""
    packed: list[Trial] = []
    for t in trials:
        if isinstance(t, HostTrial):
            packed += [HostTrial(t.test, scenarios=t.scenarios[i:i + PACK])
                       for i in range(0, len(t.scenarios), PACK)]
        else:
            packed.append(t)
    return packed


def trials_of(tests: tuple[str, ...]) -> list[Trial]:
    """The tests of a mutant in their order; lines of one host share a boot."""
    trials: list[Trial] = []
    hosts: dict[str, HostTrial] = {}
    for line in tests:
        kind, *words = line.split()
        if kind == "host" and len(words) > 1:
            if words[0] not in hosts:
                hosts[words[0]] = HostTrial(f"host {words[0]}")
                trials.append(hosts[words[0]])
            hosts[words[0]].scenarios += (" ".join(words[1:]),)
        elif kind in KINDS and len(words) in ((1,) if kind == "unit" else (0, 1)):
            trials.append(KINDS[kind](line))
        else:
            raise ValueError(f"no such kind of test: {line}")
    return trials
