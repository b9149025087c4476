# SPDX-License-Identifier: GPL-2.0-only
"""
tool: src/vtmmctl/tables.c, the options and rows of settings and the rows of
counters, and docs/man/values.sed, limits and defaults for the manual pages.
"""
from __future__ import annotations

from spec import NO_LIMIT, Attr, Spec, option, upper
from text import SOURCE, head, string

DOC = "tables: the settings of a VM as options and rows, and the rows of its counters."
# What a setting of each kind takes, and examples where limits say nothing.
ARGUMENTS = {"NAME": "NAME", "ENUM": "MODE", "TIME": "TIME", "PERCENT": "PERCENT",
             "RATE": "RATE", "GUARANTEE": "SIZE", "LIMIT": "SIZE", "SIZE": "SIZE",
             "SWITCH": "on|off", "NUMBER": "N"}
EXAMPLES = {"RATE": "100M, none", "GUARANTEE": "64M, or 10% of the pool",
            "LIMIT": "4G, 80% of the pool, none"}
LETTERS = {"name": "'n'"}
# Counters that belong to the one above them.
INDENTED = ("failed-", "copied-")


def kind(attr: Attr) -> str:
    """How a setting is typed and shown (enum setting_kind)."""
    if attr.type == "string":
        return "NAME"
    if attr.enum:
        return "ENUM"
    for unit, name in (("-ms", "TIME"), ("-permille", "PERCENT"), ("rate-bytes", "RATE")):
        if attr.name.endswith(unit):
            return name
    if attr.type == "u8":
        return "SWITCH"
    if attr.type == "u32":
        return "NUMBER"
    return {"fast-min": "GUARANTEE", "fast-max": "LIMIT"}.get(attr.name, "SIZE")


def time(ms: int) -> str:
    """Milliseconds as vtmmctl takes them."""
    return f"{ms // 1000}s" if ms % 1000 == 0 else f"{ms}ms"


def percent(permille: int) -> str:
    """Per mille as vtmmctl takes them."""
    return f"{permille / 10:g}%"


def written(attr: Attr, value: int) -> str:
    """A value of a setting as it is typed."""
    what = kind(attr)
    if attr.enum:
        return attr.enum.names[value]
    if what == "SWITCH":
        return "on" if value else "off"
    if value == NO_LIMIT or (value == 0 and what in ("RATE", "PERCENT")):
        return "none"
    return {"TIME": time, "PERCENT": percent}.get(what, str)(value)


def limits(attr: Attr) -> str:
    """What a setting takes: its range, the words, or examples."""
    what = kind(attr)
    if what == "NAME":
        return f"at most {attr.max_len} bytes"
    if attr.enum:
        return ", ".join(attr.enum.names[:-1]) + f" or {attr.enum.names[-1]}"
    if what == "SWITCH":
        return "on or off"
    if what == "PERCENT" and not attr.min:
        return f"0.1%..{written(attr, attr.max)} or none"
    if what in ("TIME", "PERCENT", "NUMBER"):
        return f"{written(attr, attr.min)}..{written(attr, attr.max)}"
    return EXAMPLES.get(what, "")


def default(spec: Spec, attr: Attr) -> str:
    """What a setting is when nobody set it."""
    if attr.name == "floor":
        return f"{spec.const('floor-bytes') // 10 ** 6} MB or {spec.const('floor-percent')} % of the VM"
    if attr.type == "string":
        return "the VMM's"
    return written(attr, spec.const(f"{attr.name}-default"))


def refusal(attr: Attr) -> str:
    """What is wrong with a value that a setting does not take."""
    what = kind(attr)
    if what == "NAME":
        return f"is longer than {attr.max_len} bytes"
    if what in ("ENUM", "SWITCH"):
        return f"is not {limits(attr)}"
    if what in EXAMPLES or not limits(attr):
        return "is out of range"
    return f"is out of range, {limits(attr)}"


def help_text(spec: Spec, attr: Attr) -> str:
    """The line of --help."""
    takes = limits(attr)
    if kind(attr) == "SWITCH" or not takes:
        takes = ""
    elif attr.enum or kind(attr) in EXAMPLES:
        takes = f": {takes}"
    else:
        takes = f", {takes}"
    return f"{attr.help}{takes} (default {default(spec, attr)})"


def setting(spec: Spec, part: str, attr: Attr) -> list[str]:
    """The rows of a setting: as an option, and what it means."""
    what = kind(attr)
    numbers = f"{attr.min}, {attr.max}ull" if attr.type != "string" else f"0, {attr.max_len}"
    letter = f".letter = {LETTERS[attr.name]}, " if attr.name in LETTERS else ""
    return [f"\t{{.name = {string(option(attr))}, {letter}.arg = {string(ARGUMENTS[what])},",
            f"\t .help =\n\t\t{string(help_text(spec, attr))},",
            f"\t .setting = &(const struct setting){{",
            f"\t\tVTMM_A_VM_{upper(attr.name)}, SETTING_{what}, {numbers}, {string(part)},",
            f"\t\t{string(attr.label)}, {string(refusal(attr))}}}}},"]


def options(spec: Spec) -> list[str]:
    """All settings as options."""
    lines = ["const struct ctl_option setting_options[] = {"]
    for part in ("settings", "policy"):
        for attr in spec.sets[part].attrs:
            lines += setting(spec, part, attr)
    return [*lines, "\t{.name = NULL},", "};", ""]


def unit(attr: Attr) -> str:
    """How a counter is shown (enum row_unit)."""
    for end, name in (("-us", "US"), ("-us-total", "US"), ("-ns", "NS")):
        if attr.name.endswith(end):
            return name
    return "BYTES" if attr.name.startswith("bytes-") else "COUNT"


def rows(spec: Spec, name: str) -> list[str]:
    """The rows of a part of the counters."""
    lines = [f"const struct row {name}_rows[] = {{"]
    for attr in spec.sets[name].attrs:
        indent = "  " if attr.name.startswith(INDENTED) else ""
        lines.append(f"\t{{VTMM_A_STATS_{upper(attr.name)}, ROW_{unit(attr)}, "
                     f"{string(indent + attr.label)}}},")
    return [*lines, "\t{0, ROW_COUNT, NULL},", "};", ""]


def tables(spec: Spec) -> str:
    """src/vtmmctl/tables.c"""
    lines = [*head("c", DOC), "/* clang-format off */", '#include "tables.h"', ""]
    lines += options(spec)
    for name in ("tracking", "moving"):
        lines += rows(spec, name)
    return "\n".join(lines)


def values(spec: Spec) -> str:
    """docs/man/values.sed"""
    lines = ["# SPDX-License-Identifier: GPL-2.0-only",
             f"# Generated from {SOURCE} by: make generate. Do not edit."]
    for attr in spec.settings():
        pairs = {"limits": limits(attr), "default": default(spec, attr)}
        for what, text in pairs.items():
            if text:
                lines.append(f"s/@{option(attr)}\\.{what}@/{text}/g")
    every = "; ".join(f"*-n*, *--name* _{ARGUMENTS['NAME']}_" if attr.name == "name" else
                      f"*--{option(attr)}* _{ARGUMENTS[kind(attr)]}_"
                      for attr in spec.settings())
    history = spec.sets["policy"].attr("window").max
    return "\n".join([*lines, f"s/@history@/{history}/g", f"s/@settings@/{every}/", ""])
