# SPDX-License-Identifier: GPL-2.0-only
"""What the tests say without any mutant. Of a mutant whose test fails all the same
nothing can be said: it must never count as killed.
"""

from pathlib import Path

import trials
from mutants import Mutant
from trials import Trial, Verdict, trials_of


class Baseline:
    """Which lines of the lists pass in @tree, and how long their tests take."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.seconds: dict[str, float] = {}
        self.unfit: dict[str, str] = {}  # lines that fail, and why

    def _passes(self, t: Trial) -> bool:
        v = t.run(self.tree)
        self.seconds[t.test] = v.seconds
        if v.kind != trials.PASSED:
            self.unfit.update(dict.fromkeys(t.lines(), f"{v.kind}: {v.detail}"))
        return v.kind == trials.PASSED

    def look(self, t: Trial) -> None:
        """Runs a test. A boot that fails does not say of each of its scenarios
        whether it would: then each has one for itself."""
        if self._passes(t) or len(t.lines()) == 1:
            return
        for line in t.lines():
            del self.unfit[line]
        for line in t.lines():
            self._passes(trials_of((line,))[0])

    def spoils(self, mutant: Mutant) -> Verdict | None:
        """Why nothing can be said of a mutant, if that is so."""
        for line in mutant.tests:
            if why := self.unfit.get(trials.plain(line)):
                return Verdict(trials.BROKEN, line, f"without the mutant too, {why}")
        return None
