# SPDX-License-Identifier: GPL-2.0-only
"""What a run of mutants is told as, and whether it met its goals."""

from dataclasses import dataclass

from mutants import Mutant
from trials import Verdict

# Of the mutants that are not equivalent so many % must be killed, and so many there
# must be: a list that shrinks to what is caught shows nothing.
GOALS = {"core": 95, "tools": 90, "module": 85}
SIZES = {"core": 60, "tools": 25, "module": 35}

KILLED, SURVIVED, EQUIVALENT, STALE, BROKEN = (
    "killed", "survived", "equivalent", "stale", "broken")


@dataclass(frozen=True)
class Result:
    """What became of a mutant; @verdict is that of the test that decided."""

    mutant: Mutant
    state: str
    verdict: Verdict


def line(r: Result) -> str:
    """A result for people. Survivors are a remark, for scripts/check to show."""
    v = r.verdict
    how = {KILLED: f"{v.kind}: {v.detail}" if v.detail else v.kind,
           SURVIVED: "nothing was seen"}.get(r.state, v.detail)
    by = f" [{v.test}: {how}; {v.seconds:.1f} s]" if v.test else f" [{how}]"
    mark = "# " if r.state == SURVIVED else ""
    return f"{mark}{r.state} {r.mutant.name} ({r.mutant.area}): {r.mutant.why}{by}"


def verdict(good: bool, text: str) -> bool:
    """A check as scripts/check counts it."""
    print(("ok " if good else "not ok ") + text, flush=True)
    return good


def tell_faults(results: list[Result]) -> bool:
    """Mutants that show nothing make the run fail, each by itself."""
    faults = [r for r in results if r.state in (STALE, BROKEN)]
    for r in faults:
        verdict(False, f"{r.mutant.area}: {r.mutant.name} is {r.state}: {r.verdict.detail}")
    return not faults


def tell_area(area: str, results: list[Result]) -> bool:
    """Has the area its mutants, and are enough of them killed?"""
    mine = [r for r in results if r.mutant.area == area]
    killed = sum(r.state == KILLED for r in mine)
    equal = sum(r.state == EQUIVALENT for r in mine)
    tried = len(mine) - equal
    share = 100 * killed / tried if tried else 0.0
    goal, size = GOALS.get(area, 0), SIZES.get(area, 1)
    enough = verdict(len(mine) >= size, f"{area}: the list has {len(mine)} mutants, "
                                        f"at least {size}")
    return verdict(share >= goal, f"{area}: {killed} of {tried} killed ({share:.1f} %), "
                                  f"{equal} equivalent; goal {goal} %") and enough
