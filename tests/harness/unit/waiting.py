# SPDX-License-Identifier: GPL-2.0-only
"""
waiting: for what other processes do, in tests. It gives up after some seconds.
"""
import pathlib
import time
from collections.abc import Callable
from typing import TypeVar

LIMIT = 20.0
T = TypeVar("T")


def until(condition: Callable[[], T]) -> T:
    """What the condition says as soon as it says something."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError("it does not come to that")


def running(pid: str | int) -> bool:
    """Whether a process is there, and no zombie of a parent that does not look."""
    try:
        return pathlib.Path("/proc", str(pid), "stat").read_text().split(") ")[1][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
