# SPDX-License-Identifier: GPL-2.0-only
"""
tree: where things are, and how a command begins, refuses and ends. It knows nothing
of tests.
"""
import os
import pathlib
import signal
import subprocess
import sys
import types
from collections.abc import Callable, Sequence

TOP = pathlib.Path(os.path.abspath(__file__)).parents[2]
BUILD = TOP / "build"


class Refusal(Exception):
    """One sentence with cause and remedy; the command ends with this status."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status


def read(path: pathlib.Path) -> str:
    """The text of a file that may hold any bytes; they come out again as they were."""
    return path.read_text(encoding="utf-8", errors="surrogateescape")


def output(*command: str | pathlib.Path) -> str:
    """What a program prints; if it fails, it has said why itself."""
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    if done.returncode:
        raise Refusal(f"{command[0]} failed with status {done.returncode}")
    return done.stdout


def shell_status(returncode: int) -> int:
    """The exit status as a shell tells it: 128 + N for signal N."""
    return 128 - returncode if returncode < 0 else returncode


def leave(_signal: int, _frame: types.FrameType | None) -> None:
    """A signal ends the command like an error does: with all its cleaning up."""
    sys.exit(130)


def command(name: str, main: Callable[[Sequence[str]], int]) -> None:
    """Runs main with the command line's words, and exits with what it returns."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    sys.stdout.reconfigure(line_buffering=True, errors="surrogateescape")  # type: ignore
    try:
        status = main(sys.argv[1:])
    except Refusal as why:
        print(f"{name}: {why}", file=sys.stderr)
        status = why.status
    except BrokenPipeError:
        # Nobody reads on; the interpreter must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 141
    sys.exit(status)
