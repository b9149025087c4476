# SPDX-License-Identifier: GPL-2.0-only
"""A copy of the tree, in which mutants are applied: the tree itself is never
changed. Files are written anew only when they differ, so that `make` in the copy
builds no more than it must.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mutants import Mutant, is_source, locate, mutate


def tracked(top: Path) -> list[str]:
    """The files of the working tree: what git knows or would add."""
    out = subprocess.run(
        ["git", "-C", str(top), "ls-files", "-z", "-co", "--exclude-standard"],
        check=True, capture_output=True, text=True).stdout
    return [p for p in out.split("\0") if p and os.path.lexists(top / p)]


def differs(a: Path, b: Path) -> bool:
    """Would a copy change anything?"""
    if not os.path.lexists(b) or a.is_symlink() != b.is_symlink():
        return True
    if a.is_symlink():
        return os.readlink(a) != os.readlink(b)
    return a.stat().st_mode != b.stat().st_mode or a.read_bytes() != b.read_bytes()


def copy(a: Path, b: Path) -> None:
    """A file, dated now, for make goes by dates."""
    b.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(b):
        b.unlink()
    if a.is_symlink():
        b.symlink_to(os.readlink(a))
        return
    shutil.copyfile(a, b)
    shutil.copymode(a, b)


class Mirror:
    """A copy of the tree @top in the folder @tree."""

    def __init__(self, top: Path, tree: Path) -> None:
        self.top = top
        self.tree = tree

    def sync(self) -> None:
        """Makes the copy what the tree is now, whatever was left of earlier runs."""
        files = tracked(self.top)
        for path in files:
            if differs(self.top / path, self.tree / path):
                copy(self.top / path, self.tree / path)
        self._remove_others(set(files))
        self._share_cache()

    def _remove_others(self, files: set[str]) -> None:
        for folder, names, found in os.walk(self.tree):
            if Path(folder) == self.tree and "build" in names:
                names.remove("build")
            for name in found:
                path = Path(folder, name)
                if str(path.relative_to(self.tree)) not in files:
                    path.unlink()

    def _share_cache(self) -> None:
        """Downloads are not made twice."""
        cache, link = self.top / "build/cache", self.tree / "build/cache"
        link.parent.mkdir(parents=True, exist_ok=True)
        cache.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(link):
            link.symlink_to(cache.resolve())

    def sources(self) -> dict[str, str]:
        """The text of all that may be mutated, by path."""
        return {p: (self.tree / p).read_text() for p in tracked(self.top) if is_source(p)}

    @contextmanager
    def mutated(self, mutant: Mutant, sources: dict[str, str]) -> Iterator[str]:
        """The copy with the mutant in it, for as long as the block lasts: its file."""
        place = locate(mutant, sources)
        path, text = self.tree / place.path, sources[place.path]
        path.write_text(mutate(text, place, mutant.put))
        try:
            yield place.path
        finally:
            path.write_text(text)
