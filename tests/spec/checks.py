# SPDX-License-Identifier: GPL-2.0-only
"""
checks: what the sources must do for the spec: each counter is written, each setting
is read. Both look at the text of the module and the core, comments left out. They
return what is wrong, a sentence each.
"""
from __future__ import annotations

import pathlib
import re
from typing import Iterator

from spec import Attr, Spec, upper

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
FUNCTION = re.compile(r"^\{\n.*?^\}", re.S | re.M)
WRITES = re.compile(r"\bvtmm_stat_(?:add|set|max)\(")
ROW = re.compile(r"\[VTMM_PARAM_(\w+)\]\s*=\s*VTMM_ROW\(\w+,\s*VTMM_AT\(([\w.]+)\)")
TABLE = "src/core/params.c"


def without_comments(text: str) -> str:
    """The text of a C file without its comments."""
    return COMMENT.sub("", text)


def sources(tree: pathlib.Path, *folders: str) -> Iterator[str]:
    """Texts of C files, without the table of settings."""
    for folder in folders:
        for path in sorted((tree / folder).rglob("*.c")):
            if path != tree / TABLE:
                yield without_comments(path.read_text(encoding="utf-8"))


def written(tree: pathlib.Path) -> set[str]:
    """Counters that a function names which writes counters."""
    names: set[str] = set()
    for text in sources(tree, "src/kmod"):
        for body in FUNCTION.findall(text):
            if WRITES.search(body):
                names |= set(re.findall(r"\bVTMM_A_STATS_(\w+)\b", body))
    return names


def counters(spec: Spec, tree: pathlib.Path) -> list[str]:
    """Counters that nobody writes, and reserved ones that somebody does."""
    names = written(tree)
    problems = []
    for attr in spec.counters():
        if upper(attr.name) in names and attr.reserved:
            problems.append(f"{attr.name} is reserved and is written: give it a label")
        if upper(attr.name) not in names and not attr.reserved:
            problems.append(f"{attr.name} is written by no function of src/kmod: "
                            "write it, or call it Reserved in the spec")
    return problems


def shown(spec: Spec) -> list[str]:
    """Counters that are in no part, in two, or in one though they are reserved."""
    parts = [a.name for part in ("tracking", "moving") for a in spec.sets[part].attrs]
    return [f"{attr.name} stands {parts.count(attr.name)} times in the sets tracking and moving"
            for attr in spec.counters()
            if parts.count(attr.name) != (0 if attr.reserved else 1)]


def reads(text: str, member: str) -> bool:
    """Does the text read a member? To assign to it is no reading."""
    struct, _, name = member.rpartition(".")
    # What is no part of the policy is always asked of the settings, or the terms.
    owner = rf"\b{struct}" if struct in ("set", "terms") else ""
    return bool(re.search(rf"{owner}(?:->|\.){re.escape(name)}\b(?!\s*=[^=])", text))


def settings(spec: Spec, tree: pathlib.Path) -> list[str]:
    """Settings that stand in no row of the table, or whose member nobody reads."""
    rows = dict(ROW.findall(without_comments(
        (tree / TABLE).read_text(encoding="utf-8"))))
    texts = list(sources(tree, "src/kmod", "src/core"))
    problems = []
    for attr in numbers(spec):
        member = rows.get(upper(attr.name))
        if not member:
            problems.append(f"{attr.name} has no row in {TABLE}")
        elif not any(reads(text, member) for text in texts):
            problems.append(f"{attr.name}: nobody reads {member}")
    return problems


def numbers(spec: Spec) -> list[Attr]:
    """Settings that stand in the table."""
    return [attr for attr in spec.settings() if attr.type != "string"]


def unsettable(spec: Spec) -> list[str]:
    """Settings that cannot be given at attach, or changed."""
    problems = []
    for op in spec.ops:
        if op.name in ("vm-attach", "vm-set"):
            problems += [f"{op.name} does not take {attr.name}"
                         for attr in spec.settings() if attr.name not in op.requests()]
    return problems
