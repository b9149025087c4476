# SPDX-License-Identifier: GPL-2.0-only
"""
text: what the generators share about writing C: the head of a file, comments,
and where lines are broken. What it writes passes checkpatch.
"""
from __future__ import annotations

import textwrap

SOURCE = "docs/netlink/vtmm.yaml"
WIDTH = 96
UAPI = "GPL-2.0-only WITH Linux-syscall-note"
GPL = "GPL-2.0-only"


def head(kind: str, doc: str, licence: str = GPL) -> list[str]:
    """The first lines of a file; kind is "c" or "h"."""
    spdx = f"SPDX-License-Identifier: {licence}"
    return [f"// {spdx}" if kind == "c" else f"/* {spdx} */",
            f"/* Generated from {SOURCE} by: make generate. Do not edit. */",
            "/*", *wrap(doc, " * ", 80), " */"]


def wrap(text: str, prefix: str, width: int = WIDTH, hang: str = "") -> list[str]:
    """Text in lines that begin with prefix; after the first with hang, too."""
    used = len(prefix.expandtabs())
    return [prefix + (hang if i else "") + line for i, line in
            enumerate(textwrap.wrap(text, width - used - len(hang),
                                    break_long_words=False,
                                    break_on_hyphens=False))]


def filled(words: list[str], prefix: str, end: str) -> list[str]:
    """Words with commas between them in lines that begin with prefix."""
    lines = [prefix + words[0]]
    for word in words[1:]:
        lines[-1] += ","
        if len(f"{lines[-1]} {word}{end}".expandtabs()) > WIDTH:
            lines.append(prefix + word)
        else:
            lines[-1] += f" {word}"
    return [*lines[:-1], lines[-1] + end]


def comment(text: str, indent: str = "\t") -> list[str]:
    """A comment on one line if it fits, else on several."""
    if len(indent.expandtabs()) + len(text) + 6 <= WIDTH:
        return [f"{indent}/* {text} */"]
    return [f"{indent}/*", *wrap(text, f"{indent} * "), f"{indent} */"]


def define(name: str, value: str, column: int = 32) -> str:
    """A line that defines a constant, its value at a tab stop."""
    line = f"#define {name}\t"
    while len(line.expandtabs()) < column:
        line += "\t"
    return line + value


def number(value: int) -> str:
    """A constant of C for any u64."""
    return f"{value}ULL" if value > 2 ** 31 - 1 else str(value)


def string(text: str) -> str:
    """A string of C."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
