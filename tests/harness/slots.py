# SPDX-License-Identifier: GPL-2.0-only
"""
slots: the places for emulators on this machine, shared by all trees on it. A place is
a lock on a file, held by an open descriptor of one process and of none of its
children: the kernel gives it back when that process ends, however it ends.
"""
import fcntl
import os
import pathlib
import time
from collections.abc import Callable

PAUSE = 0.2


def directory() -> pathlib.Path:
    """Where the files are; they hold nothing."""
    return pathlib.Path(os.environ.get("TMPDIR") or "/tmp")


def open_lock(name: str) -> int:
    """A descriptor of a lock's file, closed in children."""
    return os.open(directory() / f"emu.{name}.lock", os.O_WRONLY | os.O_CREAT, 0o666)


def try_lock(name: str) -> int | None:
    """The descriptor that holds the lock, if nobody else does."""
    lock = open_lock(name)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


class Slot:
    """A place that is held from take() on until release() or the process's end."""

    def __init__(self) -> None:
        self.lock: int | None = None

    def take(self, pause: Callable[[float], None] = time.sleep) -> "Slot":
        """Waits until fewer than VTMM_SLOTS places are taken. Who waits stands in a
        queue: only its first looks for a place. Who has been told that a place is
        held for it (VTMM_SLOT_HELD) takes none."""
        if os.environ.get("VTMM_SLOT_HELD"):
            return self
        names = [str(i + 1) for i in range(int(os.environ.get("VTMM_SLOTS") or 2))]
        queue = open_lock("queue")
        try:
            fcntl.flock(queue, fcntl.LOCK_EX)
            while self.lock is None:
                for name in names:
                    if (lock := try_lock(name)) is not None:
                        self.lock = lock
                        return self
                pause(PAUSE)
        finally:
            os.close(queue)
        return self

    def release(self) -> None:
        """Gives the place back, if one is held."""
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None

    def __enter__(self) -> "Slot":
        return self.take()

    def __exit__(self, *_error: object) -> None:
        self.release()
