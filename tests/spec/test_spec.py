#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
test_spec: docs/netlink/vtmm.yaml is a valid ynl spec and says the same as
include/uapi/linux/vtmm.h. Prints TAP.

The kernel's own generator turns the spec into a header; the C compiler gives
the values of both headers. The types stand in the comments of the header, in a
fixed form: "u32", "nest of bucket, multi", "string: what it is", and so on.

The tables of the library are printed by a program of ours, dump_fields.

usage: test_spec.py YNL-TREE SPEC HEADER DUMP-FIELDS
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import jsonschema
import yaml

LICENSE = "((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)"
TYPE = re.compile(r"(u8|u32|u64|string|flag|nest of \w+)(, multi)?\b")
NAMES = re.compile(r"\b_?_?VTMM_[A-Z0-9_]+\b")
ATTRIBUTE = re.compile(r"^\t(VTMM_A_\w+),[ \t]*/\* (.*?) \*/$", re.M)


class Tap:
    """Counts checks and prints them."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def check(self, what, problems):
        """One check: it holds when the list of problems is empty."""
        self.count += 1
        if problems:
            self.failed += 1
        print(f"{'not ok' if problems else 'ok'} {self.count} - {what}")
        for problem in problems:
            print(f"# {problem}")

    def done(self):
        """The plan; the exit status."""
        print(f"1..{self.count}")
        return 1 if self.failed else 0


def without_comments(text):
    """The text of a C header without its comments."""
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def generate(ynl, spec, work):
    """The header that the kernel's generator makes of the spec."""
    specs = work / "Documentation/netlink/specs"
    shutil.copytree(ynl / "Documentation/netlink", specs.parent,
                    ignore=shutil.ignore_patterns("specs"))
    specs.mkdir()
    (work / "MAINTAINERS").touch()  # marks the root of a tree
    # The generator knows one licence only; it writes it on what it makes.
    lines = spec.read_text().split("\n")
    lines[0] = f"# SPDX-License-Identifier: {LICENSE}"
    (specs / "vtmm.yaml").write_text("\n".join(lines))
    header = work / "generated.h"
    subprocess.run([sys.executable, ynl / "tools/net/ynl/ynl-gen-c.py",
                    "--mode", "uapi", "--header", "-o", header,
                    "--spec", specs / "vtmm.yaml"], check=True, timeout=60)
    return header


def values(header, work):
    """Name → value of everything that a header defines, as the compiler says."""
    names = set(NAMES.findall(without_comments(header.read_text())))
    lines = ["#include <stdio.h>", f'#include "{header}"',
             "#define SHOW(x) printf(_Generic((x), char *: \"%s %s\\n\", "
             "default: \"%s %d\\n\"), #x, x);", "int main(void) {"]
    lines += [f"SHOW({name})" for name in sorted(names)]
    program = work / "values.c"
    program.write_text("\n".join(lines + ["return 0; }"]))
    subprocess.run(["cc", "-w", "-o", work / "values", program], check=True)
    out = subprocess.run([work / "values"], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return dict(line.split(" ", 1) for line in out.splitlines())


def compare_values(spec, header):
    """Names and numbers that are not the same on both sides."""
    # The generator has no entry 0 for attributes and commands.
    header = {k: v for k, v in header.items() if not k.endswith("_UNSPEC")}
    problems = []
    for name in sorted(spec.keys() | header.keys()):
        if spec.get(name) != header.get(name):
            problems.append(f"{name}: spec {spec.get(name)}, "
                            f"header {header.get(name)}")
    return problems


def spec_types(spec):
    """C name → type of every attribute of the spec, in the header's words."""
    types = {}
    for space in spec["attribute-sets"]:
        if "subset-of" in space:
            continue
        for attr in space["attributes"]:
            words = attr["type"]
            if words == "nest":
                # A subset is a choice from its parent, the same in C.
                words += " of " + parent(spec, attr["nested-attributes"])
            if attr.get("multi-attr"):
                words += ", multi"
            name = f"vtmm-a-{space['name']}-{attr['name']}"
            types[name.upper().replace("-", "_")] = words
    return types


def parent(spec, name):
    """The set that the set called name is, or is a subset of."""
    for space in spec["attribute-sets"]:
        if space["name"] == name:
            return space.get("subset-of", name)
    raise KeyError(name)


def header_types(text):
    """C name → what the header says of the type of an attribute."""
    types = {}
    for name, comment in ATTRIBUTE.findall(text):
        known = TYPE.match(comment)
        types[name] = known.group(0) if known else comment
    # The counters are u64 all of them: the header says so once.
    for name in NAMES.findall(without_comments(text)):
        if name.startswith("VTMM_A_STATS_") and \
           not name.endswith(("_MAX", "_UNSPEC")):
            types[name] = "u64"
    return types


def compare_types(spec, header):
    """Attributes whose type is not the same on both sides."""
    return [f"{name}: spec {spec.get(name)}, header {header.get(name)}"
            for name in sorted(spec.keys() | header.keys())
            if spec.get(name) != header.get(name)]


def undocumented(spec):
    """Everything in the spec that has no doc."""
    missing = [f"operation {op['name']}" for op in spec["operations"]["list"]
               if not op.get("doc")]
    missing += [f"definition {d['name']}" for d in spec["definitions"]
                if not d.get("doc")]
    for space in spec["attribute-sets"]:
        if not space.get("doc"):
            missing.append(f"set {space['name']}")
        if "subset-of" not in space:
            missing += [f"{space['name']}.{a['name']}"
                        for a in space["attributes"] if not a.get("doc")]
    return missing


def spec_fields(spec):
    """(set, name) → number, type, detail of every attribute of the spec."""
    enums = {d["name"]: d["entries"] for d in spec["definitions"]
             if d["type"] == "enum"}
    sets = {s["name"]: s for s in spec["attribute-sets"]}
    fields = {}
    for space in spec["attribute-sets"]:
        origin = sets[space.get("subset-of", space["name"])]["attributes"]
        names = [a["name"] for a in space["attributes"]]
        for number, attr in enumerate(origin, 1):
            if attr["name"] not in names:
                continue
            detail = attr.get("nested-attributes", "")
            if "enum" in attr:
                detail = ",".join(e["name"] for e in enums[attr["enum"]])
            multi = ",multi" if attr.get("multi-attr") else ""
            key = (space["name"], attr["name"].replace("-", "_"))
            fields[key] = (str(number), attr["type"] + multi, detail)
    return fields


def library_fields(program):
    """The same, as the library has it. It names lists in the plural."""
    out = subprocess.run([program], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    fields = {}
    for line in out.splitlines():
        space, name, number, kind, detail = line.split(" ")
        if kind.endswith(",multi") and name.endswith("s"):
            name = name[:-1]
        fields[(space, name)] = (number, kind, detail)
    return fields


def compare_fields(spec, library):
    """Attributes that spec and library do not have alike."""
    return [f"{'.'.join(key)}: spec {spec.get(key)}, library {library.get(key)}"
            for key in sorted(spec.keys() | library.keys())
            if spec.get(key) != library.get(key)]


def uses(spec):
    """Names of attributes in operations that their set does not have."""
    sets = {s["name"]: {a["name"] for a in s["attributes"]}
            for s in spec["attribute-sets"]}
    problems = []
    for op in spec["operations"]["list"]:
        lists = [op.get("event", {})]
        for mode in ("do", "dump"):
            for way in ("request", "reply"):
                lists.append(op.get(mode, {}).get(way, {}))
        for names in lists:
            for name in names.get("attributes", []):
                if name not in sets[op["attribute-set"]]:
                    problems.append(f"{op['name']}: {name}")
    return problems


def unprotected(spec):
    """Operations that anybody could use."""
    return [op["name"] for op in spec["operations"]["list"]
            if "event" not in op and "admin-perm" not in op.get("flags", [])]


def schema_problems(spec, ynl):
    """What the kernel's schema has against the spec."""
    path = ynl / f"Documentation/netlink/{spec['protocol']}.yaml"
    schema = yaml.safe_load(path.read_text())
    validator = jsonschema.Draft7Validator(schema)
    return [f"{'/'.join(map(str, e.path))}: {e.message}"
            for e in validator.iter_errors(spec)]


def main():
    ynl, spec_path, header_path, dump = map(pathlib.Path, sys.argv[1:5])
    spec = yaml.safe_load(spec_path.read_text())
    tap = Tap()
    tap.check("the spec follows the kernel's schema",
              schema_problems(spec, ynl))
    tap.check("everything is documented", undocumented(spec))
    tap.check("operations use attributes of their set", uses(spec))
    tap.check("every operation needs a privilege", unprotected(spec))
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        generated = values(generate(ynl, spec_path, work), work)
        tap.check("names and numbers are those of the header",
                  compare_values(generated,
                                 values(header_path.resolve(), work)))
    tap.check("types are those of the header",
              compare_types(spec_types(spec),
                            header_types(header_path.read_text())))
    tap.check("the tables of the library are those of the spec",
              compare_fields(spec_fields(spec),
                             library_fields(dump.resolve())))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
