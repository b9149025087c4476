// SPDX-License-Identifier: GPL-2.0-only
/* settings: the options that attach and set have in common. */
#include <string.h>

#include "../lib/fields.h"
#include "settings.h"

static const char *set_name(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;

	if (strlen(arg) >= sizeof(vm->name))
		return "is longer than 63 bytes";
	strcpy(vm->name, arg);
	VTMM_SET(vm, VTMM_A_VM_NAME);
	return NULL;
}

static const char *set_min(void *options, const char *arg)
{
	struct settings *s = options;

	s->has_min = true;
	if (!strcmp(arg, "none"))
		return "is not a guarantee: say 0";
	return parse_amount(arg, &s->min);
}

static const char *set_max(void *options, const char *arg)
{
	struct settings *s = options;

	s->has_max = true;
	return parse_amount(arg, &s->max);
}

static const char *set_shares(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;
	uint64_t n;
	const char *problem = parse_number(arg, 1, 10000, &n);

	vm->shares = (uint32_t)n;
	VTMM_SET(vm, VTMM_A_VM_SHARES);
	return problem ? "is not a number of shares, 1..10000" : NULL;
}

static const char *set_period(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;
	uint64_t ms;
	const char *problem = parse_time(arg, &ms);

	if (problem)
		return problem;
	vm->period_ms = (uint32_t)ms;
	VTMM_SET(vm, VTMM_A_VM_PERIOD_MS);
	return ms < 10 || ms > 60000 ? "is not between 10ms and 60s" : NULL;
}

static const char *set_mode(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;

	for (uint32_t i = 0; vtmm_mode_names[i]; i++) {
		if (strcmp(arg, vtmm_mode_names[i]) != 0)
			continue;
		vm->mode = i;
		VTMM_SET(vm, VTMM_A_VM_MODE);
		return NULL;
	}
	return "is not manage, observe or off";
}

static const char *set_rate(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;

	VTMM_SET(vm, VTMM_A_VM_RATE_BYTES);
	return parse_rate(arg, &vm->rate_bytes);
}

const struct ctl_option setting_options[] = {
	{"name", 'n', "NAME", "name for people, at most 63 bytes", set_name},
	{"min", 0, "SIZE", "fast memory guaranteed: 64M, or 10% of the pool",
	 set_min},
	{"max", 0, "SIZE", "fast memory at most: 4G, 80% of the pool, none",
	 set_max},
	{"shares", 0, "N",
	 "claim on the pool beyond min, 1..10000 (default 100)", set_shares},
	{"period", 0, "TIME", "length of a round, 10ms..60s (default 600ms)",
	 set_period},
	{"mode", 0, "MODE",
	 "manage, observe (never move) or off (default manage)", set_mode},
	{"rate", 0, "RATE", "bytes/s that may move: 100M, none (default none)",
	 set_rate},
	{NULL, 0, NULL, NULL, NULL},
};

/* Percentages are of the pool, so ask for its size, but only then. */
static enum ctl_exit pool_size(struct ctl *ctl, const struct settings *s,
			       uint64_t *pages)
{
	struct vtmm_pool_info pool;
	enum ctl_exit ret;

	*pages = 0;
	if (!(s->has_min && s->min.kind == AMOUNT_PERCENT) &&
	    !(s->has_max && s->max.kind == AMOUNT_PERCENT))
		return CTL_OK;
	ret = ctl_status(ctl, vtmm_pool_get(ctl->client, &pool));
	if (ret)
		return ret;
	*pages = pool.size;
	vtmm_pool_info_free(&pool);
	return CTL_OK;
}

/**
 * settings_resolve() - turn amounts into pages
 * @ctl: the run, connected
 * @s: the settings; its vm is complete afterwards
 *
 * Return: CTL_OK, or a failure after having told why.
 */
enum ctl_exit settings_resolve(struct ctl *ctl, struct settings *s)
{
	uint64_t pool;
	enum ctl_exit ret = pool_size(ctl, s, &pool);

	if (ret)
		return ret;
	if (s->has_min) {
		s->vm.fast_min = amount_pages(&s->min, pool);
		VTMM_SET(&s->vm, VTMM_A_VM_FAST_MIN);
	}
	if (s->has_max) {
		s->vm.fast_max = amount_pages(&s->max, pool);
		VTMM_SET(&s->vm, VTMM_A_VM_FAST_MAX);
	}
	if (s->has_min && s->has_max && s->vm.fast_min > s->vm.fast_max)
		return ctl_usage(ctl, "--min is more than --max");
	return CTL_OK;
}
