#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
test_program: vtmmctl as a program: its exit status, and what becomes of output
that nobody takes. Prints TAP.

usage: test_program.py VTMMCTL...
"""
import os
import subprocess
import sys


class Tap:
    """Counts checks and prints them."""

    def __init__(self) -> None:
        self.count = 0
        self.failed = 0

    def check(self, what: str, good: bool, seen: object) -> None:
        """One check."""
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {what}")
        if not good:
            print(f"# {seen}")


def is_sentence(text: str) -> bool:
    """What a failure says: one line that begins with the program's name."""
    return text.startswith("vtmmctl: ") and text.count("\n") == 1 and text.endswith("\n")


def shell(tool: str, rest: str) -> tuple[int, str, str]:
    """Runs "VTMMCTL REST" in a shell, with signals as they are for users."""
    done = subprocess.run(["bash", "-c", f"{tool} {rest}"], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          restore_signals=True)
    return done.returncode, done.stdout, done.stderr


def closed_pipe(tool: str) -> tuple[int, str]:
    """Runs it with its output to a pipe that nobody reads, SIGPIPE ignored."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([tool, "--help"], stdout=writer, stderr=subprocess.PIPE,
                          text=True, check=False, restore_signals=False)
    os.close(writer)
    return done.returncode, done.stderr


def check_statuses(tap: Tap, tool: str) -> None:
    """The exit statuses of the manual, as the shell sees them."""
    listed = 0 if os.path.exists("/sys/module/vtmm") else 3
    for words, status in (("--help", 0), ("nonsense", 2), ("set", 2), ("list", listed)):
        code, _, err = shell(tool, words)
        tap.check(f"{words}: exit status {status}", code == status, (code, err))
        tap.check(f"{words}: a sentence if it failed",
                  is_sentence(err) if status else err == "", err)


def check_lost(tap: Tap, tool: str) -> None:
    """Output that cannot be written, or has nowhere to go."""
    for words in ("--help", "--version", "-j --version", "doctor", "completion bash"):
        for where, to in (("full", ">/dev/full"), ("closed", ">&-"),
                          ("closed, with the input", "<&- >&-"),
                          ("read-only", "1</dev/null")):
            code, out, err = shell(tool, f"{words} {to}")
            tap.check(f"{words}, output {where}: fails with a sentence",
                      code == 1 and is_sentence(err), (code, out, err))
    code, err = closed_pipe(tool)
    tap.check("a pipe that nobody reads: fails with a sentence",
              code == 1 and is_sentence(err), (code, err))
    code, out, _ = shell(tool, "--help 2>&-")
    tap.check("without standard error it works", code == 0 and out != "", (code, out))


def main() -> int:
    """All programs that are named."""
    tap = Tap()
    for tool in sys.argv[1:]:
        check_statuses(tap, tool)
        check_lost(tap, tool)
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
