# SPDX-License-Identifier: GPL-2.0-only
"""
series: all that the harness knows of single kernel series and hosts. No other module
of it names one.
"""
import dataclasses

from .tree import Refusal


@dataclasses.dataclass(frozen=True)
class Series:
    """A kernel series of which there are hosts."""

    name: str
    bochs_cpu: str


# 6.12 is tried on a CPU that has IBT.
SERIES = {s.name: s for s in (
    Series("6.1", "corei7_skylake_x"),
    Series("6.12", "tigerlake"),
)}
DEFAULT = "6.12"
VARIANTS = ("debug", "kcsan")
# What a list of scenarios may say instead of single hosts; those that take long first.
SETS = {
    "all": ("intel/6.12", "intel/6.1", "amd/6.1", "amd/6.12"),
    "intel": ("intel/6.12", "intel/6.1"),
    "amd": ("amd/6.1", "amd/6.12"),
    "amd-debug": ("amd/6.1-debug", "amd/6.12-debug"),
}
# Hosts that take part in the quick list only where it is part of the long one.
NOT_QUICK = ("intel/6.12",)


def split(kernel: str) -> tuple[Series, str]:
    """The series and the variant of 6.1, 6.12-debug, ..."""
    name, _, variant = kernel.partition("-")
    if name not in SERIES or kernel not in kernels():
        known = ", ".join([*SERIES, *(f"{s}-debug" for s in SERIES)])
        raise Refusal(f"--kernel is one of {known}, not '{kernel}'")
    return SERIES[name], variant


def kernels() -> list[str]:
    """All that --kernel takes."""
    return [*SERIES, *(f"{s}-{v}" for s in SERIES for v in VARIANTS)]


def hosts_of(word: str) -> tuple[str, ...]:
    """The hosts that a word in the table of scenarios stands for."""
    if word in SETS:
        return SETS[word]
    vendor, _, kernel = word.partition("/")
    if vendor not in ("amd", "intel") or kernel not in kernels():
        raise Refusal(f"there is no host '{word}'")
    return (word,)


def boots_bare_image(series: Series, variant: str) -> bool:
    """Whether QEMU can enter the uncompressed kernel, which is the quicker way. KASAN
    on 6.1 comes too late for the first function of that way to boot."""
    return not (series.name == "6.1" and variant == "debug")
