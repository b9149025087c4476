# SPDX-License-Identifier: GPL-2.0-only
"""
amd: an emulated AMD host (QEMU TCG, nested paging, two NUMA nodes of which the second
has no CPU). It shares the machine's root, read-only.
"""
from . import series as kernels
from .machine import Host, Machine, join, pack
from .options import Options
from .series import Series
from .tree import BUILD

# With fast byte-wise string instructions a kernel clears and copies pages by these,
# and QEMU byte by byte: 21 s for a huge page of which parts had been code.
CPU = "max,erms=off,fsrm=off"
WORDS = ("console=ttyS0 quiet panic=-1 nokaslr tsc=reliable no_timer_check"
         " numa_balancing=disable")
# Both nodes' figures in the HMAT: latency in ns, bandwidth.
TARGETS = (("80", "100G"), ("290", "20G"))


class Amd(Machine):
    """See above."""

    share = "9p"
    boot_limit = 120

    def __init__(self, options: Options, series: Series, variant: str) -> None:
        super().__init__(options, series, variant)
        if variant:
            self.scale, self.boot_limit = 4, 400
        # An eighth of memory is KASAN's, traces and lockdep take more.
        self.mem = options.mem or (2048 if variant else 1024)
        self.slow = options.slow or 1024
        # One core runs both virtual CPUs by default: QEMU 7.2 can miss a kernel's
        # patching of its own code when its CPUs run in threads of their own. CPU 0 then
        # runs no guest either: others change its flags (docs/testhosts.md).
        self.threads = options.threads or "single"
        self.races = self.threads.startswith("multi")
        self.smp = options.smp or (3 if self.races else 2)
        if self.races and self.smp >= 2:
            self.guest_cpus = f"1-{self.smp - 1}"

    def prepare(self, host: Host) -> None:
        """The initramfs of this job: the same for all, and the job itself."""
        base = BUILD / "hosts" / f"share-{host.release}.cpio"
        pack("share", base, host.kernel_dir, host.release)
        join(host.initrd, base, host.job_cpio)

    def memory(self) -> list[str]:
        """Both nodes."""
        words = ["-m", str(self.mem + self.slow),
                 "-object", f"memory-backend-ram,id=fast,size={self.mem}M",
                 "-object", f"memory-backend-ram,id=slow,size={self.slow}M",
                 "-numa", f"node,nodeid=0,cpus=0-{self.smp - 1},memdev=fast",
                 "-numa", "node,nodeid=1,memdev=slow,initiator=0",
                 "-numa", "dist,src=0,dst=1,val=20"]
        for target, (latency, bandwidth) in enumerate(TARGETS):
            place = f"hmat-lb,initiator=0,target={target},hierarchy=memory"
            words += ["-numa", f"{place},data-type=access-latency,latency={latency}",
                      "-numa", f"{place},data-type=access-bandwidth,bandwidth={bandwidth}"]
        return words

    def ports(self, host: Host, mode: str) -> list[str]:
        """Two serial ports, or one that is the terminal."""
        if mode == "shell":
            return ["-chardev", "stdio,id=tty,mux=on,signal=off",
                    "-serial", "chardev:tty", "-mon", "chardev=tty"]
        return ["-serial", f"file:{host.folder / 'console'}",
                "-serial", f"file:{host.folder / 'results'}"]

    def command(self, host: Host, mode: str) -> list[str]:
        """QEMU's command line."""
        bare = kernels.boots_bare_image(self.series, self.variant)
        command = ["qemu-system-x86_64", "-accel", f"tcg,thread={self.threads}",
                   "-machine", "q35,hmat=on", "-cpu", self.options.cpu or CPU,
                   "-smp", str(self.smp), *self.memory(),
                   "-virtfs", "local,path=/,mount_tag=host,security_model=none,"
                   "readonly=on,multidevs=remap",
                   "-nodefaults", "-display", "none", "-no-reboot",
                   "-kernel", str(host.image("vmlinux" if bare else "vmlinuz")),
                   "-initrd", str(host.initrd), "-append", self.cmdline(WORDS)]
        if self.options.icount:
            command += ["-icount", "shift=0"]
        # CPUs that wait for each other would take all cores from other hosts.
        return [*(["nice"] if self.races else []), *command, *self.ports(host, mode)]
