# SPDX-License-Identifier: GPL-2.0-only
"""
test_slots: the places for emulators are taken in turn, come back when who has one dies,
and are the same for shell scripts that lock the same files. The files are in a folder
of the test's own.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

from harness import slots
from harness.tree import TOP
from harness.unit.waiting import running, until

# Takes a place, says so, and holds it.
TAKER = """
import pathlib, sys, time
from harness import slots
slot = slots.Slot().take()
with open(sys.argv[1], "a") as file:
    file.write(sys.argv[2] + "\\n")
time.sleep(60)
"""
# What trees before this harness do, and what a user may do.
SHELL_TAKER = """
exec 7>"$TMPDIR/emu.queue.lock"; flock 7
while :; do
    exec 9>"$TMPDIR/emu.1.lock"
    if flock -n 9; then exec 7>&-; break; fi
    sleep 0.05
done
echo "$2" >>"$1"; exec sleep 60
"""


def never(_seconds: float) -> None:
    """Instead of a pause, where nobody may have to wait."""
    raise AssertionError("it waits")


class Places(unittest.TestCase):
    """One place, in a folder of the test's own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.order = self.folder / "order"
        self.order.touch()
        self.environment = {**os.environ, "TMPDIR": folder.name, "VTMM_SLOTS": "1",
                            "PYTHONPATH": str(TOP / "tests")}
        self.environment.pop("VTMM_SLOT_HELD", None)
        patch = mock.patch.dict(os.environ, self.environment, clear=True)
        patch.start()
        self.addCleanup(patch.stop)

    def taker(self, name: str) -> "subprocess.Popen[bytes]":
        """A process that takes the place as soon as it can."""
        return self.start([sys.executable, "-c", TAKER, str(self.order), name])

    def shell_taker(self, name: str) -> "subprocess.Popen[bytes]":
        """The same as a shell script."""
        return self.start(["bash", "-c", SHELL_TAKER, "taker", str(self.order), name])

    def start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        """Starts it; it is gone after the test."""
        process = subprocess.Popen(command)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def taken(self) -> list[str]:
        """Who has had a place, in order."""
        return self.order.read_text().split()

    def waits(self, process: "subprocess.Popen[bytes] | None" = None) -> None:
        """Until it, or anybody, is the first of the queue: it holds its lock."""
        pid = f" {process.pid} " if process else " "
        inode = f":{os.stat(self.folder / 'emu.queue.lock').st_ino} "
        until(lambda: any(pid in line and inode in line and "->" not in line
                          for line in pathlib.Path("/proc/locks").read_text().split("\n")))


class Taking(Places):
    """Who gets a place."""

    def test_free_place_is_taken_at_once(self) -> None:
        with slots.Slot().take(never) as slot:
            self.assertIsNotNone(slot.lock)
            self.assertIsNone(slots.try_lock("1"))
        self.assertIsNotNone(slots.try_lock("1"))

    def test_second_place(self) -> None:
        os.environ["VTMM_SLOTS"] = "2"
        first, second = slots.Slot().take(never), slots.Slot().take(never)
        self.assertIsNone(slots.try_lock("2"))
        second.release()
        first.release()

    def test_queue_is_left_with_the_place(self) -> None:
        with slots.Slot().take(never):
            self.assertIsNotNone(slots.try_lock("queue"))

    def test_held_for_it(self) -> None:
        with slots.Slot().take(never), mock.patch.dict(os.environ, VTMM_SLOT_HELD="1"):
            self.assertIsNone(slots.Slot().take(never).lock)

    def test_interrupted_while_it_waits(self) -> None:
        pause = mock.Mock(side_effect=SystemExit(130))
        with slots.Slot().take(never):
            with self.assertRaises(SystemExit):
                slots.Slot().take(pause)
            self.assertIsNotNone(slots.try_lock("queue"))


class Queue(Places):
    """Who waits, and who comes next."""

    def test_first_of_the_queue_comes_next(self) -> None:
        slot = slots.Slot().take(never)
        first = self.taker("first")
        self.waits(first)
        second = self.taker("second")
        slot.release()
        until(lambda: self.taken() == ["first"])
        self.assertTrue(running(second.pid))
        first.kill()
        until(lambda: self.taken() == ["first", "second"])

    def test_place_comes_back_from_the_dead(self) -> None:
        first = self.taker("first")
        until(self.taken)
        second = self.taker("second")
        self.waits(second)
        self.assertEqual(self.taken(), ["first"])
        first.kill()
        until(lambda: self.taken() == ["first", "second"])

    def test_queue_comes_back_from_the_dead(self) -> None:
        slot = slots.Slot().take(never)
        first = self.taker("first")
        self.waits(first)
        second = self.taker("second")
        first.kill()
        self.waits(second)
        slot.release()
        until(lambda: self.taken() == ["second"])

    def test_children_do_not_hold_it(self) -> None:
        slot = slots.Slot().take(never)
        child = self.start(["sleep", "60"])
        slot.release()
        self.assertTrue(running(child.pid))
        with slots.Slot().take(never):
            pass

    def test_a_shell_respects_it(self) -> None:
        slot = slots.Slot().take(never)
        self.shell_taker("shell")
        self.waits()
        self.assertEqual(self.taken(), [])
        slot.release()
        until(lambda: self.taken() == ["shell"])

    def test_it_respects_a_shell(self) -> None:
        shell = self.shell_taker("shell")
        until(self.taken)
        taker = self.taker("python")
        self.waits(taker)
        self.assertEqual(self.taken(), ["shell"])
        shell.kill()
        until(lambda: self.taken() == ["shell", "python"])
