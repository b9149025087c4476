# SPDX-License-Identifier: GPL-2.0-only
"""
options: the command line of scripts/host. It only reads it.
"""
import dataclasses
import pathlib
from collections.abc import Sequence

from . import series
from .tree import Refusal

USAGE = """\
usage: scripts/host run [OPTIONS] (--list FILE | -- SCENARIO [ARG...])
       scripts/host shell [OPTIONS]
       scripts/host soak [OPTIONS] BOOTS [SCENARIO...]
  run    boot a host, run the scenarios, print `ok HOST NAME` or
         `not ok HOST NAME: why` for each; exit status 0 if all are ok
  shell  boot an amd host and give a prompt in it
  soak   boot again and again with these scenarios (smoke-module, smoke-vms) and
         tell how it went
options:
  --vendor amd|intel   the host: QEMU (default) or Bochs
  --kernel SERIES      Debian's kernel of the series (default: the newest); with -debug:
                       all checks on (scripts/debug-kernel)
  --list FILE          scenarios, one a line: NAME [limit=SECONDS] [ARG...]
  --mem MIB            fast memory, node 0 (amd: 1024, intel: 512)
  --slow MIB           slow memory, node 1 (amd: 1024, intel: 512)
  --smp N              CPUs (amd: 2, or 3 with a thread each; intel: 1)
  --cpu MODEL          CPU model (amd: max without ERMS; intel: what scripts/kernels.txt
                       says of the kernel)
  --threads single|multi  amd: one thread for all CPUs (default) or one each;
                       scenarios then have all but the first CPU
  --icount             amd: a nanosecond of the host is an instruction
  --cmdline WORDS      more words for the kernel's command line
  --limit SECONDS      stop the host as HUNG when it says nothing for so long
                       (default: long enough to boot and for each scenario)
  --extra FILES        intel: more files of the tree to pack
  --label NAME         the host's name in the results (default: VENDOR/SERIES)
  --no-hold            do not load KVM and hold a VM open for the whole boot
  --follow             print what scenarios say while they run
  -v, --verbose        also print what scenarios and the kernel said
  --keep               keep initramfs and CD image"""


class Usage(Exception):
    """The command line is wrong, or asks how it should be."""

    def __init__(self, asked: bool = False) -> None:
        super().__init__()
        self.asked = asked


@dataclasses.dataclass
class Options:
    """What the command line says; None is for the host to decide."""

    vendor: str = "amd"
    kernel: str = series.DEFAULT
    list_file: str = ""
    mem: int | None = None
    slow: int | None = None
    smp: int | None = None
    cpu: str = ""
    threads: str = ""
    icount: bool = False
    cmdline: str = ""
    limit: int | None = None
    extra: str = ""
    label: str = ""
    no_hold: bool = False
    follow: bool = False
    verbose: bool = False
    keep: bool = False
    words: list[str] = dataclasses.field(default_factory=list)

    def scenarios(self) -> list[str]:
        """The lines of the list, or the one scenario that the command line names."""
        if not self.list_file:
            return [" ".join(self.words)] if self.words else []
        lines = pathlib.Path(self.list_file).read_text(encoding="utf-8").split("\n")
        return [text for line in lines if (text := line.partition("#")[0].strip())]


FLAGS = {"--icount", "--no-hold", "--follow", "--verbose", "--keep"}
NUMBERS = {"--mem", "--slow", "--smp", "--limit"}
TEXTS = {"--vendor", "--kernel", "--list", "--cpu", "--threads", "--cmdline", "--extra",
         "--label"}


def value(name: str, text: str) -> int | str:
    """An option's value, a number where it must be one."""
    if name not in NUMBERS:
        return text
    if not (text.isascii() and text.isdigit()):
        raise Refusal(f"{name} is a number, not '{text}'")
    return int(text)


def parse(arguments: Sequence[str]) -> Options:
    """The options; what is none of them, or stands behind `--`, are words."""
    options = Options()
    left = list(arguments)
    while left:
        word = left.pop(0)
        name = "--verbose" if word == "-v" else word
        field = "list_file" if name == "--list" else name.lstrip("-").replace("-", "_")
        if word in ("-h", "--help"):
            raise Usage(asked=True)
        if word == "--":
            options.words = left
            break
        if name in FLAGS:
            setattr(options, field, True)
        elif name in NUMBERS | TEXTS and left:
            setattr(options, field, value(name, left.pop(0)))
        elif word.startswith("--"):
            raise Usage
        else:
            options.words.append(word)
    check(options)
    return options


def check(options: Options) -> None:
    """They make sense, or a sentence says why not."""
    if options.vendor not in ("amd", "intel"):
        raise Refusal(f"--vendor is amd or intel, not '{options.vendor}'")
    series.split(options.kernel)
    if options.list_file and not pathlib.Path(options.list_file).is_file():
        raise Refusal(f"no such list: {options.list_file}")
