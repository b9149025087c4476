# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# common: where things are, and which kernel is meant. Sourced by the scripts; it
# starts nothing by itself.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$top/build
cache=${VTMM_CACHE:-$build/cache}

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

# kernel_release SERIES: the newest release of 6.1 or 6.12 with headers here,
# or of 6.1-cloud or 6.12-cloud
kernel_release()
{
	local dir rel='' flavour=''

	case $1 in
	*-cloud) flavour=cloud- ;;
	esac
	for dir in $(printf '%s\n' /lib/modules/"${1%-cloud}".*-amd64/build | sort -V); do
		case $flavour$dir in
		cloud-*-cloud-amd64/build) ;;
		cloud-* | *-cloud-amd64/build) continue ;;
		esac
		[ -d "$dir" ] && rel=${dir#/lib/modules/} && rel=${rel%/build}
	done
	[ -n "$rel" ] || die "no headers of Linux $1 are installed: run scripts/setup"
	echo "$rel"
}

# kernel_source SERIES: the archive linux-source-SERIES.tar.xz of Debian's package
# on stdout
kernel_source()
{
	local package=linux-source-$1 deb

	if [ -f "/usr/src/$package.tar.xz" ]; then
		cat "/usr/src/$package.tar.xz"
		return
	fi
	deb=$(mktemp -d "$cache/deb.XXXXXX")
	if ! (cd "$deb" && apt-get download -q "$package" >&2); then
		rm -r "$deb"
		die "no package $package: it is neither installed nor in the package archive"
	fi
	dpkg-deb --fsys-tarfile "$deb"/*.deb | tar -xO "./usr/src/$package.tar.xz"
	rm -r "$deb"
}
