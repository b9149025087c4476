// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_record: what a VM's rounds saw gets into the trace, each round once and
 * whole, also when they come late, many at once, or stop coming.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../../src/vtmmctl/record.h"
#include "run.h"
#include "test.h"

#define MAX_BYTES 4096

static uint64_t run_has(void)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < vtmm_set_run.nr; i++)
		bits |= 1ull << vtmm_set_run.fields[i].attr;
	return bits;
}

/* Runs of a VM at round 40; the first fields are gfn, count, read, written. */
static struct vtmm_pages_info pages_of(struct vtmm_run_info *runs, size_t nr)
{
	struct vtmm_pages_info pages = {
		.round = 40, .runs = runs, .nr_runs = nr};

	for (size_t i = 0; i < nr; i++)
		if (!runs[i].present)
			runs[i].present = run_has();
	return pages;
}

/* A trace in memory that begins after round @round, with a map or without. */
struct tape {
	unsigned char data[MAX_BYTES];
	FILE *f;
	struct trace_file t;
	struct trace_record rec;
};

static void tape_write(struct tape *tape, uint64_t round)
{
	struct trace_head head = {0, 600, 10, 4096, round};

	tape->f = fmemopen(tape->data, MAX_BYTES, "w+b");
	assert_true(trace_begin(&tape->t, tape->f, &head));
}

/* From now on it is read. */
static void tape_turn(struct tape *tape)
{
	struct trace_head head;

	assert_true(trace_finish(&tape->t));
	rewind(tape->f);
	assert_true(trace_open(&tape->t, tape->f, &head));
}

static const struct trace_record *tape_next(struct tape *tape)
{
	if (!trace_next(&tape->t, &tape->rec))
		fail_msg("%s", tape->t.problem);
	return &tape->rec;
}

static void tape_end(struct tape *tape)
{
	assert_int_equal(tape_next(tape)->kind, TRACE_END);
	fclose(tape->f);
}

static void check_runs(struct tape *tape, const struct trace_run *runs,
		       size_t nr)
{
	const struct trace_record *rec = tape_next(tape);

	assert_int_equal(rec->nr, nr);
	for (size_t i = 0; i < nr; i++) {
		assert_int_equal(rec->runs[i].gfn, runs[i].gfn);
		assert_int_equal(rec->runs[i].count, runs[i].count);
		assert_int_equal(rec->runs[i].mark, runs[i].mark);
		assert_int_equal(rec->runs[i].huge, runs[i].huge);
	}
	trace_record_free(&tape->rec);
}

/* Read, written, both: all of it is access, and what was written is marked. */
static void test_accesses(void **state)
{
	struct vtmm_run_info runs[] = {
		{0, 0x10, 1, 1, 0}, {0, 0x20, 1, 0, 1}, {0, 0x30, 1, 1, 1},
		{0, 0x40, 1, 2, 2}, {0, 0x50, 1, 0, 0},
	};
	static const struct trace_run wanted[] = {
		{0x10, 1, false, false},
		{0x20, 1, true, false},
		{0x30, 1, true, false},
	};
	struct vtmm_pages_info pages = pages_of(runs, COUNT(runs));
	struct tape tape;

	(void)state;
	tape_write(&tape, 39);
	assert_true(record_rounds(&tape.t, &pages, UINT64_MAX));
	tape_turn(&tape);
	check_runs(&tape, wanted, COUNT(wanted));
	tape_end(&tape);
}

/* Neighbours are one run when all that is told of them is the same. */
static void test_neighbours(void **state)
{
	struct vtmm_run_info runs[] = {
		{0, 0x10, 1, 1, 0},
		{0, 0x11, 2, 3, 0},
		{0, 0x13, 1, 1, 1},
		{0, 0x14, 1, 0, 1},
		{0, 0x200, 512, 1, 1, 0, 0, 1},
		{0, 0x400, 512, 1, 1, 0, 0, 1},
		{0, 0x600, 1, 1, 1},
	};
	static const struct trace_run wanted[] = {
		{0x10, 3, false, false},
		{0x13, 2, true, false},
		{0x200, 1024, true, true},
		{0x600, 1, true, false},
	};
	struct vtmm_pages_info pages = pages_of(runs, COUNT(runs));
	struct tape tape;

	(void)state;
	tape_write(&tape, 39);
	assert_true(record_rounds(&tape.t, &pages, UINT64_MAX));
	tape_turn(&tape);
	check_runs(&tape, wanted, COUNT(wanted));
	tape_end(&tape);
}

/* The map has what is mapped: no tier, no place. */
static void test_map(void **state)
{
	struct vtmm_run_info runs[] = {
		{0, 0x10, 1, 0, 0, VTMM_TIER_FAST},
		{0, 0x11, 1, 0, 0, VTMM_TIER_SLOW},
		{0, 0x12, 1, 0, 0, 0},
		{0, 0x13, 1, 0, 0, VTMM_TIER_SLOW},
	};
	static const struct trace_run wanted[] = {
		{0x10, 1, false, false},
		{0x11, 1, true, false},
		{0x13, 1, true, false},
	};
	struct vtmm_pages_info pages;
	struct tape tape;

	(void)state;
	runs[2].present = run_has() & ~(1ull << VTMM_A_RUN_TIER);
	pages = pages_of(runs, COUNT(runs));
	tape_write(&tape, 40);
	assert_true(record_map(&tape.t, &pages));
	tape_turn(&tape);
	check_runs(&tape, wanted, COUNT(wanted));
	tape_end(&tape);
}

/*
 * @quiet rounds after the last look: each of the last ten is told, with what it
 * saw and also when it saw nothing; those before are missed.
 */
static void check_spell(uint64_t quiet)
{
	struct vtmm_run_info runs[] = {{0, 0x10, 1, 0x155, 0}};
	struct vtmm_pages_info pages = pages_of(runs, COUNT(runs));
	uint64_t told = quiet < 10 ? quiet : 10;
	struct tape tape;

	tape_write(&tape, 40 - quiet);
	assert_true(record_rounds(&tape.t, &pages, UINT64_MAX));
	tape_turn(&tape);
	for (uint64_t round = 41 - told; round <= 40; round++) {
		const struct trace_record *rec = tape_next(&tape);
		bool first = round == 41 - told;

		assert_int_equal(rec->round, round);
		assert_int_equal(rec->missed, first ? quiet - told : 0);
		assert_int_equal(rec->nr, 0x155 >> (40 - round) & 1);
		trace_record_free(&tape.rec);
	}
	assert_int_equal(tape_next(&tape)->kind, TRACE_END);
	assert_int_equal(tape.rec.missed, quiet - told);
	fclose(tape.f);
}

static void test_quiet_spell(void **state)
{
	(void)state;
	for (uint64_t quiet = 0; quiet <= 30; quiet++)
		check_spell(quiet);
}

/* A recording with the command; @story is told before each request. */
struct scene {
	char path[40];
	struct fake f;
	unsigned int looks;
};

static struct scene *scene;

static void setup(struct scene *s, void (*story)(struct fake *f, uint8_t cmd))
{
	int fd;

	strcpy(s->path, "/tmp/vtmm-record.XXXXXX");
	fd = mkstemp(s->path);
	assert_true(fd >= 0);
	close(fd);
	fake_init(&s->f);
	fake_add_vm(&s->f, 1, 100, "db");
	s->f.vms[0].round = 40;
	s->f.vms[0].period_ms = 4;
	s->f.asked = story;
	s->looks = 0;
	scene = s;
}

static void teardown(struct scene *s)
{
	unlink(s->path);
	fake_free(&s->f);
}

static void take_down(struct scene *s, const char *options, const char *said)
{
	char line[128];

	snprintf(line, sizeof(line), "record db -o %s %s", s->path, options);
	check_run(&s->f, line, CTL_OK, said, "");
}

/* The rounds of the file; it must be whole. */
static size_t rounds_of(const struct scene *s, uint64_t *numbers)
{
	FILE *in = fopen(s->path, "rb");
	struct trace_record rec;
	struct trace_head head;
	struct trace_file t;
	size_t n = 0;

	assert_true(trace_open(&t, in, &head));
	while (trace_next(&t, &rec)) {
		if (rec.kind == TRACE_ROUND)
			numbers[n++] = rec.round;
		trace_record_free(&rec);
	}
	assert_null(t.problem);
	assert_true(t.ended);
	fclose(in);
	return n;
}

static void check_rounds(const struct scene *s, uint64_t first, size_t nr)
{
	uint64_t numbers[64] = {0};

	assert_int_equal(rounds_of(s, numbers), nr);
	for (size_t i = 0; i < nr; i++)
		assert_int_equal(numbers[i], first + i);
}

static void go_to(struct fake *f, uint64_t round)
{
	f->vms[0].round = round;
	f->pages.round = round;
}

/* A round for every third look, and quiet in between. */
static void slowly(struct fake *f, uint8_t cmd)
{
	if (cmd == VTMM_CMD_VM_GET && ++scene->looks > 2)
		go_to(f, 40 + scene->looks / 3);
}

/* No spell is as long as the timeout, all of them together are. */
static void test_timeout_is_of_a_spell(void **state)
{
	struct scene s;

	(void)state;
	setup(&s, slowly);
	take_down(&s, "-r 8 -t 10ms", "8 rounds recorded, 0 missed\n");
	check_rounds(&s, 41, 8);
	teardown(&s);
}

/* Seven rounds at once: as many as were asked for are taken. */
static void many(struct fake *f, uint8_t cmd)
{
	if (cmd == VTMM_CMD_VM_GET && ++scene->looks > 2)
		go_to(f, 40 + 7 * (scene->looks - 2));
}

static void test_as_many_as_asked(void **state)
{
	struct scene s;

	(void)state;
	for (int n = 1; n <= 20; n++) {
		char options[16], said[64];

		setup(&s, many);
		snprintf(options, sizeof(options), "-r %d", n);
		snprintf(said, sizeof(said), "%d rounds recorded, 0 missed\n",
			 n);
		take_down(&s, options, said);
		check_rounds(&s, 41, n);
		teardown(&s);
	}
}

/* A round ends between the question for the VM and that for its pages. */
static void torn(struct fake *f, uint8_t cmd)
{
	if (cmd == VTMM_CMD_VM_GET && ++scene->looks > 2)
		go_to(f, 38 + scene->looks);
	f->pages.runs[0].read = 0;
	if (cmd != VTMM_CMD_PAGES_GET || scene->looks != 3)
		return;
	f->pages.round++;
	f->pages.runs[0].read = 0x3ff;
}

static void test_torn_look(void **state)
{
	FILE *in;
	struct trace_record rec;
	struct trace_head head;
	struct trace_file t;
	struct scene s;

	(void)state;
	setup(&s, torn);
	take_down(&s, "-r 2", "2 rounds recorded, 0 missed\n");
	check_rounds(&s, 41, 2);
	in = fopen(s.path, "rb");
	assert_true(trace_open(&t, in, &head));
	while (trace_next(&t, &rec)) {
		/* In the torn look all pages were touched in all rounds. */
		for (size_t i = 0; rec.kind == TRACE_ROUND && i < rec.nr; i++)
			assert_int_not_equal(rec.runs[i].gfn, 0x10);
		trace_record_free(&rec);
	}
	fclose(in);
	teardown(&s);
}

static void leaves(struct fake *f, uint8_t cmd)
{
	if (cmd != VTMM_CMD_VM_GET || ++scene->looks <= 2)
		return;
	if (scene->looks < 6)
		go_to(f, 38 + scene->looks);
	else
		f->refusal = (struct fake_refusal){.cmd = VTMM_CMD_VM_GET,
						   .err = 2,
						   .text = "there is no VM"};
}

/* A VM that leaves ends the recording, which is whole. */
static void test_vm_leaves(void **state)
{
	struct scene s;

	(void)state;
	setup(&s, leaves);
	take_down(&s, "", "3 rounds recorded, 0 missed\n");
	check_rounds(&s, 41, 3);
	teardown(&s);
}

/* Room for all but the last byte, for less, for nothing: all of it is told. */
static void test_no_room(void **state)
{
	struct rlimit all, some;
	struct scene s;
	char line[128];
	long size;
	FILE *in;

	(void)state;
	setup(&s, slowly);
	take_down(&s, "-r 3", "3 rounds recorded, 0 missed\n");
	in = fopen(s.path, "rb");
	fseek(in, 0, SEEK_END);
	size = ftell(in);
	fclose(in);
	teardown(&s);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &all);
	for (long room = 0; room < size; room++) {
		setup(&s, slowly);
		snprintf(line, sizeof(line), "record db -o %s -r 3", s.path);
		some = (struct rlimit){(rlim_t)room, all.rlim_max};
		setrlimit(RLIMIT_FSIZE, &some);
		check_error(&s.f, line, CTL_FAILED,
			    ": the trace cannot be written");
		setrlimit(RLIMIT_FSIZE, &all);
		teardown(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accesses),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_quiet_spell),
		cmocka_unit_test(test_timeout_is_of_a_spell),
		cmocka_unit_test(test_as_many_as_asked),
		cmocka_unit_test(test_torn_look),
		cmocka_unit_test(test_vm_leaves),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
