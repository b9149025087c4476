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

/* A whole number into a member; ranges are those of the netlink policy. */
static const char *set_number(struct vtmm_vm_info *vm, uint32_t *member,
			      int attr, const char *arg, uint32_t min,
			      uint32_t max)
{
	uint64_t n;
	const char *problem = parse_number(arg, min, max, &n);

	if (problem)
		return problem;
	*member = (uint32_t)n;
	VTMM_SET(vm, attr);
	return NULL;
}

static const char *set_shares(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;

	return set_number(vm, &vm->shares, VTMM_A_VM_SHARES, arg, 1, 10000)
		       ? "is not a number of shares, 1..10000"
		       : NULL;
}

static const char *set_window(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;

	return set_number(vm, &vm->window, VTMM_A_VM_WINDOW, arg, 2, 10);
}

static const char *set_read_weight(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;

	return set_number(vm, &vm->read_weight, VTMM_A_VM_READ_WEIGHT, arg, 0,
			  3);
}

static const char *set_write_weight(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;

	return set_number(vm, &vm->write_weight, VTMM_A_VM_WRITE_WEIGHT, arg, 0,
			  3);
}

static const char *set_hot(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;
	const char *problem = parse_permille(arg, &vm->hot_permille);

	VTMM_SET(vm, VTMM_A_VM_HOT_PERMILLE);
	if (!problem && !vm->hot_permille)
		problem = "is not more than 0%";
	return problem;
}

static const char *set_hysteresis(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;

	return set_number(vm, &vm->hysteresis, VTMM_A_VM_HYSTERESIS, arg, 0,
			  30);
}

static const char *set_cooldown(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;

	return set_number(vm, &vm->cooldown, VTMM_A_VM_COOLDOWN, arg, 0, 255);
}

static const char *set_floor(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;
	struct amount amount = {AMOUNT_BYTES, 0};
	const char *problem = parse_size(arg, &amount.value);

	vm->floor = amount_pages(&amount, 0);
	VTMM_SET(vm, VTMM_A_VM_FLOOR);
	return problem;
}

static const char *set_queue(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;

	vm->queue = !strcmp(arg, "on");
	VTMM_SET(vm, VTMM_A_VM_QUEUE);
	return vm->queue || !strcmp(arg, "off") ? NULL : "is not on or off";
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

static const char *set_budget(void *options, const char *arg)
{
	struct vtmm_vm_info *vm = &((struct settings *)options)->vm;
	const char *problem = NULL;

	vm->budget_permille = 0;
	if (strcmp(arg, "none") != 0 && strcmp(arg, "0") != 0)
		problem = parse_permille(arg, &vm->budget_permille);
	VTMM_SET(vm, VTMM_A_VM_BUDGET_PERMILLE);
	return problem ? "is not a part of a CPU, 0.1%..100%, or none" : NULL;
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
	{"budget", 0, "PERCENT",
	 "of one CPU for tracking, else rounds are rarer: 0.5%, none (default 2%)",
	 set_budget},
	{"mode", 0, "MODE",
	 "manage, observe (never move) or off (default manage)", set_mode},
	{"rate", 0, "RATE", "bytes/s that may move: 100M, none (default none)",
	 set_rate},
	{"window", 0, "N",
	 "rounds that temperature looks back over, 2..10 (default 10)",
	 set_window},
	{"read-weight", 0, "N",
	 "heat of a round with reads only, 0..3 (default 1)", set_read_weight},
	{"write-weight", 0, "N",
	 "heat of a round with writes, 0..3 (default 3)", set_write_weight},
	{"hot", 0, "PERCENT",
	 "part of the accessed pages that is hot, 0.1%..100% (default 90%)",
	 set_hot},
	{"hysteresis", 0, "N",
	 "degrees above the page that it replaces, 0..30 (default 2)",
	 set_hysteresis},
	{"cooldown", 0, "N",
	 "rounds for which a moved page stays, 0..255 (default 20)",
	 set_cooldown},
	{"floor", 0, "SIZE",
	 "less than that does not move (default 100M or 1% of the VM)",
	 set_floor},
	{"queue", 0, "on|off",
	 "re-arm steadily hot pages less often (default on)", set_queue},
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
