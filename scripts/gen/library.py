# SPDX-License-Identifier: GPL-2.0-only
"""
library: src/lib/info.h, a struct for each attribute set, and src/lib/fields.c, the
tables by which messages are put into them.
"""
from __future__ import annotations

from spec import Attr, Enum, Set, Spec, ident, upper
from text import comment, define, filled, head, string

INFO_DOC = """info: what the module says, a struct for each attribute set. A bit of
"present" says of each attribute (BIT of VTMM_A_*) whether it is there."""
FIELDS_DOC = "fields: the tables that say which attribute goes into which member."
TEXT_SIZE = 256
# Words of C, and names that would not be understood.
MEMBERS = {"auto": "automatic"}
STRUCTS = {"info": "host"}
UNCOUNTABLE = ("advice",)
SENTENCES = ("why", "reason", "text")
TYPES = {"u8": "uint8_t", "u32": "uint32_t", "u64": "uint64_t", "flag": "uint8_t"}
OFF = "/* clang-format off */"


def json_name(attr: Attr) -> str:
    """The name of an attribute in C and JSON: lists are named in the plural."""
    name = ident(attr.name)
    return name + "s" if attr.multi and attr.name not in UNCOUNTABLE else name


def member(attr: Attr) -> str:
    """The member that holds an attribute."""
    return MEMBERS.get(attr.name, json_name(attr))


def struct(spec: Spec, name: str) -> str:
    """The struct of a set; a subset shares its parent's."""
    name = spec.sets[name].parent or name
    return f"struct vtmm_{STRUCTS.get(name, name)}_info"


def declaration(spec: Spec, attr: Attr) -> list[str]:
    """The members of an attribute."""
    name = member(attr)
    if attr.type == "nest":
        kind = struct(spec, attr.nested)
    elif attr.type == "string":
        kind = "char"
    else:
        kind = TYPES[attr.type]
    if attr.multi:
        stars = "**" if attr.type == "string" else "*"
        return [f"\t{kind} {stars}{name};", f"\tsize_t nr_{name};"]
    if attr.type != "string":
        return [f"\t{kind} {name};"]
    sentence = attr.name.endswith(SENTENCES)
    return [f"\t{kind} {name}[VTMM_{'TEXT' if sentence else 'NAME'}_SIZE];"]


def struct_lines(spec: Spec, one: Set) -> list[str]:
    """The struct of a set."""
    lines = [*comment(f"{one.doc.rstrip('.')} (VTMM_A_{upper(one.name)}_*).", ""),
             f"{struct(spec, one.name)} {{", "\tuint64_t present;"]
    for attr in one.attrs:
        lines += declaration(spec, attr)
    return [*lines, "};", ""]


def nested_first(spec: Spec) -> list[Set]:
    """Sets in the order in which C wants them."""
    order: list[Set] = []

    def add(one: Set) -> None:
        for attr in one.attrs:
            if attr.nested and spec.sets[attr.nested] not in order:
                add(spec.sets[attr.nested])
        if one not in order:
            order.append(one)

    for one in spec.on_wire():
        add(one)
    return order


def info(spec: Spec) -> str:
    """src/lib/info.h"""
    name = spec.sets["settings"].attr("name")
    lines = [*head("h", INFO_DOC), OFF, "#ifndef VTMM_INFO_H", "#define VTMM_INFO_H", "",
             "#include <stddef.h>", "#include <stdint.h>", "",
             define("VTMM_NAME_SIZE", str(name.max_len + 1)),
             define("VTMM_TEXT_SIZE", str(TEXT_SIZE)), "",
             "/* Rounds that the module keeps for each page: as many as a window may have. */",
             define("VTMM_HISTORY_ROUNDS", str(spec.sets["policy"].attr("window").max)), ""]
    for one in nested_first(spec):
        if not one.parent:
            lines += struct_lines(spec, one)
    return "\n".join([*lines, "#endif /* VTMM_INFO_H */", ""])


def enum_names(enum: Enum) -> str:
    """The variable that holds the names of an enum."""
    return f"vtmm_{ident(enum.name.removesuffix('-kind'))}_names"


def field_kind(attr: Attr) -> str:
    """The kind of a field (enum vtmm_field_kind)."""
    if attr.multi:
        return f"LIST_{attr.type.upper()}"
    if attr.enum:
        return "ENUM"
    if attr.type == "u8" and attr.max == 1:
        return "BOOL"
    return attr.type.upper()


def field(spec: Spec, one: Set, attr: Attr) -> list[str]:
    """A row of a table."""
    kind, name, struct_name = field_kind(attr), member(attr), struct(spec, one.name)
    parent = upper(one.parent or one.name)
    start = f'\t{{{string(json_name(attr))}, VTMM_A_{parent}_{upper(attr.name)},'
    words = [f"VTMM_FIELD_{kind}", f"offsetof({struct_name}, {name})"]
    if attr.multi:
        words.append(f"offsetof({struct_name}, nr_{name})")
    elif kind == "STRING":
        words.append(f"sizeof((({struct_name} *)0)->{name})")
    if attr.nested:
        words.append(f".set = &vtmm_set_{ident(attr.nested)}")
    if attr.enum:
        words.append(f".names = {enum_names(attr.enum)}")
    return [start, *filled(words, "\t ", "},")]


def table(spec: Spec, one: Set) -> list[str]:
    """The table of a set."""
    name = ident(one.name)
    lines = [f"static const struct vtmm_field {name}_fields[] = {{"]
    for attr in one.attrs:
        lines += field(spec, one, attr)
    return [*lines, "};", "", f"const struct vtmm_set vtmm_set_{name} = {{",
            f"\t{string(name)}, sizeof({struct(spec, one.name)}), {name}_fields,",
            f"\tsizeof({name}_fields) / sizeof({name}_fields[0])", "};", ""]


def fields(spec: Spec) -> str:
    """src/lib/fields.c"""
    lines = [*head("c", FIELDS_DOC), OFF, '#include "fields.h"', ""]
    for enum in spec.enums.values():
        lines.append(f"const char *const {enum_names(enum)}[] = {{")
        lines += filled([string(name) for name in enum.names] + ["NULL"], "\t", "")
        lines += ["};", ""]
    for one in nested_first(spec):
        lines += table(spec, one)
    return "\n".join(lines)
