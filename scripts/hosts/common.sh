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

# newest_release SERIES[-cloud]: of the releases on stdin the newest of the series, or
# nothing
newest_release()
{
	local rel newest=''

	while read -r rel; do
		case $1,$rel in
		*-cloud,*-cloud-* | *[0-9],*[0-9]-amd64) ;;
		*) continue ;;
		esac
		[ "$("$top/scripts/kernels" of "$rel")" != "${1%-cloud}" ] || newest=$rel
	done < <(sort -V)
	echo "$newest"
}

# cached_release SERIES: of the headers in build/cache
cached_release()
{
	find "$cache/headers" -maxdepth 1 -name '*.version' -printf '%f\n' 2>/dev/null |
		sed 's/\.version$//' | newest_release "$1"
}

# installed_release SERIES: of the headers that are installed on this machine
installed_release()
{
	local dir

	for dir in /lib/modules/*/build; do
		[ ! -d "$dir" ] || basename "${dir%/build}"
	done | newest_release "$1"
}

# kernel_headers RELEASE: the build tree
kernel_headers()
{
	local dir=$cache/headers/usr/src/linux-headers-$1

	[ -f "$cache/headers/$1.version" ] || dir=/lib/modules/$1/build
	echo "$dir"
}

# kernel_release SERIES: the release of a series, or of its cloud flavour (-cloud),
# that modules are built for and hosts boot
kernel_release()
{
	"$top/scripts/fetch-headers" "$1" | cut -d' ' -f1
}

# kernel_source SERIES: the archive in Debian's package of its sources, on stdout
kernel_source()
{
	local package deb

	package=$("$top/scripts/kernels" get "$1" source)
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
