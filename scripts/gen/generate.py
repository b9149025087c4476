#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
generate: writes what follows from docs/netlink/vtmm.yaml. What it writes is
committed, so that a build needs neither Python nor the kernel's generator; a test
writes it to another folder and compares.

usage: generate.py [FOLDER]     the top of the tree if none is named
"""
from __future__ import annotations

import pathlib
import sys
from typing import Callable

import kernel
import library
import tool
import uapi
from spec import Spec, load
from text import SOURCE

TOP = pathlib.Path(__file__).resolve().parents[2]
OUTPUTS: dict[str, Callable[[Spec], str]] = {
    "include/uapi/linux/vtmm.h": uapi.render,
    "include/vtmm/limits.h": kernel.limits,
    "src/kmod/netlink/policy.c": kernel.policy,
    "src/kmod/netlink/policy.h": kernel.policy_header,
    "src/lib/info.h": library.info,
    "src/lib/fields.c": library.fields,
    "src/vtmmctl/tables.c": tool.tables,
    "docs/man/values.sed": tool.values,
}


def write(path: pathlib.Path, text: str) -> None:
    """Writes a file if it is another one: what is up to date is not built again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main() -> int:
    """Writes all of it."""
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TOP
    spec = load(TOP / SOURCE)
    for name, render in OUTPUTS.items():
        write(folder / name, render(spec))
    return 0


if __name__ == "__main__":
    sys.exit(main())
