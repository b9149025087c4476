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

/* Forms of commands beside those that the table of commands makes. */
static const char *const forms[] = {
	"",
	"heat --map",
	"pool --size 1G",
	"tier fast=0 slow=1",
};

/* Every command that talks to the module, in a form that would succeed. */
static void check_online(struct fake *f, enum ctl_exit status, const char *part)
{
	char line[256];

	for (size_t i = 0; i < COUNT(forms); i++)
		check_error(f, forms[i], status, part);
	for (size_t i = 0; ctl_commands[i]; i++) {
		if (ctl_commands[i]->offline)
			continue;
		run_line_of(ctl_commands[i], "", line, sizeof(line));
		check_error(f, line, status, part);
		run_line_of(ctl_commands[i], "-j", line, sizeof(line));
		check_error(f, line, status, part);
	}
}

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
	check_online(&f, CTL_NO_MODULE, "not loaded: run: modprobe vtmm");
	assert_int_equal(f.requests, 0);
	fake_free(&f);
}

static void test_no_privilege(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.refusal =
		(struct fake_refusal){.cmd = VTMM_CMD_INFO_GET, .err = EPERM};
	check_online(&f, CTL_FAILED, "run as root or with CAP_NET_ADMIN");
	fake_free(&f);
}

/* Nothing else is asked: nothing can have changed. */
static void only_info(struct fake *f, uint8_t cmd)
{
	(void)f;
	assert_int_equal(cmd, VTMM_CMD_INFO_GET);
}

static void test_other_abi(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.info.abi = VTMM_ABI + 1;
	strcpy(f.info.version, "9.9");
	f.asked = only_info;
	check_online(&f, CTL_FAILED,
		     "version 9.9) speaks ABI 2 and this tool speaks ABI 1");
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

/* The module's own sentence is told, whatever the number that comes with it. */
static void test_refusal_texts(void **state)
{
	static const int numbers[] = {EPERM,  ENOENT, EINTR,  EAGAIN, ENOMEM,
				      EACCES, EBUSY,  EINVAL, ERANGE, 4095};
	struct fake f;

	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		f.refusal =
			(struct fake_refusal){.cmd = VTMM_CMD_VM_ATTACH,
					      .err = numbers[i],
					      .text = "not this one: say x"};
		check_run(&f, "attach 100", CTL_FAILED, "",
			  "vtmmctl: not this one: say x\n");
		f.refusal.whole = true;
		check_run(&f, "attach 100", CTL_FAILED, "",
			  "vtmmctl: not this one: say x\n");
	}
	/* Without one, only a lack of privilege has a remedy of its own. */
	f.refusal =
		(struct fake_refusal){.cmd = VTMM_CMD_VM_ATTACH, .err = EPERM};
	check_run(
		&f, "attach 100", CTL_FAILED, "",
		"vtmmctl: not permitted: run as root or with CAP_NET_ADMIN\n");
	fake_free(&f);
}

/* Numbers that the kernel does not have: neither success nor a text. */
static void test_refusal_numbers(void **state)
{
	static const int numbers[] = {-1, -22, 4096, 100000, INT32_MAX};
	struct fake f;

	(void)state;
	setup(&f);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		f.refusal = (struct fake_refusal){.cmd = VTMM_CMD_VM_DETACH,
						  .err = numbers[i]};
		check_run(
			&f, "detach db", CTL_FAILED, "",
			"vtmmctl: the kernel sent an error number that is none\n");
	}
	fake_free(&f);
}

/* A request that comes back longer than the message that carries it. */
static void test_refusal_torn(void **state)
{
	static const uint32_t lengths[] = {0, 4, 8, 15, 64, 4096, UINT32_MAX};
	/* Shorter than its own head, in which something like a text stands. */
	struct nlmsgerr error = {
		.error = -EINVAL,
		.msg = {.nlmsg_seq = NLMSGERR_ATTR_MSG << 16 | 8,
			.nlmsg_pid = 'y' << 8 | 'x'},
	};
	struct fake f;

	(void)state;
	setup(&f);
	f.raw_cmd = VTMM_CMD_VM_DETACH;
	f.raw_type = NLMSG_ERROR;
	f.raw = &error;
	f.raw_len = sizeof(error);
	f.raw_flags = NLM_F_ACK_TLVS;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		error.msg.nlmsg_len = lengths[i];
		check_run(&f, "detach db", CTL_FAILED, "",
			  "vtmmctl: the module refused: Invalid argument\n");
	}
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
	/* Anywhere in the attribute, and not a byte beyond. */
	f.refusal.text = "odd";
	f.refusal.offset = 20;
	check_run(&f, "attach 100 --shares 7", CTL_FAILED, "",
		  "vtmmctl: odd (pid)\n");
	f.refusal.offset = 27;
	check_run(&f, "attach 100 --shares 7", CTL_FAILED, "",
		  "vtmmctl: odd (pid)\n");
	f.refusal.offset = 35;
	check_run(&f, "attach 100 --shares 7", CTL_FAILED, "",
		  "vtmmctl: odd (shares)\n");
	f.refusal.offset = 36;
	check_run(&f, "attach 100 --shares 7", CTL_FAILED, "",
		  "vtmmctl: odd\n");
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
	/* A bucket, and then an id of one byte. */
	static const unsigned char half[] = {12,
					     0,
					     VTMM_A_HEAT_BUCKET,
					     0,
					     8,
					     0,
					     VTMM_A_BUCKET_TEMP,
					     0,
					     0,
					     0,
					     0,
					     0,
					     5,
					     0,
					     VTMM_A_HEAT_VM_ID,
					     0,
					     9,
					     0,
					     0,
					     0};
	/* The ABI, advice, and no version. */
	static const unsigned char odd_info[] = {
		8, 0, VTMM_A_INFO_ABI,	  0, VTMM_ABI, 0, 0, 0,
		6, 0, VTMM_A_INFO_ADVICE, 0, 'x',      0, 0, 0};
	struct fake f;

	(void)state;
	setup(&f);
	check_bad_answer(&f, VTMM_CMD_HEAT_GET, "heat", torn, sizeof(torn));
	check_bad_answer(&f, VTMM_CMD_HEAT_GET, "heat", "", 0);
	check_bad_answer(&f, VTMM_CMD_HEAT_GET, "heat", half, sizeof(half));
	check_bad_answer(&f, VTMM_CMD_INFO_GET, "tier", odd_info,
			 sizeof(odd_info));
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
	check_error(&f, "stats", CTL_USAGE, "2 VMs are attached");
	fake_add_vm(&f, 100, 300, "web");
	check_error(&f, "stats", CTL_USAGE, "3 VMs are attached");
	check_error(&f, "stats 7", CTL_FAILED, "no attached VM is called '7'");
	check_error(&f, "stats web", CTL_FAILED, "say id:2 or id:100");
	/* The beginning of a name is not the name, nor is more than it. */
	check_error(&f, "stats d", CTL_FAILED, "no attached VM is called 'd'");
	check_error(&f, "stats name:d", CTL_FAILED, "no attached VM");
	check_error(&f, "stats dbx", CTL_FAILED, "no attached VM");
	check_error(&f, "stats DB", CTL_FAILED, "no attached VM");
	/* An id is no pid and a pid is no id. */
	check_error(&f, "stats id:200", CTL_FAILED, "no attached VM");
	check_error(&f, "stats pid:2", CTL_FAILED, "no attached VM");
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
		cmocka_unit_test(test_refusal_texts),
		cmocka_unit_test(test_refusal_numbers),
		cmocka_unit_test(test_refusal_torn),
		cmocka_unit_test(test_refused_attribute),
		cmocka_unit_test(test_bad_answers),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_usage_changes_nothing),
		cmocka_unit_test(test_selection),
	};

	return cmocka_run_group_tests_name("errors", tests, NULL, NULL);
}
