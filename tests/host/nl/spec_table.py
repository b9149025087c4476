#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
#
# spec_table: writes the commands and attributes of docs/netlink/vtmm.yaml as
# tables of C (nl/spec.h has the types), so that who tests the family by them
# can't be out of date. It knows the types that the specification uses and ends
# with an error at any other.
#   usage: spec_table.py SPEC >TABLE.c
import sys

import yaml

KINDS = {"u8": "SPEC_U8", "u32": "SPEC_U32", "u64": "SPEC_U64",
         "string": "SPEC_STRING", "flag": "SPEC_FLAG", "nest": "SPEC_NEST"}
WIDTH = {"u8": 8, "u32": 32, "u64": 64}


def ident(name):
    return name.replace("-", "_")


class Spec:
    def __init__(self, tree):
        self.sets = {s["name"]: s for s in tree["attribute-sets"]}
        self.enums = {d["name"]: d for d in tree["definitions"]
                      if d["type"] == "enum"}
        self.ops = [o for o in tree["operations"]["list"]]

    def attributes(self, name):
        """(id, attribute) of a set; a subset has the ids of its parent."""
        one = self.sets[name]
        whole = self.sets[one.get("subset-of", name)]
        numbered = {a["name"]: (i, a) for i, a in
                    enumerate(whole["attributes"], 1)}
        return [numbered[a["name"]] for a in one["attributes"]]

    def requestable(self, name):
        """What any command of the set may ask with: they share a policy."""
        asked = set()
        for op in self.ops:
            if op["attribute-set"] != name:
                continue
            for way in "do", "dump":
                asked.update(op.get(way, {}).get("request", {})
                             .get("attributes", []))
        if name == "tier":  # nested in a request
            asked.update(["id", "node"])
        return asked

    def limits(self, attr):
        checks = attr.get("checks", {})
        low = checks.get("min", 0)
        high = checks.get("max", 2 ** WIDTH.get(attr["type"], 0) - 1)
        if "enum" in attr:
            high = len(self.enums[attr["enum"]]["entries"]) - 1
        return low, high, checks.get("max-len", 0)

    def set_table(self, name):
        asked = self.requestable(name)
        lines = []
        for number, attr in self.attributes(name):
            low, high, length = self.limits(attr)
            nest = f"&spec_set_{ident(attr['nested-attributes'])}" \
                if attr["type"] == "nest" else "NULL"
            lines.append(f'\t{{"{attr["name"]}", {number}, {KINDS[attr["type"]]}, '
                         f'{low}ull, {high}ull, {length}, '
                         f'{int(attr["name"] in asked)}, {nest}}},')
        return "\n".join(
            [f"static const struct spec_attr spec_attrs_{ident(name)}[] = {{"]
            + lines + ["};",
                       f"static const struct spec_set spec_set_{ident(name)} = "
                       f'{{"{name}", spec_attrs_{ident(name)}, {len(lines)}}};'])

    def op_table(self):
        lines = []
        for number, op in enumerate(self.ops, 1):
            # What is sent as an event must be refused as a command.
            assert "event" in op or op["flags"] == ["admin-perm"], op["name"]
            lines.append(f'\t{{"{op["name"]}", {number}, {int("do" in op)}, '
                         f'{int("dump" in op)}, '
                         f'&spec_set_{ident(op["attribute-set"])}}},')
        return "\n".join(["const struct spec_op spec_ops[] = {"] + lines
                         + ["};", f"const unsigned int spec_nr_ops = {len(lines)};"])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = Spec(yaml.safe_load(file))
    print("// SPDX-License-Identifier: GPL-2.0-only")
    print("/* Made by spec_table.py. */")
    print('#include "spec.h"\n')
    for name in spec.sets:
        print(f"static const struct spec_set spec_set_{ident(name)};")
    for name in spec.sets:
        print("\n" + spec.set_table(name))
    print("\n" + spec.op_table())


main()
