# SPDX-License-Identifier: GPL-2.0-only
"""The lists of mutants: what they are, and where in the source they apply.

A mutant is a piece of source and what a plausible human error would make of it.
It is found by its text, so that it survives when files move or are formatted
anew. Only reads: who applies it is mirror.py.
"""

import configparser
import re
from dataclasses import dataclass
from pathlib import Path

KEYS = {"why", "in", "find", "put", "test", "equivalent"}
SOURCES = ("src/", "include/")


class ListError(Exception):
    """A list that cannot be read; the text says where and why."""


class Stale(Exception):
    """The source that a mutant changes is not there, or is there twice."""


@dataclass(frozen=True)
class Mutant:
    """One plausible human error."""

    name: str
    area: str
    why: str
    find: str
    put: str
    tests: tuple[str, ...]
    where: str = ""
    equivalent: str = ""


@dataclass(frozen=True)
class Place:
    """Where a mutant applies: in this file, from here to there."""

    path: str
    start: int
    end: int


def area_of(path: Path) -> str:
    """core.ini is the area core, module-pml.ini one part of the area module."""
    return path.stem.split("-")[0]


def parse(text: str, area: str, origin: str) -> list[Mutant]:
    """The mutants of one list."""
    ini = configparser.RawConfigParser(
        delimiters=("=",), comment_prefixes=("#",), empty_lines_in_values=False)
    try:
        ini.read_string(text, source=origin)
    except configparser.Error as e:
        raise ListError(f"{origin}: {e}") from e
    return [mutant_of(name, area, dict(ini[name]), origin) for name in ini.sections()]


def mutant_of(name: str, area: str, keys: dict[str, str], origin: str) -> Mutant:
    """One section, which must say what, why and who should see it."""
    unknown = set(keys) - KEYS
    missing = {"why", "find", "put", "test"} - set(keys)
    if unknown or missing:
        raise ListError(f"{origin}: [{name}]: unknown: {sorted(unknown)}, "
                        f"missing: {sorted(missing)}")
    tests = tuple(line.strip() for line in keys["test"].splitlines() if line.strip())
    if not (keys["why"] and keys["find"] and tests):
        raise ListError(f"{origin}: [{name}]: why, find and test must say something")
    if keys["find"].split() == keys["put"].split():
        raise ListError(f"{origin}: [{name}]: it changes nothing")
    return Mutant(name, area, " ".join(keys["why"].split()), keys["find"], keys["put"],
                  tests, keys.get("in", ""), keys.get("equivalent", ""))


def load(folder: Path) -> list[Mutant]:
    """All lists of a folder; a name is used once."""
    mutants: list[Mutant] = []
    for path in sorted(folder.glob("*.ini")):
        mutants += parse(path.read_text(), area_of(path), path.name)
    names = [m.name for m in mutants]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise ListError(f"names that are used more than once: {', '.join(twice)}")
    return mutants


def pattern(find: str) -> re.Pattern[str]:
    """The text, with any white space where it has some."""
    return re.compile(r"\s+".join(re.escape(word) for word in find.split()))


def is_source(path: str) -> bool:
    """Mutants are of what is shipped, not of its tests."""
    return path.startswith(SOURCES) and path.endswith((".c", ".h"))


def matches(path: str, where: str) -> bool:
    """Is the file meant? @where is its name, or the end of its path."""
    return not where or path == where or path.endswith("/" + where)


def locate(mutant: Mutant, sources: dict[str, str]) -> Place:
    """The one place where a mutant applies."""
    wanted = pattern(mutant.find)
    found = [Place(path, m.start(), m.end())
             for path, text in sources.items() if matches(path, mutant.where)
             for m in wanted.finditer(text)]
    if len(found) != 1:
        files = ", ".join(sorted({p.path for p in found}))
        raise Stale(f"its text is found {len(found)} times" +
                    (f" ({files})" if files else ""))
    return found[0]


def mutate(text: str, place: Place, put: str) -> str:
    """The file with the error in it."""
    return text[:place.start] + put + text[place.end:]
