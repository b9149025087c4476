# SPDX-License-Identifier: GPL-2.0-only
"""
test_job: options become a machine, its limits and its command line.
"""
import pathlib
import unittest

from harness.job import Job, longest
from harness.machine import Host
from harness.options import Usage, parse
from harness.tree import Refusal

HOST = Host(pathlib.Path("/run"), "6.1.0-9-amd64", pathlib.Path("/k"))


def command(*words: str) -> str:
    """The emulator's command line."""
    job = Job(parse(words))
    return " ".join(job.machine.command(HOST, "run"))


class Parsing(unittest.TestCase):
    """The command line of scripts/host."""

    def test_scenario(self) -> None:
        options = parse(["-v", "--mem", "9", "--", "exact", "--list", "-v"])
        self.assertEqual(options.scenarios(), ["exact --list -v"])
        self.assertTrue(options.verbose)
        self.assertEqual(options.mem, 9)

    def test_refused(self) -> None:
        for words, sentence in (
                (["--vendor", "arm"], "--vendor is amd or intel, not 'arm'"),
                (["--kernel", "6.2"], "--kernel is one of 6.1, 6.12, 6.1-debug"),
                (["--kernel", "6.1-"], "--kernel is one of"),
                (["--mem", "1G"], "--mem is a number, not '1G'"),
                (["--list", "/no/list"], "no such list: /no/list")):
            with self.assertRaisesRegex(Refusal, sentence):
                parse(words)

    def test_usage(self) -> None:
        for words in (["--mem"], ["--nonsense"], ["--nonsense", "1"]):
            with self.assertRaises(Usage) as usage:
                parse(words)
            self.assertFalse(usage.exception.asked)
        with self.assertRaises(Usage) as usage:
            parse(["--help"])
        self.assertTrue(usage.exception.asked)


class Limits(unittest.TestCase):
    """How long a host may be silent."""

    def test_longest(self) -> None:
        self.assertEqual(longest(["a"], 1), 60)
        self.assertEqual(longest(["a limit=200 x", "b limit=9"], 1), 230)
        self.assertEqual(longest(["a limit=200", "b"], 8), 1630)

    def test_boot_takes_long_too(self) -> None:
        self.assertEqual(Job(parse(["--", "a"])).limit, 120)
        self.assertEqual(Job(parse(["--vendor", "intel", "--", "a"])).limit, 900)
        self.assertEqual(Job(parse(["--limit", "7", "--", "a", "limit=99"])).limit, 7)


class Machines(unittest.TestCase):
    """Both emulators."""

    def test_amd(self) -> None:
        text = command("--mem", "300", "--slow", "200", "--", "a")
        self.assertIn("-smp 2 -m 500 ", text)
        self.assertIn("id=slow,size=200M", text)
        self.assertIn("-kernel /k/boot/vmlinux-6.1.0-9-amd64", text)
        self.assertNotIn("nice", text)
        self.assertNotIn("icount", text)

    def test_cpus_that_race(self) -> None:
        job = Job(parse(["--threads", "multi", "--", "a"]))
        self.assertEqual(job.machine.guest_cpus, "1-2")
        self.assertEqual(job.machine.command(HOST, "run")[:2], ["nice", "qemu-system-x86_64"])

    def test_demo(self) -> None:
        text = command("--smp", "1", "--threads", "single,tb-size=64", "--cmdline", "x=y", "--", "a")
        self.assertIn("-accel tcg,thread=single,tb-size=64 ", text)
        self.assertIn("-smp 1 ", text)
        self.assertIn("numa_balancing=disable x=y", text)

    def test_debug(self) -> None:
        job = Job(parse(["--kernel", "6.1-debug", "--", "a"]))
        text = " ".join(job.machine.command(HOST, "run"))
        self.assertEqual(job.machine.scale, 4)
        self.assertIn("vmlinuz", text)
        self.assertIn("kasan_multi_shot", text)
        self.assertIn("VARIANT=debug\n", job.environment(HOST))

    def test_intel(self) -> None:
        job = Job(parse(["--vendor", "intel", "--kernel", "6.12", "--label", "x", "--", "a"]))
        self.assertEqual(job.name, "x")
        self.assertEqual(job.machine.command(HOST, "run")[:2], ["bochs", "-q"])
        self.assertEqual(job.environment(HOST).split("\n")[:7], [
            "JOB_VENDOR=intel", "JOB_SERIES=6.12", "JOB_VARIANT=", "JOB_MODE=run",
            "JOB_SHARE=pack", "JOB_SCALE=8", "JOB_HOLD=yes"])
