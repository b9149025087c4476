# SPDX-License-Identifier: GPL-2.0-only
"""
plan: which scenarios run in which boot, from the tables scenarios.txt and boots.txt.
A line that it does not understand is refused: it is never left out.
"""
import dataclasses
from collections.abc import Iterator, Sequence

from . import series
from .tree import Refusal

WHEN = ("quick", "long", "kvm", "soak", "debug")
PLAIN = "std"


@dataclasses.dataclass(frozen=True)
class Kind:
    """A way to boot: options of scripts/host, and whether it wants no other beside it."""

    name: str
    options: tuple[str, ...] = ()
    alone: bool = False


@dataclasses.dataclass
class Boot:
    """A host, a way to boot it, and its scenarios: lines of a list for scripts/host."""

    host: str
    kind: Kind
    scenarios: list[str] = dataclasses.field(default_factory=list)

    @property
    def name(self) -> str:
        """HOST+BOOT"""
        return f"{self.host}+{self.kind.name}"

    @property
    def label(self) -> str:
        """The same, as results have it: a plain boot has its host's name."""
        return self.host if self.kind.name == PLAIN else self.name

    def rank(self) -> tuple[int, str]:
        """Boots that take long first, those that want the machine for themselves last."""
        if self.kind.alone:
            return 3, self.name
        if self.host.startswith("intel/"):
            return 0, self.name
        return (1 if self.kind.name == PLAIN else 2), self.name


def lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number and the words of each line of a table that has any."""
    for number, line in enumerate(text.split("\n"), 1):
        if words := line.partition("#")[0].split():
            yield number, words


def read_kinds(text: str) -> dict[str, Kind]:
    """boots.txt: NAME [alone] [OPTION...]"""
    kinds: dict[str, Kind] = {}
    for number, (name, *options) in lines(text):
        alone = options[:1] == ["alone"]
        if name in kinds:
            raise Refusal(f"boots.txt:{number}: '{name}' stands there twice")
        options = options[alone:]
        if options and not options[0].startswith("--"):
            raise Refusal(f"boots.txt:{number}: '{options[0]}' is neither `alone` nor an option")
        kinds[name] = Kind(name, tuple(options), alone)
    return kinds


def takes_part(when: str, line_when: str, host: str) -> bool:
    """Whether a line of the table for this host is for this run; the long one has the
    quick lines too."""
    if when == "quick" and host in series.NOT_QUICK:
        return False
    return line_when == when or (when == "long" and line_when == "quick")


def read_line(words: Sequence[str], kinds: dict[str, Kind]) -> Iterator[tuple[str, Kind]]:
    """The hosts and the ways to boot them of one line of scenarios.txt."""
    if len(words) < 3:
        raise Refusal("a line has: when, hosts, scenario")
    if words[0] not in WHEN:
        raise Refusal(f"'{words[0]}' is none of {', '.join(WHEN)}")
    for part in words[1].split(","):
        hosts, _, kind = part.partition("+")
        if (kind or PLAIN) not in kinds:
            raise Refusal(f"boots.txt knows no boot '{kind or PLAIN}'")
        for host in series.hosts_of(hosts):
            yield host, kinds[kind or PLAIN]


def plan(when: str, scenarios: str, boots: str) -> list[Boot]:
    """The boots of a run, in the order in which they begin; texts of both tables."""
    kinds = read_kinds(boots)
    found: dict[str, Boot] = {}
    for number, words in lines(scenarios):
        try:
            targets = list(read_line(words, kinds))
        except Refusal as why:
            raise Refusal(f"scenarios.txt:{number}: {why}") from None
        for host, kind in targets:
            if takes_part(when, words[0], host):
                boot = Boot(host, kind)
                boot = found.setdefault(boot.name, boot)
                boot.scenarios.append(" ".join(words[2:]))
    return sorted(found.values(), key=Boot.rank)


def choose(boots: list[Boot], only: Sequence[str]) -> list[Boot]:
    """Those that are asked for by name, HOST or HOST+BOOT; all if none is."""
    for name in only:
        if not any(name in (b.name, b.label) for b in boots):
            known = ", ".join(b.label for b in boots)
            raise Refusal(f"this list has no boot '{name}'; it has {known}", 2)
    return [b for b in boots if not only or b.name in only or b.label in only]
