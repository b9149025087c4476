# SPDX-License-Identifier: GPL-2.0-only
"""
patterns: the command tests/host/patterns. The expressions by which a kernel's log is
judged match each kind of report, and nothing that a healthy kernel says: by Python,
which judges a console, and by both programs grep with which hosts judge their own log.
It boots nothing.
"""
import subprocess
from collections.abc import Callable, Sequence

from . import judge
from .tree import TOP, read

FOLDER = TOP / "tests/host"
BAD = FOLDER / "bad-lines.txt"


def samples(name: str) -> list[str]:
    """The lines of a file of samples."""
    return [line for line in read(FOLDER / name).split("\n") if line and line[0] != "#"]


def by_python(lines: Sequence[str]) -> set[str]:
    """The lines that the judge takes for reports."""
    bad = judge.bad_lines(read(BAD))
    return {line for line in lines if bad.search(line)}


def by_grep(*grep: str) -> Callable[[Sequence[str]], set[str]]:
    """The same, by a program."""
    def matches(lines: Sequence[str]) -> set[str]:
        done = subprocess.run([*grep, "-E", "-f", BAD], input="\n".join(lines) + "\n",
                              encoding="utf-8", stdout=subprocess.PIPE, check=False)
        return set(done.stdout.split("\n")) - {""}
    return matches


def main(_arguments: Sequence[str]) -> int:
    """The command."""
    bad, healthy = samples("bad-samples.txt"), samples("good-samples.txt")
    ways = {"python": by_python, "grep": by_grep("grep"), "busybox": by_grep("busybox", "grep")}
    seen = {name: way([*bad, *healthy]) for name, way in ways.items()}
    failed = False
    for line in [*bad, *healthy]:
        wrong = [name for name, found in seen.items() if (line in found) != (line in bad)]
        text = line.partition("] ")[2]
        if wrong:
            kind = "a report" if line in bad else "none"
            print(f"not ok log: {text}: it is {kind}, {', '.join(wrong)} says otherwise")
            failed = True
        else:
            print(f"ok log: {text}")
    return 1 if failed else 0
