// SPDX-License-Identifier: GPL-2.0-only
/* test_commands: what each command asks the module for, and what it prints. */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "run.h"
#include "test.h"

static void setup(struct fake *f)
{
	fake_init(f);
	fake_add_vm(f, 1, 100, "db");
}

/* The JSON that a command prints; to be put by the caller. */
static struct json_object *json_run(struct fake *f, const char *line)
{
	struct result r = run(f, line);
	struct json_object *o;

	assert_string_equal(r.err, "");
	assert_int_equal(r.status, CTL_OK);
	o = json_tokener_parse(r.out);
	if (!o)
		fail_msg("'%s' printed no JSON: %s", line, r.out);
	result_free(&r);
	return o;
}

/* Follows a path such as "vms.0.name". */
static struct json_object *at(struct json_object *o, const char *path)
{
	char key[64];

	while (*path) {
		size_t len = strcspn(path, ".");
		struct json_object *next = NULL;

		memcpy(key, path, len);
		key[len] = '\0';
		if (json_object_is_type(o, json_type_array))
			next = json_object_array_get_idx(o, atoi(key));
		else if (!json_object_object_get_ex(o, key, &next))
			fail_msg("no key '%s' in %s", key,
				 json_object_to_json_string(o));
		o = next;
		path += len + (path[len] == '.');
	}
	return o;
}

static void check_text(struct json_object *o, const char *path,
		       const char *wanted)
{
	assert_string_equal(json_object_get_string(at(o, path)), wanted);
}

static void check_number(struct json_object *o, const char *path,
			 uint64_t wanted)
{
	assert_true(json_object_is_type(at(o, path), json_type_int));
	assert_int_equal(json_object_get_uint64(at(o, path)), wanted);
}

static void test_attach(void **state)
{
	struct vtmm_vm_info wish = {0};
	struct fake f;

	(void)state;
	setup(&f);
	check_run(
		&f,
		"attach 100 --fd 11 --name x --min 25% --max 1G --shares 7 --period 0.5s --budget 1.5% --mode observe --rate 1M",
		CTL_OK,
		"attached VM 1 (db, pid 100): 1.0G of memory, tracker ad-bits\n",
		"");
	assert_int_equal(fake_last_cmd(&f), VTMM_CMD_VM_ATTACH);
	fake_request(&f, &vtmm_set_vm, &wish);
	assert_int_equal(wish.pid, 100);
	assert_int_equal(wish.fd, 11);
	assert_string_equal(wish.name, "x");
	assert_int_equal(wish.fast_min, 512 * 256 / 4);
	assert_int_equal(wish.fast_max, 1 << 18);
	assert_int_equal(wish.shares, 7);
	assert_int_equal(wish.period_ms, 500);
	assert_int_equal(wish.budget_permille, 15);
	assert_int_equal(wish.mode, VTMM_MODE_OBSERVE);
	assert_int_equal(wish.rate_bytes, 1 << 20);
	fake_free(&f);
}

/* What is not asked for is not sent: the module has the defaults. */
static void test_attach_defaults(void **state)
{
	struct vtmm_vm_info wish = {0};
	struct json_object *o;
	struct fake f;

	(void)state;
	setup(&f);
	o = json_run(&f, "attach -j 100");
	check_text(o, "vm.name", "db");
	json_object_put(o);
	fake_request(&f, &vtmm_set_vm, &wish);
	assert_int_equal(wish.present, 1ull << VTMM_A_VM_PID);
	fake_free(&f);
}

static void test_set(void **state)
{
	struct vtmm_vm_info wish = {0};
	struct fake f;

	(void)state;
	setup(&f);
	check_run(&f, "set db --max none --budget none --round-now", CTL_OK, "",
		  "");
	assert_int_equal(fake_last_cmd(&f), VTMM_CMD_VM_SET);
	fake_request(&f, &vtmm_set_vm, &wish);
	assert_int_equal(wish.present,
			 1ull << VTMM_A_VM_ID | 1ull << VTMM_A_VM_FAST_MAX |
				 1ull << VTMM_A_VM_BUDGET_PERMILLE |
				 1ull << VTMM_A_VM_ROUND_NOW);
	assert_int_equal(wish.id, 1);
	assert_int_equal(wish.fast_max, VTMM_NO_LIMIT);
	assert_int_equal(wish.budget_permille, 0);
	fake_free(&f);
}

static void test_set_policy(void **state)
{
	struct vtmm_vm_info wish = {0};
	struct fake f;

	(void)state;
	setup(&f);
	check_run(
		&f,
		"set db --window 5 --read-weight 2 --write-weight 0 --hot 92.5% --hysteresis 4 --cooldown 30 --floor 1M --queue on",
		CTL_OK, "", "");
	fake_request(&f, &vtmm_set_vm, &wish);
	assert_int_equal(wish.window, 5);
	assert_int_equal(wish.read_weight, 2);
	assert_int_equal(wish.write_weight, 0);
	assert_int_equal(wish.hot_permille, 925);
	assert_int_equal(wish.hysteresis, 4);
	assert_int_equal(wish.cooldown, 30);
	assert_int_equal(wish.floor, 256);
	assert_int_equal(wish.queue, 1);
	fake_free(&f);
}

static void test_detach(void **state)
{
	struct vtmm_vm_info key = {0};
	struct fake f;

	(void)state;
	setup(&f);
	fake_add_vm(&f, 2, 200, "web");
	check_run(&f, "detach 200", CTL_OK, "detached VM 2\n", "");
	assert_int_equal(fake_last_cmd(&f), VTMM_CMD_VM_DETACH);
	fake_request(&f, &vtmm_set_vm, &key);
	assert_int_equal(key.id, 2);
	check_run(&f, "detach pid:100", CTL_OK, "detached VM 1\n", "");
	check_run(&f, "detach id:2", CTL_OK, "detached VM 2\n", "");
	check_run(&f, "detach name:db", CTL_OK, "detached VM 1\n", "");
	check_run(&f, "-j detach db", CTL_OK, "{\n  \"detached\": 1\n}\n", "");
	fake_free(&f);
}

static void test_status(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	check_run(
		&f, "", CTL_OK,
		"fast  ##################......  768.0M used of 1.0G, node 0\n"
		"slow  ........................  0 used of 4.0G, node 1,2 (guessed)\n"
		"pool  ##################......  384.0M allotted of 512.0M (auto)\n"
		"\n"
		"ID  PID  NAME  MODE       HOT  HOT IN FAST    FAST  ALLOTMENT  MOVED UP  DOWN   COST\n"
		" 1  100  db    manage  440.0K         55 %  128.0M     256.0M     64.0M     0  1.0 %\n"
		"VM 1 moves nothing: the hot pages are where they belong\n"
		"note: numa_balancing is on\n",
		"");
	fake_free(&f);
}

static void test_status_empty(void **state)
{
	struct json_object *o;
	struct fake f;

	(void)state;
	fake_init(&f);
	f.info.nr_advice = 0;
	f.info.nr_tiers = 0;
	o = json_run(&f, "--json");
	/* Empty lists are lists. */
	assert_true(json_object_is_type(at(o, "vms"), json_type_array));
	assert_true(json_object_is_type(at(o, "host.tiers"), json_type_array));
	assert_true(json_object_is_type(at(o, "host.advice"), json_type_array));
	assert_true(
		json_object_is_type(at(o, "pool.members"), json_type_array));
	json_object_put(o);
	fake_free(&f);
}

static void test_status_json(void **state)
{
	struct json_object *o;
	struct fake f;

	(void)state;
	setup(&f);
	f.vms[0].present &= ~(1ull << VTMM_A_VM_FAST_MAX);
	o = json_run(&f, "status -j");
	check_text(o, "host.version", "0.1.0");
	check_text(o, "host.features.1.reason", "this CPU has no PML");
	assert_null(at(o, "host.features.0.reason"));
	check_number(o, "host.tiers.1.nodes.1", 2);
	check_number(o, "pool.size", 512 * 256);
	check_text(o, "pool.members.0.name", "db");
	check_number(o, "vms.0.hot_fast", 60);
	check_number(o, "vms.0.hot_slow", 50);
	check_text(o, "vms.0.mode", "manage");
	check_number(o, "vms.0.stats.promoted", 64 * 256);
	assert_null(at(o, "vms.0.fast_max"));
	json_object_put(o);
	fake_free(&f);
}

static void test_list(void **state)
{
	struct json_object *o;
	struct fake f;

	(void)state;
	setup(&f);
	check_run(
		&f, "list", CTL_OK,
		"ID  PID  NAME  MODE    TRACKER  MEMORY    FAST    SLOW  DEMAND  ALLOTMENT\n"
		" 1  100  db    manage  ad-bits    1.0G  128.0M  896.0M  200.0M     256.0M\n",
		"");
	o = json_run(&f, "list -j");
	check_number(o, "vms.0.pid", 100);
	json_object_put(o);
	fake_free(&f);
}

/* A name that tries to paint the terminal. */
static void test_evil_name(void **state)
{
	static const char *const lines[] = {"list",	  "status",    "stats",
					    "heat",	  "plan",      "pool",
					    "attach 100", "heat --map"};
	struct json_object *o;
	struct fake f;

	(void)state;
	fake_init(&f);
	fake_add_vm(&f, 1, 100, "\033[2Jroot\xc2\x9b\n");
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct result r = run(&f, lines[i]);

		assert_int_equal(r.status, CTL_OK);
		assert_null(strchr(r.out, '\033'));
		assert_null(strstr(r.out, "\x9b"));
		assert_non_null(strstr(r.out, "\\x1b[2Jroot\\xc2\\x9b\\x0a"));
		result_free(&r);
	}
	o = json_run(&f, "list -j");
	check_text(o, "vms.0.name", "\033[2Jroot\xc2\x9b\n");
	json_object_put(o);
	fake_free(&f);
}

/* A file of the host, with one line. */
static void host_file(const char *dir, const char *name, const char *line)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "mkdir -p %s/$(dirname %s) && echo %s >%s/%s", dir, name, line,
		 dir, name);
	assert_int_equal(system(command), 0);
}

static void test_rivals(void **state)
{
	char dir[] = "/tmp/vtmm-rivals-XXXXXX", command[64];
	struct json_object *o;
	struct result r;
	struct fake f;

	(void)state;
	setup(&f);
	run_root = mkdtemp(dir);
	host_file(dir, "proc/sys/kernel/numa_balancing", "2");
	host_file(dir, "sys/kernel/mm/numa/demotion_enabled", "true");
	r = run(&f, "doctor");
	assert_non_null(strstr(r.out, "warn  numa-balancing: is on and works"));
	assert_non_null(strstr(r.out, "warn  demotion: is on and works"));
	result_free(&r);
	r = run(&f, "status");
	assert_non_null(strstr(r.out, "note: numa-balancing is on and works"));
	assert_non_null(strstr(r.out, "note: demotion is on and works"));
	result_free(&r);
	o = json_run(&f, "-j status");
	check_text(o, "host.advice.0", "numa_balancing is on");
	assert_non_null(at(o, "host.advice.2"));
	json_object_put(o);
	host_file(dir, "proc/sys/kernel/numa_balancing", "0");
	host_file(dir, "sys/kernel/mm/numa/demotion_enabled", "false");
	r = run(&f, "doctor");
	assert_non_null(strstr(r.out, "ok    numa-balancing: is off"));
	assert_non_null(strstr(r.out, "ok    demotion: is off"));
	result_free(&r);
	r = run(&f, "status");
	assert_null(strstr(r.out, "works against"));
	result_free(&r);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
	run_root = "/nonexistent";
	fake_free(&f);
}

/* What it says of this host may be anything; of the VM it must say this. */
static void test_doctor_vm(void **state)
{
	struct result r;
	struct fake f;

	(void)state;
	fake_init(&f);
	fake_add_vm(&f, 1, 100, "\033[2Jroot");
	r = run(&f, "doctor");
	assert_null(strchr(r.out, '\033'));
	assert_non_null(strstr(r.out, "warn  \\x1b[2Jroot: VM 1 has tracker "));
	assert_non_null(
		strstr(r.out, "a better one because this CPU has no PML\n"));
	result_free(&r);
	fake_free(&f);
}

static void test_stats(void **state)
{
	struct result r;
	struct fake f;

	(void)state;
	setup(&f);
	r = run(&f, "stats");
	assert_int_equal(r.status, CTL_OK);
	assert_non_null(strstr(r.out, "VM 1  db  pid 100  fd 11\n"));
	assert_non_null(strstr(r.out, "fast memory, at most     256.0M\n"));
	assert_non_null(strstr(r.out, "share of one CPU         1.0 %\n"));
	assert_non_null(strstr(r.out, "pages promoted           16384\n"));
	assert_non_null(strstr(r.out, "because this CPU has no PML\n"));
	result_free(&r);
	fake_free(&f);
}

static void test_heat(void **state)
{
	struct json_object *o;
	struct result r;
	struct fake f;

	(void)state;
	setup(&f);
	r = run(&f, "heat");
	assert_int_equal(r.status, CTL_OK);
	assert_non_null(strstr(r.out, "VM 1  db  round 40, 2ms ago\n"));
	assert_non_null(strstr(
		r.out,
		" 30*     40.0K  ##########################         0\n"));
	assert_non_null(strstr(
		r.out,
		" 20*         0                                 40.0K  ####"));
	assert_non_null(strstr(r.out, " 19          0 "));
	assert_non_null(
		strstr(r.out, "* hot: 440.0K, of which in fast memory 55 %\n"));
	result_free(&r);
	o = json_run(&f, "heat -j 1");
	assert_int_equal(json_object_array_length(at(o, "heat.buckets")),
			 VTMM_NR_BUCKETS);
	check_number(o, "heat.buckets.30.fast", 10);
	check_number(o, "heat.hot_temp", 20);
	json_object_put(o);
	fake_free(&f);
}

static void test_heat_map(void **state)
{
	struct json_object *o;
	struct fake f;

	(void)state;
	setup(&f);
	check_run(
		&f, "heat --map", CTL_OK,
		"VM 1  db  round 40, 0us ago\n"
		"guest memory: a letter is 2.0M: cold a..j hot in slow memory, A..J in fast, . idle\n"
		"           0  Jb.\n",
		"");
	o = json_run(&f, "heat -m -j");
	check_number(o, "heatmap.chunks.2.gfn", 1024);
	json_object_put(o);
	fake_free(&f);
}

static void test_plan(void **state)
{
	struct json_object *o;
	struct fake f;

	(void)state;
	setup(&f);
	check_run(&f, "plan", CTL_OK,
		  "VM 1  db  round 40, 2ms ago\n"
		  "hot      4.0M\n"
		  "promote  2.0M of temperature 12 and above\n"
		  "demote   1.0M of temperature 3 and below\n"
		  "why      something moves\n",
		  "");
	f.plan.promote = 0;
	f.plan.demote = 0;
	strcpy(f.plan.reason, "settled");
	check_run(&f, "plan", CTL_OK,
		  "VM 1  db  round 40, 2ms ago\n"
		  "hot      4.0M\n"
		  "promote  nothing\n"
		  "demote   nothing\n"
		  "why      settled\n",
		  "");
	o = json_run(&f, "plan -j");
	check_text(o, "plan.reason", "settled");
	json_object_put(o);
	fake_free(&f);
}

static void test_pages(void **state)
{
	struct json_object *o;
	struct fake f;

	(void)state;
	setup(&f);
	check_run(&f, "pages", CTL_OK, "10 4 r\n20 1 r\n", "");
	check_run(&f, "pages -r 2", CTL_OK, "10 4 r\n20 1 rw\n", "");
	check_run(&f, "pages -r 10", CTL_OK, "10 4 r\n20 1 rw\n21 1 rw\n", "");
	check_run(&f, "pages --since 39", CTL_OK, "10 4 r\n20 1 r\n", "");
	check_run(&f, "pages -s 38", CTL_OK, "10 4 r\n20 1 rw\n", "");
	check_run(&f, "pages -s 40", CTL_OK, "", "");
	check_run(&f, "pages -s 29", CTL_FAILED, "",
		  "vtmmctl: round 29 is too long ago: the last 10 are kept\n");
	o = json_run(&f, "pages -j");
	check_number(o, "pages.runs.1.written", 2);
	check_text(o, "pages.runs.1.tier", "slow");
	json_object_put(o);
	fake_free(&f);
}

/* Two VMs: half of 512 MiB each is due; one has less, the other more. */
static void check_ledger(struct fake *f)
{
	struct json_object *o;

	fake_add_vm(f, 2, 200, "web");
	f->pool.members[0].allotment = 64 * 256;
	f->pool.members[1].allotment = 320 * 256;
	f->pool.members[1].present &= ~(1ull << VTMM_A_VM_FAST_MAX);
	o = json_run(f, "pool -j");
	check_number(o, "pool.members.0.lends", 192 * 256);
	check_number(o, "pool.members.0.borrows", 0);
	check_number(o, "pool.members.1.lends", 0);
	check_number(o, "pool.members.1.borrows", 64 * 256);
	json_object_put(o);
}

static void test_pool(void **state)
{
	struct vtmm_pool_info wish = {0};
	struct fake f;

	(void)state;
	setup(&f);
	check_run(
		&f, "pool", CTL_OK,
		"pool  ##################......  384.0M allotted of 512.0M (auto), rate limit none\n"
		"ID  NAME  MIN     MAX  SHARES  DEMAND  ALLOTMENT    FAST  LENDS  BORROWS\n"
		" 1  db      0  256.0M     100  200.0M     256.0M  128.0M      0        0\n",
		"");
	check_ledger(&f);
	/* 50% are of the fast tier. The pool is shown as it then is. */
	f.refusal = (struct fake_refusal){
		.cmd = VTMM_CMD_POOL_SET, .err = 22, .text = "too small"};
	check_run(&f, "pool --size 50% --rate 10M", CTL_FAILED, "",
		  "vtmmctl: too small\n");
	fake_request(&f, &vtmm_set_pool, &wish);
	assert_int_equal(wish.size, 1 << 17);
	assert_int_equal(wish.rate_bytes, 10 << 20);
	assert_int_equal(wish.present,
			 1 << VTMM_A_POOL_SIZE | 1 << VTMM_A_POOL_RATE_BYTES);
	memset(&wish, 0, sizeof(wish));
	check_run(&f, "pool -s auto", CTL_FAILED, "", "vtmmctl: too small\n");
	fake_request(&f, &vtmm_set_pool, &wish);
	assert_int_equal(wish.present, 1 << VTMM_A_POOL_AUTO);
	fake_free(&f);
}

static void test_tier(void **state)
{
	struct vtmm_host_info wish = {0};
	struct fake f;

	(void)state;
	setup(&f);
	f.refusal = (struct fake_refusal){.cmd = VTMM_CMD_TIER_SET,
					  .err = 16,
					  .text = "VMs are attached"};
	check_run(&f, "tier slow=1,3-4 fast=0", CTL_FAILED, "",
		  "vtmmctl: VMs are attached\n");
	fake_request(&f, &vtmm_set_info, &wish);
	assert_int_equal(wish.nr_tiers, 2);
	assert_int_equal(wish.tiers[0].id, VTMM_TIER_SLOW);
	assert_int_equal(wish.tiers[0].nr_nodes, 3);
	assert_int_equal(wish.tiers[0].nodes[2], 4);
	assert_int_equal(wish.tiers[1].id, VTMM_TIER_FAST);
	vtmm_host_info_free(&wish);
	f.refusal.cmd = 0;
	check_run(
		&f, "tier", CTL_OK,
		"fast  ##################......  768.0M used of 1.0G, node 0\n"
		"slow  ........................  0 used of 4.0G, node 1,2 (guessed)\n",
		"");
	fake_free(&f);
}

static void fill_event(struct vtmm_event_info *e, uint32_t kind)
{
	e->kind = kind;
	e->vm_id = 1;
	strcpy(e->name, "db");
	VTMM_SET(e, VTMM_A_EVENT_KIND);
	VTMM_SET(e, VTMM_A_EVENT_VM_ID);
	VTMM_SET(e, VTMM_A_EVENT_NAME);
}

static void test_monitor(void **state)
{
	struct fake f;

	(void)state;
	setenv("TZ", "UTC", 1);
	setup(&f);
	f.nr_events = 2;
	fill_event(&f.events[0], VTMM_EVENT_PLAN_DONE);
	f.events[0].promoted = 256;
	f.events[0].time_ns = 3661500000000;
	VTMM_SET(&f.events[0], VTMM_A_EVENT_PROMOTED);
	VTMM_SET(&f.events[0], VTMM_A_EVENT_TIME_NS);
	fill_event(&f.events[1], 99);
	strcpy(f.events[1].text, "from the future");
	VTMM_SET(&f.events[1], VTMM_A_EVENT_TEXT);
	check_run(&f, "monitor", CTL_OK,
		  "01:01:01.500  plan-done  VM 1 db  promoted 1.0M\n"
		  "00:00:00.000  unknown    VM 1 db  from the future\n",
		  "");
	f.lose = true;
	check_run(&f, "monitor -c 1", CTL_OK,
		  "01:01:01.500  plan-done  VM 1 db  promoted 1.0M\n",
		  "vtmmctl: events came too fast, some are lost\n");
	check_run(
		&f, "monitor -j -c 1", CTL_OK,
		"{\"kind\":\"plan-done\",\"vm_id\":1,\"pid\":null,\"name\":\"db\",\"round\":null,\"time_ns\":3661500000000,\"promoted\":256,\"demoted\":null,\"allotment\":null,\"text\":null}\n",
		"");
	fake_free(&f);
}

static void test_version(void **state)
{
	struct json_object *o;
	struct fake f;

	(void)state;
	setup(&f);
	check_run(&f, "--version", CTL_OK,
		  "tool    " VTMM_VERSION ", ABI 1\nmodule  0.1.0, ABI 1\n",
		  "");
	f.absent = true;
	o = json_run(&f, "-V -j");
	check_text(o, "tool_version", VTMM_VERSION);
	assert_null(at(o, "module_version"));
	json_object_put(o);
	fake_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attach),
		cmocka_unit_test(test_attach_defaults),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_set_policy),
		cmocka_unit_test(test_detach),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_status_empty),
		cmocka_unit_test(test_status_json),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_evil_name),
		cmocka_unit_test(test_rivals),
		cmocka_unit_test(test_doctor_vm),
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_heat),
		cmocka_unit_test(test_heat_map),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_tier),
		cmocka_unit_test(test_monitor),
		cmocka_unit_test(test_version),
	};

	return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
