# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# pack: makes the initramfs of an emulated host. Sourced by scripts/host.

# modules_for DIR RELEASE NAME... : the files of these modules and of what they
# depend on, in the order in which they load, each once
modules_for()
{
	local dir=$1 rel=$2 name

	shift 2
	for name in "$@"; do
		modprobe -d "$dir" -S "$rel" --show-depends "$name"
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++'
}

# unpack_module FILE DIR: the module, uncompressed, in DIR; prints its name
unpack_module()
{
	local name=${1##*/}

	case $1 in
	*.xz) name=${name%.xz} && xz -dc "$1" >"$2/$name" ;;
	*.zst) name=${name%.zst} && zstd -qdc "$1" >"$2/$name" ;;
	*) cp "$1" "$2/$name" ;;
	esac
	echo "$name"
}

# skeleton ROOT: busybox, init and the mount points
skeleton()
{
	local root=$1

	mkdir -p "$root"/{bin,proc,sys,dev,tmp,run,mnt,root,host,modules,lib/modules,etc,usr/bin,usr/sbin,sbin}
	cp /bin/busybox "$root/bin/"
	cp "$top/scripts/hosts/init" "$root/init"
	chmod +x "$root/init"
}

# archive ROOT: the tree as an initramfs on stdout
archive()
{
	(cd "$1" && find . -print0 | sort -z |
		cpio --quiet -o -0 -H newc -R 0:0)
}

# pack_share OUT KERNELDIR RELEASE: the initramfs of a host that shares the
# machine's root; the same for every job, so it is kept
pack_share()
{
	local out=$1 dir=$2 rel=$3 root file

	[ "$out" -nt "$top/scripts/hosts/init" ] &&
		[ "$out" -nt "$top/scripts/hosts/pack.sh" ] && return
	root=$(mktemp -d)
	skeleton "$root"
	modules_for "$dir" "$rel" virtio_pci 9pnet_virtio 9p |
		while read -r file; do
			unpack_module "$file" "$root/modules"
		done >"$root/order"
	mv "$root/order" "$root/modules/order"
	mkdir -p "${out%/*}"
	archive "$root" >"$out.$$"
	mv "$out.$$" "$out"
	rm -rf "$root"
}

# with_libraries FILE... : the files and the shared libraries they need
with_libraries()
{
	local file

	for file in "$@"; do
		echo "$file"
		ldd "$file" 2>/dev/null | grep -o '/[^ ]*' || true
	done | sort -u
}

# pack_whole OUT KERNELDIR RELEASE FILE... : the initramfs of a host that
# shares nothing: kvm's modules, and the files, which lie below $top, in /mnt
pack_whole()
{
	local out=$1 dir=$2 rel=$3 root file lib

	shift 3
	root=$(mktemp -d)
	skeleton "$root"
	mkdir -p "$root/lib/modules/$rel"
	modules_for "$dir" "$rel" kvm-intel | while read -r file; do
		unpack_module "$file" "$root/lib/modules/$rel"
	done >/dev/null
	cp "$dir/lib/modules/$rel"/modules.{builtin,builtin.modinfo,order} "$root/lib/modules/$rel/"
	depmod -b "$root" "$rel"
	(cd "$top" && printf '%s\n' "$@" | cpio --quiet -o -H newc) |
		(cd "$root/mnt" && cpio --quiet -id)
	for file in "$@"; do
		with_libraries "$top/$file"
	done | grep -v "^$top/" | sort -u | while read -r lib; do
		mkdir -p "$root${lib%/*}"
		cp -L "$lib" "$root$lib"
	done
	archive "$root" >"$out"
	rm -rf "$root"
}
