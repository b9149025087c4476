# SPDX-License-Identifier: GPL-2.0-only
"""
host: the command scripts/host. It boots a stock Debian kernel on an emulated machine
with vtmm and runs scenarios in it. It needs no /dev/kvm, changes nothing on this
machine and leaves no emulator behind.
"""
import statistics
import sys
import tempfile
from collections.abc import Sequence

from .job import Job, Outcome, discard
from .options import USAGE, Options, Usage, parse
from .tree import Refusal

SOAK = ("smoke-module", "smoke-vms")


def show(text: str) -> None:
    """On stdout, at once."""
    print(text, flush=True)


def run(options: Options) -> int:
    """One boot; its verdict."""
    job = Job(options)
    if not job.scenarios:
        raise Refusal("no scenario is named")
    outcome = job.run(show if options.follow else None)
    for line in [*outcome.lines, outcome.last_line()]:
        show(line)
    return 0 if outcome.good else 1


def shell(options: Options) -> int:
    """A prompt."""
    if options.vendor != "amd":
        raise Refusal("a prompt is to be had on an amd host only")
    return Job(options, "shell").shell()


def tell_boot(number: int, outcome: Outcome) -> None:
    """What a soak says of one boot."""
    if outcome.good:
        discard(outcome)
    else:
        for line in outcome.lines:
            if not line.startswith("ok"):
                show(line)
        show(outcome.last_line())
    verdict = "good" if outcome.good else "BAD"
    show(f"# boot {number}: {verdict}, {outcome.seconds} s")


def soak(options: Options) -> int:
    """Boots again and again, and tells how many boots were good, how long they took and
    how the others ended."""
    if not options.words or not options.words[0].isdigit() or options.words[0] == "0":
        raise Usage
    boots, scenarios = int(options.words[0]), options.words[1:] or SOAK
    seconds, good = [], 0
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write("".join(f"{name}\n" for name in scenarios))
        file.flush()
        options.list_file = file.name
        for number in range(1, boots + 1):
            outcome = Job(options).run()
            tell_boot(number, outcome)
            seconds.append(outcome.seconds)
            good += outcome.good
    show(f"{boots} boots, {good} good, {boots - good} bad; seconds: least {min(seconds)},"
         f" median {statistics.median_low(seconds)}, most {max(seconds)}")
    return 0 if good == boots else 1


MODES = {"run": run, "shell": shell, "soak": soak}


def main(arguments: Sequence[str]) -> int:
    """The command."""
    try:
        if not arguments or arguments[0] not in MODES:
            raise Usage(asked=list(arguments[:1]) in (["-h"], ["--help"]))
        return MODES[arguments[0]](parse(arguments[1:]))
    except Usage as usage:
        print(USAGE, file=sys.stdout if usage.asked else sys.stderr)
        return 0 if usage.asked else 2
