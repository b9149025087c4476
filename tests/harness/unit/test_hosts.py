# SPDX-License-Identifier: GPL-2.0-only
"""
test_hosts: boots that run side by side, with small scripts instead of scripts/host. One
that dies without a word has failed, and one that is to be alone is.
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

from harness.hosts import Runner, command_of, own_words
from harness.plan import Boot, Kind
from harness.tree import TOP
from harness.unit.waiting import running, until

PLAIN = Kind("std")


class Words(unittest.TestCase):
    """What is made of a boot's words and its status."""

    def told(self, said: str, status: int) -> list[str]:
        """The lines."""
        return list(own_words("H", said, status))

    def test_good(self) -> None:
        self.assertEqual(self.told("ok H a\n# H: 3 s\n", 0), ["ok H a", "# H: 3 s"])

    def test_failure_is_said_already(self) -> None:
        self.assertEqual(self.told("ok H a\nnot ok H b: x\n", 1), ["ok H a", "not ok H b: x"])

    def test_ended_badly(self) -> None:
        self.assertEqual(self.told("ok H a\n", 143)[1:],
                         ["not ok H: its run ended with status 143"])

    def test_said_nothing(self) -> None:
        for said in ("", "# H: 3 s\n", "host: no kernel\n"):
            self.assertEqual(self.told(said, 0)[-1], "not ok H: its run ended with status 0")


class Runs(unittest.TestCase):
    """Boots that are scripts: a boot's scenarios are the lines of its script."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.told: list[str] = []
        self.runner = Runner(self.told.append, lambda boot, path: ["sh", path], 0)

    def run_boots(self, *boots: Boot) -> bool:
        """Whether all is well."""
        return self.runner.run(boots)

    def test_good(self) -> None:
        self.assertTrue(self.run_boots(Boot("a", PLAIN, ["echo ok a"])))
        self.assertEqual(self.told, ["ok a"])

    def test_one_of_two_fails(self) -> None:
        self.assertFalse(self.run_boots(Boot("a", PLAIN, ["echo ok a"]),
                                        Boot("b", PLAIN, ["echo not ok b: x"])))

    def test_one_of_two_is_killed(self) -> None:
        self.assertFalse(self.run_boots(Boot("a", PLAIN, ["echo ok a"]),
                                        Boot("b", PLAIN, ["kill -KILL $$"])))
        self.assertIn("not ok b: its run ended with status 137", self.told)

    def test_none_is_not_good(self) -> None:
        self.assertFalse(self.run_boots())

    def test_side_by_side(self) -> None:
        wait = f"until [ -e {self.folder}/b ]; do sleep 0.01; done; echo ok"
        self.assertTrue(self.run_boots(Boot("a", PLAIN, [wait]),
                                       Boot("b", PLAIN, [f"touch {self.folder}/b; echo ok b"])))

    def test_alone(self) -> None:
        alone = Kind("quiet", alone=True)
        mark = f"mkdir {self.folder}/m && sleep 0.1 && rmdir {self.folder}/m && echo ok"
        self.assertTrue(self.run_boots(Boot("a", PLAIN, [mark]), Boot("b", alone, [mark]),
                                       Boot("c", alone, [mark])))

    def test_error_stops_all(self) -> None:
        pid = self.folder / "pid"
        self.runner.begin(Boot("a", PLAIN, [f"echo $$ >{pid}", "exec sleep 60"]),
                          str(self.folder))
        number = until(lambda: pid.exists() and pid.read_text().strip())
        self.runner.stop()
        self.assertFalse(running(str(number)))

    def test_command(self) -> None:
        command = command_of(Boot("amd/6.12", Kind("big", ("--mem", "9"))), "list")
        self.assertEqual(command[1:], ["run", "--vendor", "amd", "--kernel", "6.12", "--label",
                                       "amd/6.12+big", "--list", "list", "--mem", "9"])


def sleeping(pids: list[str]) -> str:
    """Which of these has become `sleep`; before that it has not asked to die with its parent."""
    for pid in pids:
        try:
            if pathlib.Path("/proc", pid, "cmdline").read_text().startswith("sleep\0"):
                return pid
        except OSError:
            pass  # it has ended meanwhile
    return ""


class Killed(unittest.TestCase):
    """The command, when it is ended itself."""

    def test_scripts_end_with_it(self) -> None:
        script = "import sys\nfrom harness.hosts import Runner\nfrom harness.plan import *\n" \
            "from harness import tree\n" \
            "r = Runner(print, lambda b, p: ['sleep', '60'])\n" \
            "tree.command('x', lambda a: r.run([Boot('a', Kind('std'))]))\n"
        runner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL,
                                  env={**os.environ, "PYTHONPATH": str(TOP / "tests")})
        children = pathlib.Path(f"/proc/{runner.pid}/task/{runner.pid}/children")
        child = until(lambda: sleeping(children.read_text().split()))
        runner.send_signal(signal.SIGTERM)
        self.assertEqual(runner.wait(), 130)
        until(lambda: not running(child))
