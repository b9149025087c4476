# SPDX-License-Identifier: GPL-2.0-only
"""
hosts: the command tests/host/run. It boots the emulated hosts that a list asks for,
each by a scripts/host of its own, and prints what they say. A boot that ends badly
without saying why has failed all the same.
"""
import dataclasses
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from typing import IO

from . import judge
from .plan import WHEN, Boot, choose, plan
from .tree import TOP, output, read, shell_status

USAGE = """\
usage: tests/host/run quick|long|kvm|soak|debug [HOST...]
  HOST  amd/6.1, amd/6.12, intel/6.1, intel/6.12, amd/6.1-debug, amd/6.12-debug,
        with +BOOT if not the plain boot (default: all that the table asks for)
The programs and modules must be built: make host-ready, make debug-ready."""
# Boots queue up for their places in the order in which they begin.
BETWEEN = 1
POLL = 0.2


def own_words(label: str, said: str, status: int) -> Iterator[str]:
    """What a boot said, and that it ended badly if that is not said yet."""
    lines = said.removesuffix("\n").split("\n") if said else []
    yield from lines
    failed = any(line.startswith("not ok") for line in lines)
    if not failed and (status or not judge.good(lines)):
        yield f"not ok {label}: its run ended with status {status}"


@dataclasses.dataclass
class Running:
    """A boot that has begun, and the file to which it writes."""

    boot: Boot
    process: subprocess.Popen[bytes]
    out: IO[bytes]

    def verdict(self) -> list[str]:
        """Its lines, when it has ended."""
        self.out.seek(0)
        said = self.out.read().decode("utf-8", "surrogateescape")
        status = shell_status(self.process.returncode)
        return list(own_words(self.boot.label, said, status))


def command_of(boot: Boot, scenarios: str) -> list[str]:
    """The scripts/host that boots it."""
    vendor, _, kernel = boot.host.partition("/")
    return [str(TOP / "scripts/host"), "run", "--vendor", vendor, "--kernel", kernel,
            "--label", boot.label, "--list", scenarios, *boot.kind.options]


class Runner:
    """Runs boots side by side: the machine's places bound how many of them. One that
    wants the machine for itself has no other of these beside it."""

    def __init__(self, tell: Callable[[str], None],
                 command: Callable[[Boot, str], list[str]] = command_of,
                 between: float = BETWEEN) -> None:
        self.tell = tell
        self.command = command
        self.between = between
        self.running: list[Running] = []
        self.lines: list[str] = []

    def begin(self, boot: Boot, folder: str) -> None:
        """Starts a boot."""
        path = f"{folder}/{boot.name.replace('/', '-')}.list"
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in boot.scenarios))
        # A file, not a pipe: an emulator's host has much to say.
        out = tempfile.TemporaryFile()
        process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *self.command(boot, path)],
                                   stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.STDOUT)
        self.running.append(Running(boot, process, out))

    def collect(self) -> None:
        """Tells the verdicts of the boots that have ended."""
        for one in [r for r in self.running if r.process.poll() is not None]:
            self.running.remove(one)
            verdict = one.verdict()
            self.lines += verdict
            self.tell("\n".join(verdict))

    def wait(self) -> None:
        """Until all that have begun have ended."""
        while self.running:
            self.collect()
            time.sleep(POLL)

    def stop(self) -> None:
        """Ends those that still run; each takes its emulator along."""
        for one in self.running:
            one.process.terminate()
        for one in self.running:
            one.process.wait()

    def run(self, boots: Sequence[Boot]) -> bool:
        """All of them; whether all is ok, and something is."""
        with tempfile.TemporaryDirectory() as folder:
            try:
                for boot in boots:
                    if boot.kind.alone:
                        self.wait()
                    self.begin(boot, folder)
                    time.sleep(self.between)
                    self.collect()
                self.wait()
            finally:
                self.stop()
        return judge.good(self.lines)


def kvm_series(boots: Sequence[Boot]) -> list[str]:
    """The series of the hosts that run KVM's own selftests."""
    wanted = (b.host for b in boots if any("kvm-selftest" in s.split() for s in b.scenarios))
    return sorted({re.split("[/-]", host)[1] for host in wanted})


def main(arguments: Sequence[str]) -> int:
    """The command."""
    if list(arguments[:1]) in (["-h"], ["--help"]):
        print(USAGE)
        return 0
    if not arguments or arguments[0] not in WHEN:
        print(USAGE, file=sys.stderr)
        return 2
    tables = (read(TOP / "tests/host" / name) for name in ("scenarios.txt", "boots.txt"))
    boots = choose(plan(arguments[0], *tables), arguments[1:])
    # What takes minutes to build is built before hosts queue up, or those that need it
    # would come last.
    if series := kvm_series(boots):
        output(TOP / "scripts/fetch-kvm-tests", *series)
    return 0 if Runner(print).run(boots) else 1
