# SPDX-License-Identifier: GPL-2.0-only
"""
job: one boot of an emulated host from its options: the files that it begins with,
and, when it has ended, what is made of it. What the vendors differ in is in
amd and intel.
"""
import contextlib
import dataclasses
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator

from . import amd, boot, intel, judge, series, slots
from .machine import Host, Machine
from .options import Options
from .tree import BUILD, TOP, output, read

PLAIN_LIMIT = 30
MACHINES: dict[str, type[Machine]] = {"amd": amd.Amd, "intel": intel.Intel}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The verdict on a boot, how long it took, and where its logs are."""

    host: str
    lines: list[str]
    seconds: int
    folder: pathlib.Path

    @property
    def good(self) -> bool:
        """Whether all is ok, and something is."""
        return judge.good(self.lines)

    def last_line(self) -> str:
        """How long, and where the logs are."""
        folder = self.folder.relative_to(TOP)
        return f"# {self.host}: {self.seconds} s; logs in {folder}"


def longest(scenarios: list[str], scale: int) -> int:
    """How long a host may be silent while these run: each has its limit."""
    limits = [PLAIN_LIMIT]
    for line in scenarios:
        found = re.search(r"limit=(\d+)", line)
        limits.append(int(found[1]) if found else PLAIN_LIMIT)
    return max(limits) * scale + 30


class Job:
    """A host that is to be booted; its folder is made by prepare()."""

    def __init__(self, options: Options, mode: str = "run") -> None:
        self.options = options
        self.mode = mode
        self.scenarios = options.scenarios()
        self.series, self.variant = series.split(options.kernel)
        self.machine = MACHINES[options.vendor](options, self.series, self.variant)
        self.name = options.label or f"{options.vendor}/{options.kernel}"
        self.limit = options.limit or max(longest(self.scenarios, self.machine.scale),
                                          self.machine.boot_limit)

    def environment(self, host: Host) -> str:
        """What the init and the runner inside read."""
        return "".join(f"JOB_{name}={text}\n" for name, text in (
            ("VENDOR", self.options.vendor),
            ("SERIES", self.series.name),
            ("VARIANT", self.variant),
            ("MODE", self.mode),
            ("SHARE", self.machine.share),
            ("SCALE", self.machine.scale),
            ("HOLD", "no" if self.options.no_hold else "yes"),
            ("CPUS", self.machine.guest_cpus),
            ("LOG", "all" if self.options.verbose else ""),
            ("TOP", f"'{TOP.resolve()}'"),
            ("KERNEL", f"'{host.kernel_dir}'"),
        ))

    def write_job(self, host: Host) -> None:
        """The list and the environment, for the host's initramfs."""
        job = host.folder / "job"
        job.mkdir()
        text = "".join(f"{line}\n" for line in self.scenarios)
        (host.folder / "list").write_text(text, encoding="utf-8")
        (job / "list").write_text(text, encoding="utf-8")
        (job / "env").write_text(self.environment(host), encoding="utf-8")
        with host.job_cpio.open("wb") as out:
            subprocess.run(["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0"],
                           input=b"job\njob/list\njob/env\n", stdout=out, cwd=host.folder,
                           check=True)

    def prepare(self) -> Host:
        """The host's folder with all that its emulator needs."""
        release, kernel = output(TOP / "scripts/fetch-kernel", self.options.kernel).split()
        (BUILD / "hosts").mkdir(parents=True, exist_ok=True)
        prefix = f"{self.options.vendor}-{self.options.kernel}."
        folder = pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir=BUILD / "hosts"))
        # In a host a link would lead elsewhere, or nowhere.
        host = Host(folder, release, pathlib.Path(kernel).resolve())
        for name in ("results", "console"):
            (folder / name).touch()
        self.write_job(host)
        if any("kvm-selftest" in line.split() for line in self.scenarios):
            host.kvm_tests = output(TOP / "scripts/fetch-kvm-tests", self.series.name).strip()
        self.machine.prepare(host)
        return host

    @contextlib.contextmanager
    def prepared(self) -> Iterator[Host]:
        """The same; afterwards what is large and can be made again is taken away."""
        host = self.prepare()
        try:
            yield host
        finally:
            if not self.options.keep:
                host.clean_up()

    def run(self, tell: Callable[[str], None] | None = None) -> Outcome:
        """Boots the host, runs the scenarios and judges."""
        with self.prepared() as host:
            command = self.machine.command(host, self.mode)
            with slots.Slot():
                start = time.monotonic()
                end = boot.run(command, host.folder, self.limit, tell)
                seconds = int(time.monotonic() - start)
            lines = self.verdict(host, end)
        return Outcome(self.name, lines, seconds, host.folder)

    def verdict(self, host: Host, end: judge.End) -> list[str]:
        """One line per check, which stay in the host's folder too."""
        bad = judge.bad_lines(read(TOP / "tests/host/bad-lines.txt"))
        sent = judge.Sent(read(host.folder / "results"), read(host.folder / "console"), end)
        lines = judge.Judge(self.name, self.scenarios, bad, self.options.verbose).judge(sent)
        text = "".join(f"{line}\n" for line in lines)
        (host.folder / "verdict").write_text(text, encoding="utf-8", errors="surrogateescape")
        return lines

    def shell(self) -> int:
        """A prompt in the host."""
        with self.prepared() as host, slots.Slot():
            return subprocess.call(self.machine.command(host, self.mode))


def discard(outcome: Outcome) -> None:
    """Takes the logs of a boot away."""
    shutil.rmtree(outcome.folder)
