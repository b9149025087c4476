# SPDX-License-Identifier: GPL-2.0-only
"""
boot: runs an emulator until it ends, or until nothing has come from its host for too
long. It stops its own emulator only, and leaves none behind: the emulator dies with
this process, however that happens.
"""
import contextlib
import os
import pathlib
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from . import judge
from .tree import shell_status

POLL = 0.5


class Clock(Protocol):
    """The time, and its passing; tests have one of their own."""

    def now(self) -> float:
        """Seconds since whenever."""

    def wait(self, seconds: float) -> None:
        """They go by."""


class Monotonic:
    """Time that nobody sets, and that stands still while the machine sleeps."""

    def now(self) -> float:
        """Seconds since the machine began."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Sleeps."""
        time.sleep(seconds)


class Results:
    """The file to which a host's results come: when it grew last, and what is new."""

    def __init__(self, path: pathlib.Path, tell: Callable[[str], None] | None) -> None:
        self.path = path
        self.tell = tell
        self.size = 0
        self.told = 0

    def grew(self) -> bool:
        """Whether something came since the last time."""
        size = os.stat(self.path).st_size
        if size == self.size:
            return False
        self.size = size
        self.follow()
        return True

    def follow(self) -> None:
        """Tells what scenarios say, as far as whole lines have come."""
        if not self.tell:
            return
        with self.path.open("rb") as file:
            file.seek(self.told)
            whole = file.read().rpartition(b"\n")[0]
        if whole:
            self.told += len(whole) + 1
        for line in judge.split(whole.decode("utf-8", "surrogateescape")):
            if line.startswith("# "):
                self.tell(line[2:])


def stop(emulator: subprocess.Popen[bytes]) -> None:
    """Ends it, by its own pid, if it has not ended."""
    if emulator.poll() is None:
        emulator.kill()
    emulator.wait()


@contextlib.contextmanager
def started(command: Sequence[str], log: pathlib.Path) -> Iterator[subprocess.Popen[bytes]]:
    """The emulator, for as long as it is looked after."""
    with log.open("wb") as out:
        emulator = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command],
                                    stdin=subprocess.DEVNULL, stdout=out,
                                    stderr=subprocess.STDOUT)
    try:
        yield emulator
    finally:
        stop(emulator)


def watch(emulator: subprocess.Popen[bytes], results: Results, limit: int,
          clock: Clock) -> judge.End:
    """Returns when the emulator has ended, or has been silent for limit seconds."""
    heard = clock.now()
    while emulator.poll() is None:
        clock.wait(POLL)
        if results.grew():
            heard = clock.now()
        elif clock.now() - heard >= limit and emulator.poll() is None:
            stop(emulator)
            return judge.End(124, limit)
    results.grew()
    return judge.End(shell_status(emulator.returncode))


def run(command: Sequence[str], folder: pathlib.Path, limit: int,
        tell: Callable[[str], None] | None = None, clock: Clock = Monotonic()) -> judge.End:
    """Runs the emulator of a host whose files are in this folder."""
    results = Results(folder / "results", tell)
    results.path.touch()
    with started(command, folder / "emulator") as emulator:
        return watch(emulator, results, limit, clock)
