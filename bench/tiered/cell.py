# SPDX-License-Identifier: GPL-2.0-only
"""cell: one boot of the modelled machine, and what the meter said of it.

A cell is a workload, a policy and a machine. Nothing comes from outside while it
runs, so that the same cell is meant to give the same counts again; no test shows
that yet. Nothing here knows what a result ought to be.
"""
from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(1, str(TOP / "tests"))
from harness.slots import Slot  # noqa: E402

OUT = TOP / "build" / "tiered"

# What a miss costs in nanoseconds: fast, slow to read, slow to write.
PRESETS = {"cxl": (80, 250, 250), "nvm": (80, 300, 900)}
PAGE = 4096
PHASE_S = 0.5
NS_PER_INSN = 0.3  # of the modelled run time
MODULES = ("kvm-amd",)


@dataclasses.dataclass(frozen=True)
class Cell:
    """What is measured in one boot."""

    workload: str
    policy: str
    density: int = 700  # accesses per page and second
    backing: str = "anon"
    preset: str = "cxl"
    series: str = "6.12"
    pages: int = 32768
    fast: int = 8192
    phases: int = 48
    seed: int = 1

    @property
    def name(self) -> str:
        """A name for people and for files."""
        return (f"{self.workload}.{self.density}.{self.backing}.{self.preset}."
                f"{self.pages // 256}M-{self.fast // 256}M.{self.series}.s{self.seed}.{self.policy}")


class Kernel:
    """A stock kernel, unpacked, and vtmm.ko for it."""

    def __init__(self, series: str) -> None:
        line = subprocess.run([str(TOP / "scripts" / "fetch-kernel"), series], check=True,
                              capture_output=True, text=True).stdout.split()
        self.release, self.dir = line[0], Path(line[1])
        self.image = self.dir / "boot" / f"vmlinux-{self.release}"
        self.module = TOP / "build" / "kmod" / self.release / "vtmm.ko"

    def modules(self) -> list[Path]:
        """The files that KVM needs, in the order in which they load."""
        seen: list[Path] = []
        for name in MODULES:
            text = subprocess.run(["modprobe", "-d", str(self.dir), "-S", self.release,
                                   "--show-depends", name], check=True, capture_output=True,
                                  text=True).stdout
            for match in re.finditer(r"^insmod (\S+)", text, re.M):
                path = Path(match[1])
                if path not in seen:
                    seen.append(path)
        return seen


def unpack_module(path: Path, folder: Path) -> str:
    """Puts a module, uncompressed, into a folder; its name there."""
    name = path.name
    if name.endswith(".xz"):
        name = name[:-3]
        data = subprocess.run(["xz", "-dc", str(path)], check=True, capture_output=True).stdout
        (folder / name).write_bytes(data)
    else:
        shutil.copy(path, folder / name)
    return name


def pack(kernel: Kernel, cell: Cell, out: Path) -> None:
    """Makes the initramfs of a cell: nothing comes from outside while it runs."""
    with tempfile.TemporaryDirectory() as tmp:
        root = Path(tmp)
        for name in ("bin", "proc", "sys", "dev", "tmp", "modules"):
            (root / name).mkdir()
        shutil.copy("/bin/busybox", root / "bin" / "busybox")
        shutil.copy(HERE / "inside", root / "init")
        (root / "init").chmod(0o755)
        shutil.copy(HERE / "policies.sh", root / "policies.sh")
        shutil.copy(OUT / "benchvm", root / "bin" / "benchvm")
        shutil.copy(TOP / "build" / "bin" / "vtmmctl-static", root / "bin" / "vtmmctl")
        subprocess.run(["strip", str(root / "bin" / "vtmmctl")], check=True)
        subprocess.run(["strip", "-g", "-o", str(root / "vtmm.ko"), str(kernel.module)], check=True)
        order = [unpack_module(path, root / "modules") for path in kernel.modules()]
        (root / "modules" / "order").write_text("".join(f"{name}\n" for name in order))
        (root / "job").write_text(job(cell))
        files = sorted(str(path.relative_to(root)) for path in root.rglob("*"))
        for path in root.rglob("*"):
            os.utime(path, (0, 0))
        with out.open("wb") as image:
            subprocess.run(["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0", "--reproducible"],
                           input="\n".join(files).encode(), cwd=root, stdout=image, check=True)


def job(cell: Cell) -> str:
    """What the first program of the host reads."""
    node = "1" if cell.policy == "allslow" else ""
    words = {"POLICY": cell.policy, "WORKLOAD": cell.workload, "PAGES": cell.pages,
             "FAST": cell.fast, "DENSITY": cell.density, "PHASES": cell.phases,
             "SEED": cell.seed, "BACKING": cell.backing, "VMNODE": node}
    return "".join(f"{key}={value}\n" for key, value in words.items())


def node_mib(cell: Cell) -> tuple[int, int]:
    """Memory of the fast and of the slow node, in MiB."""
    vm = cell.pages * PAGE >> 20
    return (vm + 320 if cell.policy == "allfast" else max(vm, 128) + 256), vm * 2 + 64


def command(kernel: Kernel, cell: Cell, run: Path) -> list[str]:
    """How the emulator is started."""
    fast, slow = node_mib(cell)
    ns = PRESETS[cell.preset]
    sets = 1024 * max(1, cell.pages // 32768)
    meter = (f"{OUT / 'meter.so'},out={run / 'meter'},split={fast << 20},pages={cell.pages},"
             f"fast={cell.fast},sets={sets},fastns={ns[0]},readns={ns[1]},writens={ns[2]}")
    words = ("console=ttyS0 quiet panic=-1 nokaslr norandmaps tsc=reliable no_timer_check "
             "mitigations=off")
    lb = "hierarchy=memory,data-type"
    return ["qemu-system-x86_64", "-accel", "tcg,thread=single", "-icount", "shift=0,sleep=off",
            "-machine", "q35,hmat=on", "-cpu", "max,erms=off,fsrm=off", "-smp", "1",
            "-seed", str(cell.seed), "-rtc", "clock=vm,base=2026-01-01", "-m", str(fast + slow),
            "-object", f"memory-backend-ram,id=fast,size={fast}M",
            "-object", f"memory-backend-ram,id=slow,size={slow}M",
            "-numa", "node,nodeid=0,cpus=0,memdev=fast",
            "-numa", "node,nodeid=1,memdev=slow,initiator=0",
            "-numa", "dist,src=0,dst=1,val=20",
            "-numa", f"hmat-lb,initiator=0,target=0,{lb}=access-latency,latency={ns[0]}",
            "-numa", f"hmat-lb,initiator=0,target=0,{lb}=access-bandwidth,bandwidth=100G",
            "-numa", f"hmat-lb,initiator=0,target=1,{lb}=access-latency,latency={ns[1]}",
            "-numa", f"hmat-lb,initiator=0,target=1,{lb}=access-bandwidth,bandwidth=20G",
            "-nodefaults", "-display", "none", "-no-reboot", "-plugin", meter,
            "-serial", f"file:{run / 'console'}", "-serial", f"file:{run / 'results'}",
            "-kernel", str(kernel.image), "-initrd", str(run / "initrd"), "-append", words]


class CellError(Exception):
    """A cell that gave no result, and why."""


def boot(cell: Cell, limit: float = 3600) -> dict[str, object]:
    """Runs a cell; its result, ready for JSON."""
    kernel = Kernel(cell.series)
    OUT.mkdir(parents=True, exist_ok=True)
    run = Path(tempfile.mkdtemp(prefix="run.", dir=OUT))
    pack(kernel, cell, run / "initrd")
    with Slot():
        start = time.monotonic()
        with (run / "emulator").open("w") as log:
            try:
                subprocess.run(command(kernel, cell, run), stdin=subprocess.DEVNULL, stdout=log,
                               stderr=log, timeout=limit, check=False)
            except subprocess.TimeoutExpired as exc:
                raise CellError(f"{cell.name}: no end after {limit:.0f} s, see {run}") from exc
    result = judge(cell, run)
    result["seconds"] = round(time.monotonic() - start)
    (run / "initrd").unlink()
    shutil.rmtree(run)
    return result


def judge(cell: Cell, run: Path) -> dict[str, object]:
    """What the meter and the host said; silence is an error."""
    host = (run / "results").read_text(errors="replace").replace("\r", "")
    meter = (run / "meter").read_text() if (run / "meter").exists() else ""
    errors = [line for line in host.splitlines()
              if line.startswith("error") or re.search(r"BUG|WARNING|Oops", line)]
    phases = [line for line in meter.splitlines() if line.startswith("phase ")]
    if errors or not re.search(r"^end$", host, re.M) or len(phases) != cell.phases:
        why = errors[0] if errors else f"{len(phases)} of {cell.phases} phases"
        raise CellError(f"{cell.name}: {why}, see {run}")
    end = re.search(r"^end phases \d+ static_ns (\d+)", meter, re.M)
    assert end
    return {
        "cell": dataclasses.asdict(cell), "release": Kernel(cell.series).release,
        "phases": [phase(line) for line in phases],
        "heat": [[int(word) for word in line.split()[3:]]
                 for line in meter.splitlines() if line.startswith("heat ")],
        "static_ns": int(end[1]), "host": host,
    }


def phase(line: str) -> list[int]:
    """Guest, kernel and user instructions, accesses, misses (fast and slow, read and
    written), and what the oracle's placement would have cost."""
    return [int(word) for word in line.split()[2:] if word.isdigit()]


def digest(paths: list[Path]) -> str:
    """A short name of what these files hold."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


def save(result: dict[str, object], path: Path) -> None:
    """Keeps a result, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tmp = path.with_suffix(".tmp")
    tmp.write_text(json.dumps(result))
    tmp.rename(path)
