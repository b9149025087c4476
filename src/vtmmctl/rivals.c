// SPDX-License-Identifier: GPL-2.0-only
/*
 * rivals: what else moves pages on this host, by /proc and /sys. It reads and
 * changes nothing; a file that is not there says that there is no such rival.
 */
#include <stdio.h>
#include <string.h>

#include "rivals.h"

static const struct {
	struct rival rival;
	const char *path;
} rivals[RIVALS] = {
	{{"numa-balancing",
	  "is on and works against vtmm: sysctl kernel.numa_balancing=0"},
	 "/proc/sys/kernel/numa_balancing"},
	{{"demotion",
	  "is on and works against vtmm: echo 0 > /sys/kernel/mm/numa/demotion_enabled"},
	 "/sys/kernel/mm/numa/demotion_enabled"},
};

/**
 * host_line() - first line of a file, without its end
 * @ctl: the run
 * @path: of the file
 * @to: out
 * @size: of @to
 *
 * Return: false when it cannot be read.
 */
bool host_line(const struct ctl *ctl, const char *path, char *to, size_t size)
{
	char full[512];
	FILE *f;
	bool ok;

	snprintf(full, sizeof(full), "%s%s", ctl->root, path);
	f = fopen(full, "re");
	if (!f)
		return false;
	ok = fgets(to, (int)size, f);
	fclose(f);
	if (ok)
		to[strcspn(to, "\n")] = '\0';
	return ok;
}

/**
 * rival_at() - one of them
 * @i: less than RIVALS
 */
const struct rival *rival_at(size_t i)
{
	return &rivals[i].rival;
}

/**
 * rival_is_on() - does it move pages now?
 * @ctl: the run
 * @rival: by rival_at()
 *
 * NUMA balancing is a number, its modes are bits; the other is a word.
 */
bool rival_is_on(const struct ctl *ctl, const struct rival *rival)
{
	char line[16];

	for (size_t i = 0; i < RIVALS; i++)
		if (rival == &rivals[i].rival)
			return host_line(ctl, rivals[i].path, line,
					 sizeof(line)) &&
			       strcmp(line, "0") && strcmp(line, "false");
	return false;
}
