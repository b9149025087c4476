#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
test_spec: docs/netlink/vtmm.yaml is a valid ynl spec; what is generated from it is
up to date and says what the kernel's own generator says; its counters are written
and its settings read. Prints TAP.

The kernel's generator, ynl-gen-c, turns the spec into a header and into policies;
the C compiler gives the values of both headers. The tables of the library are
printed by a program of ours, dump_fields.

usage: test_spec.py YNL-TREE DUMP-FIELDS     from the top of the tree
"""
from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import jsonschema
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "scripts/gen"))

# pylint: disable=wrong-import-position
import checks  # noqa: E402
import generate  # noqa: E402
from library import json_name  # noqa: E402
from spec import Spec, load  # noqa: E402

SPEC = TOP / "docs/netlink/vtmm.yaml"
HEADER = TOP / "include/uapi/linux/vtmm.h"
POLICY = TOP / "src/kmod/netlink/policy.c"
LICENSE = "((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)"
NAMES = re.compile(r"\b_?_?VTMM_[A-Z0-9_]+\b")
ENTRY = re.compile(r"\[(VTMM_A_\w+)\] = (.*),$", re.M)
RANGE = re.compile(r"netlink_range_validation (\w+) = \{(.*?)\};", re.S)


class Tap:
    """Counts checks and prints them."""

    def __init__(self) -> None:
        self.count = 0
        self.failed = 0

    def check(self, what: str, problems: list[str]) -> None:
        """One check: it holds when the list of problems is empty."""
        self.count += 1
        if problems:
            self.failed += 1
        print(f"{'not ok' if problems else 'ok'} {self.count} - {what}")
        for problem in problems:
            print(f"# {problem}")

    def done(self) -> int:
        """The plan; the exit status."""
        print(f"1..{self.count}")
        return 1 if self.failed else 0


class Kernel:
    """The kernel's generator, with the spec in a tree as it wants it."""

    def __init__(self, ynl: pathlib.Path, work: pathlib.Path) -> None:
        self.program = ynl / "tools/net/ynl/ynl-gen-c.py"
        self.work = work
        specs = work / "Documentation/netlink/specs"
        shutil.copytree(ynl / "Documentation/netlink", specs.parent,
                        ignore=shutil.ignore_patterns("specs"))
        specs.mkdir()
        (work / "MAINTAINERS").touch()  # marks the root of a tree
        # The generator knows one licence only; it writes it on what it makes.
        lines = SPEC.read_text(encoding="utf-8").split("\n")
        lines[0] = f"# SPDX-License-Identifier: {LICENSE}"
        self.spec = specs / "vtmm.yaml"
        self.spec.write_text("\n".join(lines), encoding="utf-8")

    def generate(self, mode: str, kind: str) -> pathlib.Path:
        """What it makes: a mode (uapi, kernel), a kind (header, source)."""
        out = self.work / f"{mode}.{kind}.h"
        subprocess.run([sys.executable, self.program, "--mode", mode, f"--{kind}",
                        "-o", out, "--spec", self.spec], check=True, timeout=60)
        return out


def values(header: pathlib.Path, work: pathlib.Path) -> dict[str, str]:
    """Name → value of everything that a header defines, as the compiler says."""
    names = set(NAMES.findall(checks.without_comments(header.read_text(encoding="utf-8"))))
    lines = ["#include <stdio.h>", f'#include "{header}"',
             "#define SHOW(x) printf(_Generic((x), char *: \"%s %s\\n\", "
             "default: \"%s %d\\n\"), #x, x);", "int main(void) {"]
    lines += [f"SHOW({name})" for name in sorted(names)]
    program = work / "values.c"
    program.write_text("\n".join(lines + ["return 0; }"]), encoding="utf-8")
    subprocess.run(["cc", "-w", "-o", work / "values", program], check=True)
    out = subprocess.run([work / "values"], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return dict(line.split(" ", 1) for line in out.splitlines())


def compare(one: dict, other: dict, names: tuple[str, str]) -> list[str]:
    """Keys that are not alike on both sides."""
    return [f"{key}: {names[0]} {one.get(key)}, {names[1]} {other.get(key)}"
            for key in sorted(one.keys() | other.keys()) if one.get(key) != other.get(key)]


def header_problems(kernel: Kernel) -> list[str]:
    """Names and numbers that the kernel's generator and ours do not have alike."""
    theirs = values(kernel.generate("uapi", "header"), kernel.work)
    # It has no entry 0 for attributes and commands.
    ours = {k: v for k, v in values(HEADER, kernel.work).items()
            if not k.endswith("_UNSPEC")}
    return compare(theirs, ours, ("ynl-gen-c", "header"))


def policies(path: pathlib.Path) -> dict[str, str]:
    """Attribute → policy, with the limits that it refers to, of a C file."""
    text = path.read_text(encoding="utf-8")
    # "= 1ULL," and "= 1," are the same.
    ranges = {name: " ".join(re.sub(r"[\s,]+", " ", body).replace("ULL", "").split())
              for name, body in RANGE.findall(text)}
    entries = {}
    for name, policy in ENTRY.findall(text):
        found = re.search(r"&(\w+_range)", policy)
        policy = re.sub(r"vtmm_\w+_nl_policy|vtmm_\w+_policy", "nested", policy)
        policy = policy.replace(", }", " }")
        entries[name] = f"{policy} {ranges[found.group(1)]}" if found else policy
    return entries


def policy_problems(spec: Spec, kernel: Kernel) -> list[str]:
    """Limits that the kernel's generator and ours do not have alike."""
    theirs = policies(kernel.generate("kernel", "source"))
    # It lets a request nest all of a set.
    asked = {f"VTMM_A_TIER_{name.upper()}" for name in spec.requestable("tier")}
    theirs = {k: v for k, v in theirs.items()
              if not k.startswith("VTMM_A_TIER_") or k in asked}
    ours = {k: v for k, v in policies(POLICY).items() if not k.startswith("VTMM_PARAM")}
    return compare(theirs, ours, ("ynl-gen-c", "policy.c"))


def stale() -> list[str]:
    """Generated files that are not what is generated now."""
    folder = TOP / "build/generated"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, TOP / "scripts/gen/generate.py", folder], check=True)
    return [f"{name} is not what docs/netlink/vtmm.yaml implies: "
            f"run `make generate` and commit it" for name in generate.OUTPUTS
            if not (TOP / name).exists()
            or (TOP / name).read_bytes() != (folder / name).read_bytes()]


def undocumented(spec: Spec) -> list[str]:
    """Everything in the spec that has no doc."""
    missing = [f"operation {op.name}" for op in spec.ops if not op.doc]
    missing += [f"definition {d['name']}" for d in spec.tree["definitions"]
                if not d.get("doc")]
    for one in spec.sets.values():
        missing += [f"set {one.name}"] if not one.doc else []
        missing += [f"{one.name}.{a.name}" for a in one.attrs if not a.doc]
    return missing


def unlabelled(spec: Spec) -> list[str]:
    """Settings and counters of which nobody knows what people call them."""
    return [f"{attr.name}: its doc has no name and colon before the text"
            for attr in [*spec.settings(), *spec.counters()] if ": " not in attr.doc]


def spec_fields(spec: Spec) -> dict[tuple[str, str], tuple[str, str, str]]:
    """(set, name) → number, type, detail of every attribute of the spec."""
    fields = {}
    for one in spec.on_wire():
        for attr in one.attrs:
            detail = ",".join(attr.enum.names) if attr.enum else attr.nested
            multi = ",multi" if attr.multi else ""
            fields[(one.name, json_name(attr))] = (str(attr.number), attr.type + multi, detail)
    return fields


def library_fields(program: pathlib.Path) -> dict[tuple[str, str], tuple[str, str, str]]:
    """The same, as the library has it."""
    out = subprocess.run([program], check=True, text=True, stdout=subprocess.PIPE).stdout
    fields = {}
    for line in out.splitlines():
        space, name, number, kind, detail = line.split(" ")
        fields[(space, name)] = (number, kind, detail)
    return fields


def uses(spec: Spec) -> list[str]:
    """Names of attributes in operations that their set does not have."""
    problems = []
    for op in spec.ops:
        known = {attr.name for attr in spec.sets[op.set].attrs}
        for sides in op.ways.values():
            problems += [f"{op.name}: {name}" for names in sides.values()
                         for name in names if name not in known]
    return problems


def unprotected(spec: Spec) -> list[str]:
    """Operations that anybody could use."""
    return [op.name for op in spec.ops if "event" not in op.ways and not op.private]


def schema_problems(spec: Spec, ynl: pathlib.Path) -> list[str]:
    """What the kernel's schema has against the spec."""
    path = ynl / f"Documentation/netlink/{spec.tree['protocol']}.yaml"
    schema = yaml.safe_load(path.read_text(encoding="utf-8"))
    validator = jsonschema.Draft7Validator(schema)
    return [f"{'/'.join(map(str, e.path))}: {e.message}"
            for e in validator.iter_errors(spec.tree)]


def check_spec(tap: Tap, spec: Spec, ynl: pathlib.Path) -> None:
    """The spec in itself."""
    tap.check("the spec follows the kernel's schema", schema_problems(spec, ynl))
    tap.check("everything is documented", undocumented(spec))
    tap.check("every setting and counter has a name for people", unlabelled(spec))
    tap.check("operations use attributes of their set", uses(spec))
    tap.check("every operation needs a privilege", unprotected(spec))
    tap.check("every setting can be given and changed", checks.unsettable(spec))
    tap.check("every counter is shown once, reserved ones never", checks.shown(spec))


def main() -> int:
    """All checks."""
    ynl, dump = map(pathlib.Path, sys.argv[1:3])
    spec = load(SPEC)
    tap = Tap()
    check_spec(tap, spec, ynl)
    tap.check("what is generated is up to date", stale())
    with tempfile.TemporaryDirectory() as work:
        kernel = Kernel(ynl, pathlib.Path(work))
        tap.check("names and numbers are those of the kernel's generator",
                  header_problems(kernel))
        tap.check("what requests may hold is what the kernel's generator says",
                  policy_problems(spec, kernel))
    tap.check("the tables of the library are those of the spec",
              compare(spec_fields(spec), library_fields(dump.resolve()),
                      ("spec", "library")))
    tap.check("every counter is written", checks.counters(spec, TOP))
    tap.check("every setting is read", checks.settings(spec, TOP))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
