#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test_truthcmp: exit status and output of truthcmp. $1 is the program.
truthcmp=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# expect STATUS WHAT ARG...: truthcmp's exit status
expect()
{
	want=$1 what=$2
	shift 2
	"$truthcmp" "$@" >"$dir/out" 2>&1
	got=$?
	if [ "$got" = "$want" ]; then
		echo "ok truthcmp: $what"
	else
		echo "not ok truthcmp: $what: status $got: $(head -n 1 "$dir/out")"
		failed=1
	fi
}

cd "$dir" || exit 1
printf '40000 4 r\n40008 2 w\n' >truth
printf '40008 1 w\n40000 2 r\n40009 1 w\nok lines=4\n40002 2 r\n' >same
printf '40000 4 r\n40008 2 rw\n' >accessed
printf '40000 3 r\n40008 2 w\n' >missing
printf '40000 4 r\n40008 2 w\n50000 1 r\n' >invented
printf '40100 1 r\n' >chunk
printf 'something else\n' >bad

expect 0 "order and splitting make no difference" --exact truth same
expect 0 "a written page counts as accessed" truth accessed
expect 1 "unless it must be exact" --exact truth accessed
expect 1 "a missing page" truth missing
grep -q 'missing=1 invented=0' "$dir/out" || failed=1
expect 1 "an invented page" truth invented
expect 0 "outside the window nothing counts" --within 40000:100 truth invented
expect 1 "other pages of the chunk" truth chunk
expect 0 "the same chunk" --chunk --any truth chunk
expect 1 "nothing is not the truth" truth /dev/null
expect 2 "no range file" truth bad
expect 2 "no file" truth none
expect 2 "no arguments"
exit $failed
