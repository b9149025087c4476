# SPDX-License-Identifier: GPL-2.0-only
"""
machine: what the emulated machines of both vendors have in common.
"""
import abc
import dataclasses
import pathlib
import shutil
import subprocess

from .options import Options
from .series import Series
from .tree import Refusal, TOP

# KASAN reports each error, not only the first one of a boot.
DEBUG_WORDS = "kasan_multi_shot"


@dataclasses.dataclass
class Host:
    """One boot: its folder, and the kernel that it boots."""

    folder: pathlib.Path
    release: str
    kernel_dir: pathlib.Path
    kvm_tests: str = ""

    @property
    def job_cpio(self) -> pathlib.Path:
        """The list of scenarios and their environment, as an initramfs."""
        return self.folder / "job.cpio"

    @property
    def initrd(self) -> pathlib.Path:
        """All that the host begins with."""
        return self.folder / "initrd"

    @property
    def iso(self) -> pathlib.Path:
        """The CD that it boots from, if it does."""
        return self.folder / "host.iso"

    def image(self, kind: str) -> pathlib.Path:
        """The kernel, `vmlinuz` or `vmlinux`."""
        return self.kernel_dir / "boot" / f"{kind}-{self.release}"

    def clean_up(self) -> None:
        """Takes away what is large and can be made again."""
        for path in (self.initrd, self.iso, self.job_cpio):
            path.unlink(missing_ok=True)
        shutil.rmtree(self.folder / "job", ignore_errors=True)


class Machine(abc.ABC):
    """An emulated machine as the options want it."""

    # How the host gets at the tree: it is shared, or packed.
    share = ""
    # Limits of scenarios are so many times as long; that of booting is in seconds.
    scale = 1
    boot_limit = 0
    # The CPUs that scenarios have, if not all.
    guest_cpus = ""

    def __init__(self, options: Options, series: Series, variant: str) -> None:
        self.options = options
        self.series = series
        self.variant = variant

    @abc.abstractmethod
    def prepare(self, host: Host) -> None:
        """Makes what the emulator boots from."""

    @abc.abstractmethod
    def command(self, host: Host, mode: str) -> list[str]:
        """The emulator's command line."""

    def cmdline(self, words: str) -> str:
        """The kernel's command line."""
        debug = DEBUG_WORDS if self.variant else ""
        return " ".join(filter(None, (words, debug, self.options.cmdline)))


def pack(*words: str | pathlib.Path) -> None:
    """scripts/hosts/pack, which makes an initramfs."""
    done = subprocess.run([TOP / "scripts/hosts/pack", *words], check=False)
    if done.returncode:
        raise Refusal("the initramfs cannot be made: see above")


def join(out: pathlib.Path, *parts: pathlib.Path) -> None:
    """One file of several."""
    with out.open("wb") as file:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, file)
