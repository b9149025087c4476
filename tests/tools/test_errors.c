// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_errors: every way to fail ends with one sentence on stderr, the exit
 * status that the manual names, and nothing on stdout.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "test.h"

/* Every command that talks to the module, in a form that would succeed. */
static const char *const online[] = {
	"",
	"status",
	"list",
	"attach 100",
	"detach 100",
	"set 100 --shares 5",
	"stats",
	"heat",
	"heat --map",
	"plan",
	"pages",
	"pool",
	"pool --size 1G",
	"tier",
	"tier fast=0 slow=1",
	"monitor",
};

static void setup(struct fake *f)
{
	fake_init(f);
	fake_add_vm(f, 1, 100, "db");
}

static void test_no_module(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.absent = true;
	for (size_t i = 0; i < COUNT(online); i++)
		check_error(&f, online[i], CTL_NO_MODULE,
			    "not loaded: run: modprobe vtmm");
	fake_free(&f);
}

static void test_no_privilege(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.refusal =
		(struct fake_refusal){.cmd = VTMM_CMD_INFO_GET, .err = EPERM};
	for (size_t i = 0; i < COUNT(online); i++)
		check_error(&f, online[i], CTL_FAILED,
			    "run as root or with CAP_NET_ADMIN");
	fake_free(&f);
}

static void test_other_abi(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.info.abi = VTMM_ABI + 1;
	strcpy(f.info.version, "9.9");
	for (size_t i = 0; i < COUNT(online); i++) {
		check_error(
			&f, online[i], CTL_FAILED,
			"version 9.9) speaks ABI 2 and this tool speaks ABI 1");
		/* Nothing else was asked: nothing can have changed. */
		assert_int_equal(fake_last_cmd(&f), VTMM_CMD_INFO_GET);
	}
	fake_free(&f);
}

static void test_refusals(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.refusal = (struct fake_refusal){.cmd = VTMM_CMD_VM_ATTACH,
					  .err = ESRCH,
					  .text = "no process has this pid"};
	check_run(&f, "attach 100", CTL_FAILED, "",
		  "vtmmctl: no process has this pid\n");
	f.refusal.text = NULL;
	check_run(&f, "attach 100", CTL_FAILED, "",
		  "vtmmctl: the module refused: No such process\n");
	f.refusal.text = "bad\033[2J";
	check_run(&f, "attach 100", CTL_FAILED, "", "vtmmctl: bad\\x1b[2J\n");
	fake_free(&f);
}

/* The attribute that the kernel points at is named, unless the text does. */
static void test_refused_attribute(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.refusal = (struct fake_refusal){.cmd = VTMM_CMD_VM_ATTACH,
					  .err = ERANGE,
					  .text = "integer out of range",
					  .offset = 28};
	check_run(&f, "attach 100 --shares 7", CTL_FAILED, "",
		  "vtmmctl: integer out of range (shares)\n");
	f.refusal.whole = true;
	check_run(&f, "attach 100 --shares 7", CTL_FAILED, "",
		  "vtmmctl: integer out of range (shares)\n");
	f.refusal.text = "too many shares";
	check_run(&f, "attach 100 --shares 7", CTL_FAILED, "",
		  "vtmmctl: too many shares\n");
	f.refusal.offset = 4000;
	f.refusal.text = "odd";
	check_run(&f, "attach 100", CTL_FAILED, "", "vtmmctl: odd\n");
	f.refusal = (struct fake_refusal){.cmd = VTMM_CMD_VM_ATTACH,
					  .err = EINVAL,
					  .missing = VTMM_A_VM_PID};
	check_run(&f, "attach 100", CTL_FAILED, "",
		  "vtmmctl: the module refused: Invalid argument: pid\n");
	fake_free(&f);
}

static void check_bad_answer(struct fake *f, uint8_t cmd, const char *line,
			     const void *raw, size_t len)
{
	f->raw_cmd = cmd;
	f->raw = raw;
	f->raw_len = len;
	check_error(f, line, CTL_FAILED, "the module ");
	f->raw_cmd = 0;
}

static void test_bad_answers(void **state)
{
	/* An id of one byte. */
	static const unsigned char torn[] = {5, 0, 1, 0, 9, 0, 0, 0};
	struct fake f;

	(void)state;
	setup(&f);
	check_bad_answer(&f, VTMM_CMD_HEAT_GET, "heat", torn, sizeof(torn));
	check_bad_answer(&f, VTMM_CMD_HEAT_GET, "heat", "", 0);
	check_bad_answer(&f, VTMM_CMD_PLAN_GET, "plan", "", 0);
	check_bad_answer(&f, VTMM_CMD_POOL_GET, "pool", "", 0);
	check_bad_answer(&f, VTMM_CMD_INFO_GET, "status", "", 0);
	check_bad_answer(&f, VTMM_CMD_VM_ATTACH, "attach 100", "", 0);
	f.heat.nr_buckets--;
	check_error(&f, "heat", CTL_FAILED, "not whole");
	f.heat.nr_buckets++;
	f.heat.buckets[3].temp = 4;
	check_error(&f, "heat", CTL_FAILED, "not whole");
	f.map.chunks[2].gfn = 1;
	check_error(&f, "heat --map", CTL_FAILED, "out of order");
	f.pages.runs[1].gfn = 0x13;
	check_error(&f, "pages", CTL_FAILED, "out of order");
	fake_free(&f);
}

static void test_usage(void **state)
{
	static const struct {
		const char *line;
		const char *part;
	} wrong[] = {
		{"nonsense", "there is no command 'nonsense'"},
		{"--nonsense", "there is no option --nonsense"},
		{"-x", "there is no option -x"},
		{"list --max 1G", "there is no option --max"},
		{"attach", "attach: needs PID"},
		{"attach 1 2", "one argument too many: '2'"},
		{"attach db", "'db' is not a pid"},
		{"attach 0", "is not a pid"},
		{"attach 100 --max", "--max needs an argument"},
		{"attach 100 --max 80x", "--max: '80x' is not a size"},
		{"attach 100 --max 101%", "is more than 100%"},
		{"attach 100 --min none", "is not a guarantee"},
		{"attach 100 --min 2G --max 1G", "--min is more than --max"},
		{"attach 100 --fd x", "is not a file descriptor"},
		{"attach 100 --shares 0", "is out of range, 1..10000"},
		{"attach 100 --shares 10001", "is out of range, 1..10000"},
		{"attach 100 --period 600", "is not a time"},
		{"attach 100 --period 9ms", "is out of range, 10ms..60s"},
		{"attach 100 --period 61s", "is out of range, 10ms..60s"},
		{"attach 100 --budget 101%", "is more than 100%"},
		{"attach 100 --budget 2", "is not a percentage"},
		{"attach 100 --mode fast", "is not manage, observe or off"},
		{"attach 100 --rate 1%", "is not a rate"},
		{"attach 100 --name "
		 "0123456789012345678901234567890123456789012345678901234567890123",
		 "is longer than 63 bytes"},
		{"set 100 --window 1", "is out of range"},
		{"set 100 --write-weight 4", "is out of range"},
		{"set 100 --hot 0%", "is out of range, 0.1%..100%"},
		{"set 100 --hysteresis 31", "is out of range"},
		{"set 100 --cooldown 256", "is out of range"},
		{"set 100 --floor 5%", "is not a size"},
		{"set 100 --queue maybe", "is not on or off"},
		{"set 100", "nothing to change"},
		{"pool --size none", "is not a size"},
		{"pool --size auto --size 1G", "one --size only"},
		{"pages -r 11", "is out of range"},
		{"tier fast", "is not fast=NODES or slow=NODES"},
		{"tier warm=0", "is not fast=NODES or slow=NODES"},
		{"tier fast=x", "is not a list of nodes"},
		{"tier fast=0 fast=1", "named twice"},
		{"monitor --count 0", "is out of range"},
		{"monitor --timeout 5", "is not a time"},
		{"stats id:", "has no number"},
		{"completion zsh", "only for bash"},
	};
	struct fake f;

	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT(wrong); i++)
		check_error(&f, wrong[i].line, CTL_USAGE, wrong[i].part);
	fake_free(&f);
}

/* A command line that is wrong changes nothing. */
static void test_usage_changes_nothing(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	check_error(&f, "attach 100 --shares 0", CTL_USAGE, "shares");
	check_error(&f, "detach", CTL_USAGE, "needs VM");
	check_error(&f, "set", CTL_USAGE, "needs VM");
	assert_int_equal(f.requests, 0);
	fake_free(&f);
}

static void test_selection(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f);
	check_error(&f, "stats", CTL_FAILED, "no VM is attached");
	fake_add_vm(&f, 1, 100, "db");
	fake_add_vm(&f, 2, 200, "web");
	fake_add_vm(&f, 100, 300, "web");
	check_error(&f, "stats", CTL_USAGE, "3 VMs are attached");
	check_error(&f, "stats 7", CTL_FAILED, "no attached VM is called '7'");
	check_error(&f, "stats web", CTL_FAILED, "say id:2 or id:100");
	check_error(&f, "stats 100", CTL_FAILED, "say id:1 or id:100");
	check_error(&f, "detach web", CTL_FAILED, "say id:2 or id:100");
	assert_int_equal(fake_last_cmd(&f), VTMM_CMD_VM_GET);
	fake_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_module),
		cmocka_unit_test(test_no_privilege),
		cmocka_unit_test(test_other_abi),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_refused_attribute),
		cmocka_unit_test(test_bad_answers),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_usage_changes_nothing),
		cmocka_unit_test(test_selection),
	};

	return cmocka_run_group_tests_name("errors", tests, NULL, NULL);
}
