// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_get: plain values by their keys: those of the JSON form, all of them, in
 * the order asked for; what does not exist or has no value fails as a whole.
 */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "run.h"
#include "test.h"

static void setup(struct fake *f)
{
	fake_init(f);
	fake_add_vm(f, 1, 100, "db");
	fake_add_vm(f, 2, 200, "web");
}

static struct json_object *json_run(struct fake *f, const char *line)
{
	struct result r = run(f, line);
	struct json_object *o = json_tokener_parse(r.out);

	assert_int_equal(r.status, CTL_OK);
	assert_non_null(o);
	result_free(&r);
	return o;
}

/* The value of a key with numbers in it, in the JSON form of the whole object.
 */
static struct json_object *at(struct json_object *o, const char *path)
{
	char word[64];

	while (*path) {
		size_t len = strcspn(path, ".");
		struct json_object *next = NULL;

		memcpy(word, path, len);
		word[len] = '\0';
		if (json_object_is_type(o, json_type_array))
			next = json_object_array_get_idx(o, atoi(word));
		else
			json_object_object_get_ex(o, word, &next);
		o = next;
		path += len + (path[len] == '.');
	}
	return o;
}

/* How many values the JSON form has that are not null. */
static size_t leaves(struct json_object *o)
{
	size_t n = 0;

	if (json_object_is_type(o, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(o); i++)
			n += leaves(json_object_array_get_idx(o, i));
		return n;
	}
	if (!json_object_is_type(o, json_type_object))
		return o ? 1 : 0;
	json_object_object_foreach(o, key, value)
	{
		(void)key;
		n += leaves(value);
	}
	return n;
}

/* A listed line: its key, asked for alone, gives its value, which JSON has too.
 */
static void check_listed(struct fake *f, const char *what, char *line,
			 struct json_object *whole)
{
	char *value = strchr(line, ' '), one[256], wanted[512];

	assert_non_null(value);
	*value++ = '\0';
	snprintf(one, sizeof(one), "get %s %s", what, line);
	snprintf(wanted, sizeof(wanted), "%s\n", value);
	check_run(f, one, CTL_OK, wanted, "");
	assert_string_equal(json_object_get_string(at(whole, line)), value);
}

/* All of an object: each value once, and nothing that JSON does not have. */
static void check_all(struct fake *f, const char *what, const char *json,
		      const char *path)
{
	struct json_object *whole = json_run(f, json);
	char line[64], *rest;
	struct result r;
	size_t n = 0;

	snprintf(line, sizeof(line), "get %s", what);
	r = run(f, line);
	assert_int_equal(r.status, CTL_OK);
	for (char *s = strtok_r(r.out, "\n", &rest); s;
	     s = strtok_r(NULL, "\n", &rest), n++)
		check_listed(f, what, s, at(whole, path));
	assert_int_equal(n, leaves(at(whole, path)));
	result_free(&r);
	json_object_put(whole);
}

static void test_all(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	check_all(&f, "db", "stats db -j", "vm");
	check_all(&f, "info", "status -j", "host");
	/* What has no value is not listed. */
	f.vms[0].present &= ~(1ull << VTMM_A_VM_FAST_MAX);
	f.vms[0].stats.present &= ~(1ull << VTMM_A_STATS_PROMOTED);
	check_all(&f, "db", "stats db -j", "vm");
	fake_free(&f);
}

/* The order of the spec, so that what is appended comes last. */
static void test_order_of_list(void **state)
{
	struct result r;
	struct fake f;
	char *at;

	(void)state;
	setup(&f);
	r = run(&f, "get db");
	at = r.out;
	for (size_t i = 0; i < vtmm_set_vm.nr; i++) {
		const struct vtmm_field *field = &vtmm_set_vm.fields[i];
		char key[64];

		if (field->kind == VTMM_FIELD_FLAG)
			continue;
		snprintf(key, sizeof(key), "%s%s", field->name,
			 field->kind == VTMM_FIELD_NEST ? "." : " ");
		assert_int_equal(strncmp(at, key, strlen(key)), 0);
		while (!strncmp(at, key, strlen(key)))
			at = strchr(at, '\n') + 1;
	}
	assert_string_equal(at, "");
	result_free(&r);
	fake_free(&f);
}

static void test_order_as_asked(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.vms[1].stats.promoted = 4242;
	check_run(&f, "get web stats.promoted name pid stats.promoted mode",
		  CTL_OK, "4242\nweb\n200\n4242\nmanage\n", "");
	check_run(&f, "get id:1 name queue", CTL_OK, "db\nfalse\n", "");
	f.vms[0].fast_max = UINT64_MAX;
	check_run(&f, "get pid:100 fast_max", CTL_OK, "18446744073709551615\n",
		  "");
	fake_free(&f);
}

static void test_other_objects(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	check_run(&f, "get db plan.promote pages_fast plan.reason", CTL_OK,
		  "512\n32768\nsomething moves\n", "");
	check_run(&f, "get db heat.hot_temp heat.buckets.30.fast", CTL_OK,
		  "20\n10\n", "");
	check_run(&f, "get db heatmap.chunks.gfn", CTL_OK, "0\n512\n1024\n",
		  "");
	check_run(&f, "get db pages.runs.tier", CTL_OK, "fast\nslow\nslow\n",
		  "");
	check_run(&f, "get pool size auto", CTL_OK, "131072\ntrue\n", "");
	check_run(&f, "get info version tiers.nodes tiers.1.guessed", CTL_OK,
		  "0.1.0\n0\n1\n2\ntrue\n", "");
	fake_free(&f);
}

static void test_lists(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.pool.members[0].allotment = 7;
	f.pool.members[1].allotment = 9;
	check_run(&f, "get pool members.allotment free", CTL_OK,
		  "7\n9\n32768\n", "");
	check_run(&f, "get pool members.1.allotment", CTL_OK, "9\n", "");
	check_run(&f, "get info tiers.1.nodes.1", CTL_OK, "2\n", "");
	check_error(&f, "get pool members.2.allotment", CTL_FAILED,
		    "members.2.allotment has no value now");
	check_error(&f, "get info tiers.1.nodes.2", CTL_FAILED, "no value now");
	/* A list without elements is no failure: it is as long as that. */
	f.pool.nr_members = 0;
	check_run(&f, "get pool members.allotment free", CTL_OK, "32768\n", "");
	f.pool.nr_members = 2;
	fake_free(&f);
}

static void test_no_such_key(void **state)
{
	static const char *const keys[] = {
		"nonsense",
		"stats",
		"stats.",
		"stats.nonsense",
		"stats.promoted.1",
		".name",
		"name.",
		"name.x",
		"pages_fas",
		"pages_fastx",
		"round_now",
		"plan",
		"plan.nonsense",
		"heat.buckets",
		"heat.buckets.0",
		"size",
		"heat.buckets.x.fast",
		"heat.buckets.-1.fast",
		"heat.buckets.99999999999999999999.fast",
	};
	struct fake f;
	char line[128];

	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT(keys); i++) {
		snprintf(line, sizeof(line), "get db name %s", keys[i]);
		check_error(&f, line, CTL_USAGE, "there is no key '");
	}
	check_error(&f, "get pool name", CTL_USAGE, "vtmmctl get pool lists");
	check_error(&f, "get info members", CTL_USAGE, "no key 'members'");
	check_error(&f, "get", CTL_USAGE, "needs VM|pool|info");
	check_error(&f, "get nobody name", CTL_FAILED, "no attached VM");
	fake_free(&f);
}

/* One of them fails: none is printed, so that no script takes one for another.
 */
static void test_all_or_nothing(void **state)
{
	struct json_object *o;
	struct fake f;

	(void)state;
	setup(&f);
	f.vms[0].present &= ~(1ull << VTMM_A_VM_FAST_MAX);
	check_error(&f, "get db name fast_max pid", CTL_FAILED,
		    "fast_max has no value now");
	f.refusal = (struct fake_refusal){.cmd = VTMM_CMD_PLAN_GET,
					  .err = 16,
					  .text = "no round has ended yet"};
	check_error(&f, "get db name plan.promote", CTL_FAILED,
		    "no round has ended yet");
	o = json_run(&f, "get -j db name fast_max");
	assert_string_equal(json_object_get_string(at(o, "name")), "db");
	assert_true(json_object_object_get_ex(o, "fast_max", NULL));
	assert_null(at(o, "fast_max"));
	json_object_put(o);
	fake_free(&f);
}

static unsigned int asked[256];

static void count_asked(struct fake *f, uint8_t cmd)
{
	(void)f;
	asked[cmd]++;
}

/* Values of one object are of one moment: it is asked for once. */
static void test_one_moment(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.asked = count_asked;
	memset(asked, 0, sizeof(asked));
	check_run(&f, "get pool size free size free", CTL_OK,
		  "131072\n32768\n131072\n32768\n", "");
	assert_int_equal(asked[VTMM_CMD_POOL_GET], 1);
	check_run(&f, "get db plan.hot id plan.hot", CTL_OK, "1024\n1\n1024\n",
		  "");
	assert_int_equal(asked[VTMM_CMD_PLAN_GET], 1);
	assert_int_equal(asked[VTMM_CMD_HEAT_GET], 0);
	fake_free(&f);
}

/* A line is a value, whatever the name: nothing breaks it or steers a terminal.
 */
static void test_evil_name(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f);
	fake_add_vm(&f, 1, 100, "a\nb\033[2J");
	check_run(&f, "get id:1 name id", CTL_OK, "a\\x0ab\\x1b[2J\n1\n", "");
	/* The words for pool and host are no names, unless it is said so. */
	strcpy(f.vms[0].name, "pool");
	check_run(&f, "get name:pool pid", CTL_OK, "100\n", "");
	fake_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_order_of_list),
		cmocka_unit_test(test_order_as_asked),
		cmocka_unit_test(test_other_objects),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_no_such_key),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_one_moment),
		cmocka_unit_test(test_evil_name),
	};

	return cmocka_run_group_tests_name("get", tests, NULL, NULL);
}
