# SPDX-License-Identifier: GPL-2.0-only
"""
judge: turns what a host sent into one line per check, with the host's name. Silence
is never success: each scenario that was announced must have ended by its own verdict,
and the host must have said that it is done. It runs nothing.

What a host sends is described at the head of tests/host/runner.sh.
"""
import dataclasses
import re
from collections.abc import Iterator, Sequence

LAST_WORDS = 15
# What the host's init complains of, on the console.
INIT = "init: "
SKIP = re.compile(r"#\s*SKIP\b", re.IGNORECASE)
VERDICT = re.compile(r"(ok|not ok)\b")


@dataclasses.dataclass(frozen=True)
class End:
    """How an emulator ended: its status as a shell tells it, or, if it was stopped
    since it said nothing, for how many seconds."""

    status: int
    silent: int | None = None


@dataclasses.dataclass(frozen=True)
class Sent:
    """What came from a host: its results, its console, its end."""

    results: str
    console: str
    end: End


def strict(line: str) -> str:
    """A result as it counts: a skipped test is no success."""
    if line.startswith("ok") and SKIP.search(line):
        return "not " + line
    return line


def split(text: str) -> list[str]:
    """The lines that a serial port has brought."""
    return text.replace("\r", "").split("\n")


def name_of(scenario: str) -> str:
    """The name in a line of a list."""
    return scenario.split()[0]


class Account:
    """Which scenarios of the list have ended. They run in the list's order; the end of
    one is `# NAME took N s` and, right after it, its verdict."""

    def __init__(self, scenarios: Sequence[str]) -> None:
        self.left = list(scenarios)
        self.took = False

    def see(self, line: str) -> None:
        """The next line of the results."""
        if not self.left:
            return
        name = name_of(self.left[0])
        if self.took and (line == f"ok {name}" or line.startswith(f"not ok {name}: ")):
            self.left.pop(0)
            self.took = False
        else:
            self.took = re.fullmatch(rf"# {re.escape(name)} took \d+ s", line) is not None


class Judge:
    """The verdicts on one boot."""

    def __init__(self, host: str, scenarios: Sequence[str], bad: re.Pattern[str],
                 verbose: bool = False) -> None:
        self.host = host
        self.scenarios = list(scenarios)
        self.bad = bad
        self.verbose = verbose

    def judge(self, sent: Sent) -> list[str]:
        """One line per check; and text, as lines with `# `."""
        lines = split(sent.results)
        return [*self._results(lines), *self._end(lines, sent), *self._console(sent.console)]

    def _results(self, lines: Sequence[str]) -> Iterator[str]:
        for line in lines:
            word, _, rest = line.partition(" ")
            if line.startswith(("ok ", "not ok ")):
                kind, text = ("ok", rest) if word == "ok" else ("not ok", line[len("not ok "):])
                yield strict(f"{kind} {self.host} {text}")
            elif word == "moved":
                up, _, down = rest.partition(" ")
                yield f"# {self.host}: {up} pages promoted, {down} demoted, and every byte verified"
            elif self.verbose and word == "#":
                yield f"# {self.host}: {rest}"
            elif self.verbose and word == "|":
                yield f"# {self.host}| {rest}"

    def _end(self, lines: Sequence[str], sent: Sent) -> Iterator[str]:
        """How the host itself did, if not well, and which scenarios are missing."""
        done = [line for line in lines if line.startswith("done ")]
        if not done and sent.end.silent is not None:
            yield f"not ok {self.host} boot: HUNG, stopped after {sent.end.silent} s of silence"
        elif not done:
            yield f"not ok {self.host} boot: DIED, the emulator ended with status {sent.end.status}"
        elif done != [f"done {len(self.scenarios)}"]:
            yield (f"not ok {self.host} boot: it says '{'; '.join(done)}'"
                   f" of {len(self.scenarios)} scenarios")
        yield from self._missing(lines)
        if not done:
            last = split(sent.console.rstrip("\n"))[-LAST_WORDS:]
            yield from (f"# {self.host} console: {line}" for line in last)

    def _missing(self, lines: Sequence[str]) -> Iterator[str]:
        account = Account(self.scenarios)
        for line in lines:
            account.see(line)
        for scenario in account.left:
            words = scenario.split()
            which = f" ({' '.join(words)})" if len(words) > 1 else ""
            yield f"not ok {self.host} {words[0]}: no result{which}"

    def _console(self, console: str) -> Iterator[str]:
        lines = split(console)
        reports = [line for line in lines if self.bad.search(line)]
        complaints = [line for line in lines if line.startswith(INIT)]
        for line in [*complaints, *reports[:1]]:
            yield f"not ok {self.host} console: {line}"


def bad_lines(text: str) -> re.Pattern[str]:
    """bad-lines.txt: extended regular expressions, one a line, of which one must match.
    They keep to what Python and grep -E understand alike."""
    return re.compile("|".join(f"(?:{line})" for line in text.split("\n") if line))


def good(lines: Sequence[str]) -> bool:
    """Whether something is ok and nothing is not."""
    words = [m[1] for m in map(VERDICT.match, lines) if m]
    return "ok" in words and "not ok" not in words
