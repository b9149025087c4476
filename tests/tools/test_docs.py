#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
test_docs: manual page, completion and --help name the same commands, arguments
and options; the manual of the module names its parameters. Prints TAP.

usage: test_docs.py VTMMCTL MANUAL MODULE-MANUAL MODULE-SOURCES
"""
import pathlib
import re
import subprocess
import sys


class Tap:
    """Counts checks and prints them."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def same(self, what, one, other):
        """One check: two collections hold the same."""
        self.count += 1
        one, other = set(one), set(other)
        if one == other and one:
            print(f"ok {self.count} - {what}")
            return
        self.failed += 1
        print(f"not ok {self.count} - {what}")
        print(f"# only in the first: {sorted(one - other)}")
        print(f"# only in the second: {sorted(other - one)}")


def output(*command):
    """What a command prints; it must succeed."""
    return subprocess.run(command, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def help_commands(tool):
    """The commands that --help lists."""
    part = output(tool, "--help").split("Commands:\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in part.splitlines()]


def help_of(tool, command):
    """Arguments and options (with what they take) of a command's --help."""
    text = output(tool, *command, "--help")
    usage = text.splitlines()[0].split("vtmmctl ")[1]
    options = re.findall(r"^  (?:-(\w),|   ) --([\w-]+)(?: ([\w|]+))?", text, re.M)
    return usage.replace(" [OPTION...]", ""), set(options)


def manual_options(text):
    """Options (letter, name, argument) that a part of the manual explains."""
    options = set()
    for line in re.findall(r"^\*-.*$", text, re.M):
        for one in line.split("; "):
            found = re.fullmatch(r"(?:\*-(\w)\*, )?\*--([\w-]+)\*(?: _([\w|]+)_)?",
                                 one)
            options.add(found.groups(default="") if found else one)
    return options


def manual_commands(text):
    """Heading → text of each part of COMMANDS; and the options of them all."""
    commands = re.search(r"^# COMMANDS\n(.*?)^# ", text, re.M | re.S).group(1)
    parts = re.split(r"^## (.*)\n", commands, flags=re.M)[1:]
    common = re.search(r"^# OPTIONS\n(.*?)^# ", text, re.M | re.S).group(1)
    return dict(zip(parts[::2], parts[1::2])), manual_options(common)


def completed(script, words):
    """What bash offers after "vtmmctl WORDS"."""
    line = " ".join(f"'{w}'" for w in ["vtmmctl", *words, ""])
    program = (f"{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words) + 1}\n"
               "vtmmctl() { :; }\n_vtmmctl; printf '%s\\n' \"${COMPREPLY[@]}\"")
    return output("bash", "-c", program).split()


def names(options):
    """The long forms."""
    return [f"--{o[1]}" for o in options]


def check_commands(tap, tool, manual, script):
    """Every command in the three places."""
    parts, common = manual_commands(manual)
    commands = help_commands(tool)
    offered = completed(script, [])
    tap.same("commands: --help and manual", commands,
             [heading.split()[0] for heading in parts])
    tap.same("commands: --help and completion", commands,
             [word for word in offered if not word.startswith("-")])
    tap.same("options of every command: --help and manual",
             help_of(tool, ["list"])[1], common)
    for heading, text in parts.items():
        name = heading.split()[0]
        usage, options = help_of(tool, [name])
        tap.same(f"{name}: usage in --help and manual", [usage], [heading])
        tap.same(f"{name}: options in --help and manual", options,
                 manual_options(text) | common)
        tap.same(f"{name}: options in --help and completion", names(options),
                 [word for word in completed(script, [name]) if word.startswith("-")])


def check_parameters(tap, manual, sources):
    """Module parameters in the manual and in the sources."""
    declared = set()
    for path in pathlib.Path(sources).rglob("*.c"):
        declared |= set(re.findall(r"^module_param(?:_named|_cb)?\((\w+)",
                                   path.read_text(), re.M))
    part = re.search(r"^# MODULE PARAMETERS\n(.*?)^# ", manual,
                     re.M | re.S).group(1)
    tap.same("module parameters: sources and manual", declared,
             re.findall(r"^\*(\w+)\*=", part, re.M))


def main():
    tool, manual, module_manual, sources = sys.argv[1:5]
    tap = Tap()
    script = output(tool, "completion", "bash")
    check_commands(tap, tool, pathlib.Path(manual).read_text(), script)
    check_parameters(tap, pathlib.Path(module_manual).read_text(), sources)
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
