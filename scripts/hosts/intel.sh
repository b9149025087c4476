# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# intel: an emulated Intel host (Bochs: EPT with accessed and dirty bits, PML;
# with --cpu tigerlake also IBT), with two NUMA nodes made by the kernel from
# one. It boots from a CD image that holds all it needs. Sourced by scripts/host.

intel_defaults()
{
	scale=8 boot_limit=900 share=pack
	if [ -n "$variant" ]; then
		: "${mem:=1536}"
		scale=24 boot_limit=3000
	fi
	: "${mem:=512}" "${slow:=512}" "${smp:=1}"
	if [ "${series%-*}" = 6.12 ]; then
		: "${cpu:=tigerlake}"
	fi
	: "${cpu:=corei7_skylake_x}"
}

# intel_files: what goes along, relative to $top
intel_files()
{
	local file

	if [ -f "$run/kvm-tests" ]; then
		extra="$extra build/kvm-tests/${series%-*}/*"
	fi
	(cd "$top" && for file in tests/host/* tests/host/scenarios/* \
		build/bin/* build/tests/* "build/kmod/$release/vtmm.ko" $extra; do
		[ ! -f "$file" ] || echo "$file"
	done)
}

intel_prepare()
{
	local iso=$run/iso files

	mapfile -t files < <(intel_files)
	pack_whole "$run/whole.cpio" "$kernel_dir" "$release" "${files[@]}"
	mkdir -p "$iso/isolinux"
	cat "$run/whole.cpio" "$run/job.cpio" >"$iso/initrd"
	cp "$kernel_dir/boot/vmlinuz-$release" "$iso/vmlinuz"
	cp /usr/lib/ISOLINUX/isolinux.bin \
		/usr/lib/syslinux/modules/bios/ldlinux.c32 "$iso/isolinux/"
	cat >"$iso/isolinux/isolinux.cfg" <<-EOT
		DEFAULT host
		PROMPT 0
		LABEL host
		KERNEL /vmlinuz
		INITRD /initrd
		APPEND $(intel_cmdline)
	EOT
	genisoimage -quiet -o "$run/host.iso" -b isolinux/isolinux.bin \
		-c isolinux/boot.cat -no-emul-boot -boot-load-size 4 \
		-boot-info-table "$iso"
	rm -r "$iso" "$run/whole.cpio"
	intel_machine >"$run/bochsrc"
	echo c >"$run/bochs.start"
}

# Bochs 2.7 gives the XSAVE area another size than its CPU features ask for, so
# that the kernel warns and does without: noxsave tells it so beforehand.
intel_cmdline()
{
	echo "console=ttyS0 quiet panic=-1 numa=fake=2 log_buf_len=16M nokaslr mitigations=off noxsave" \
		"tsc=reliable no_timer_check numa_balancing=disable ${variant:+$debug_words} $cmdline"
}

intel_machine()
{
	cat <<-EOT
		plugin_ctrl: unmapped=true, biosdev=true, speaker=false, extfpuirq=true, parallel=false, serial=true
		config_interface: textconfig
		display_library: rfb, options="timeout=0"
		memory: guest=$((mem + slow)), host=$((mem + slow))
		romimage: file="/usr/share/bochs/BIOS-bochs-latest"
		vgaromimage: file="/usr/share/bochs/VGABIOS-lgpl-latest"
		cpu: model=$cpu, count=$smp, ips=200000000, reset_on_triple_fault=0, ignore_bad_msrs=1
		ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
		ata0-master: type=cdrom, path="$run/host.iso", status=inserted
		boot: cdrom
		com1: enabled=1, mode=file, dev=$run/console
		com2: enabled=1, mode=file, dev=$run/results
		log: $run/bochs.log
		panic: action=fatal
		clock: sync=none, time0=local
	EOT
}

# intel_command: sets the array command
intel_command()
{
	command=(bochs -q -f "$run/bochsrc" -rc "$run/bochs.start")
}
