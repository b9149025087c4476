// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_terminal: colours and widths are for terminals: of the size that they
 * have, unless the user says no; pipes and files get neither.
 */
#include <fcntl.h>
#include <locale.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/vtmmctl/terminal.h"
#include "test.h"

/* What is seen of a terminal with so many columns. */
static struct ctl look(unsigned short columns)
{
	struct winsize size = {.ws_row = 24, .ws_col = columns};
	struct ctl ctl = {0};
	int master, slave;

	assert_int_equal(openpty(&master, &slave, NULL, NULL, &size), 0);
	terminal_look(&ctl, slave);
	close(master);
	close(slave);
	return ctl;
}

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(look(132).width, 132);
	assert_int_equal(look(20).width, 20);
	/* A serial line does not know its size. */
	assert_int_equal(look(0).width, 80);
}

static void test_colour(void **state)
{
	static const struct {
		const char *term;
		const char *no_color;
		bool colour;
	} cases[] = {
		{"xterm", NULL, true}, {"linux", "", true},
		{"xterm", "1", false}, {"dumb", NULL, false},
		{NULL, NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		set("TERM", cases[i].term);
		set("NO_COLOR", cases[i].no_color);
		assert_int_equal(look(80).colour, cases[i].colour);
	}
	set("NO_COLOR", NULL);
}

/* As if a terminal were at hand: it is the output that counts. */
static void check_none(int fd)
{
	struct ctl ctl = {.colour = true, .width = 1};

	assert_true(fd >= 0);
	set("TERM", "xterm");
	terminal_look(&ctl, fd);
	assert_false(ctl.colour);
	assert_int_equal(ctl.width, 0);
}

static void test_no_terminal(void **state)
{
	int fds[2], null = open("/dev/null", O_WRONLY);

	(void)state;
	assert_int_equal(pipe(fds), 0);
	check_none(fds[1]);
	check_none(null);
	close(null);
	close(fds[0]);
	close(fds[1]);
}

/* In a process of its own: are all numbers taken, so that no socket gets one?
 */
static int child(unsigned int closed)
{
	int fd;

	for (fd = 0; fd < 3; fd++)
		if (closed >> fd & 1)
			close(fd);
	if (!terminal_files())
		return 1;
	/* What was closed takes no output. */
	for (fd = 0; fd < 3; fd++)
		if ((closed >> fd & 1) && write(fd, "x", 1) >= 0)
			return 2;
	return dup(STDIN_FILENO) > STDERR_FILENO ? 0 : 3;
}

static void test_closed_files(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	for (unsigned int closed = 0; closed < 8; closed++) {
		pid = fork();
		if (!pid)
			_exit(child(closed));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
}

static void test_utf8(void **state)
{
	(void)state;
	assert_false(look(80).utf8);
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	assert_true(look(80).utf8);
	setlocale(LC_CTYPE, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_no_terminal),
		cmocka_unit_test(test_closed_files),
		cmocka_unit_test(test_utf8),
	};

	return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
