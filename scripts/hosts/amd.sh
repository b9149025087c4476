# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2054,SC2154
#
# amd: an emulated AMD host (QEMU TCG, nested paging, two NUMA nodes of which
# the second has no CPU). Sourced by scripts/host, whose options it reads.

# One core runs both virtual CPUs by default: QEMU 7.2 can miss a kernel's
# patching of its own code when its CPUs run in threads of their own. CPU 0 then
# runs no guest either: others change its flags (docs/testhosts.md).
amd_defaults()
{
	scale=1 boot_limit=120 share=9p
	if [ -n "$variant" ]; then
		# An eighth of memory is KASAN's, traces and lockdep take more.
		: "${mem:=2048}"
		scale=4 boot_limit=400
	fi
	: "${mem:=1024}" "${slow:=1024}" "${threads:=single}"
	if [[ $threads == multi* ]]; then
		: "${smp:=3}"
		[ "$smp" -lt 2 ] || cpus=1-$((smp - 1))
	fi
	: "${smp:=2}"
}

# amd_prepare: the initramfs of this job
amd_prepare()
{
	local base=$build/hosts/share-$release.cpio

	pack_share "$base" "$kernel_dir" "$release"
	cat "$base" "$run/job.cpio" >"$run/initrd"
}

# amd_image: the bare image boots faster, but not one of 6.1 with KASAN, which comes
# too late for the first function of that way to boot
amd_image()
{
	case $release in
	6.1.*-debug) echo "$kernel_dir/boot/vmlinuz-$release" ;;
	*) echo "$kernel_dir/boot/vmlinux-$release" ;;
	esac
}

amd_cmdline()
{
	echo "console=ttyS0 quiet panic=-1 nokaslr tsc=reliable no_timer_check" \
		"numa_balancing=disable ${variant:+$debug_words} $cmdline"
}

# With fast byte-wise string instructions a kernel clears and copies pages by these,
# and QEMU byte by byte: 21 s for a huge page of which parts had been code.
amd_cpu=max,erms=off,fsrm=off

# amd_command: sets the array command
amd_command()
{
	command=(qemu-system-x86_64
		-accel "tcg,thread=$threads" -machine q35,hmat=on -cpu "${cpu:-$amd_cpu}"
		-smp "$smp" -m "$((mem + slow))"
		-object "memory-backend-ram,id=fast,size=${mem}M"
		-object "memory-backend-ram,id=slow,size=${slow}M"
		-numa "node,nodeid=0,cpus=0-$((smp - 1)),memdev=fast"
		-numa node,nodeid=1,memdev=slow,initiator=0
		-numa dist,src=0,dst=1,val=20
		-numa hmat-lb,initiator=0,target=0,hierarchy=memory,data-type=access-latency,latency=80
		-numa hmat-lb,initiator=0,target=0,hierarchy=memory,data-type=access-bandwidth,bandwidth=100G
		-numa hmat-lb,initiator=0,target=1,hierarchy=memory,data-type=access-latency,latency=290
		-numa hmat-lb,initiator=0,target=1,hierarchy=memory,data-type=access-bandwidth,bandwidth=20G
		-virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"
		-nodefaults -display none -no-reboot
		-kernel "$(amd_image)" -initrd "$run/initrd" -append "$(amd_cmdline)")
	[ -z "$icount" ] || command+=(-icount shift=0)
	# CPUs that wait for each other would take all cores from other hosts.
	[[ $threads != multi* ]] || command=(nice "${command[@]}")
	if [ "$mode" = shell ]; then
		command+=(-chardev stdio,id=tty,mux=on,signal=off
			-serial chardev:tty -mon chardev=tty)
	else
		command+=(-serial "file:$run/console" -serial "file:$run/results")
	fi
}
