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

# What a tool has found clean is remembered in build/style/clean, by a hash of the tool
# and its options and one of what it has looked at: a file that changes, or a tool, is
# looked at again, and a fresh clone looks at all. What had a fault is not remembered.
clean=$build/style/clean

# hash WORD... : of the words and of stdin
hash()
{
	{ printf '%s\n' "$@" && cat; } | sha256sum | cut -d' ' -f1
}

# unknown TOOL < LIST: of a list of `HASH FILE`, the lines that TOOL, a hash, has not
# found clean
unknown()
{
	while read -r sum file; do
		[ -e "$clean/$1/$sum-${file//\//-}" ] || echo "$sum $file"
	done
}

# remember TOOL < LIST: these are clean, if $log is empty
remember()
{
	[ ! -s "$log" ] || return 0
	mkdir -p "$clean/$1"
	while read -r sum file; do
		: >"$clean/$1/$sum-${file//\//-}"
	done
}

# told COMMAND... : what it says in $log, and that it failed if it did so without a word
told()
{
	local status=0

	"$@" >>"$log" 2>&1 || status=$?
	[ $status = 0 ] || [ -s "$log" ] || echo "$1 failed with status $status" >"$log"
}

# each_unknown TOOL COMMAND... : runs COMMAND with those of the files on stdin that are
# not known to be clean, and says what it found in $log
each_unknown()
{
	local tool=$1 list

	shift
	list=$(xargs -r sha256sum | unknown "$tool")
	[ -n "$list" ] || return 0
	# The names of files are words.
	# shellcheck disable=SC2046
	told "$@" $(cut -d' ' -f2- <<<"$list")
	remember "$tool" <<<"$list"
}

kernel_files() { files 'src/kmod/*.[ch]' 'src/core/*.[ch]' 'src/compat/*.[ch]' 'include/*.h'; }
user_files() { files 'src/lib/*.[ch]' 'src/vtmmctl/*.[ch]' 'scripts/types/*.c' 'tests/*.[ch]' 'bench/*.[ch]'; }
