# SPDX-License-Identifier: GPL-2.0-only
"""
intel: an emulated Intel host (Bochs: EPT with accessed and dirty bits, PML; with the
CPU tigerlake also IBT), with two NUMA nodes made by the kernel from one. It boots from
a CD image that holds all it needs.
"""
import glob
import pathlib
import shutil
import subprocess

from .machine import Host, Machine, join, pack
from .options import Options
from .series import Series
from .tree import TOP

# Bochs 2.7 gives the XSAVE area another size than its CPU features ask for, so
# that the kernel warns and does without: noxsave tells it so beforehand.
WORDS = ("console=ttyS0 quiet panic=-1 numa=fake=2 log_buf_len=16M nokaslr mitigations=off"
         " noxsave tsc=reliable no_timer_check numa_balancing=disable")
LOADER = ("/usr/lib/ISOLINUX/isolinux.bin", "/usr/lib/syslinux/modules/bios/ldlinux.c32")
MENU = """\
DEFAULT host
PROMPT 0
LABEL host
KERNEL /vmlinuz
INITRD /initrd
APPEND {words}
"""
MACHINE = """\
plugin_ctrl: unmapped=true, biosdev=true, speaker=false, extfpuirq=true, parallel=false, serial=true
config_interface: textconfig
display_library: rfb, options="timeout=0"
memory: guest={memory}, host={memory}
romimage: file="/usr/share/bochs/BIOS-bochs-latest"
vgaromimage: file="/usr/share/bochs/VGABIOS-lgpl-latest"
cpu: model={cpu}, count={smp}, ips=200000000, reset_on_triple_fault=0, ignore_bad_msrs=1
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path="{folder}/host.iso", status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev={folder}/console
com2: enabled=1, mode=file, dev={folder}/results
log: {folder}/bochs.log
panic: action=fatal
clock: sync=none, time0=local
"""


class Intel(Machine):
    """See above."""

    share = "pack"
    scale = 8
    boot_limit = 900

    def __init__(self, options: Options, series: Series, variant: str) -> None:
        super().__init__(options, series, variant)
        if variant:
            self.scale, self.boot_limit = 24, 3000
        self.mem = options.mem or (1536 if variant else 512)
        self.slow = options.slow or 512
        self.smp = options.smp or 1
        self.cpu = options.cpu or series.bochs_cpu

    def files(self, host: Host) -> list[str]:
        """What goes along, relative to the top of the tree."""
        patterns = ["tests/host/*", "tests/host/scenarios/*", "build/bin/*", "build/tests/*",
                    f"build/kmod/{host.release}/vtmm.ko", *self.options.extra.split()]
        if host.kvm_tests:
            patterns.append(f"build/kvm-tests/{self.series.name}/*")
        found = (name for p in patterns for name in sorted(glob.glob(p, root_dir=TOP)))
        return [name for name in found if (TOP / name).is_file()]

    def disc(self, host: Host, iso: pathlib.Path) -> None:
        """What is on the CD."""
        whole = host.folder / "whole.cpio"
        pack("whole", whole, host.kernel_dir, host.release, *self.files(host))
        (iso / "isolinux").mkdir(parents=True)
        join(iso / "initrd", whole, host.job_cpio)
        whole.unlink()
        shutil.copy(host.image("vmlinuz"), iso / "vmlinuz")
        for file in LOADER:
            shutil.copy(file, iso / "isolinux")
        menu = MENU.format(words=self.cmdline(WORDS))
        (iso / "isolinux/isolinux.cfg").write_text(menu, encoding="utf-8")

    def prepare(self, host: Host) -> None:
        """The CD, and the machine's description."""
        iso = host.folder / "iso"
        self.disc(host, iso)
        subprocess.run(["genisoimage", "-quiet", "-o", host.iso, "-b", "isolinux/isolinux.bin",
                        "-c", "isolinux/boot.cat", "-no-emul-boot", "-boot-load-size", "4",
                        "-boot-info-table", iso], check=True)
        shutil.rmtree(iso)
        machine = MACHINE.format(memory=self.mem + self.slow, cpu=self.cpu, smp=self.smp,
                                 folder=host.folder)
        (host.folder / "bochsrc").write_text(machine, encoding="utf-8")
        (host.folder / "bochs.start").write_text("c\n", encoding="utf-8")

    def command(self, host: Host, mode: str) -> list[str]:
        """Bochs' command line."""
        return ["bochs", "-q", "-f", f"{host.folder}/bochsrc", "-rc",
                f"{host.folder}/bochs.start"]
