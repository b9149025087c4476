# SPDX-License-Identifier: GPL-2.0-only
"""plan: which cells there are, and which of them decide something quickly."""
from __future__ import annotations

from cell import Cell

DENSITIES = (700, 30, 1)
STEADY = ("hot-scattered", "hot-contiguous", "zipf-0.6", "zipf-0.8", "zipf-0.99", "zipf-1.2",
          "read-hot", "uniform", "bimodal")
CHANGING = ("move-2s", "move-6s", "move-30s", "day-night", "scan-hot", "loop", "growth")
SKEWED = ("skew-1", "skew-16", "skew-64")
WORKLOADS = STEADY + CHANGING + SKEWED

PLAIN = ("allfast", "allslow", "first-touch")
PEERS = ("nb", "nb-quick", "damon", "damon-quick")
ABLATIONS = ("vtmm-no-queue", "vtmm-no-prefill", "vtmm-no-batch")
POLICIES = PLAIN + PEERS + ("vtmm",) + ABLATIONS

# A run is long enough for what is to be seen in it: phases are half a second.
PHASES = {"move-30s": 180}


def cell(workload: str, policy: str, density: int, backing: str, preset: str = "cxl",
         seed: int = 1) -> Cell:
    """The cell of the usual machine."""
    huge = backing == "thp"
    return Cell(workload=workload, policy=policy, density=density, backing=backing, preset=preset,
                pages=65536 if huge else 32768, fast=20480 if huge else 8192,
                phases=PHASES.get(workload, 48), seed=seed)


def full() -> list[Cell]:
    """All of them, those that tell most first."""
    cells = []
    for policies in (("first-touch", "vtmm", "nb"), ("damon", "nb-quick", "damon-quick"),
                     ABLATIONS, ("allfast", "allslow")):
        for density in DENSITIES:
            cells += [cell(w, p, density, "anon") for w in STEADY + CHANGING for p in policies]
            cells += [cell(w, p, density, "thp") for w in ("hot-scattered", "uniform") + SKEWED
                      for p in policies]
    return cells


def quick() -> list[Cell]:
    """A few cells that decide; a few minutes."""
    return [cell(w, p, 700, "anon") for w in ("hot-scattered",) for p in ("first-touch", "vtmm")]
