# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# common: what the checks of style and the static analysis share: which files
# there are, and how a result is told. Sourced by them; it checks nothing.

cd "$top" || exit 1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0

# verdict NAME: ok if $log is empty, else what it holds
verdict()
{
	if [ -s "$log" ]; then
		echo "not ok $1: $(grep -c . "$log") lines, first: $(head -n 1 "$log")"
		sed 's/^/# /' "$log" | head -n 60
		failed=1
	else
		echo "ok $1"
	fi
}

# files FOLDER... -- PATTERN... : tracked or new files, none that is ignored
files()
{
	git ls-files --cached --others --exclude-standard -- "$@" |
		while read -r file; do [ ! -f "$file" ] || echo "$file"; done
}

kernel_files() { files 'src/kmod/*.[ch]' 'src/core/*.[ch]' 'src/compat/*.[ch]' 'include/*.h'; }
user_files() { files 'src/lib/*.[ch]' 'src/vtmmctl/*.[ch]' 'src/vtmmd/*.[ch]' 'tests/*.[ch]' 'bench/*.[ch]'; }
