# SPDX-License-Identifier: GPL-2.0-only
"""
spec: the netlink family as docs/netlink/vtmm.yaml has it, in a form that is easy
to ask. The generators and the tests read the YAML through this file and no other
way. It changes nothing, and ends with an error at what it does not know.
"""
from __future__ import annotations

import dataclasses
import pathlib
from typing import Any

import yaml

BITS = {"u8": 8, "u32": 32, "u64": 64}
TYPES = {*BITS, "string", "flag", "nest"}
# Requests nest one set: the nodes of a tier.
NESTED_REQUEST = {"tier": ("id", "node")}
RESERVED = "reserved"
NO_LIMIT = 2 ** 64 - 1


def ident(name: str) -> str:
    """A name of the spec as C has it."""
    return name.replace("-", "_")


def upper(name: str) -> str:
    """A name of the spec as constants of C have it."""
    return ident(name).upper()


@dataclasses.dataclass(frozen=True)
class Enum:
    """Names of the values 0, 1, 2… of a number."""
    name: str
    doc: str
    prefix: str
    entries: tuple[tuple[str, str], ...]  # name, doc

    @property
    def names(self) -> list[str]:
        """The names alone."""
        return [name for name, _ in self.entries]


@dataclasses.dataclass(frozen=True)
class Attr:
    """An attribute, with the number that it has on the wire."""
    name: str
    number: int
    type: str
    doc: str
    checks: dict[str, int]
    enum: Enum | None = None
    nested: str = ""
    multi: bool = False

    @property
    def label(self) -> str:
        """What people call it: the doc up to the colon, not capitalized."""
        label = self.doc.partition(": ")[0]
        return label if label[1:2].isupper() else label[:1].lower() + label[1:]

    @property
    def help(self) -> str:
        """What it means, in a line: the doc after the label up to a unit or a stop."""
        text = self.doc.partition(": ")[2].rstrip(".")
        for end in (". ", ";", ", in "):
            text = text.partition(end)[0]
        return text

    @property
    def reserved(self) -> bool:
        """A number that stays taken, of something that is not there."""
        return self.label == RESERVED

    @property
    def min(self) -> int:
        """The least value of a number."""
        return self.checks.get("min", 0)

    @property
    def max(self) -> int:
        """The largest value of a number; 0 of anything else."""
        if self.enum:
            return len(self.enum.entries) - 1
        return self.checks.get("max", 2 ** BITS.get(self.type, 0) - 1)

    @property
    def max_len(self) -> int:
        """Bytes of a string, without its NUL; 0 for no limit."""
        return self.checks.get("max-len", 0)


def option(attr: Attr) -> str:
    """What people call a setting on a command line: without unit and "fast-"."""
    for unit in ("-ms", "-permille", "-bytes"):
        if attr.name.endswith(unit):
            return attr.name.removesuffix(unit)
    return attr.name.removeprefix("fast-")


@dataclasses.dataclass(frozen=True)
class Set:
    """A set of attributes; the numbers of a subset are those of its parent."""
    name: str
    doc: str
    parent: str  # "" of a set that is no subset
    attrs: tuple[Attr, ...]

    def attr(self, name: str) -> Attr:
        """The attribute of that name."""
        for attr in self.attrs:
            if attr.name == name:
                return attr
        raise KeyError(f"{self.name} has no {name}")


@dataclasses.dataclass(frozen=True)
class Op:
    """A command, or an event."""
    name: str
    number: int
    doc: str
    set: str
    private: bool
    ways: dict[str, dict[str, tuple[str, ...]]]  # do, dump, event → request, reply

    def requests(self) -> set[str]:
        """Attributes that it may be asked with."""
        return {name for way in self.ways.values() for name in way["request"]}


class Spec:
    """The whole of it."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        self.name: str = tree["name"]
        self.version: int = tree.get("version", 1)
        self.consts = {d["name"]: d for d in tree["definitions"]
                       if d["type"] == "const"}
        self.enums = {d["name"]: self._enum(d) for d in tree["definitions"]
                      if d["type"] == "enum"}
        self.sets: dict[str, Set] = {}
        for one in tree["attribute-sets"]:
            self.sets[one["name"]] = self._set(one)
        self.ops = [self._op(number, op) for number, op in
                    enumerate(tree["operations"]["list"], 1)]
        self.groups = tree["mcast-groups"]["list"]

    def _enum(self, one: dict[str, Any]) -> Enum:
        prefix = one.get("name-prefix", f"{self.name}-{one['name']}-")
        return Enum(one["name"], one["doc"], prefix,
                    tuple((e["name"], e["doc"]) for e in one["entries"]))

    def _attr(self, number: int, one: dict[str, Any]) -> Attr:
        if one["type"] not in TYPES:
            raise ValueError(f"{one['name']}: type {one['type']} is not known here")
        enum = self.enums[one["enum"]] if "enum" in one else None
        return Attr(one["name"], number, one["type"], one.get("doc", "").strip(),
                    one.get("checks", {}), enum,
                    one.get("nested-attributes", ""), one.get("multi-attr", False))

    def _set(self, one: dict[str, Any]) -> Set:
        parent = one.get("subset-of", "")
        if parent:
            whole = self.sets[parent]
            attrs = tuple(whole.attr(a["name"]) for a in one["attributes"])
        else:
            attrs = tuple(self._attr(n, a)
                          for n, a in enumerate(one["attributes"], 1))
        return Set(one["name"], one["doc"], parent, attrs)

    @staticmethod
    def _op(number: int, one: dict[str, Any]) -> Op:
        ways = {}
        for way in ("do", "dump", "event"):
            if way not in one:
                continue
            sides = one[way] if way != "event" else {"reply": one[way]}
            ways[way] = {side: tuple(sides.get(side, {}).get("attributes", ()))
                         for side in ("request", "reply")}
        return Op(one["name"], number, one["doc"], one["attribute-set"],
                  "admin-perm" in one.get("flags", []), ways)

    def const(self, name: str) -> int:
        """The value of a constant."""
        return self.consts[name]["value"]

    def requestable(self, name: str) -> set[str]:
        """What any command of a set may ask with: they share a policy."""
        asked = set(NESTED_REQUEST.get(name, ()))
        for op in self.ops:
            if op.set == name:
                asked |= op.requests()
        return asked

    def on_wire(self) -> list[Set]:
        """Sets that messages are made of. Other subsets only name a choice."""
        used = {op.set for op in self.ops}
        used |= {a.nested for s in self.sets.values() for a in s.attrs}
        return [s for s in self.sets.values() if s.name in used]

    def settings(self) -> list[Attr]:
        """All settings of a VM, as they are shown."""
        return [*self.sets["settings"].attrs, *self.sets["policy"].attrs]

    def counters(self) -> list[Attr]:
        """All counters of a VM, as they are numbered."""
        return list(self.sets["stats"].attrs)


def load(path: pathlib.Path | str) -> Spec:
    """Reads a spec."""
    with open(path, encoding="utf-8") as file:
        return Spec(yaml.safe_load(file))
