# SPDX-License-Identifier: GPL-2.0-only
"""
test_plan: the tables become boots, and no line of them is lost.
"""
import unittest

from harness import series
from harness.hosts import kvm_series
from harness.plan import Boot, Kind, choose, plan, read_kinds
from harness.tree import TOP, Refusal, read

BOOTS = "std\nfresh # the same\nbig --mem 1536 --slow 512\nmulti alone --threads multi\n"


def names(when: str, scenarios: str) -> list[str]:
    """The boots of a list, in their order."""
    return [boot.name for boot in plan(when, scenarios, BOOTS)]


class Expansion(unittest.TestCase):
    """Which line means which boots."""

    def test_set_becomes_hosts(self) -> None:
        self.assertEqual(names("long", "long amd exact"), ["amd/6.1+std", "amd/6.12+std"])

    def test_list_of_hosts(self) -> None:
        self.assertEqual(names("long", "long amd/6.1,intel/6.12+big x"),
                         ["intel/6.12+big", "amd/6.1+std"])

    def test_scenarios_share_a_boot_in_order(self) -> None:
        (boot,) = plan("quick", "quick amd/6.1 b limit=9  x\nquick amd/6.1 a\n", BOOTS)
        self.assertEqual(boot.scenarios, ["b limit=9 x", "a"])

    def test_same_scenario_twice_stays_twice(self) -> None:
        (boot,) = plan("quick", "quick amd/6.1 a\n" * 2, BOOTS)
        self.assertEqual(boot.scenarios, ["a", "a"])

    def test_long_has_the_quick_lines(self) -> None:
        table = "quick amd/6.1 a\nlong amd/6.1 b\nkvm amd/6.1 c\n"
        (boot,) = plan("long", table, BOOTS)
        self.assertEqual(boot.scenarios, ["a", "b"])
        (boot,) = plan("kvm", table, BOOTS)
        self.assertEqual(boot.scenarios, ["c"])

    def test_hosts_that_are_for_the_long_list(self) -> None:
        for host in series.NOT_QUICK:
            self.assertEqual(names("quick", f"quick {host} a"), [])
            self.assertEqual(names("long", f"quick {host} a"), [f"{host}+std"])

    def test_comments_and_blank_lines(self) -> None:
        self.assertEqual(names("quick", "# quick amd a\n\n  # x\nquick amd/6.1 a # b\n"),
                         ["amd/6.1+std"])


class Order(unittest.TestCase):
    """Which boot begins first."""

    def test_long_ones_first_and_lone_ones_last(self) -> None:
        table = "long amd+multi a\nlong amd+big a\nlong amd a\nlong intel/6.1 a\n"
        self.assertEqual(names("long", table), [
            "intel/6.1+std", "amd/6.1+std", "amd/6.12+std", "amd/6.1+big", "amd/6.12+big",
            "amd/6.1+multi", "amd/6.12+multi"])

    def test_alone_is_a_property_not_a_name(self) -> None:
        kinds = read_kinds("std\nquiet alone --smp 1\nmulti --threads multi\n")
        self.assertTrue(kinds["quiet"].alone)
        self.assertFalse(kinds["multi"].alone)
        self.assertEqual(kinds["quiet"].options, ("--smp", "1"))


class Refused(unittest.TestCase):
    """A table that is not understood."""

    def refused(self, sentence: str, scenarios: str, boots: str = BOOTS) -> None:
        """The plan is not made, and the sentence says why."""
        with self.assertRaisesRegex(Refusal, sentence):
            plan("quick", scenarios, boots)

    def test_lines(self) -> None:
        self.refused("scenarios.txt:2: 'quik' is none of", "quick amd a\nquik amd a\n")
        self.refused("scenarios.txt:1: a line has", "quick amd\n")
        self.refused("scenarios.txt:1: there is no host 'amd/5.10'", "quick amd/5.10 a\n")
        self.refused("scenarios.txt:1: there is no host 'arm'", "long arm a\n")
        self.refused("boots.txt knows no boot 'tight'", "quick amd+tight a\n")

    def test_boots(self) -> None:
        self.refused("boots.txt:2: 'std' stands there twice", "", "std\nstd --smp 1\n")
        self.refused("boots.txt:1: 'alnoe' is neither", "", "big alnoe --smp 1\n")


class Choice(unittest.TestCase):
    """HOST on the command line."""

    boots = [Boot("amd/6.1", Kind("std")), Boot("amd/6.1", Kind("big")),
             Boot("amd/6.12", Kind("std"))]

    def test_by_name(self) -> None:
        self.assertEqual(choose(self.boots, []), self.boots)
        self.assertEqual(choose(self.boots, ["amd/6.1"]), self.boots[:1])
        self.assertEqual(choose(self.boots, ["amd/6.1+std", "amd/6.1+big"]), self.boots[:2])

    def test_unknown_name_is_refused(self) -> None:
        with self.assertRaisesRegex(Refusal, "no boot 'no/host'; it has amd/6.1, amd"):
            choose(self.boots, ["amd/6.12", "no/host"])


class Tables(unittest.TestCase):
    """The tables of this tree."""

    def test_every_scenario_is_there(self) -> None:
        tables = [read(TOP / "tests/host" / n) for n in ("scenarios.txt", "boots.txt")]
        for when in ("quick", "long", "kvm", "soak", "debug"):
            boots = plan(when, *tables)
            self.assertTrue(boots)
            for line in (line for boot in boots for line in boot.scenarios):
                script = TOP / "tests/host/scenarios" / f"{line.split()[0]}.sh"
                self.assertTrue(script.is_file(), line)

    def test_series_of_kvm_tests(self) -> None:
        boots = [Boot("amd/6.12-debug", Kind("std"), ["kvm-selftest observe x"]),
                 Boot("amd/6.1", Kind("std"), ["exact"]),
                 Boot("intel/6.12", Kind("std"), ["delays 9 kvm-selftest manage y"])]
        self.assertEqual(kvm_series(boots), ["6.12"])
