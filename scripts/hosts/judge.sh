# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# judge: turns what a host sent into one result line per check, with the host's
# name. Silence is never success. Sourced by scripts/host.

# judge_results: the lines of the results file, named; counts are not needed,
# the caller greps
judge_results()
{
	tr -d '\r' <"$run/results" | while IFS= read -r line; do
		case $line in
		'ok '*) echo "ok $host ${line#ok }" ;;
		'not ok '*) echo "not ok $host ${line#not ok }" ;;
		'moved '*) judge_moved "${line#moved }" ;;
		'# '*) [ -z "$verbose" ] || echo "# $host: ${line#\# }" ;;
		'| '*) [ -z "$verbose" ] || echo "# $host| ${line#| }" ;;
		esac
	done
}

# judge_moved UP DOWN: of all scenarios that verify every byte afterwards
judge_moved()
{
	echo "# $host: ${1% *} pages promoted, ${1#* } demoted, and every byte verified"
}

# judge_missing: the announced scenarios that did not end (the runner says how
# long each took when it ends); a list may name one several times
judge_missing()
{
	local count name ended

	awk '{ print $1 }' "$run/list" | sort | uniq -c | while read -r count name; do
		ended=$(grep -c "^# $name took " "$run/results") || true
		[ "$ended" -ge "$count" ] ||
			echo "not ok $host $name: no result"
	done
}

# judge_end STATUS: how the host itself did, if not well
judge_end()
{
	local bad

	if ! grep -q '^done ' "$run/results"; then
		case $1 in
		124) echo "not ok $host boot: HUNG, stopped after $limit s of silence" ;;
		*) echo "not ok $host boot: DIED, the emulator ended with status $1" ;;
		esac
		judge_missing
		tail -n 15 "$run/console" | tr -d '\r' | sed "s,^,# $host console: ,"
	fi
	bad=$(tr -d '\r' <"$run/console" |
		grep -m1 -E -f "$top/tests/host/bad-lines.txt") || return 0
	echo "not ok $host console: $bad"
}
