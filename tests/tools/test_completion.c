// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_completion: the completion script, run by bash: it offers the pids of
 * the attached VMs where a VM may be named, and only there.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run.h"
#include "test.h"

/* The output of a command in a file, for bash to read. */
static void keep(struct fake *f, const char *line, char *path)
{
	struct result r = run(f, line);
	int fd = mkstemp(path);

	assert_int_equal(r.status, CTL_OK);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, r.out, strlen(r.out)), strlen(r.out));
	close(fd);
	result_free(&r);
}

/* What is offered after "vtmmctl WORDS CURRENT": words with blanks around. */
static void offered(const char *script, const char *list, const char *words,
		    const char *current, char *to, size_t size)
{
	char command[512];
	size_t used;
	FILE *bash;

	snprintf(command, sizeof(command),
		 "bash -c 'vtmmctl() { [ \"$*\" = \"list -j\" ] && cat %s; }\n"
		 ". %s; COMP_WORDS=(vtmmctl %s \"%s\")\n"
		 "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _vtmmctl\n"
		 "echo \" ${COMPREPLY[*]} |\"'",
		 list, script, words, current);
	bash = popen(command, "r");
	assert_non_null(bash);
	used = fread(to, 1, size - 1, bash);
	to[used] = '\0';
	assert_int_equal(pclose(bash), 0);
}

static void test_vms(void **state)
{
	char script[] = "/tmp/vtmm-script.XXXXXX",
	     list[] = "/tmp/vtmm-list.XXXXXX";
	char words[2048];
	struct fake f;

	(void)state;
	fake_init(&f);
	fake_add_vm(&f, 1, 4321, "db");
	fake_add_vm(&f, 2, 4322, "$(touch /tmp/vtmm-evil)");
	keep(&f, "completion bash", script);
	keep(&f, "list -j", list);
	for (size_t i = 0; ctl_commands[i]; i++) {
		const struct ctl_command *cmd = ctl_commands[i];
		bool vm = strstr(cmd->args, "VM");

		offered(script, list, cmd->name, "", words, sizeof(words));
		assert_int_equal(!!strstr(words, " 4321 "), vm);
		assert_int_equal(!!strstr(words, " 4322 "), vm);
		assert_null(strstr(words, "evil"));
		assert_non_null(strstr(words, " --json "));
	}
	offered(script, list, "--json stats", "43", words, sizeof(words));
	assert_string_equal(words, " 4321 4322 |\n");
	offered(script, list, "set", "--sh", words, sizeof(words));
	assert_string_equal(words, " --shares |\n");
	offered(script, list, "", "det", words, sizeof(words));
	assert_string_equal(words, " detach |\n");
	unlink(script);
	unlink(list);
	fake_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vms),
	};

	return cmocka_run_group_tests_name("completion", tests, NULL, NULL);
}
