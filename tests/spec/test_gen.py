#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
test_gen: the reader of the netlink spec, the generators and the checks of the
sources, each on a small spec and small sources made up here. Prints TAP.
"""
from __future__ import annotations

import copy
import pathlib
import sys
import tempfile
import unittest
from typing import Any

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "scripts/gen"))

# pylint: disable=wrong-import-position
import checks  # noqa: E402
import kernel  # noqa: E402
import library  # noqa: E402
import text  # noqa: E402
import tool  # noqa: E402
import uapi  # noqa: E402
from spec import NO_LIMIT, Spec, option  # noqa: E402


def attr(name: str, kind: str, doc: str, **more: Any) -> dict[str, Any]:
    """An attribute of a made-up spec."""
    return {"name": name, "type": kind, "doc": doc, **more}


def const(name: str, value: int) -> dict[str, Any]:
    """A default of a made-up spec."""
    return {"type": "const", "name": name, "value": value, "scope": "kernel", "doc": "D."}


SMALL: dict[str, Any] = {
    "name": "vtmm",
    "definitions": [
        {"type": "const", "name": "abi", "value": 1, "doc": "The ABI."},
        {"type": "enum", "name": "mode", "doc": "What.",
         "entries": [{"name": "manage", "doc": "A."}, {"name": "off", "doc": "B."}]},
        const("mode-default", 1), const("period-ms-default", 600),
        const("hot-permille-default", 925), const("budget-permille-default", 0),
        const("fast-max-default", NO_LIMIT), const("queue-default", 1),
        const("window-default", 7)],
    "attribute-sets": [
        {"name": "vm", "doc": "A VM.", "attributes": [
            attr("id", "u32", "Its number."),
            attr("name", "string", "Name: name for people. Long.", checks={"max-len": 9}),
            attr("mode", "u32", "Mode: what is done.", enum="mode"),
            attr("period-ms", "u32", "Period: length of a round, in ms; asked for.",
                 checks={"min": 10, "max": 60000}),
            attr("hot-permille", "u32", "Hot part: part that is hot, in 1/1000.",
                 checks={"min": 1, "max": 1000}),
            attr("budget-permille", "u32", "CPU budget: part of a CPU; 0 for no limit.",
                 checks={"max": 1000}),
            attr("fast-max", "u64", "Fast memory: fast memory at most."),
            attr("queue", "u8", "Queue: arm less often.", checks={"max": 1}),
            attr("window", "u32", "Window: how deep.", checks={"min": 2, "max": 9}),
            attr("why", "string", "Why."),
            attr("stats", "nest", "Counters.", **{"nested-attributes": "stats"}),
            attr("part", "nest", "Parts.", **{"nested-attributes": "few",
                                              "multi-attr": True})]},
        {"name": "settings", "subset-of": "vm", "doc": "S.", "attributes": [
            {"name": n} for n in ("name", "mode", "period-ms", "budget-permille", "fast-max")]},
        {"name": "policy", "subset-of": "vm", "doc": "P.", "attributes": [
            {"name": n} for n in ("hot-permille", "queue", "window")]},
        {"name": "few", "subset-of": "vm", "doc": "F.", "attributes": [
            {"name": "window"}, {"name": "id"}]},
        {"name": "stats", "doc": "C.", "attributes": [
            attr("rounds", "u64", "Rounds: rounds done."),
            attr("gone", "u64", "Reserved: nothing."),
            attr("failed-us", "u64", "PML time: time of log.")]},
        {"name": "tracking", "subset-of": "stats", "doc": "T.",
         "attributes": [{"name": "rounds"}]},
        {"name": "moving", "subset-of": "stats", "doc": "M.",
         "attributes": [{"name": "failed-us"}]}],
    "operations": {"list": [
        {"name": "vm-set", "doc": "Set.", "attribute-set": "vm", "flags": ["admin-perm"],
         "do": {"request": {"attributes": [
             "id", "name", "mode", "period-ms", "hot-permille", "budget-permille",
             "fast-max", "queue", "window"]}}},
        {"name": "event", "doc": "E.", "attribute-set": "vm",
         "event": {"attributes": ["id"]}}]},
    "mcast-groups": {"list": [{"name": "events", "c-define-name": "vtmm-mcgrp-events"}]},
}
PARAMS = """
static const struct vtmm_param_row rows[] = {
	[VTMM_PARAM_MODE] = VTMM_ROW(MODE, VTMM_AT(set.mode), VTMM_SIZE(set.mode), false),
	[VTMM_PARAM_PERIOD_MS] = VTMM_ROW(PERIOD_MS, VTMM_AT(set.period_ms), VTMM_SIZE(set.period_ms), true),
	[VTMM_PARAM_BUDGET_PERMILLE] = VTMM_ROW(BUDGET_PERMILLE, VTMM_AT(set.budget), VTMM_SIZE(set.budget), true),
	[VTMM_PARAM_FAST_MAX] = VTMM_ROW(FAST_MAX, VTMM_AT(terms.fast_max), VTMM_SIZE(terms.fast_max), false),
	[VTMM_PARAM_HOT_PERMILLE] = VTMM_ROW(HOT_PERMILLE, VTMM_AT(set.plan.hot), VTMM_SIZE(set.plan.hot), false),
	[VTMM_PARAM_QUEUE] = VTMM_ROW(QUEUE, VTMM_AT(set.heat.queue), VTMM_SIZE(set.heat.queue), false),
	[VTMM_PARAM_WINDOW] = VTMM_ROW(WINDOW, VTMM_AT(set.heat.window), VTMM_SIZE(set.heat.window), false),
};
"""
READERS = """
int f(void)
{
	return set.mode + vm->set.period_ms + set->budget + terms->fast_max + pp->hot +
	       p->queue + h->params.window;
}
"""
WRITERS = """
void g(struct vtmm_vm *vm)
{
	static const int which[] = {VTMM_A_STATS_FAILED_US};

	vtmm_stat_add(vm, VTMM_A_STATS_ROUNDS, 1);
	vtmm_stat_max(vm, which[0], 1);
}
"""


def small(change: str = "", value: Any = None) -> Spec:
    """The made-up spec; with doc, type… of the attribute vm.window changed."""
    tree = copy.deepcopy(SMALL)
    if change:
        window = next(a for a in tree["attribute-sets"][0]["attributes"]
                      if a["name"] == "window")
        window[change] = value
    return Spec(tree)


class Reader(unittest.TestCase):
    """spec.py"""

    def test_subsets_number_as_their_parent(self) -> None:
        """A subset has its own order and its parent's numbers."""
        self.assertEqual([a.number for a in small().sets["few"].attrs], [9, 1])

    def test_labels_and_help(self) -> None:
        """A label ends at the colon, help at a unit, a stop or a semicolon."""
        vm = small().sets["vm"]
        self.assertEqual(vm.attr("period-ms").label, "period")
        self.assertEqual(vm.attr("period-ms").help, "length of a round")
        self.assertEqual(vm.attr("name").help, "name for people")
        self.assertEqual(small().sets["stats"].attr("failed-us").label, "PML time")

    def test_limits(self) -> None:
        """Limits are the checks, the entries of an enum, or the type's."""
        vm = small().sets["vm"]
        self.assertEqual((vm.attr("window").min, vm.attr("window").max), (2, 9))
        self.assertEqual(vm.attr("mode").max, 1)
        self.assertEqual(vm.attr("fast-max").max, NO_LIMIT)
        self.assertEqual(vm.attr("name").max_len, 9)

    def test_reserved(self) -> None:
        """A counter is reserved by its name for people."""
        self.assertEqual([a.reserved for a in small().counters()], [False, True, False])

    def test_choices_are_not_on_the_wire(self) -> None:
        """A subset that no message has only names a choice."""
        self.assertEqual([s.name for s in small().on_wire()], ["vm", "few", "stats"])

    def test_unknown_type(self) -> None:
        """A type that nobody here knows ends it."""
        with self.assertRaisesRegex(ValueError, "window: type s64"):
            small("type", "s64")

    def test_options(self) -> None:
        """Options have no unit and no "fast-"."""
        self.assertEqual([option(a) for a in small().settings()],
                         ["name", "mode", "period", "budget", "max", "hot", "queue", "window"])


class Generators(unittest.TestCase):
    """What is written of the made-up spec."""

    def test_limits(self) -> None:
        """Numbers for the core."""
        out = kernel.limits(small())
        self.assertIn("#define VTMM_WINDOW_MIN\t\t2\n#define VTMM_WINDOW_MAX\t\t9\n"
                      "#define VTMM_WINDOW_DEFAULT\t7\n", out)
        self.assertIn("#define VTMM_FAST_MAX_DEFAULT\t(~0ULL)\n", out)
        self.assertIn("VTMM_PARAM_POLICY = VTMM_PARAM_HOT_PERMILLE\n", out)
        self.assertIn('#define VTMM_HOT_PERMILLE_NAME\t"hot"\n', out)
        self.assertNotIn("VTMM_PARAM_NAME", out)

    def test_no_default(self) -> None:
        """A setting without default ends it."""
        tree = copy.deepcopy(SMALL)
        tree["definitions"].pop()
        with self.assertRaises(KeyError):
            kernel.limits(Spec(tree))

    def test_policies(self) -> None:
        """Each kind of limit."""
        out = kernel.policy(small())
        for line in ("[VTMM_A_VM_ID] = { .type = NLA_U32 },",
                     "[VTMM_A_VM_NAME] = { .type = NLA_NUL_STRING, .len = 9 },",
                     "[VTMM_A_VM_MODE] = NLA_POLICY_MAX(NLA_U32, 1),",
                     "[VTMM_A_VM_PERIOD_MS] = NLA_POLICY_FULL_RANGE(NLA_U32, "
                     "&vtmm_a_vm_period_ms_range),", ".min = 10, .max = 60000,",
                     "[VTMM_A_VM_WINDOW] = NLA_POLICY_RANGE(NLA_U32, 2, 9),",
                     "[VTMM_A_VM_QUEUE] = NLA_POLICY_MAX(NLA_U8, 1),",
                     "[VTMM_PARAM_WINDOW] = VTMM_A_VM_WINDOW,"):
            self.assertIn(line, out)
        self.assertNotIn("VTMM_A_VM_WHY", out)

    def test_header(self) -> None:
        """Numbers stay as they are, types and docs are told."""
        out = uapi.render(small())
        self.assertIn("\tVTMM_A_STATS_UNSPEC,\n\t/* u64. Rounds: rounds done. */\n"
                      "\tVTMM_A_STATS_ROUNDS,\n", out)
        self.assertIn("/* u32, 2..9. Window: how deep. */", out)
        self.assertIn("#define VTMM_ABI\t\t1\n", out)
        self.assertNotIn("WINDOW_DEFAULT", out)

    def test_library(self) -> None:
        """Structs and rows; lists are counted and in the plural."""
        spec = small()
        out = library.info(spec)
        self.assertIn("\tchar name[VTMM_NAME_SIZE];", out)
        self.assertIn("\tchar why[VTMM_TEXT_SIZE];", out)
        self.assertIn("\tstruct vtmm_vm_info *parts;\n\tsize_t nr_parts;", out)
        self.assertIn('\t{"queue", VTMM_A_VM_QUEUE,\n\t VTMM_FIELD_BOOL, '
                      "offsetof(struct vtmm_vm_info, queue)},", library.fields(spec))
        self.assertLess(out.index("struct vtmm_stats_info {"),
                        out.index("struct vtmm_vm_info {"))

    def test_help(self) -> None:
        """What is taken and what is the default, as it is typed."""
        spec = small()
        told = {option(a): tool.help_text(spec, a) for a in spec.settings()}
        self.assertEqual(told["period"], "length of a round, 10ms..60s (default 600ms)")
        self.assertEqual(told["hot"], "part that is hot, 0.1%..100% (default 92.5%)")
        self.assertEqual(told["budget"], "part of a CPU, 0.1%..100% or none (default none)")
        self.assertEqual(told["mode"], "what is done: manage or off (default off)")
        self.assertEqual(told["queue"], "arm less often (default on)")
        self.assertEqual(told["window"], "how deep, 2..9 (default 7)")

    def test_rows(self) -> None:
        """Counters by unit; parts of the one above stand further in."""
        self.assertIn('{VTMM_A_STATS_FAILED_US, ROW_US, "  PML time"},',
                      tool.tables(small()))

    def test_manual(self) -> None:
        """Numbers for the manual pages."""
        out = tool.values(small())
        self.assertIn("s/@window\\.limits@/2..9/g\ns/@window\\.default@/7/g\n", out)
        self.assertIn("*-n*, *--name* _NAME_; *--mode* _MODE_;", out)

    def test_comments(self) -> None:
        """A long comment is broken, a short one is not."""
        self.assertEqual(text.comment("short"), ["\t/* short */"])
        lines = text.comment("word " * 40)
        self.assertEqual((lines[0], lines[-1]), ("\t/*", "\t */"))
        self.assertLessEqual(max(len(line.expandtabs()) for line in lines), text.WIDTH)


class Sources(unittest.TestCase):
    """checks.py: each of them finds what it is there for."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        self.write("src/core/params.c", PARAMS)
        self.write("src/core/f.c", READERS)
        self.write("src/kmod/deep/g.c", WRITERS)

    def write(self, name: str, body: str) -> None:
        """A source of the tree."""
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")

    def test_all_is_well(self) -> None:
        """Nothing is wrong with the sources above."""
        spec = small()
        self.assertEqual(checks.counters(spec, self.tree) + checks.shown(spec)
                         + checks.settings(spec, self.tree) + checks.unsettable(spec), [])

    def test_unwritten(self) -> None:
        """Named in a comment, or where nothing is counted, is not written."""
        self.write("src/kmod/deep/g.c", WRITERS.replace(
            "vtmm_stat_add(vm, VTMM_A_STATS_ROUNDS, 1);", "/* VTMM_A_STATS_ROUNDS */"))
        self.write("src/kmod/h.c", "int h(void)\n{\n\treturn VTMM_A_STATS_ROUNDS;\n}\n")
        self.assertRegex("".join(checks.counters(small(), self.tree)),
                         "^rounds is written by no function")

    def test_written_though_reserved(self) -> None:
        """A reserved counter must not be written."""
        self.write("src/kmod/h.c",
                   "void h(void)\n{\n\tvtmm_stat_set(vm, VTMM_A_STATS_GONE, 1);\n}\n")
        self.assertRegex("".join(checks.counters(small(), self.tree)), "^gone is reserved")

    def test_not_shown(self) -> None:
        """A counter that is in no part, and one that is in two."""
        tree = copy.deepcopy(SMALL)
        tree["attribute-sets"][-1]["attributes"] = [{"name": "rounds"}]
        self.assertEqual([p.split(" in")[0] for p in checks.shown(Spec(tree))],
                         ["rounds stands 2 times", "failed-us stands 0 times"])

    def test_unread(self) -> None:
        """To assign is no reading, nor is another struct's member of that name."""
        for old, new in (("h->params.window", "1"), ("set.mode", "vcpu->mode"),
                         ("pp->hot", "(pp->hot = 3)")):
            self.write("src/core/f.c", READERS.replace(old, new))
            self.assertEqual(len(checks.settings(small(), self.tree)), 1, old)

    def test_no_row(self) -> None:
        """A setting that is in the spec only."""
        self.write("src/core/params.c", PARAMS.replace("VTMM_PARAM_WINDOW", "VTMM_PARAM_X"))
        self.assertEqual(checks.settings(small(), self.tree),
                         ["window has no row in src/core/params.c"])

    def test_unsettable(self) -> None:
        """A setting that the command does not take."""
        tree = copy.deepcopy(SMALL)
        tree["operations"]["list"][0]["do"]["request"]["attributes"].remove("window")
        self.assertEqual(checks.unsettable(Spec(tree)), ["vm-set does not take window"])


class Tap(unittest.TestResult):
    """Prints each test as it ends."""

    def tell(self, test: unittest.TestCase, why: str = "") -> None:
        """One line, and why not."""
        what = (test.shortDescription() or str(test)).rstrip(".")
        print(f"{'not ok' if why else 'ok'} {self.testsRun} - {what}")
        for line in why.splitlines():
            print(f"# {line}")

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.tell(test)

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addFailure(test, err)
        self.tell(test, self.failures[-1][1])

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        super().addError(test, err)
        self.tell(test, self.errors[-1][1])


def main() -> int:
    """Runs all of them."""
    result = Tap()
    unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]).run(result)
    print(f"1..{result.testsRun}")
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
