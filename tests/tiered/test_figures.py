# SPDX-License-Identifier: GPL-2.0-only
"""What the bench's figures say of results that were made up by hand."""
from __future__ import annotations

import dataclasses
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench" / "tiered"))
sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
import cell  # noqa: E402
import figures  # noqa: E402
import plan  # noqa: E402
import tap  # noqa: E402

HOST = "before pgpromote_success 5\nafter pgpromote_success 25\nbefore pgdemote_kswapd 1\n" \
       "after pgdemote_kswapd 4\nend\n"


def result(rows: list[list[int]], host: str = HOST, preset: str = "cxl") -> figures.Result:
    """A result with these phases."""
    return {"cell": dataclasses.asdict(cell.Cell("uniform", "nb", preset=preset)),
            "phases": rows, "host": host, "static_ns": 3 * 80 * 100}


def row(fast: int, slow: int, host: int = 0, oracle: int = 0) -> list[int]:
    """A phase of 1000 guest instructions that reads only."""
    return [1000, host, 0, 200, fast, 0, slow, 0, oracle]


class Figures(unittest.TestCase):
    """Figures of cells."""

    def test_a_miss_costs_what_its_tier_costs(self) -> None:
        f = figures.figures(result([row(100, 0), row(0, 100), row(50, 50)]))
        self.assertAlmostEqual(f.ns, 165)
        self.assertAlmostEqual(f.ns_late, 165)
        self.assertAlmostEqual(f.fast_share, .5)

    def test_writes_cost_more_where_they_do(self) -> None:
        rows = [[1000, 0, 0, 200, 0, 0, 50, 50, 0]] * 3
        self.assertAlmostEqual(figures.figures(result(rows, preset="nvm")).ns, 600)

    def test_the_host_is_counted_against_the_guest(self) -> None:
        f = figures.figures(result([row(100, 0, host=200)] * 3))
        self.assertAlmostEqual(f.host_share, .2)
        base = 3 * (1000 * .3 + 100 * 80)
        self.assertAlmostEqual(f.slowdown, (base + 3 * 200 * .3) / base)

    def test_all_fast_and_no_host_is_no_slowdown(self) -> None:
        self.assertEqual(figures.figures(result([row(100, 0)] * 3)).slowdown, 1)

    def test_it_settles_when_all_that_follows_is_within_a_twentieth(self) -> None:
        rows = [row(0, 100), row(100, 0), row(0, 100)] + [row(100, 0)] * 6
        self.assertEqual(figures.figures(result(rows)).settled, 3)
        self.assertEqual(figures.figures(result([row(100, 0)] * 9)).settled, 0)
        self.assertEqual(figures.figures(result([row(100, 0)] * 8 + [row(0, 100)])).settled, 9)

    def test_moves_are_the_kernels_or_vtmms_own(self) -> None:
        self.assertEqual(figures.moved(HOST), (20, 3))
        self.assertEqual(figures.moved(HOST + 'stats [{"promoted":7,"x":1,"demoted":8}]'), (7, 8))

    def test_what_vtmm_says_it_cost(self) -> None:
        f = figures.figures(result([row(1, 0)] * 3, HOST + '"round_us_total":3,"migrate_us_total":6'))
        self.assertEqual((f.tracking, f.moving), (1, 2))
        self.assertIsNone(figures.figures(result([row(1, 0)] * 3)).tracking)

    def test_best_placements_are_by_the_miss(self) -> None:
        f = figures.figures(result([row(50, 50, oracle=9000)] * 3))
        self.assertEqual((f.static_ns, f.oracle_ns), (80, 90))


class Cells(unittest.TestCase):
    """Cells and what is made of what they said."""

    def test_names_are_their_own(self) -> None:
        cells = plan.full()
        self.assertEqual(len({c.name for c in cells}), len(cells))
        self.assertTrue({c.name for c in plan.quick()} <= {c.name for c in cells})

    def test_every_policy_can_be_switched_on(self) -> None:
        text = (cell.HERE / "policies.sh").read_text()
        start = text[text.index("policy_start()"):text.index("policy_end()")]
        for policy in plan.POLICIES:
            self.assertRegex(start, rf"(^|[\t |]){policy}( \||\))")

    def judged(self, host: str, meter: str) -> dict[str, object]:
        """What judge() makes of these files."""
        with tempfile.TemporaryDirectory() as tmp:
            (Path(tmp) / "results").write_text(host)
            (Path(tmp) / "meter").write_text(meter)
            return cell.judge(cell.Cell("uniform", "nb", phases=1), Path(tmp))

    def test_silence_is_no_result(self) -> None:
        phase = "phase 0 insns 1 2 3 accesses 4 misses 5 6 7 8 oracle_ns 9\n"
        end = "end phases 1 static_ns 10\n"
        for host, meter in (("", phase + end), ("end\n", end), ("error: x\nend\n", phase + end),
                            ("WARNING: x\nend\n", phase + end), ("end\n", phase + phase + end)):
            with self.assertRaises(cell.CellError):
                self.judged(host, meter)

    def test_phases_are_read_in_order(self) -> None:
        self.assertEqual(cell.phase("phase 7 insns 1 2 3 accesses 4 misses 5 6 7 8 oracle_ns 9"),
                         [1, 2, 3, 4, 5, 6, 7, 8, 9])


if __name__ == "__main__":
    tap.main(__name__)
