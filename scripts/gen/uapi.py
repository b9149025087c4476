# SPDX-License-Identifier: GPL-2.0-only
"""
uapi: include/uapi/linux/vtmm.h. The kernel's ynl-gen-c makes the same names and
numbers of the same spec, which a test holds; it leaves out the docs and types of
attributes and the entries 0.
"""
from __future__ import annotations

from spec import Attr, Enum, Op, Set, Spec, upper
from text import UAPI, comment, define, head, wrap

DOC = """vtmm: the generic-netlink family "vtmm", version 1. Never renumber, never
reuse a number: append."""

RULES = """Every command needs CAP_NET_ADMIN in the initial user namespace. Sizes are in
pages of 4 KiB unless the name says bytes; times are in the unit that the name ends in.
A VM is named by VTMM_A_VM_ID or by VTMM_A_VM_PID (with VTMM_A_VM_FD when the process
has several VMs). An answer carries the number of the command that it answers."""


def attr_type(attr: Attr) -> str:
    """The type of an attribute in words, with its limits."""
    words = attr.type + (f" of {attr.nested}" if attr.nested else "")
    if attr.multi:
        words += ", multi"
    if attr.enum:
        return f"{words}, enum vtmm_{attr.enum.name.replace('-', '_')}"
    if attr.max_len:
        return f"{words}, at most {attr.max_len} bytes"
    if "min" in attr.checks or "max" in attr.checks:
        return f"{words}, {attr.min}..{attr.max}"
    return words


def way(spec: Spec, op: Op, kind: str) -> list[str]:
    """One way to use a command: what is asked, and what answers."""
    asked = [upper(name) for name in op.ways[kind]["request"]]
    answer = f"-> {op.set}" if op.ways[kind]["reply"] else "-> ack"
    kind = "multicast" if kind == "event" else kind
    asked_text = f"{op.set}: {', '.join(asked)}" if asked else "-"
    text = f"{upper(op.name):<12} {kind:<5} {asked_text} {answer}"
    return wrap(text, " *  ", 90, " " * 20)


def commands(spec: Spec) -> list[str]:
    """The table of commands."""
    lines = ["/*", " * Commands, what they may be asked with, and their answers:", " *"]
    for op in spec.ops:
        for kind in op.ways:
            lines += way(spec, op, kind)
    return [*lines, " */"]


def enum_lines(enum: Enum) -> list[str]:
    """An enum with kernel-doc."""
    name = f"vtmm_{enum.name.replace('-', '_')}"
    lines = ["/**", f" * enum {name} - {enum.doc.rstrip('.')}"]
    for entry, doc in enum.entries:
        lines += wrap(f"@{upper(enum.prefix + entry)}: {doc.rstrip('.')}", " * ", 96, "  ")
    lines += [" */", f"enum {name} {{"]
    lines += [f"\t{upper(enum.prefix + entry)}," for entry in enum.names]
    return [*lines, "};", ""]


def numbered(prefix: str, lines: list[str]) -> list[str]:
    """The end of an enum that numbers something from 1."""
    return [*lines, "", "\t/* private: count */", f"\t__{prefix}MAX,",
            f"\t{prefix}MAX = __{prefix}MAX - 1", "};", ""]


def set_lines(one: Set) -> list[str]:
    """The numbers of a set."""
    prefix = f"VTMM_A_{upper(one.name)}_"
    lines = [*comment(f"{one.name}: {one.doc}", ""), "enum {", f"\t{prefix}UNSPEC,"]
    for attr in one.attrs:
        lines += comment(f"{attr_type(attr)}. {attr.doc}")
        lines.append(f"\t{prefix}{upper(attr.name)},")
    return numbered(prefix, lines)


def op_lines(spec: Spec) -> list[str]:
    """The numbers of the commands."""
    lines = ["enum vtmm_cmd {", "\tVTMM_CMD_UNSPEC,"]
    lines += [f"\tVTMM_CMD_{upper(op.name)}," for op in spec.ops]
    return numbered("VTMM_CMD_", lines)


def constants(spec: Spec) -> list[str]:
    """What is defined for both sides."""
    lines = [define("VTMM_FAMILY_NAME", f'"{spec.name}"'),
             define("VTMM_FAMILY_VERSION", str(spec.version))]
    for group in spec.groups:
        lines.append(define(upper(group["c-define-name"]), f'"{group["name"]}"'))
    for name, one in spec.consts.items():
        if one.get("scope", "uapi") == "uapi":
            lines += ["", *comment(one["doc"], ""),
                      define(f"VTMM_{upper(name)}", str(one["value"]))]
    return [*lines, ""]


def render(spec: Spec) -> str:
    """The whole header."""
    lines = head("h", DOC, UAPI)
    lines[-1:] = [" *", *wrap(RULES, " * ", 80), " */"]
    lines += [*commands(spec),
              "#ifndef _UAPI_LINUX_VTMM_H", "#define _UAPI_LINUX_VTMM_H", ""]
    lines += constants(spec) + op_lines(spec)
    for enum in spec.enums.values():
        lines += enum_lines(enum)
    for one in spec.sets.values():
        if not one.parent:
            lines += set_lines(one)
    return "\n".join([*lines, "#endif /* _UAPI_LINUX_VTMM_H */", ""])
