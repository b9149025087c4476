// SPDX-License-Identifier: GPL-2.0-only
/*
 * settings: the settings of a VM, from what people type and as they are shown.
 * What they are called and what they may be stands in tables.c.
 */
#include <string.h>

#include "../lib/fields.h"
#include "settings.h"

static const char *note_name(struct vtmm_vm_info *vm, const struct setting *s,
			     const char *arg)
{
	if (strlen(arg) > s->max)
		return s->refusal;
	strcpy(vm->name, arg);
	VTMM_SET(vm, s->attr);
	return NULL;
}

static const char *note_guarantee(struct settings *s, const char *arg)
{
	s->has_min = true;
	if (!strcmp(arg, "none"))
		return "is not a guarantee: say 0";
	return parse_amount(arg, &s->min);
}

static const char *note_limit(struct settings *s, const char *arg)
{
	s->has_max = true;
	return parse_amount(arg, &s->max);
}

static const struct vtmm_field *field_of(const struct setting *s)
{
	return vtmm_field_of(&vtmm_set_vm, s->attr);
}

static const char *parse_word(const char *const *words, const char *arg,
			      const char *refusal, uint64_t *value)
{
	for (*value = 0; words[*value]; ++*value)
		if (!strcmp(arg, words[*value]))
			return NULL;
	return refusal;
}

static const char *parse_percent(const struct setting *s, const char *arg,
				 uint64_t *value)
{
	uint32_t permille = 0;
	const char *problem = NULL;

	if (s->min || (strcmp(arg, "none") != 0 && strcmp(arg, "0") != 0))
		problem = parse_permille(arg, &permille);
	*value = permille;
	return problem;
}

static const char *parse_pages(const char *arg, uint64_t *value)
{
	struct amount amount = {AMOUNT_BYTES, 0};
	const char *problem = parse_size(arg, &amount.value);

	*value = amount_pages(&amount, 0);
	return problem;
}

/* The number that is meant, in the unit of the attribute. */
static const char *parse_value(const struct setting *s, const char *arg,
			       uint64_t *value)
{
	static const char *const switches[] = {"off", "on", NULL};

	switch (s->kind) {
	case SETTING_ENUM:
		return parse_word(field_of(s)->names, arg, s->refusal, value);
	case SETTING_SWITCH:
		return parse_word(switches, arg, s->refusal, value);
	case SETTING_TIME:
		return parse_time(arg, value);
	case SETTING_PERCENT:
		return parse_percent(s, arg, value);
	case SETTING_RATE:
		return parse_rate(arg, value);
	case SETTING_SIZE:
		return parse_pages(arg, value);
	default:
		return parse_number(arg, 0, UINT64_MAX, value);
	}
}

/**
 * settings_note() - note a setting as it was typed
 * @s: the settings
 * @what: which of them
 * @arg: the text
 *
 * Return: NULL, or what is wrong.
 */
const char *settings_note(struct settings *s, const struct setting *what,
			  const char *arg)
{
	const char *problem;
	uint64_t value;

	if (what->kind == SETTING_NAME)
		return note_name(&s->vm, what, arg);
	if (what->kind == SETTING_GUARANTEE)
		return note_guarantee(s, arg);
	if (what->kind == SETTING_LIMIT)
		return note_limit(s, arg);
	problem = parse_value(what, arg, &value);
	if (problem)
		return problem;
	if (value < what->min || value > what->max)
		return what->refusal;
	vtmm_field_set_number(field_of(what), &s->vm, value);
	return NULL;
}

static struct text text_number(uint64_t value)
{
	struct text t;

	snprintf(t.s, sizeof(t.s), "%llu", (unsigned long long)value);
	return t;
}

static struct text text_of(const char *s)
{
	struct text t;

	snprintf(t.s, sizeof(t.s), "%s", s);
	return t;
}

/**
 * settings_text() - a setting of a VM
 * @vm: the VM
 * @what: which setting, not the name
 *
 * Return: for people to read.
 */
struct text settings_text(const struct vtmm_vm_info *vm,
			  const struct setting *what)
{
	uint64_t value = vtmm_field_number(field_of(what), vm);

	switch (what->kind) {
	case SETTING_ENUM:
		return text_of(
			vtmm_enum_name(field_of(what)->names, (uint32_t)value));
	case SETTING_SWITCH:
		return text_of(value ? "on" : "off");
	case SETTING_TIME:
		return text_us(value * 1000);
	case SETTING_PERCENT:
		return value ? text_percent(value, 1000) : text_of("none");
	case SETTING_RATE:
		return text_rate(value);
	case SETTING_LIMIT:
		return text_limit(VTMM_HAS(vm, what->attr) ? value
							   : VTMM_NO_LIMIT);
	case SETTING_GUARANTEE:
	case SETTING_SIZE:
		return text_pages(value);
	default:
		return text_number(value);
	}
}

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
