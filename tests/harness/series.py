# SPDX-License-Identifier: GPL-2.0-only
"""
series: all that the harness knows of single kernel series and hosts. No other module
of it names one.
"""
import dataclasses

from .tree import TOP, Refusal, output


@dataclasses.dataclass(frozen=True)
class Series:
    """A kernel series of which there are hosts."""

    name: str
    bochs_cpu: str


def kernels_table(*question: str) -> str:
    """What scripts/kernels answers: it has the table of the kernels."""
    return output(TOP / "scripts/kernels", *question).strip()


SERIES = {name: Series(name, kernels_table("get", name, "bochs"))
          for name in kernels_table("series").split()}
DEFAULT = [*SERIES][-1]
VARIANTS = ("debug", "kcsan")
# What a list of scenarios may say instead of single hosts; those that take long first.
SETS = {
    "intel": tuple(f"intel/{s}" for s in reversed(SERIES)),
    "amd": tuple(f"amd/{s}" for s in SERIES),
    "amd-debug": tuple(f"amd/{s}-debug" for s in SERIES),
}
SETS["all"] = SETS["intel"] + SETS["amd"]
# Hosts that take part in the quick list only where it is part of the long one.
NOT_QUICK = (f"intel/{DEFAULT}",)


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
