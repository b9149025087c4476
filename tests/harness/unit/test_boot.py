# SPDX-License-Identifier: GPL-2.0-only
"""
test_boot: an emulator that ends, dies or says nothing, with a clock that tests set.
The emulators are small shell scripts.
"""
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

from harness import boot
from harness.judge import End
from harness.tree import TOP
from harness.unit.waiting import running, until

SLEEP = "exec sleep 60"


class FakeClock:
    """A clock that goes as fast as it is looked at, or stands still."""

    def __init__(self, speed: float = 1.0) -> None:
        self.time = 1000.0
        self.speed = speed
        self.waits = 0

    def now(self) -> float:
        """The time."""
        return self.time

    def wait(self, seconds: float) -> None:
        """Nearly no time goes by."""
        self.waits += 1
        self.time += seconds * self.speed
        time.sleep(0.001)


class Talker(FakeClock):
    """And a host that says a word each `every` seconds, for the first `count` times."""

    def __init__(self, results: pathlib.Path, every: float, count: int) -> None:
        super().__init__()
        self.results = results
        self.every = every
        self.count = count
        self.next = self.time + every

    def wait(self, seconds: float) -> None:
        """Time goes by, and it speaks."""
        super().wait(seconds)
        if self.time >= self.next and self.count:
            self.count -= 1
            self.next += self.every
            with self.results.open("a", encoding="utf-8") as file:
                file.write("# word\n")


class Boots(unittest.TestCase):
    """Emulators in a folder of their own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.told: list[str] = []

    def run_script(self, script: str, clock: boot.Clock, limit: int = 60) -> End:
        """How it ended."""
        return boot.run(["sh", "-c", script], self.folder, limit, self.told.append, clock)

    def test_ends(self) -> None:
        self.assertEqual(self.run_script("exit 0", FakeClock(0)), End(0))

    def test_ends_with_a_status(self) -> None:
        self.assertEqual(self.run_script("exit 3", FakeClock(0)), End(3))

    def test_is_killed(self) -> None:
        self.assertEqual(self.run_script("kill -SEGV $$", FakeClock(0)), End(139))

    def test_cannot_be_run(self) -> None:
        end = boot.run(["/no/such/emulator"], self.folder, 9, None, FakeClock(0))
        self.assertNotEqual(end.status, 0)
        self.assertIsNone(end.silent)
        self.assertIn("no/such/emulator", (self.folder / "emulator").read_text())

    def test_silence(self) -> None:
        clock = FakeClock()
        self.assertEqual(self.run_script(SLEEP, clock), End(124, 60))
        self.assertAlmostEqual(clock.time, 1060, delta=2 * boot.POLL)

    def test_a_word_gives_it_time(self) -> None:
        clock = Talker(self.folder / "results", every=50, count=4)
        self.assertEqual(self.run_script(SLEEP, clock), End(124, 60))
        self.assertAlmostEqual(clock.time, 1000 + 4 * 50 + 60, delta=4 * boot.POLL)
        self.assertEqual(self.told, ["word"] * 4)

    def test_clock_that_stands_still_stops_nothing(self) -> None:
        clock = FakeClock(0)
        (self.folder / "go").touch()
        script = f"while [ -e {self.folder}/go ]; do sleep 0.01; done"
        with mock.patch.object(clock, "wait", side_effect=self.let_go) as wait:
            self.assertEqual(self.run_script(script, clock, limit=1), End(0))
        self.assertGreater(wait.call_count, 1)

    def let_go(self, _seconds: float) -> None:
        """The script ends at the second look at the latest."""
        time.sleep(0.05)
        (self.folder / "go").unlink(missing_ok=True)

    def test_the_wall_clock_does_not_matter(self) -> None:
        with mock.patch("time.time", side_effect=AssertionError):
            clock = boot.Monotonic()
            self.assertLess(clock.now(), clock.now() + 1)
            self.assertEqual(self.run_script("exit 0", clock), End(0))

    def test_it_is_stopped_by_its_own_pid(self) -> None:
        other = subprocess.Popen(["sh", "-c", SLEEP])
        try:
            script = f"echo $$ >{self.folder}/pid; {SLEEP}"
            self.run_script(script, FakeClock(0.1))
            pid = (self.folder / "pid").read_text().strip()
            self.assertFalse(pathlib.Path("/proc", pid).exists())
            self.assertIsNone(other.poll())
        finally:
            other.kill()
            other.wait()

    def test_error_while_it_runs_stops_it(self) -> None:
        clock = FakeClock()
        with mock.patch.object(clock, "wait", side_effect=SystemExit(130)):
            with self.assertRaises(SystemExit):
                self.run_script(f"echo $$ >{self.folder}/pid; {SLEEP}", clock)
        pid = self.folder / "pid"
        alive = pid.exists() and pid.read_text() and \
            pathlib.Path("/proc", pid.read_text().strip()).exists()
        self.assertFalse(alive)

    def test_it_dies_with_the_harness(self) -> None:
        code = ("import pathlib, sys; from harness import boot;"
                "boot.run(['sleep', '60'], pathlib.Path(sys.argv[1]), 60)")
        harness = subprocess.Popen([sys.executable, "-c", code, self.folder],
                                   env={"PYTHONPATH": str(TOP / "tests")})
        children = pathlib.Path(f"/proc/{harness.pid}/task/{harness.pid}/children")
        emulator = until(lambda: children.read_text().split())[0]
        until(lambda: "sleep" in pathlib.Path("/proc", emulator, "cmdline").read_text()[:6])
        harness.kill()
        harness.wait()
        until(lambda: not running(emulator))

    def test_whole_lines_are_told(self) -> None:
        results = boot.Results(self.folder / "results", self.told.append)
        for text, told in (("# on", []), ("e\r\nok a\n# tw", ["one"]), ("o\n", ["one", "two"])):
            with results.path.open("a", encoding="utf-8", newline="") as file:
                file.write(text)
            self.assertTrue(results.grew())
            self.assertFalse(results.grew())
            self.assertEqual(self.told, told)
