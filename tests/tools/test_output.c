// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_output: output that cannot be written is a failure of every command;
 * what is printed fits the terminal, and is whole where there is none.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "../../src/vtmmctl/draw.h"
#include "../../src/vtmmctl/text.h"
#include "run.h"
#include "test.h"

static void setup(struct fake *f)
{
	fake_init(f);
	fake_add_vm(f, 1, 100, "db");
	f->vms[0].round = f->pages.round;
}

/* One that takes nothing, from the first byte on. */
static void check_full(struct fake *f, const char *line)
{
	FILE *out = fopen("/dev/full", "w"), *err;
	enum ctl_exit status;
	char *said = NULL;
	size_t size;

	assert_non_null(out);
	err = open_memstream(&said, &size);
	status = run_into(f, line, out, err);
	fclose(err);
	fclose(out);
	if (status == CTL_OK)
		fail_msg("'%s' did not fail", line);
	if (strncmp(said, "vtmmctl: cannot write the output: ", 34))
		fail_msg("'%s' said '%s'", line, said);
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	free(said);
}

/* All that a command prints: as text, as JSON, and its help. */
static void check_command(struct fake *f, const struct ctl_command *cmd)
{
	static const char *const forms[] = {"", "--json", "--help"};
	struct result r;
	char line[256];

	for (size_t i = 0; i < COUNT(forms); i++) {
		run_line_of(cmd, forms[i], line, sizeof(line));
		r = run(f, line);
		assert_true(r.status == CTL_OK || r.status == CTL_FAILED);
		/* What prints nothing cannot fail at it; "set" says nothing. */
		if (*r.out)
			check_full(f, line);
		else if (i || strcmp(cmd->name, "set"))
			fail_msg("'%s' printed nothing: %s", line, r.err);
		result_free(&r);
	}
}

static void fill_event(struct vtmm_event_info *e)
{
	e->kind = VTMM_EVENT_PLAN_DONE;
	VTMM_SET(e, VTMM_A_EVENT_KIND);
}

static void test_full(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.nr_events = 1;
	fill_event(&f.events[0]);
	for (size_t i = 0; ctl_commands[i]; i++)
		check_command(&f, ctl_commands[i]);
	check_full(&f, "");
	check_full(&f, "--help");
	check_full(&f, "--version");
	check_full(&f, "--json --version");
	fake_free(&f);
}

/* One that took some of it and then no more: long ago, when the end comes. */
static void test_full_in_between(void **state)
{
	FILE *out = fopen("/dev/full", "w"), *err;
	char *said = NULL;
	struct fake f;
	size_t size;

	(void)state;
	setup(&f);
	setvbuf(out, NULL, _IONBF, 0);
	err = open_memstream(&said, &size);
	assert_int_equal(run_into(&f, "list", out, err), CTL_FAILED);
	fclose(err);
	fclose(out);
	assert_non_null(strstr(said, "cannot write the output: "));
	free(said);
	fake_free(&f);
}

static unsigned int waits;

static void count_waits(struct fake *f)
{
	(void)f;
	waits++;
}

/* Nobody reads any more: the next event is not waited for. */
static void test_monitor_stops(void **state)
{
	FILE *out = fopen("/dev/full", "w");
	FILE *err = fopen("/dev/null", "w");
	struct fake f;

	(void)state;
	setup(&f);
	f.nr_events = 3;
	for (size_t i = 0; i < 3; i++)
		fill_event(&f.events[i]);
	f.waited = count_waits;
	waits = 0;
	assert_int_equal(run_into(&f, "monitor", out, err), CTL_FAILED);
	assert_int_equal(waits, 1);
	fclose(err);
	fclose(out);
	fake_free(&f);
}

/* Reads what has reached the pipe, without waiting. */
static size_t lines_in(int fd)
{
	char buf[4096];
	ssize_t len = read(fd, buf, sizeof(buf));
	size_t n = 0;

	for (ssize_t i = 0; i < len; i++)
		n += buf[i] == '\n';
	return n;
}

static int reader;
static size_t lines_seen;

/* Before the library waits again, the last event is at the reader. */
static void look_at_pipe(struct fake *f)
{
	(void)f;
	if (waits++)
		lines_seen += lines_in(reader);
	assert_int_equal(lines_seen, waits - 1);
}

static void check_at_once(const char *line)
{
	FILE *out, *err = fopen("/dev/null", "w");
	struct fake f;
	int fds[2];

	setup(&f);
	assert_int_equal(pipe(fds), 0);
	out = fdopen(fds[1], "w");
	reader = fds[0];
	waits = 0;
	lines_seen = 0;
	f.nr_events = 3;
	for (size_t i = 0; i < 3; i++)
		fill_event(&f.events[i]);
	f.waited = look_at_pipe;
	assert_int_equal(run_into(&f, line, out, err), CTL_OK);
	assert_int_equal(lines_seen, 3);
	fclose(out);
	close(fds[0]);
	fclose(err);
	fake_free(&f);
}

static void test_monitor_at_once(void **state)
{
	(void)state;
	check_at_once("monitor");
	check_at_once("monitor -j");
}

/* The longest name there may be, and numbers of many digits. */
static void setup_wide(struct fake *f, char letter)
{
	char name[VTMM_NAME_SIZE] = {0};

	memset(name, letter, sizeof(name) - 1);
	fake_init(f);
	fake_add_vm(f, 4000000000u, 4100000000u, name);
	fake_add_vm(f, 2, 200, "db");
}

/* Columns that the widest line takes. */
static size_t widest(const char *s)
{
	size_t max = 0;

	while (*s) {
		size_t len = strcspn(s, "\n");
		char *line = strndup(s, len);

		if (text_width(line) > max)
			max = text_width(line);
		free(line);
		s += len + (s[len] == '\n');
	}
	return max;
}

/* Lines that do not belong to a table are sentences: they may be longer. */
static char *table_of(const char *out)
{
	const char *begin = strstr(out, "ID"), *end;

	assert_non_null(begin);
	while (begin > out && begin[-1] != '\n')
		begin--;
	end = strstr(begin, "no room for");
	if (!end)
		end = strstr(begin, "VM ");
	return end ? strndup(begin, end - begin) : strdup(begin);
}

static void check_fits(struct fake *f, const char *line, unsigned int width)
{
	struct result r;
	char *table;
	size_t rows = 0;

	run_width = width;
	r = run(f, line);
	run_width = 0;
	assert_int_equal(r.status, CTL_OK);
	table = table_of(r.out);
	if (widest(table) > width)
		fail_msg("'%s' takes %zu columns of %u:\n%s", line,
			 widest(table), width, table);
	for (const char *s = table; *s; s++)
		rows += *s == '\n';
	assert_int_equal(rows, 3);
	/* Which VM it is can be told down to the smallest width. */
	assert_non_null(strstr(table, "\n4000000000"));
	free(table);
	result_free(&r);
}

static void test_tables_fit(void **state)
{
	static const char *const lines[] = {"list", "status", "pool"};
	struct fake f;

	(void)state;
	setup_wide(&f, 'x');
	for (size_t i = 0; i < COUNT(lines); i++)
		for (unsigned int width = 12; width < 200; width++)
			check_fits(&f, lines[i], width);
	fake_free(&f);
}

/* Nothing is lost unsaid: each heading stands above a column or below. */
static void test_left_out_is_told(void **state)
{
	static const char *const heads[] = {
		"ID",	  "PID",  "NAME", "MODE",   "TRACKER",
		"MEMORY", "FAST", "SLOW", "DEMAND", "ALLOTMENT"};
	struct result r;
	struct fake f;

	(void)state;
	setup_wide(&f, 'x');
	for (run_width = 12; run_width < 200; run_width++) {
		r = run(&f, "list");
		for (size_t i = 0; i < COUNT(heads); i++)
			assert_non_null(strstr(r.out, heads[i]));
		result_free(&r);
	}
	run_width = 0;
	fake_free(&f);
}

static void check_list(struct fake *f, unsigned int width, const char *wanted)
{
	run_width = width;
	check_run(f, "list", CTL_OK, wanted, "");
	run_width = 0;
}

/* In this order: closer, names cut, columns left out. */
static void test_how_it_fits(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f);
	fake_add_vm(&f, 1, 100, "a-database");
	check_list(
		&f, 85,
		"ID  PID  NAME        MODE    TRACKER  MEMORY    FAST    SLOW  DEMAND  ALLOTMENT\n"
		" 1  100  a-database  manage  ad-bits    1.0G  128.0M  896.0M  200.0M     256.0M\n");
	check_list(
		&f, 75,
		"ID PID NAME       MODE   TRACKER MEMORY   FAST   SLOW DEMAND ALLOTMENT\n"
		" 1 100 a-database manage ad-bits   1.0G 128.0M 896.0M 200.0M    256.0M\n");
	check_list(
		&f, 68,
		"ID PID NAME     MODE   TRACKER MEMORY   FAST   SLOW DEMAND ALLOTMENT\n"
		" 1 100 a-datab~ manage ad-bits   1.0G 128.0M 896.0M 200.0M    256.0M\n");
	check_list(
		&f, 60,
		"ID PID NAME       MODE   TRACKER MEMORY   FAST   SLOW DEMAND\n"
		" 1 100 a-database manage ad-bits   1.0G 128.0M 896.0M 200.0M\n"
		"no room for: ALLOTMENT\n");
	check_list(&f, 30,
		   "ID PID NAME     MODE   TRACKER\n"
		   " 1 100 a-datab~ manage ad-bits\n"
		   "no room for: MEMORY, FAST, SLOW, DEMAND, ALLOTMENT\n");
	fake_free(&f);
}

/* A file or a pipe gets it all, and JSON is never cut. */
static void test_without_terminal(void **state)
{
	struct json_object *o;
	struct result r;
	struct fake f;

	(void)state;
	setup_wide(&f, 'x');
	r = run(&f, "list");
	assert_non_null(strstr(r.out, f.vms[0].name));
	assert_non_null(strstr(r.out, "ALLOTMENT\n"));
	result_free(&r);
	run_width = 20;
	r = run(&f, "list -j");
	run_width = 0;
	o = json_tokener_parse(r.out);
	assert_non_null(o);
	assert_non_null(strstr(r.out, f.vms[0].name));
	json_object_put(o);
	result_free(&r);
	fake_free(&f);
}

/* Names are as wide as they look: bytes, letters and columns differ. */
static void test_foreign_names(void **state)
{
	struct fake f;

	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	run_utf8 = true;
	fake_init(&f);
	fake_add_vm(&f, 1, 100, "grün");
	fake_add_vm(&f, 2, 200, "数据库");
	fake_add_vm(&f, 3, 300, "e\xcc\x81");
	for (size_t i = 0; i < f.nr_vms; i++)
		f.vms[i].mem = 256;
	check_list(
		&f, 0,
		"ID  PID  NAME    MODE    TRACKER  MEMORY    FAST    SLOW  DEMAND  ALLOTMENT\n"
		" 1  100  grün    manage  ad-bits    1.0M  128.0M  896.0M  200.0M     256.0M\n"
		" 2  200  数据库  manage  ad-bits    1.0M  128.0M  896.0M  200.0M     256.0M\n"
		" 3  300  e\xcc\x81       manage  ad-bits    1.0M  128.0M  896.0M  200.0M     256.0M\n");
	strcpy(f.vms[1].name, "数据库数据库数据库");
	check_list(
		&f, 23,
		"ID PID NAME      MODE\n"
		" 1 100 grün      manage\n"
		" 2 200 数据库数… manage\n"
		" 3 300 e\xcc\x81         manage\n"
		"no room for: TRACKER, MEMORY, FAST, SLOW, DEMAND, ALLOTMENT\n");
	/* A wide character that would end one column too far is left out. */
	check_list(
		&f, 22,
		"ID PID NAME     MODE\n"
		" 1 100 grün     manage\n"
		" 2 200 数据库…  manage\n"
		" 3 300 e\xcc\x81        manage\n"
		"no room for: TRACKER, MEMORY, FAST, SLOW, DEMAND, ALLOTMENT\n");
	run_utf8 = false;
	setlocale(LC_CTYPE, "C");
	fake_free(&f);
}

/* The histogram and the map, too, are drawn for the terminal that there is. */
static void test_pictures_fit(void **state)
{
	struct result r;
	struct fake f;

	(void)state;
	setup(&f);
	f.heat.buckets[30].slow = 10;
	for (unsigned int width = 40; width < 200; width++) {
		run_width = width;
		r = run(&f, "heat");
		assert_true(widest(r.out) <= (width > 44 ? width : 44));
		/* Nor does it waste what there is. */
		if (width < 128)
			assert_true(widest(r.out) + 1 >= width);
		result_free(&r);
	}
	run_width = 0;
	fake_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_full_in_between),
		cmocka_unit_test(test_monitor_stops),
		cmocka_unit_test(test_monitor_at_once),
		cmocka_unit_test(test_tables_fit),
		cmocka_unit_test(test_left_out_is_told),
		cmocka_unit_test(test_how_it_fits),
		cmocka_unit_test(test_without_terminal),
		cmocka_unit_test(test_foreign_names),
		cmocka_unit_test(test_pictures_fit),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
