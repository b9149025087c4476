# SPDX-License-Identifier: GPL-2.0-only
"""
kernel: include/vtmm/limits.h, the numbers of the settings for core, module and
simulator, and src/kmod/netlink/policy.[ch], what requests may hold. The kernel's
ynl-gen-c writes policies, too: one for each command, and tables of operations that
Linux 6.1 does not have. Here one policy serves all commands of a set.
"""
from __future__ import annotations

from spec import NO_LIMIT, Attr, Set, Spec, ident, option, upper
from text import comment, define, head, number, string

LIMITS_DOC = """limits: what the settings of a VM are numbered, and their limits and defaults.
Numbers only: core includes it."""
POLICY_DOC = """policy: what requests to the family may hold, one policy for all commands
of an attribute set, and which attribute is which setting."""
NLA = {"u8": "NLA_U8", "u32": "NLA_U32", "u64": "NLA_U64", "flag": "NLA_FLAG"}
S16_MAX = 2 ** 15 - 1  # as far as a policy holds limits itself


def params(spec: Spec) -> list[Attr]:
    """Settings that are numbers."""
    return [attr for attr in spec.settings() if attr.type != "string"]


def limit(value: int) -> str:
    """A limit or default in C."""
    return "(~0ULL)" if value == NO_LIMIT else number(value)


def param_lines(spec: Spec, attr: Attr) -> list[str]:
    """What is defined for a setting."""
    name = f"VTMM_{upper(attr.name)}"
    default = spec.const(f"{attr.name}-default")
    return ["", *comment(f"{attr.label}: {attr.doc.partition(': ')[2].rstrip('.')}", ""),
            define(f"{name}_NAME", string(option(attr))),
            define(f"{name}_MIN", limit(attr.min)),
            define(f"{name}_MAX", limit(attr.max)),
            define(f"{name}_DEFAULT", limit(default))]


def other_lines(spec: Spec) -> list[str]:
    """Constants that are no default of a setting."""
    taken = {f"{attr.name}-default" for attr in spec.settings()}
    lines = []
    for name, one in spec.consts.items():
        if one.get("scope") == "kernel" and name not in taken:
            lines += ["", *comment(one["doc"].rstrip("."), ""),
                      define(f"VTMM_{upper(name)}", number(one["value"]))]
    return lines


def limits(spec: Spec) -> str:
    """include/vtmm/limits.h"""
    name = spec.sets["settings"].attr("name")
    lines = [*head("h", LIMITS_DOC), "#ifndef _VTMM_LIMITS_H", "#define _VTMM_LIMITS_H",
             "", "enum vtmm_param {"]
    lines += [f"\tVTMM_PARAM_{upper(attr.name)}," for attr in params(spec)]
    first = upper(spec.sets["policy"].attrs[0].name)
    lines += ["\tVTMM_NR_PARAMS,", "\t/* From here on they are the policy's. */",
              f"\tVTMM_PARAM_POLICY = VTMM_PARAM_{first}", "};", "", "/* Bytes of the name of a VM, with its NUL. */",
              define("VTMM_NAME_LEN", str(name.max_len + 1))]
    for attr in params(spec):
        lines += param_lines(spec, attr)
    lines += other_lines(spec)
    return "\n".join([*lines, "", "#endif /* _VTMM_LIMITS_H */", ""])


def is_ranged(attr: Attr) -> bool:
    """Has it limits that a policy refers to?"""
    return attr.min > S16_MAX or ("max" in attr.checks and attr.max > S16_MAX)


def policy_value(one: Set, attr: Attr) -> str:
    """What the policy says of an attribute."""
    if attr.type == "string":
        length = f", .len = {attr.max_len}" if attr.max_len else ""
        return f"{{ .type = NLA_NUL_STRING{length} }}"
    if attr.type == "nest":
        return f"NLA_POLICY_NESTED(vtmm_{attr.nested}_policy)"
    kind = NLA[attr.type]
    if is_ranged(attr):
        return f"NLA_POLICY_FULL_RANGE({kind}, &{range_name(one, attr)})"
    if attr.min:
        return f"NLA_POLICY_RANGE({kind}, {attr.min}, {attr.max})"
    if attr.enum or "max" in attr.checks:
        return f"NLA_POLICY_MAX({kind}, {attr.max})"
    return f"{{ .type = {kind} }}"


def range_name(one: Set, attr: Attr) -> str:
    """The variable that holds limits."""
    return f"vtmm_a_{ident(one.name)}_{ident(attr.name)}_range"


def range_lines(one: Set, attr: Attr) -> list[str]:
    """Limits that are too large for the policy itself."""
    low = f".min = {attr.min}, " if attr.min else ""
    return [f"static struct netlink_range_validation {range_name(one, attr)} = {{",
            f"\t{low}.max = {number(attr.max)},", "};", ""]


def policy_lines(spec: Spec, one: Set) -> list[str]:
    """The policy of a set, after the limits that it refers to."""
    asked = [a for a in one.attrs if a.name in spec.requestable(one.name)]
    lines: list[str] = []
    for attr in asked:
        if is_ranged(attr):
            lines += range_lines(one, attr)
    static = "static " if is_nested(spec, one) else ""
    lines.append(f"{static}const struct nla_policy {policy_array(one)} = {{")
    for attr in asked:
        name = f"VTMM_A_{upper(one.name)}_{upper(attr.name)}"
        lines.append(f"\t[{name}] = {policy_value(one, attr)},")
    return [*lines, "};", ""]


def policy_array(one: Set) -> str:
    """Name and size of a policy."""
    return f"vtmm_{one.name}_policy[VTMM_A_{upper(one.name)}_MAX + 1]"


def is_nested(spec: Spec, one: Set) -> bool:
    """Is the set only seen within others?"""
    return all(op.set != one.name for op in spec.ops)


def asked_sets(spec: Spec) -> list[Set]:
    """Sets that are asked for, nested ones first."""
    asked = [s for s in spec.sets.values() if not s.parent and
             (spec.requestable(s.name) or any(op.set == s.name and "event" not in op.ways
                                              for op in spec.ops))]
    return sorted(asked, key=lambda s: not is_nested(spec, s))


def policy(spec: Spec) -> str:
    """src/kmod/netlink/policy.c"""
    lines = [*head("c", POLICY_DOC), '#include "policy.h"', ""]
    for one in asked_sets(spec):
        lines += policy_lines(spec, one)
    lines.append("const u8 vtmm_param_attr[VTMM_NR_PARAMS] = {")
    lines += [f"\t[VTMM_PARAM_{upper(a.name)}] = VTMM_A_VM_{upper(a.name)},"
              for a in params(spec)]
    return "\n".join([*lines, "};", ""])


def policy_header(spec: Spec) -> str:
    """src/kmod/netlink/policy.h"""
    lines = [*head("h", POLICY_DOC), "#ifndef _VTMM_NETLINK_POLICY_H",
             "#define _VTMM_NETLINK_POLICY_H", "", "#include <net/netlink.h>",
             "#include <linux/vtmm.h>", "#include <vtmm/limits.h>", ""]
    lines += [f"extern const struct nla_policy {policy_array(one)};"
              for one in asked_sets(spec) if not is_nested(spec, one)]
    lines += ["", "/* The attribute of each setting: VTMM_A_VM_* by VTMM_PARAM_*. */",
              "extern const u8 vtmm_param_attr[VTMM_NR_PARAMS];", "",
              "#endif /* _VTMM_NETLINK_POLICY_H */", ""]
    return "\n".join(lines)
