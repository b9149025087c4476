# SPDX-License-Identifier: GPL-2.0-only
"""
test_judge: each way in which a boot can go wrong is seen, and silence is no success.
"""
import unittest

from harness.judge import End, Judge, Sent, bad_lines, good

BAD = bad_lines("WARNING: \nKernel panic\n\\bOops\\b\n")


def scenario(name: str, verdict: str = "ok", checks: str = "") -> str:
    """What a host sends of one scenario."""
    last = f"ok {name}" if verdict == "ok" else f"not ok {name}: {verdict}"
    return f"# {name} starts\n{checks}# {name} took 1 s\n{last}\n"


class Verdicts(unittest.TestCase):
    """Lines that a host sends, and what is made of them."""

    def judge(self, scenarios: list[str], results: str, console: str = "",
              end: End = End(0), verbose: bool = False) -> list[str]:
        """The verdict on a host H."""
        return Judge("H", scenarios, BAD, verbose).judge(Sent(results, console, end))

    def failures(self, scenarios: list[str], results: str, console: str = "",
                 end: End = End(0)) -> list[str]:
        """Of that, what failed."""
        lines = self.judge(scenarios, results, console, end)
        return [line for line in lines if line.startswith("not ok")]


class Good(Verdicts):
    """A boot in which all is well."""

    def test_all_is_well(self) -> None:
        lines = self.judge(["a", "b"], "plan 2\n" + scenario("a", checks="ok a: one\n")
                           + scenario("b") + "moved 3 4\ndone 2\n")
        self.assertEqual(lines, ["ok H a: one", "ok H a", "ok H b",
                                 "# H: 3 pages promoted, 4 demoted, and every byte verified"])
        self.assertTrue(good(lines))

    def test_carriage_returns(self) -> None:
        text = (scenario("a") + "done 1\n").replace("\n", "\r\n")
        self.assertEqual(self.judge(["a"], text), ["ok H a"])

    def test_verbose_tells_text_and_log(self) -> None:
        lines = self.judge(["a"], "| [1] vtmm\n" + scenario("a") + "done 1\n", verbose=True)
        self.assertEqual(lines, ["# H| [1] vtmm", "# H: a starts", "# H: a took 1 s", "ok H a"])

    def test_same_scenario_several_times(self) -> None:
        text = scenario("a") * 3 + "done 3\n"
        self.assertEqual(self.failures(["a 1", "a 1", "a 2"], text), [])


class Deaths(Verdicts):
    """A boot that ends too early."""

    def test_nothing_at_all(self) -> None:
        self.assertEqual(self.failures(["a", "b x"], "", end=End(1)), [
            "not ok H boot: DIED, the emulator ended with status 1",
            "not ok H a: no result", "not ok H b: no result (b x)"])

    def test_status_zero_is_no_success(self) -> None:
        self.assertEqual(self.failures([], "", end=End(0)),
                         ["not ok H boot: DIED, the emulator ended with status 0"])

    def test_hung(self) -> None:
        self.assertEqual(self.failures(["a"], "plan 1\n# a starts\n", end=End(124, 77)), [
            "not ok H boot: HUNG, stopped after 77 s of silence", "not ok H a: no result"])

    def test_status_124_of_its_own_is_a_death(self) -> None:
        self.assertIn("DIED", self.failures(["a"], "", end=End(124))[0])

    def test_died_in_a_scenario(self) -> None:
        text = scenario("a") + "# b starts\nok b: one\n"
        lines = self.judge(["a", "b", "c"], text, "1\nlast words\n", End(137))
        self.assertEqual(lines[1:], [
            "ok H b: one", "not ok H boot: DIED, the emulator ended with status 137",
            "not ok H b: no result", "not ok H c: no result", "# H console: 1",
            "# H console: last words"])

    def test_died_between_end_and_verdict(self) -> None:
        self.assertIn("not ok H a: no result",
                      self.failures(["a"], "# a starts\n# a took 3 s\n", end=End(0)))

    def test_died_after_the_last_verdict(self) -> None:
        self.assertEqual(self.failures(["a"], scenario("a"), end=End(0)),
                         ["not ok H boot: DIED, the emulator ended with status 0"])

    def test_half_a_line(self) -> None:
        self.assertIn("not ok H a: no result",
                      self.failures(["a"], "# a took 3 s\nok", end=End(0)))


class Losses(Verdicts):
    """A host that says it is done, and is not."""

    def test_scenario_that_never_ran(self) -> None:
        self.assertEqual(self.failures(["a", "b"], scenario("a") + "done 2\n"),
                         ["not ok H b: no result"])

    def test_fewer_than_announced(self) -> None:
        self.assertEqual(self.failures(["a", "b"], scenario("a") + "done 1\n"), [
            "not ok H boot: it says 'done 1' of 2 scenarios", "not ok H b: no result"])

    def test_one_of_several_of_a_name(self) -> None:
        text = scenario("a") + scenario("b") + "done 3\n"
        self.assertEqual(self.failures(["a 1", "a 2", "b"], text),
                         ["not ok H a: no result (a 2)", "not ok H b: no result"])

    def test_done_twice(self) -> None:
        self.assertEqual(self.failures(["a"], scenario("a") + "done 1\ndone 1\n"),
                         ["not ok H boot: it says 'done 1; done 1' of 1 scenarios"])

    def test_a_check_is_no_verdict(self) -> None:
        text = "# a starts\n# a took 1 s\nok a: one\ndone 1\n"
        self.assertEqual(self.failures(["a"], text), ["not ok H a: no result"])

    def test_failed_check_is_no_verdict(self) -> None:
        text = "# a starts\nnot ok a: one: why\nok a\ndone 1\n"
        self.assertEqual(self.failures(["a"], text)[1:], ["not ok H a: no result"])

    def test_text_that_looks_like_an_end(self) -> None:
        text = "# a starts\n# a took 1 s\n# more\nok a: one\ndone 1\n"
        self.assertEqual(self.failures(["a"], text), ["not ok H a: no result"])

    def test_other_ones_verdict(self) -> None:
        self.assertEqual(self.failures(["a"], scenario("ab") + "done 1\n"),
                         ["not ok H a: no result"])
        text = "# a took 1 s\nnot ok ab: why\ndone 1\n"
        self.assertEqual(self.failures(["a"], text)[1:], ["not ok H a: no result"])


class Reports(Verdicts):
    """What fails though the host is well."""

    def test_failed_scenario(self) -> None:
        self.assertEqual(self.failures(["a"], scenario("a", "exit status 3") + "done 1\n"),
                         ["not ok H a: exit status 3"])

    def test_console(self) -> None:
        console = "fine\r\n[1] WARNING: here\r\nWARNING: there\n"
        self.assertEqual(self.failures(["a"], scenario("a") + "done 1\n", console),
                         ["not ok H console: [1] WARNING: here"])

    def test_complaint_of_init(self) -> None:
        console = "init: no root\nWARNING: x\n"
        self.assertEqual(self.failures(["a"], scenario("a") + "done 1\n", console),
                         ["not ok H console: init: no root", "not ok H console: WARNING: x"])

    def test_skip_is_no_success(self) -> None:
        text = scenario("a", checks="ok a: one # SKIP no pages\n") + "done 1\n"
        self.assertEqual(self.failures(["a"], text), ["not ok H a: one # SKIP no pages"])

    def test_nothing_is_not_good(self) -> None:
        self.assertFalse(good([]))
        self.assertFalse(good(["# text", "okay"]))
        self.assertFalse(good(["ok a", "not ok b: why"]))
        self.assertTrue(good(["ok a", "# not ok"]))
