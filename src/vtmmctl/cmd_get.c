// SPDX-License-Identifier: GPL-2.0-only
/*
 * vtmmctl get: plain values for scripts. It names no field: what the tables of
 * the library have can be asked for.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "../lib/codec.h"
#include "ctl.h"
#include "keys.h"
#include "text.h"

/* Something that can be asked for, and what stands before its keys. */
struct source {
	const char *prefix;
	const struct vtmm_set *set;
	enum vtmm_status (*get)(struct vtmm_client *c, uint32_t id, void *obj);
};

static enum vtmm_status get_vm(struct vtmm_client *c, uint32_t id, void *obj)
{
	return vtmm_vm_get(c, id, obj);
}

static enum vtmm_status get_plan(struct vtmm_client *c, uint32_t id, void *obj)
{
	return vtmm_plan_get(c, id, obj);
}

static enum vtmm_status get_heat(struct vtmm_client *c, uint32_t id, void *obj)
{
	return vtmm_heat_get(c, id, obj);
}

static enum vtmm_status get_map(struct vtmm_client *c, uint32_t id, void *obj)
{
	struct vtmm_heatmap_info wish = {.vm_id = id};

	VTMM_SET(&wish, VTMM_A_HEATMAP_VM_ID);
	return vtmm_heatmap_get(c, &wish, obj);
}

static enum vtmm_status get_pages(struct vtmm_client *c, uint32_t id, void *obj)
{
	struct vtmm_pages_info wish = {.vm_id = id};

	VTMM_SET(&wish, VTMM_A_PAGES_VM_ID);
	return vtmm_pages_get(c, &wish, obj);
}

static enum vtmm_status get_pool(struct vtmm_client *c, uint32_t id, void *obj)
{
	(void)id;
	return vtmm_pool_get(c, obj);
}

static enum vtmm_status get_info(struct vtmm_client *c, uint32_t id, void *obj)
{
	(void)id;
	return vtmm_info_get(c, obj);
}

/* The first of each has no prefix: it is what is shown without a key. */
static const struct source of_vm[] = {
	{"", &vtmm_set_vm, get_vm},
	{"plan", &vtmm_set_plan, get_plan},
	{"heat", &vtmm_set_heat, get_heat},
	{"heatmap", &vtmm_set_heatmap, get_map},
	{"pages", &vtmm_set_pages, get_pages},
	{NULL, NULL, NULL},
};

static const struct source of_pool[] = {
	{"", &vtmm_set_pool, get_pool},
	{NULL, NULL, NULL},
};

static const struct source of_info[] = {
	{"", &vtmm_set_info, get_info},
	{NULL, NULL, NULL},
};

#define MAX_SOURCES (sizeof(of_vm) / sizeof(of_vm[0]))

/* One run: each source is asked once, so that its values belong together. */
struct getting {
	struct ctl *ctl;
	const struct source *sources;
	uint32_t id;
	void *objs[MAX_SOURCES];
	bool with_keys;
	const char *prefix;
	FILE *text;
	struct json_object *json;
};

/* The source of a key, and the rest of the key; -1 when there is no such key.
 */
static int source_of(const struct source *sources, const char *key,
		     const char **rest)
{
	for (int i = 0; sources[i].set; i++) {
		size_t len = strlen(sources[i].prefix);

		if (strncmp(key, sources[i].prefix, len) != 0 ||
		    (len && key[len] != '.'))
			continue;
		*rest = len ? key + len + 1 : key;
		if (keys_known(sources[i].set, *rest))
			return i;
	}
	return -1;
}

static enum ctl_exit ask(struct getting *g, int i)
{
	const struct source *s = &g->sources[i];
	enum ctl_exit ret;

	if (g->objs[i])
		return CTL_OK;
	g->objs[i] = calloc(1, s->set->size);
	if (!g->objs[i])
		return ctl_fail(g->ctl, "out of memory");
	ret = ctl_status(g->ctl, s->get(g->ctl->client, g->id, g->objs[i]));
	if (ret) {
		free(g->objs[i]);
		g->objs[i] = NULL;
	}
	return ret;
}

static void put_value(FILE *out, const struct vtmm_field *f, const void *at,
		      bool utf8)
{
	uint32_t u32 = 0;
	uint64_t u64;

	switch (f->kind) {
	case VTMM_FIELD_U64:
		memcpy(&u64, at, sizeof(u64));
		fprintf(out, "%llu", (unsigned long long)u64);
		break;
	case VTMM_FIELD_U32:
	case VTMM_FIELD_LIST_U32:
	case VTMM_FIELD_ENUM:
		memcpy(&u32, at, sizeof(u32));
		if (f->names)
			fputs(vtmm_enum_name(f->names, u32), out);
		else
			fprintf(out, "%u", u32);
		break;
	case VTMM_FIELD_BOOL:
		fputs(*(const uint8_t *)at ? "true" : "false", out);
		break;
	case VTMM_FIELD_U8:
		fprintf(out, "%u", *(const uint8_t *)at);
		break;
	default:
		text_put(out, at, utf8);
	}
}

static void take(void *ctx, const char *key, const struct vtmm_field *f,
		 const void *at)
{
	struct getting *g = ctx;
	char full[2 * KEY_SIZE];

	snprintf(full, sizeof(full), "%s%s%s", g->prefix, *g->prefix ? "." : "",
		 key);
	if (g->json) {
		json_object_object_add(g->json, full, json_scalar(f, at));
		return;
	}
	if (g->with_keys)
		fprintf(g->text, "%s ", full);
	put_value(g->text, f, at, g->ctl->utf8);
	fputc('\n', g->text);
}

/* One key; what has no value now is null in JSON, and a failure in text. */
static enum ctl_exit get_key(struct getting *g, const char *key)
{
	const char *rest = key;
	int i = source_of(g->sources, key, &rest);
	enum ctl_exit ret = ask(g, i);

	if (ret)
		return ret;
	g->prefix = g->sources[i].prefix;
	if (keys_visit(g->sources[i].set, g->objs[i], rest, take, g))
		return CTL_OK;
	if (!g->json)
		return ctl_fail(g->ctl,
				"%s has no value now: -j prints null for it",
				key);
	json_object_object_add(g->json, key, NULL);
	return CTL_OK;
}

static enum ctl_exit get_all(struct getting *g)
{
	enum ctl_exit ret = ask(g, 0);

	g->with_keys = true;
	g->prefix = "";
	if (!ret)
		keys_visit(g->sources[0].set, g->objs[0], NULL, take, g);
	return ret;
}

/* Nothing is printed before all of it is there. */
static enum ctl_exit collect(struct getting *g, int nr, char **keys)
{
	char *text = NULL;
	size_t size;
	enum ctl_exit ret = CTL_OK;

	g->text = open_memstream(&text, &size);
	if (!g->text)
		return ctl_fail(g->ctl, "out of memory");
	if (!nr)
		ret = get_all(g);
	for (int i = 0; i < nr && !ret; i++)
		ret = get_key(g, keys[i]);
	fclose(g->text);
	if (!ret && !g->json)
		fputs(text, g->ctl->out);
	free(text);
	return ret;
}

static enum ctl_exit check_keys(struct ctl *ctl, const struct source *sources,
				int argc, char **argv)
{
	const char *rest;

	for (int i = 1; i < argc; i++)
		if (source_of(sources, argv[i], &rest) < 0)
			return ctl_usage(
				ctl,
				"get: there is no key '%s': vtmmctl get %s lists them",
				argv[i], argv[0]);
	return CTL_OK;
}

static enum ctl_exit find(struct getting *g, const char *what)
{
	struct vtmm_vm_info vm;
	enum ctl_exit ret;

	if (g->sources != of_vm)
		return CTL_OK;
	ret = ctl_select(g->ctl, what, &vm);
	if (!ret)
		g->id = vm.id;
	return ret;
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct getting g = {.ctl = ctl, .sources = of_vm};
	enum ctl_exit ret;

	(void)opts;
	if (!strcmp(argv[0], "pool"))
		g.sources = of_pool;
	else if (!strcmp(argv[0], "info"))
		g.sources = of_info;
	ret = check_keys(ctl, g.sources, argc, argv);
	if (!ret)
		ret = find(&g, argv[0]);
	if (ret)
		return ret;
	if (ctl->json)
		g.json = json_object_new_object();
	ret = collect(&g, argc - 1, argv + 1);
	for (int i = 0; g.sources[i].set; i++) {
		if (g.objs[i])
			vtmm_obj_free(g.sources[i].set, g.objs[i]);
		free(g.objs[i]);
	}
	if (!ret && ctl->json)
		json_print(ctl->out, g.json);
	else
		json_object_put(g.json);
	return ret;
}

static void put_words(FILE *out)
{
	fputs(" pool info", out);
	for (size_t i = 0; of_vm[i].set; i++)
		keys_list(out, of_vm[i].set, of_vm[i].prefix);
	keys_list(out, of_pool[0].set, "");
	keys_list(out, of_info[0].set, "");
}

const struct ctl_command cmd_get = {
	.name = "get",
	.args = "VM|pool|info [KEY...]",
	.summary = "Print plain values, one a line, in the order asked for",
	.details =
		"Keys are those of the JSON form: pages_fast, stats.promoted, plan.promote. Without\n"
		"a key, all that have a value are listed, each with its key.",
	.min_args = 1,
	.max_args = INT_MAX,
	.words = put_words,
	.run = run,
};
