# SPDX-License-Identifier: GPL-2.0-only
"""figures: what a cell's result says, as numbers. Pure arithmetic."""
from __future__ import annotations

import dataclasses
import re

from cell import NS_PER_INSN, PRESETS

Result = dict[str, object]


@dataclasses.dataclass(frozen=True)
class Phase:
    """One phase as the meter counted it."""

    guest: int
    kernel: int
    user: int
    accesses: int
    fast_reads: int
    fast_writes: int
    slow_reads: int
    slow_writes: int
    oracle_ns: int

    @property
    def misses(self) -> int:
        """Accesses that missed the cache."""
        return self.fast_reads + self.fast_writes + self.slow_reads + self.slow_writes

    @property
    def fast(self) -> int:
        """Misses that fast memory served."""
        return self.fast_reads + self.fast_writes

    def memory_ns(self, ns: tuple[int, int, int]) -> int:
        """Nanoseconds that the misses took."""
        return (self.fast * ns[0] + self.slow_reads * ns[1] + self.slow_writes * ns[2])


@dataclasses.dataclass(frozen=True)
class Figures:
    """What is told of a cell."""

    ns: float  # a miss, over the whole run
    ns_late: float  # ... in its last third
    static_ns: float  # a miss with the best placement that stays
    oracle_ns: float  # a miss with the best placement of each phase
    fast_share: float  # of the misses
    host_share: float  # host instructions, of the guest's
    slowdown: float  # modelled run time, against all in fast memory and no host at all
    settled: int  # phases until within 5 % of the last third
    promoted: int
    demoted: int
    tracking: float | None  # of the guest's instructions, where the policy tells
    moving: float | None


def phases(result: Result) -> list[Phase]:
    """The phases of a result."""
    rows = result["phases"]
    assert isinstance(rows, list)
    return [Phase(*row) for row in rows]


def per_miss(part: list[Phase], ns: tuple[int, int, int]) -> float:
    """Nanoseconds a miss."""
    misses = sum(p.misses for p in part)
    return sum(p.memory_ns(ns) for p in part) / misses if misses else 0.0


def settled(part: list[Phase], ns: tuple[int, int, int], late: float) -> int:
    """The first phase from which on all are within 5 % of the last third."""
    for i in range(len(part), 0, -1):
        if abs(per_miss(part[i - 1:i], ns) - late) > 0.05 * late:
            return i
    return 0


def moved(host: str) -> tuple[int, int]:
    """Pages promoted and demoted: vtmm's count where it ran, else the kernel's."""
    stats = re.search(r'"promoted":(\d+).*?"demoted":(\d+)', host)
    if stats:
        return int(stats[1]), int(stats[2])
    values = {f"{when} {name}": int(n) for when, name, n
              in re.findall(r"^(before|after) (\S+) (\d+)$", host, re.M)}

    def grown(name: str) -> int:
        return values.get(f"after {name}", 0) - values.get(f"before {name}", 0)

    down = grown("pgdemote_kswapd") + grown("pgdemote_direct") + grown("pgdemote_khugepaged")
    return grown("pgpromote_success"), down


def told(host: str, name: str, scale: int) -> float | None:
    """Instructions that a policy says it used; a nanosecond of the host is one."""
    match = re.search(rf'"{name}":(\d+)', host)
    return int(match[1]) * scale if match else None


def figures(result: Result) -> Figures:
    """All figures of a result."""
    cell = result["cell"]
    host = result["host"]
    assert isinstance(cell, dict) and isinstance(host, str)
    ns = PRESETS[cell["preset"]]
    all_phases = phases(result)
    late_part = all_phases[-(len(all_phases) // 3):]
    late = per_miss(late_part, ns)
    guest = sum(p.guest for p in all_phases)
    others = sum(p.kernel + p.user for p in all_phases)
    misses = sum(p.misses for p in all_phases)
    memory = sum(p.memory_ns(ns) for p in all_phases)
    promoted, demoted = moved(host)
    tracking = told(host, "round_us_total", 1000)
    moving = told(host, "migrate_us_total", 1000)
    static = result["static_ns"]
    assert isinstance(static, int)
    return Figures(
        ns=per_miss(all_phases, ns), ns_late=late, static_ns=static / misses,
        oracle_ns=sum(p.oracle_ns for p in all_phases) / misses,
        fast_share=sum(p.fast for p in all_phases) / misses, host_share=others / guest,
        slowdown=((guest + others) * NS_PER_INSN + memory) / (guest * NS_PER_INSN + misses * ns[0]),
        settled=settled(all_phases, ns, late), promoted=promoted, demoted=demoted,
        tracking=None if tracking is None else tracking / guest,
        moving=None if moving is None else moving / guest)
