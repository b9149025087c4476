# SPDX-License-Identifier: GPL-2.0-only
#
# goals: from the rows that the scenarios print, each after its host, to tables
# and to a verdict on each goal of vtmm's (the way "batch"). Exit status 1 if one is
# missed or there was nothing to judge. Traps of huge pages are counted for each
# 2 MiB.

# value KEY: the word after KEY in this line
function value(key,    i)
{
	for (i = 3; i < NF; i++)
		if ($i == key)
			return $(i + 1)
	return ""
}

function goal(what, got, most)
{
	verdict[goals++] = sprintf("%-6s %-9s %-6s %-28s %9.4f  goal <= %s",
				   got <= most ? "met" : "MISSED", $1, $3, what, got, most)
	missed += got > most
}

function judge(what, pages, flushes, traps,    most)
{
	most = $1 ~ /6\.12$/ ? 0.005 : 0.03
	if (what == "touch")
		goal("traps when touched again", traps / ($3 == "thp" ? pages / 512 : pages), 0.001)
	else if ($3 != "thp")
		goal("flushes, " what, flushes / pages, most)
	if (what ~ /^(up-|back)/)
		goal("traps, " what, traps / pages, 0.2)
}

$2 == "row" {
	n = value("pages")
	if (n > 0)
		row[rows++] = sprintf("%-9s %-6s %-6s %-10s %7d %9.4f %9.4f %9.4f",
				      $1, $3, $4, $5, n, value("flushes") / n,
				      value("traps") / n, value("postponed") / n)
	if (n > 0 && $4 == "batch")
		judge($5, n, value("flushes"), value("traps"))
}

$2 == "gaps" {
	gap[gaps++] = sprintf("%-9s %-6s %-6s %-10s %12s %12s", $1, $3, $4, $5,
			      value("max"), value("p99"))
}

$2 == "writers" {
	n = value("pages")
	if (n > 0)
		late[lates++] = sprintf("%-9s %-6s %6s %% %7d %9.4f", $1, $3, $4, n,
					value("postponed") / n)
}

$2 == "copies" {
	n = value("pages")
	if (n > 0)
		copy[copies++] = sprintf("%-9s %-6s %-17s %7d %9.4f %9.4f %9.4f", $1, $3, $4, n,
					 value("plain") / n, value("ahead") / n,
					 value("again") / n)
}

$2 == "cost" {
	cost[costs++] = sprintf("%-9s %-6s %-6s %-10s %7d %12s %12s", $1, $3, $4, $5,
				value("pages"), value("each"), value("each") * 256)
}

function table(head, lines, n,    i)
{
	if (!n)
		return
	print ""
	print head
	for (i = 0; i < n; i++)
		print lines[i]
}

END {
	table("host      memory way    what         pages   flushes     traps postponed   (each for a page of 4 KiB)", row, rows)
	table("host      memory way    what                max          p99   gaps between two accesses of the guest, in instructions", gap, gaps)
	table("host      memory  written   pages postponed", late, lates)
	table("host      memory what                pages     plain     ahead     again   (with copy_ahead=1: shares of the pages that moved)", copy, copies)
	table("host      memory way    what         pages   instr/page     instr/MB", cost, costs)
	table("goals", verdict, goals)
	exit missed > 0 || !goals
}
