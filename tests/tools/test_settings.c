// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_settings: every setting of a VM at both ends of what the manual allows,
 * and one beyond; what is typed is what is sent, and nothing else is.
 */
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "test.h"

static void setup(struct fake *f)
{
	fake_init(f);
	fake_add_vm(f, 1, 100, "db");
}

/* What "set db OPTION" sends; the id is taken away. */
static struct vtmm_vm_info sent(struct fake *f, const char *option)
{
	struct vtmm_vm_info wish = {0};
	char line[256];

	snprintf(line, sizeof(line), "set db %s", option);
	check_run(f, line, CTL_OK, "", "");
	assert_int_equal(fake_last_cmd(f), VTMM_CMD_VM_SET);
	fake_request(f, &vtmm_set_vm, &wish);
	assert_int_equal(wish.id, 1);
	wish.present &= ~(1ull << VTMM_A_VM_ID);
	return wish;
}

/* A setting, what it is at its ends, and what is refused. */
struct bound {
	const char *option;
	int attr;
	struct {
		size_t offset;
		size_t size;
	} where;
	struct {
		const char *text;
		uint64_t value;
	} good[4];
	const char *bad[3];
};

#define WHERE(m)                                              \
	{                                                     \
		offsetof(struct vtmm_vm_info, m),             \
			sizeof(((struct vtmm_vm_info *)0)->m) \
	}

static const struct bound bounds[] = {
	{"--min",
	 VTMM_A_VM_FAST_MIN,
	 WHERE(fast_min),
	 {{"0", 0}, {"1", 1}, {"100%", 512 * 256}, {"25%", 128 * 256}},
	 {"none", "101%", "-1"}},
	{"--max",
	 VTMM_A_VM_FAST_MAX,
	 WHERE(fast_max),
	 {{"0", 0},
	  {"none", VTMM_NO_LIMIT},
	  {"100%", 512 * 256},
	  {"80%", 104857}},
	 {"101%", "all", "1Z"}},
	{"--shares",
	 VTMM_A_VM_SHARES,
	 WHERE(shares),
	 {{"1", 1}, {"10000", 10000}, {"1001", 1001}, {"100", 100}},
	 {"0", "10001", "1.5"}},
	{"--period",
	 VTMM_A_VM_PERIOD_MS,
	 WHERE(period_ms),
	 {{"10ms", 10}, {"60s", 60000}, {"1m", 60000}, {"0.6s", 600}},
	 {"9ms", "60001ms", "4294967306ms"}},
	{"--budget",
	 VTMM_A_VM_BUDGET_PERMILLE,
	 WHERE(budget_permille),
	 {{"0.1%", 1}, {"100%", 1000}, {"none", 0}, {"0", 0}},
	 {"100.1%", "2", "-1%"}},
	{"--mode",
	 VTMM_A_VM_MODE,
	 WHERE(mode),
	 {{"manage", VTMM_MODE_MANAGE},
	  {"observe", VTMM_MODE_OBSERVE},
	  {"off", VTMM_MODE_OFF}},
	 {"of", "offf", "Off"}},
	{"--rate",
	 VTMM_A_VM_RATE_BYTES,
	 WHERE(rate_bytes),
	 {{"none", 0}, {"1", 1}, {"100M/s", 100 << 20}, {"1.5K", 1536}},
	 {"1%", "-1", "fast"}},
	{"--window",
	 VTMM_A_VM_WINDOW,
	 WHERE(window),
	 {{"2", 2}, {"10", 10}},
	 {"1", "11", "x"}},
	{"--read-weight",
	 VTMM_A_VM_READ_WEIGHT,
	 WHERE(read_weight),
	 {{"0", 0}, {"3", 3}},
	 {"4", "-1", "x"}},
	{"--write-weight",
	 VTMM_A_VM_WRITE_WEIGHT,
	 WHERE(write_weight),
	 {{"0", 0}, {"3", 3}},
	 {"4", "-1", "x"}},
	{"--hot",
	 VTMM_A_VM_HOT_PERMILLE,
	 WHERE(hot_permille),
	 {{"0.1%", 1}, {"100%", 1000}},
	 {"0%", "100.1%", "90"}},
	{"--hysteresis",
	 VTMM_A_VM_HYSTERESIS,
	 WHERE(hysteresis),
	 {{"0", 0}, {"30", 30}},
	 {"31", "-1", "x"}},
	{"--cooldown",
	 VTMM_A_VM_COOLDOWN,
	 WHERE(cooldown),
	 {{"0", 0}, {"255", 255}},
	 {"256", "-1", "x"}},
	{"--floor",
	 VTMM_A_VM_FLOOR,
	 WHERE(floor),
	 {{"0", 0}, {"1", 1}, {"1M", 256}},
	 {"1%", "none", "-1"}},
	{"--queue",
	 VTMM_A_VM_QUEUE,
	 WHERE(queue),
	 {{"on", 1}, {"off", 0}},
	 {"1", "yes", "onn"}},
};

static uint64_t member(const struct vtmm_vm_info *vm, const struct bound *b)
{
	uint64_t value = 0;

	memcpy(&value, (const char *)vm + b->where.offset, b->where.size);
	return value;
}

static void check_bound(struct fake *f, const struct bound *b)
{
	char line[128];

	for (size_t i = 0; i < COUNT(b->good) && b->good[i].text; i++) {
		struct vtmm_vm_info wish;

		snprintf(line, sizeof(line), "%s %s", b->option,
			 b->good[i].text);
		wish = sent(f, line);
		assert_int_equal(wish.present, 1ull << b->attr);
		assert_int_equal(member(&wish, b), b->good[i].value);
	}
	for (size_t i = 0; i < COUNT(b->bad); i++) {
		f->requests = 0;
		snprintf(line, sizeof(line), "set db %s %s", b->option,
			 b->bad[i]);
		check_error(f, line, CTL_USAGE, b->option);
		assert_int_equal(f->requests, 0);
	}
}

static void test_bounds(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT(bounds); i++)
		check_bound(&f, &bounds[i]);
	fake_free(&f);
}

/* A setting that is not in the table above is not tested: there is none. */
static void test_bounds_are_all(void **state)
{
	static const struct ctl_option *option;
	size_t found;

	(void)state;
	for (option = cmd_set.shared_options; option->name; option++) {
		found = !strcmp(option->name, "name");
		for (size_t i = 0; i < COUNT(bounds); i++)
			found += !strcmp(option->name, bounds[i].option + 2);
		if (found != 1)
			fail_msg("--%s is tested %zu times", option->name,
				 found);
	}
}

static void test_name(void **state)
{
	char name[VTMM_NAME_SIZE + 1] = {0}, line[128];
	struct vtmm_vm_info wish;
	struct fake f;

	(void)state;
	setup(&f);
	memset(name, 'n', VTMM_NAME_SIZE - 1);
	snprintf(line, sizeof(line), "--name %s", name);
	wish = sent(&f, line);
	assert_int_equal(wish.present, 1ull << VTMM_A_VM_NAME);
	assert_string_equal(wish.name, name);
	name[VTMM_NAME_SIZE - 1] = 'n';
	snprintf(line, sizeof(line), "set db --name %s", name);
	check_error(&f, line, CTL_USAGE, "is longer than 63 bytes");
	fake_free(&f);
}

/* A VM may have exactly so much; a guarantee beyond the limit is a slip. */
static void test_min_and_max(void **state)
{
	struct vtmm_vm_info wish;
	struct fake f;

	(void)state;
	setup(&f);
	wish = sent(&f, "--min 1G --max 1G");
	assert_int_equal(wish.fast_min, 1 << 18);
	assert_int_equal(wish.fast_max, 1 << 18);
	wish = sent(&f, "--min 50% --max 256M");
	assert_int_equal(wish.fast_min, wish.fast_max);
	sent(&f, "--min 1G --max none");
	sent(&f, "--min 0 --max 0");
	check_error(&f, "set db --min 257M --max 50%", CTL_USAGE,
		    "--min is more than --max");
	assert_int_not_equal(fake_last_cmd(&f), VTMM_CMD_VM_SET);
	fake_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_bounds_are_all),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_min_and_max),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
