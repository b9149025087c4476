#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
spec_table: writes the commands and attributes of docs/netlink/vtmm.yaml as
tables of C (nl/spec.h has the types), so that who tests the family by them
can't be out of date. It knows the types that the specification uses and ends
with an error at any other.

usage: spec_table.py SPEC >TABLE.c
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "scripts/gen"))

from spec import Set, Spec, ident, load  # noqa: E402 pylint: disable=wrong-import-position


def set_table(spec: Spec, one: Set) -> str:
    """The attributes of a set."""
    asked = spec.requestable(one.name)
    name = ident(one.name)
    lines = []
    for attr in one.attrs:
        nested = f"&spec_set_{ident(attr.nested)}" if attr.nested else "NULL"
        lines.append(f'\t{{"{attr.name}", {attr.number}, SPEC_{attr.type.upper()}, '
                     f'{attr.min}ull, {attr.max}ull, {attr.max_len}, '
                     f'{int(attr.name in asked)}, {nested}}},')
    return "\n".join([f"static const struct spec_attr spec_attrs_{name}[] = {{", *lines,
                      "};", f"static const struct spec_set spec_set_{name} = "
                      f'{{"{one.name}", spec_attrs_{name}, {len(lines)}}};'])


def op_table(spec: Spec) -> str:
    """The commands, and the event."""
    lines = []
    for op in spec.ops:
        # What is sent as an event must be refused as a command.
        assert "event" in op.ways or op.private, op.name
        lines.append(f'\t{{"{op.name}", {op.number}, {int("do" in op.ways)}, '
                     f'{int("dump" in op.ways)}, &spec_set_{ident(op.set)}}},')
    return "\n".join(["const struct spec_op spec_ops[] = {", *lines, "};",
                      f"const unsigned int spec_nr_ops = {len(lines)};"])


def main() -> None:
    """Prints the tables."""
    spec = load(sys.argv[1])
    print("// SPDX-License-Identifier: GPL-2.0-only")
    print("/* Made by spec_table.py. */")
    print('#include "spec.h"\n')
    for one in spec.on_wire():
        print(f"static const struct spec_set spec_set_{ident(one.name)};")
    for one in spec.on_wire():
        print("\n" + set_table(spec, one))
    print("\n" + op_table(spec))


if __name__ == "__main__":
    main()
