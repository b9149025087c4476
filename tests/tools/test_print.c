// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_print: what is shown is what the module told: every counter in its unit,
 * the ledger of the pool, costs, and each piece of memory where it is on the
 * map.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "../../src/vtmmctl/text.h"
#include "run.h"
#include "test.h"

#define CHUNK_BYTES (2ull << 20)

static void setup(struct fake *f)
{
	fake_init(f);
	fake_add_vm(f, 1, 100, "db");
	f->vms[0].round = f->pages.round;
}

static bool ends_in(const char *s, const char *end)
{
	size_t len = strlen(s), n = strlen(end);

	return len >= n && !strcmp(s + len - n, end);
}

/* A counter for people: the unit is in its name. */
static struct text shown(const char *name, uint64_t value)
{
	struct text t;

	if (ends_in(name, "_us") || ends_in(name, "_us_total"))
		return text_us(value);
	if (ends_in(name, "_ns"))
		return text_us(value / 1000);
	if (!strncmp(name, "bytes", 5))
		return text_bytes(value);
	snprintf(t.s, sizeof(t.s), "%llu", (unsigned long long)value);
	return t;
}

/* Every counter has a value that no other has; each is found again. */
static void test_every_counter(void **state)
{
	const struct vtmm_set *set = &vtmm_set_stats;
	char *stats, wanted[64];
	struct result r;
	struct fake f;

	(void)state;
	setup(&f);
	f.vms[0].tracker_why[0] = '\0';
	stats = (char *)&f.vms[0].stats;
	for (size_t i = 0; i < set->nr; i++) {
		uint64_t value = 1234567 * (i + 1);

		memcpy(stats + set->fields[i].offset, &value, sizeof(value));
	}
	r = run(&f, "stats");
	for (size_t i = 0; i < set->nr; i++) {
		const char *name = set->fields[i].name;

		/* Nobody counts it yet. */
		if (!strcmp(name, "traps_after_migration"))
			continue;
		snprintf(wanted, sizeof(wanted), " %s\n",
			 shown(name, 1234567 * (i + 1)).s);
		if (!strstr(r.out, wanted))
			fail_msg("no %s (%s) in:\n%s", name, wanted, r.out);
	}
	result_free(&r);
	fake_free(&f);
}

static void check_line(struct fake *f, const char *line, const char *part)
{
	struct result r = run(f, line);

	assert_int_equal(r.status, CTL_OK);
	if (!strstr(r.out, part))
		fail_msg("'%s' does not say '%s' but:\n%s", line, part, r.out);
	result_free(&r);
}

static void test_settings(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.vms[0].period_ms = 250;
	f.vms[0].budget_permille = 35;
	f.vms[0].hot_permille = 925;
	f.vms[0].fast_min = 77 << 8;
	f.vms[0].fast_max = 99 << 8;
	f.vms[0].rate_bytes = 3 << 20;
	f.vms[0].floor = 5 << 8;
	check_line(&f, "stats", " 250ms\n");
	check_line(&f, "stats", " 3.5 %\n");
	check_line(&f, "stats", " 92 %\n");
	check_line(&f, "stats", " 77.0M\n");
	check_line(&f, "stats", " 99.0M\n");
	check_line(&f, "stats", " 3.0M/s\n");
	check_line(&f, "stats", " 5.0M\n");
	f.vms[0].present &= ~(1ull << VTMM_A_VM_FAST_MAX);
	check_line(&f, "stats", "fast memory, at most     none\n");
	fake_free(&f);
}

/* Tracking and moving are paid alike. */
static void test_cost(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.vms[0].stats.migrate_us_total = 1800000;
	check_line(&f, "status", " 10 %\n");
	f.vms[0].stats.round_us_total = 0;
	check_line(&f, "status", " 9.0 %\n");
	/* Of a VM that does not say since when it is attached nothing is known.
	 */
	f.vms[0].present &= ~(1ull << VTMM_A_VM_ATTACHED_US);
	check_line(&f, "status", "  0     -\n");
	fake_free(&f);
}

/* A VM that leaves between the list and its heat is shown without. */
static void test_vm_leaves(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.refusal = (struct fake_refusal){.cmd = VTMM_CMD_HEAT_GET,
					  .err = ENOENT,
					  .text = "there is no such VM"};
	check_line(&f, "status", " 1  100  db    manage    0 ");
	f.refusal =
		(struct fake_refusal){.cmd = VTMM_CMD_HEAT_GET, .err = EPERM};
	check_error(&f, "status", CTL_FAILED, "not permitted");
	fake_free(&f);
}

/* The largest number is no limit, not -1; a truth is no number. */
static void test_json_kinds(void **state)
{
	struct json_object *o;
	struct result r;
	struct fake f;

	(void)state;
	setup(&f);
	f.vms[0].fast_max = VTMM_NO_LIMIT;
	check_line(&f, "list -j", "\"fast_max\": 18446744073709551615,");
	r = run(&f, "pool -j");
	assert_non_null(strstr(r.out, "\"auto\": true,"));
	o = json_tokener_parse(r.out);
	assert_non_null(o);
	json_object_put(o);
	result_free(&r);
	f.pool.automatic = 0;
	check_line(&f, "pool -j", "\"auto\": false,");
	fake_free(&f);
}

static void test_pages_kept(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.pages.runs[0].read = 1 << 9;
	check_run(&f, "pages -s 30", CTL_OK, "10 4 r\n20 1 rw\n21 1 rw\n", "");
	check_run(&f, "pages -s 31", CTL_OK, "20 1 rw\n21 1 rw\n", "");
	check_error(&f, "pages -s 29", CTL_FAILED, "the last 10 are kept");
	check_run(&f, "pages -s 41", CTL_OK, "", "");
	fake_free(&f);
}

/* Who has how much of the pool, and who lends it to whom, in MiB. */
struct share {
	uint64_t min, max, shares, allotment, lends, borrows;
};

static void check_pool(const struct share *shares, size_t nr)
{
	struct fake f;
	char part[128];

	fake_init(&f);
	for (size_t i = 0; i < nr; i++) {
		struct vtmm_vm_info *m;

		fake_add_vm(&f, i + 1, 100 + i, "vm");
		m = &f.pool.members[i];
		m->fast_min = shares[i].min << 8;
		m->fast_max = shares[i].max << 8;
		m->shares = shares[i].shares;
		m->allotment = shares[i].allotment << 8;
		if (!shares[i].max)
			m->present &= ~(1ull << VTMM_A_VM_FAST_MAX);
	}
	for (size_t i = 0; i < nr; i++) {
		snprintf(part, sizeof(part),
			 "\"lends\": %llu,\n        \"borrows\": %llu\n",
			 (unsigned long long)shares[i].lends << 8,
			 (unsigned long long)shares[i].borrows << 8);
		check_line(&f, "pool -j", part);
	}
	fake_free(&f);
}

/* Of 512 MiB: first guarantees, then the rest by shares; limits hold. */
static void test_ledger(void **state)
{
	static const struct share guarantee[] = {
		{64, 0, 100, 100, 76, 0}, /* due 64 + 448 / 4 */
		{0, 0, 300, 400, 0, 64},  /* due 448 * 3 / 4 */
	};
	static const struct share limited[] = {
		{64, 128, 100, 100, 28, 0}, /* due 176, but 128 at most */
		{0, 0, 300, 412, 0, 76},
	};
	static const struct share all_guaranteed[] = {
		{384, 0, 100, 300, 84, 0},
		{128, 0, 100, 212, 0, 84},
	};
	static const struct share alone[] = {{0, 0, 1, 512, 0, 0}};

	(void)state;
	check_pool(guarantee, COUNT(guarantee));
	check_pool(limited, COUNT(limited));
	check_pool(all_guaranteed, COUNT(all_guaranteed));
	check_pool(alone, COUNT(alone));
}

static void put_chunks(struct fake *f, size_t nr)
{
	const struct vtmm_chunk_info chunk = f->map.chunks[0];

	free(f->map.chunks);
	f->map.chunks = calloc(nr, sizeof(chunk));
	f->map.nr_chunks = nr;
	/* No message takes more. */
	f->faults.parts = 1 + nr / 200;
	for (size_t i = 0; i < nr; i++) {
		f->map.chunks[i] = chunk;
		f->map.chunks[i].gfn = 512 * i;
	}
}

/* Reads the map back: letters and rows, and whether all stand where they are.
 */
struct seen {
	size_t letters;
	size_t rows;
	uint64_t first;
	uint64_t last;
};

static struct seen read_map(const char *out, uint64_t step)
{
	struct seen seen = {.first = UINT64_MAX};
	const char *line = strstr(out, "idle\n") + 5;

	for (; *line; line = strchr(line, '\n') + 1) {
		char *at;
		uint64_t row = strtoull(line, &at, 16);

		seen.rows++;
		at += 2;
		for (size_t i = 0; at[i] != '\n'; i++) {
			if (at[i] == ' ')
				continue;
			seen.letters++;
			seen.last = row + i * step;
			if (seen.first == UINT64_MAX)
				seen.first = seen.last;
		}
	}
	return seen;
}

/* A VM of @nr chunks is drawn whole, on a screen, @per chunks a letter. */
static void check_map(size_t nr, size_t per)
{
	struct result r;
	struct seen seen;
	struct fake f;

	setup(&f);
	put_chunks(&f, nr);
	r = run(&f, "heat --map");
	assert_int_equal(r.status, CTL_OK);
	seen = read_map(r.out, per * CHUNK_BYTES);
	assert_int_equal(seen.letters, (nr + per - 1) / per);
	assert_int_equal(seen.first, 0);
	assert_int_equal(seen.last, (nr - 1) / per * per * CHUNK_BYTES);
	assert_true(seen.rows <= 24);
	result_free(&r);
	fake_free(&f);
}

static void test_map_of_any_size(void **state)
{
	(void)state;
	check_map(1, 1);
	check_map(64, 1);
	check_map(65, 1);
	check_map(64 * 24, 1);
	check_map(64 * 24 + 1, 2);
	check_map(2 * 64 * 24, 2);
	check_map(2 * 64 * 24 + 1, 3);
}

static void check_cells(struct fake *f, const char *cells)
{
	char wanted[128];

	snprintf(wanted, sizeof(wanted), "idle\n           0  %s\n", cells);
	check_line(f, "heat --map", wanted);
}

/* Memory that was never touched is a gap as wide as it is. */
static void test_map_gaps(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	put_chunks(&f, 3);
	f.map.chunks[1].gfn = 512 * 5;
	f.map.chunks[2].gfn = 512 * 7;
	check_cells(&f, "J    J J");
	fake_free(&f);
}

/* The letter is of the pages that were touched, from a to j and A to J. */
static void test_map_letters(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	put_chunks(&f, 8);
	/* A few hot pages in an idle chunk are hot. */
	f.map.chunks[0].touched = 5;
	f.map.chunks[0].temp_sum = 5 * 30;
	f.map.chunks[1].temp_sum = 0;
	f.map.chunks[2].touched = 0;
	f.map.chunks[2].temp_sum = 0;
	/* More than there can be. */
	f.map.chunks[3].temp_sum = UINT32_MAX;
	f.map.chunks[4].fast = 255;
	f.map.chunks[4].slow = 257;
	f.map.chunks[5].fast = 257;
	f.map.chunks[5].slow = 255;
	f.map.chunks[6].temp_sum = 512 * 4;
	f.map.chunks[7].temp_sum = 512 * 16;
	check_cells(&f, "JA.JjJBF");
	fake_free(&f);
}

static void test_map_is_narrow(void **state)
{
	struct result r;
	struct fake f;

	(void)state;
	setup(&f);
	put_chunks(&f, 200);
	for (run_width = 30; run_width < 100; run_width++) {
		r = run(&f, "heat --map");
		for (const char *s = strstr(r.out, "idle\n") + 5; *s;
		     s = strchr(s, '\n') + 1)
			assert_true(strcspn(s, "\n") <= run_width);
		result_free(&r);
	}
	run_width = 0;
	f.map.nr_chunks = 0;
	check_line(&f, "heat --map", "no memory was touched yet\n");
	fake_free(&f);
}

static void fill_event(struct vtmm_event_info *e, uint32_t kind)
{
	e->kind = kind;
	VTMM_SET(e, VTMM_A_EVENT_KIND);
}

/* When nothing comes for so long it ends, and that is no failure. */
static void test_monitor_ends(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.nr_events = 1;
	fill_event(&f.events[0], VTMM_EVENT_EXIT);
	f.faults.recv = -EAGAIN;
	f.faults.recv_later = true;
	check_line(&f, "monitor -t 5ms", "exit");
	f.faults.recv = -EINTR;
	check_line(&f, "monitor", "exit");
	f.faults.recv = -EIO;
	f.nr_events = 0;
	check_error(&f, "monitor", CTL_FAILED, "cannot receive");
	fake_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_counter),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_cost),
		cmocka_unit_test(test_vm_leaves),
		cmocka_unit_test(test_json_kinds),
		cmocka_unit_test(test_pages_kept),
		cmocka_unit_test(test_ledger),
		cmocka_unit_test(test_map_of_any_size),
		cmocka_unit_test(test_map_gaps),
		cmocka_unit_test(test_map_letters),
		cmocka_unit_test(test_map_is_narrow),
		cmocka_unit_test(test_monitor_ends),
	};

	return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
