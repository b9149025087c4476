#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Replays traces whose outcome is known: what fits, what moves whole, and
which settings make a difference. Writes them by docs/trace.md, not by the
library, so that the format is tested from both sides.
usage: test_replay.py VTMM_SIM"""

import struct
import subprocess
import sys
import tempfile

SIM = sys.argv[1]
WARM = 60  # rounds


def varint(x):
    out = b""
    while x >= 0x80:
        out += bytes([x & 0x7F | 0x80])
        x >>= 7
    return out + bytes([x])


def runs(items):
    """Items: (gfn, count, huge, mark), ascending."""
    out, at = varint(len(items)), 0
    for gfn, count, huge, mark in items:
        out += varint(gfn - at) + varint(count << 2 | huge << 1 | mark)
        at = gfn + count
    return out


def trace(mapped, rounds):
    pages = sum(m[1] for m in mapped)
    head = struct.pack("<8sHHIIIQQ", b"vtmmtrc\0", 1, 40, 0, 600, 10, pages, 0)
    body = b"M" + runs(mapped)
    for items in rounds:
        body += b"R" + varint(1) + runs(items)
    return head + body + b"E" + varint(len(rounds)) + varint(0)


def replay(data, *options):
    """What is told of vtmm: its share of the oracle's hits, moves in % a window."""
    with tempfile.NamedTemporaryFile() as f:
        f.write(data)
        f.flush()
        out = subprocess.run([SIM, "--replay", f.name, *options], check=True,
                             capture_output=True, text=True).stdout
    for line in out.splitlines():
        word = line.split()
        if word[:2] == ["replay", "vtmm"]:
            return float(word[2]), float(word[6].rstrip("%"))
    raise AssertionError("nothing is told of vtmm:\n" + out)


failed = 0
tests = 0


def check(what, holds):
    global failed, tests
    tests += 1
    failed += not holds
    print(("ok" if holds else "not ok"), tests, "-", what)


# Eight chunks of one leaf each, at odd places; two of them are hot at a time.
BASE = [512 * n for n in (3, 4, 9, 20, 21, 40, 41, 100)]


def huge(chunks):
    return [(BASE[c], 512, 1, 1) for c in chunks]


def phases(length, n):
    return [huge((0, 1) if r // length % 2 == 0 else (6, 7)) for r in range(n)]


MAPPED = [(gfn, 512, 1, i >= 2) for i, gfn in enumerate(BASE)]
slow = [(gfn, 512, 1, 1) for gfn in BASE]
hot = trace(slow, [huge((3, 7))] * 150)
good, _ = replay(hot, "--fast", "1024")
check("leaves of 2 MiB come as a whole where they fit", good > 0.95)
good, _ = replay(hot, "--fast", "1023")
check("one that does not fit does not come in part", 0.4 < good < 0.6)
good, _ = replay(hot, "--fast", "511")
check("where none fits none comes", good == 0)
small = trace([(gfn, 512, 0, 1) for gfn in BASE],
              [[(BASE[c], 512, 0, 1) for c in (3, 7)]] * 150)
good, _ = replay(small, "--fast", "511")
check("small pages come one by one", good > 0.9)
split = trace(slow, [huge((3, 7))] * WARM +
              [[(BASE[3], 300, 0, 1)]] * 90)
good, _ = replay(split, "--fast", "300")
check("a leaf that was split moves in parts", good > 0.7)

# Phases of 70 rounds: windows of 5 rounds follow sooner than those of 10.
moving = trace(MAPPED, phases(70, 400))
ten, _ = replay(moving, "--fast", "1024")
five, _ = replay(moving, "--fast", "1024", "--window", "5")
check(f"a shorter window follows sooner ({five} of the oracle's, not {ten})", five > ten)
late, _ = replay(moving, "--fast", "1024", "--rate", "1000000")
check(f"a rate limit makes it follow later ({late} of the oracle's, not {ten})",
      0 < late < ten)
_, none = replay(moving, "--fast", "1024", "--floor", "1000000")
check("under the floor nothing moves", none == 0)
print(f"1..{tests}")
sys.exit(failed != 0)
